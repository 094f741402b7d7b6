"""Style sheets of a theme that its HTML links to: their rules in a <style>, as no mail program loads a sheet."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from chalicelib.compose.edit import Edit, edited
from chalicelib.compose.page_import.css_names import in_sheet
from chalicelib.compose.page_import.html_names import Linked, names
from chalicelib.compose.page_import.sheet import read_sheet
from chalicelib.compose.themes.layout import within
from chalicelib.compose.themes.references import Missing, is_elsewhere, meant

MAX_CSS = 256 * 1024


def styled(text: str, theme: str, files: Mapping[str, bytes], assets: Mapping[str, str]) -> tuple[str, list[Missing]]:
    """The text with the rules, and the sheets that the theme does not have, or whose rules cannot stand there."""
    edits, missing, size = list[Edit](), list[Missing](), 0
    for link in (each for each in names(text) if isinstance(each, Linked)):
        if is_elsewhere(link.value):
            continue
        path = next((each for each in meant(link.value, theme) if each in files), None)
        read = read_sheet(files[path]) if path else "The theme does not have it."
        if path is None or isinstance(read, str) or size + len(read.css) > MAX_CSS:
            why = read if isinstance(read, str) else f"With it there would be more than {MAX_CSS} bytes of CSS."
            mend = "Put its rules into a <style> element: no mail program loads a style sheet."
            missing.append((text.count("\n", 0, link.start) + 1, f"The style sheet {link.value[:100]}: {why}", mend))
            continue
        size += len(read.css)
        media = f' media="{link.media}"' if link.media else ""
        edits.append(Edit(link.start, link.end, f"<style{media}>{_addressed(read.css, path, theme, assets)}</style>"))
    return edited(text, edits), missing


def _addressed(css: str, path: str, theme: str, assets: Mapping[str, str]) -> str:
    return edited(css, _edits(css, path, theme, assets))


def _edits(css: str, path: str, theme: str, assets: Mapping[str, str]) -> Iterator[Edit]:
    """Pictures are named as seen from the sheet's own folder, or from the theme's."""
    for each in in_sheet(css):
        for name in (within(posixpath.join(posixpath.dirname(path), each.value), theme), within(each.value, theme)):
            if name in assets:
                yield Edit(each.start, each.end, assets[name])
                break
