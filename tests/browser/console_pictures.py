"""Pictures of every page of the console, for `docs/console/`: `python -m tests.browser.console_pictures [NAME...]`."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.browser.console_pages import HEAVIER, PAGES
from tests.browser.console_town import console_town, signed_in
from tests.browser.serving import DESKTOP, PHONE, browser, opened

FOLDER = Path(__file__).parent.parent.parent / "docs" / "console"
LOOKS = {
    "desktop-light": (DESKTOP, "light"),
    "desktop-dark": (DESKTOP, "dark"),
    "phone-light": (PHONE, "light"),
    "phone-dark": (PHONE, "dark"),
}
COLOURS, TALLEST = 64, 2_400
# A letter that is read when it comes into view is in the picture too.
READ_ALL = """() => {
  const read = (each) => new Promise((done) => {
    each.addEventListener("load", done, { once: true });
    each.loading = "eager";
    each.src = each.src;
  });
  return Promise.all([...document.querySelectorAll("iframe[loading=lazy]")].map(read));
}"""


def main(names: list[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = {name: path for name, path in (PAGES | HEAVIER).items() if not names or name in names}
    with tempfile.TemporaryDirectory() as place, console_town(Path(place)) as town, browser() as running:
        for look, (size, scheme) in LOOKS.items():
            with opened(running, size, scheme, scripts=True) as context:
                page = context.new_page()
                page.goto(f"{town.url}/console/sign-in")
                _keep(page, f"sign-in-{look}")
            with signed_in(running, town, size, scheme) as (_, page):
                for name, path in wanted.items():
                    page.goto(town.place(path), wait_until="networkidle")
                    _keep(page, f"{name}-{look}")
    sys.stdout.write(f"{FOLDER}: {len(LOOKS) * (len(wanted) + 1)} pictures\n")
    return 0


def _keep(page: Page, name: str) -> None:
    page.evaluate(READ_ALL)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    picture.convert("RGB").quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
