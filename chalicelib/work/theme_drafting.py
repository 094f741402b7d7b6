"""A theme as somebody writes it, field by field, becomes the files of its zip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from chalicelib.compose.archive import checked_path
from chalicelib.compose.themes.archive import checked_text
from chalicelib.compose.themes.config import Config, config_json, config_of
from chalicelib.compose.themes.layout import CONFIG, ENTRIES, TEXTS, kind_of
from chalicelib.model.errors import Invalid

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Draft:
    """A theme as somebody writes it. One of `html`, `mjml`, `twig` (a template of either) is what an e-mail begins
    with; `parts` are further texts by path, None to take one out; `copy_of` another theme whose files come with it.
    None leaves a thing as it is.
    """

    html: str | None = None
    mjml: str | None = None
    twig: str | None = None
    title: str | None = None
    author: str | None = None
    author_url: str | None = None
    parts: Mapping[str, str | None] = field(default_factory=dict)
    copy_of: str | None = None


def edited(name: str, before: Files, draft: Draft) -> dict[str, bytes]:
    """The files of `before` with what the draft names in them. Raises Invalid and TooLarge, by the draft's fields."""
    files = dict(before)
    source = _source(draft)
    if source is None and not before:
        raise Invalid("html", None, "A theme needs html, mjml or twig, or copy_of another theme.")
    if source is not None:
        named, text = source
        files = {each: body for each, body in files.items() if each not in ENTRIES} | {
            _FILES[named]: _bytes(named, text)
        }
    for path, part in draft.parts.items():
        _put_part(files, path, part)
    files[CONFIG] = _config(name, files, draft)
    return files


# Where each field of a draft stands in the zip.
_FILES: Mapping[str, str] = MappingProxyType(
    {"html": "html/email.html", "mjml": "html/email.mjml", "twig": "html/email.html.twig"}
)


def _source(draft: Draft) -> tuple[str, str] | None:
    """The field that is given and its text."""
    given = {"html": draft.html, "mjml": draft.mjml, "twig": draft.twig}
    found = [(named, text) for named, text in given.items() if text is not None]
    if len(found) > 1:
        raise Invalid("html", None, "Give one of html, mjml and twig, not several.")
    if found and not found[0][1].strip():
        raise Invalid(found[0][0], found[0][1], "Write what an e-mail begins with: it is empty.")
    return found[0] if found else None


def _put_part(files: dict[str, bytes], path: str, part: str | None) -> None:
    if path in ENTRIES or path == CONFIG:
        raise Invalid("parts", path, "It is no part: give html, mjml or twig, and title, author or author_url.")
    if kind_of(_path(path)) not in TEXTS:
        raise Invalid("parts", path, f"Parts are texts: {', '.join(sorted(TEXTS))}. Pictures come in a zip.")
    if part is None:
        files.pop(path, None)
    else:
        files[_path(path)] = _bytes(path, part)


def _config(name: str, files: Files, draft: Draft) -> bytes:
    """The config.json with what is given in it."""
    known = config_of(files) if CONFIG in files else Config(name)
    title = known.title if draft.title is None else draft.title
    author = known.author if draft.author is None else draft.author
    author_url = known.author_url if draft.author_url is None else draft.author_url
    body = config_json(replace(known, title=title, author=author, author_url=author_url))
    try:
        config_of({CONFIG: body})
    except Invalid as fault:
        raise Invalid(_GIVEN.get(fault.field or "", "title"), fault.value, fault.hint or "") from None
    return body


# What the caller calls the keys of config.json.
_GIVEN: Mapping[str, str] = MappingProxyType(
    {f"{CONFIG}: author": "author", f"{CONFIG}: authorUrl": "author_url", f"{CONFIG}: name": "title"}
)


def _bytes(field: str, text: str) -> bytes:
    return checked_text(field, text.encode("utf-8", "surrogatepass")).encode()


def _path(path: str) -> str:
    try:
        return checked_path(path)
    except Invalid as fault:
        raise Invalid("parts", path, fault.hint or "") from None
