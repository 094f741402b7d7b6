"""What a tracked letter has that nobody wrote: the pixel, and a link that no person sees.

Both are parts of their own, so that the web version finds them and leaves them out.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.compose.part import TRACK, Writer
from chalicelib.compose.revision import Part, Revision

_PIXEL_END = '" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">'
_DECOY_END = '" style="display:none" aria-hidden="true" tabindex="-1"></a>'


def write_pixel(writer: Writer, base_url: str) -> None:
    """Not `display:none`: what is not displayed is not fetched."""
    _write(writer, pixel(base_url))


def write_decoy(writer: Writer, base_url: str, number: int) -> None:
    """Whoever follows it reads the source and not the letter: a machine that looks where links lead."""
    _write(writer, decoy(base_url, number))


def pixel(base_url: str) -> tuple[str, str]:
    """What stands before and behind the token."""
    return f'<img src="{base_url}/o/', _PIXEL_END


def decoy(base_url: str, number: int) -> tuple[str, str]:
    """What stands before and behind the token."""
    return f'<a href="{base_url}/c/', f"/{number}{_DECOY_END}"


def without_added(revision: Revision) -> Part:
    """The HTML as its author wrote it, with neither of them."""
    html = _without(revision.program.html, pixel(revision.base_url))
    return html if revision.decoy < 0 else _without(html, decoy(revision.base_url, revision.decoy))


def _write(writer: Writer, around: tuple[str, str]) -> None:
    writer.sealed(around[0])
    writer.slot(TRACK)
    writer.sealed(around[1])


def _without(html: Part, around: Sequence[str]) -> Part:
    head, tail = around
    for at, each in enumerate(html):
        if each == head and html[at + 2 : at + 3] == (tail,):
            return (*html[:at], *html[at + 3 :])
    return html
