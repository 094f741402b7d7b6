"""The page of a zip: as a designer packs it, or as a browser's "complete web page" (page.html and page_files/)."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.compose.archive import Limits, files_in
from chalicelib.compose.page_import.decoding import check_source, page_text
from chalicelib.compose.page_import.page import MAX_FILES, MAX_SOURCE, MAX_UNPACKED, Page
from chalicelib.model.errors import Invalid

PAGES = (".html", ".htm", ".mjml")
INDEX = "index.html"
NAMED = 5


def page_of_zip(body: bytes, limit: int) -> Page:
    """At most `limit` bytes. Raises Invalid, TooLarge."""
    files = files_in(body, Limits(limit, MAX_FILES, MAX_UNPACKED))
    path = _chosen([each for each in files if is_page(each)])
    page = files.pop(path)
    check_source(len(page), MAX_SOURCE)
    return Page(path, page_text(page), files, {each: each for each in files})


def is_page(path: str) -> bool:
    hidden = path.startswith("__MACOSX/") or path.rpartition("/")[2].startswith(".")
    return path.lower().endswith(PAGES) and not hidden


def _chosen(paths: list[str]) -> str:
    """Of those in the top folder the only one, or index.html."""
    top = _top(paths)
    found = [each for each in top if each.rpartition("/")[2].lower() == INDEX] if len(top) > 1 else top
    if len(found) == 1:
        return found[0]
    if not paths:
        raise Invalid("body", None, f"The zip has no page: put one file in that ends in {', '.join(PAGES)}.")
    shown = ", ".join(sorted(top)[:NAMED])
    raise Invalid("body", shown, f"The zip has {len(top)} pages: leave one, or call the one that is meant {INDEX}.")


def _top(paths: Iterable[str]) -> list[str]:
    depths = {path: path.count("/") for path in paths}
    least = min(depths.values(), default=0)
    return [path for path, depth in depths.items() if depth == least]
