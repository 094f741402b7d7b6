"""The files that came with a page and are not taken, each with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain

from chalicelib.compose.archive import Skipped
from chalicelib.compose.page_import.picture import KINDS, MAX_PICTURE, kind_of
from chalicelib.compose.page_import.placing import NO_SCRIPTS, Plan
from chalicelib.compose.page_import.zipped import PAGES

# Browsers save scripts as .js.download, so that nobody starts them.
IMPORTED = "It is asked for by @import, which mail programs do not follow: link to it from the page (<link>)."
_IMPORT = re.compile(r"@import\s+(?:url\(\s*)?[\"']?(?P<name>[^\"'()\s;]{1,2000})", re.IGNORECASE)
SCRIPTS = (".js", ".mjs", ".js.download")
ENDINGS = (*(f".{kind}" for kind in KINDS), ".jpeg")
_BY_PATH: tuple[tuple[Callable[[str], bool], str], ...] = (
    (lambda path: path.startswith("__macosx/"), "It is macOS's own note, no part of the page."),
    (lambda path: path.rpartition("/")[2].startswith("."), "It is a hidden file."),
    (lambda path: path.endswith(SCRIPTS), NO_SCRIPTS),
    (lambda path: path.endswith(PAGES), "It is a page of its own: one page is taken."),
    (lambda path: path.endswith(".css"), "The page links to no such style sheet."),
    (lambda path: path.endswith(".svg"), "Gmail and Outlook show no SVG, and it can hold scripts: save it as .png."),
    (lambda path: path.endswith(ENDINGS), "It is called a picture, and is something else inside."),
)


def skipped(plan: Plan) -> tuple[Skipped, ...]:
    """Every file but the page, the pictures that it shows and the style sheets that are in it now."""
    files = plan.page.files
    left = (path for path in files if path not in plan.pictures and path not in plan.sheets)
    imported = dict.fromkeys(_imported(plan), IMPORTED)
    found = (Skipped(path, plan.unfit.get(path) or imported.get(path) or _reason(path, files[path])) for path in left)
    return tuple(sorted(chain(plan.page.skipped, plan.scripts.values(), found), key=lambda each: each.path))


def _imported(plan: Plan) -> Iterator[str]:
    """Style sheets that others, or the page's own <style>, ask for by @import."""
    texts = {plan.page.path: plan.page.text} | {path: sheet.css for path, sheet in plan.sheets.items()}
    for base, text in texts.items():
        for match in _IMPORT.finditer(text):
            if path := plan.page.path_of(match["name"], base):
                yield path


def _reason(path: str, body: bytes) -> str:
    if kind_of(body) and len(body) > MAX_PICTURE:
        return f"A picture has at most {MAX_PICTURE} bytes; this one has {len(body)}."
    lowered = path.lower().partition("?")[0]
    why = next((reason for holds, reason in _BY_PATH[:2] if holds(lowered)), None)
    if why is None and kind_of(body):
        return "The page does not show it."
    why = why or next((reason for holds, reason in _BY_PATH if holds(lowered)), None)
    return why or f"Pages bring pictures ({', '.join(KINDS)}) and style sheets alone."
