"""`python -m local.pictures.themes`: pictures of the built-in themes, taken in the system's Chromium.

For each theme a sheet for the docs (a desktop and a phone, light and dark) and the thumbnail that goes with it.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from chalicelib.compose.mjml import converted
from chalicelib.compose.source import Source
from chalicelib.compose.themes.built_in import FOLDER, NAMES, files_of
from chalicelib.compose.themes.layout import entry_of
from chalicelib.compose.themes.rendering import Order, rendered

DOCS = Path(__file__).parents[2] / "docs" / "themes"
CHROMIUM = "/usr/bin/chromium"
DESKTOP, PHONE = (760, 600), (360, 640)
SCHEMES = ("light", "dark")
COLOURS = 160
GAP, BACK = 20, (200, 203, 208)
MOST_HEIGHT = 2_000
# All of them stand on one page of the console, which weighs under 100 KB.
THUMBNAIL, FEW = (300, 375), 16
# As a team would fill it in.
VALUES = {"company": "Fennel & Oak", "address": "Fennel & Oak, 12 Mill Lane, Bristol BS1 4QA"}
# What a recipient would see in the place of the tokens.
TOKENS = {
    r"\{contactfield=firstname(\|[^{}]*)?\}": "Ada",
    r"\{contactfield=lastname\}": "Lovelace",
    r"\{contactfield=street(\|[^{}]*)?\}": "12 St James's Square",
    r"\{contactfield=city\}": "London",
    r"\{contactfield=email\|true\}": "ada%40example.org",
    r"\{number\}": "20418",
    r"\{today\}": "May 4, 2026",
    r"\{unsubscribe_text\}": '<a href="#">Unsubscribe from these e-mails</a>',
    r"\{webview_text\}": '<a href="#">Read this e-mail in your browser</a>',
    r"\{subject\}": "A letter",
}


def main(names: list[str]) -> int:
    DOCS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name in names or NAMES:
            picture(browser, name)
        browser.close()
    return 0


def picture(browser: Browser, name: str) -> None:
    html = letter(name)
    shots = [shot(browser, html, size, scheme) for size in (DESKTOP, PHONE) for scheme in SCHEMES]
    write(sheet(shots), DOCS / f"{name}.png")
    write(thumbnail(shots[0]), FOLDER / name / "thumbnail.png", FEW)


def letter(name: str) -> str:
    """As a recipient gets it."""
    files = files_of(name)
    order = Order(name, entry_of(files) or "", files, VALUES, {}, "2026-05-04T09:00:00+00:00")
    sheet = rendered(order)
    html = sheet.text if sheet.format == "html" else converted(Source("mjml", sheet.text), "en").html
    for token, text in TOKENS.items():
        html = re.sub(token, text, html)
    return html


def shot(browser: Browser, html: str, size: tuple[int, int], scheme: str) -> Image.Image:
    """The whole page, however long it is."""
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page.set_content(html, wait_until="load")
    taken = page.screenshot(full_page=True)
    page.close()
    return Image.open(io.BytesIO(taken)).convert("RGB")


def sheet(shots: list[Image.Image]) -> Image.Image:
    """Side by side, cut where they are very long."""
    cut = [each.crop((0, 0, each.width, min(each.height, MOST_HEIGHT))) for each in shots]
    width = sum(each.width for each in cut) + GAP * (len(cut) + 1)
    made = Image.new("RGB", (width, max(each.height for each in cut) + 2 * GAP), BACK)
    at = GAP
    for each in cut:
        made.paste(each, (at, GAP))
        at += each.width + GAP
    return made.resize((made.width // 2, made.height // 2), Image.Resampling.LANCZOS)


def thumbnail(desktop: Image.Image) -> Image.Image:
    """The top of the letter, without the margins."""
    side = (DESKTOP[0] - 660) // 2
    width = DESKTOP[0] - 2 * side
    height = width * THUMBNAIL[1] // THUMBNAIL[0]
    page = Image.new("RGB", (width, height), desktop.getpixel((2, desktop.height - 2)))
    page.paste(desktop.crop((side, 0, side + width, min(height, desktop.height))))
    return page.resize(THUMBNAIL, Image.Resampling.LANCZOS)


def write(image: Image.Image, path: Path, colours: int = COLOURS) -> None:
    """Few colours, small."""
    image.quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
    sys.stdout.write(f"{path}: {path.stat().st_size} bytes\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
