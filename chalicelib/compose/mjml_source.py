"""MJML read strictly: mrml takes unknown elements and loses what it does not understand, so that nobody would know.

What stands in it for the reader (HTML, comments, attributes that its XML parser would damage) is put aside, so that
tokens, entities and Outlook's comments come back as they were written, byte for byte.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType

from chalicelib.compose.edit import Edit
from chalicelib.compose.mjml_attributes import UNUSED, attributes_of, nearest_attribute
from chalicelib.compose.mjml_tags import HTML_INSIDE, NEEDED, PARENTS, may_stand, nearest
from chalicelib.compose.source import Cautions, Source
from chalicelib.model.errors import Invalid

# mrml writes a rule for each pair of a carousel's images.
MAX_IMAGES = 60

_ATTRIBUTE = r"\s++[^\s=/>\"'<]++\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+')"
_TAG = re.compile(
    rf"<!--(?P<comment>.*?)-->|</(?P<close>[^\s/>]++)\s*+>"
    rf"|<(?P<open>[A-Za-z][^\s/>]*+)(?P<attributes>(?:{_ATTRIBUTE})*+)\s*+(?P<end>/?>)?+",
    re.DOTALL,
)
_EACH = re.compile(r"\s++(?P<name>[^\s=]++)\s*+=\s*+(?P<value>\"[^\"]*+\"|'[^']*+')")
_WORD = re.compile(r"\S++")
_SHOWN = re.compile(r"[^<\s\ufeff]")
_MJML_INSIDE = re.compile(r"<!--.*?(?:-->|\Z)|(?P<tag></?mj[a-z-]*+)", re.IGNORECASE | re.DOTALL)
# What mrml's XML parser refuses in a value, writes otherwise, or ends it with.
_DAMAGED = re.compile(r"[\"<>\r\n\t\\]")


@dataclass(frozen=True, slots=True)
class Kept:
    """What stood in the source: an attribute's value, or the content of an element or comment."""

    text: str
    is_value: bool


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    start: int


@dataclass(slots=True)
class Reading:
    """`edits` put `mark`, the number and "e" in place of each of the `kept`. <mjml> has its attributes, `names`, behind
    `root`. `classes` are those that <mj-class> names, `used` those of mj-class="...", with the first place of each.
    """

    source: Source
    mark: str
    kept: list[Kept] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    root: int = 0
    names: frozenset[str] = frozenset()
    inline_css: bool = False
    stack: list[Tag] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    classes: set[str] = field(default_factory=set)
    used: dict[str, int] = field(default_factory=dict)
    cautions: Cautions = field(default_factory=Cautions)

    def keep(self, start: int, end: int, *, is_value: bool = False) -> None:
        quote = '"' if is_value else ""
        self.edits.append(Edit(start, end, f"{quote}{self.mark}{len(self.kept)}e{quote}"))
        inner = slice(start + len(quote), end - len(quote))
        self.kept.append(Kept(self.source.text[inner], is_value))


def read(source: Source) -> Reading:
    """Raises Invalid with line and column for what is no MJML."""
    reading, at = Reading(source, _mark(source.text)), 0
    while (start := source.text.find("<", at)) >= 0:
        _refuse_text(reading, at, start)
        found = _TAG.match(source.text, start)
        if found is None:
            raise source.fault(start, source.text[start : start + 60], _UNREADABLE)
        at = _taken(reading, found)
    _refuse_text(reading, at, len(source.text))
    _check_whole(reading)
    return reading


_UNREADABLE = "No MJML element begins like this, or a comment is never closed: write < as &lt;, and only in <mj-text>."


def _mark(text: str) -> str:
    """A word that the text does not have."""
    mark = f"m{zlib.crc32(text.encode()):08x}m"
    while mark in text:
        mark += "m"
    return mark


def _refuse_text(reading: Reading, start: int, end: int) -> None:
    found = _SHOWN.search(reading.source.text, start, end)
    if found:
        shown = reading.source.text[found.start() : end][:60]
        raise reading.source.fault(found.start(), shown, "Text stands in <mj-text>, or in <mj-raw> as it is.")


def _taken(reading: Reading, found: re.Match[str]) -> int:
    """Behind the tag or comment, or, for an element that holds HTML, behind that."""
    if found["comment"] is not None:
        reading.keep(*found.span("comment"))
    elif found["close"]:
        _close(reading, found)
    else:
        _check_open(reading, found)
        return _opened(reading, found)
    return found.end()


def _close(reading: Reading, found: re.Match[str]) -> None:
    last = reading.stack[-1] if reading.stack else None
    if last is None or last.name != found["close"]:
        mend = f"<{last.name}> of {reading.source.place(last.start)} is to be closed first." if last else "Take it out."
        raise reading.source.fault(found.start(), found[0][:60], mend)
    reading.stack.pop()


def _check_open(reading: Reading, found: re.Match[str]) -> None:
    name, parent = found["open"], reading.stack[-1].name if reading.stack else ""
    reading.seen[name] += 1
    if name not in PARENTS:
        mend = _unknown(name)
    elif not may_stand(name, parent):
        mend = f"<{name}> stands in {_among(PARENTS[name])}, not in {_among([parent])}."
    elif not found["end"]:
        place = reading.source.place(found.end())
        mend = f'It cannot be read from {place} on: attributes are written name="value", and a tag ends with >.'
    elif reading.seen[name] > _AT_MOST.get(name, reading.seen[name]):
        mend = f"There may be {_AT_MOST[name]} of <{name}>."
    else:
        return
    raise reading.source.fault(found.start(), found[0][:60], mend)


_AT_MOST: Mapping[str, int] = MappingProxyType({"mjml": 1, "mj-head": 1, "mj-body": 1, "mj-carousel-image": MAX_IMAGES})


def _unknown(name: str) -> str:
    if name == "mj-include":
        return "Nothing is included from other files: put their content here."
    if not name.lower().startswith("mj"):
        return "HTML stands in <mj-text>, <mj-table> or <mj-raw>."
    meant = nearest(name)
    return f"There is no <{name}>" + (f": is <{meant}> meant?" if meant else ".")


def _among(names: Iterable[str]) -> str:
    return " or ".join(f"<{name}>" if name else "the top" for name in sorted(names))


def _opened(reading: Reading, found: re.Match[str]) -> int:
    name = found["open"]
    written = _attributes(reading, found)
    for each in written.values():
        if _DAMAGED.search(each["value"][1:-1]):
            reading.keep(*each.span("value"), is_value=True)
    if name in NEEDED and NEEDED[name] not in written:
        raise reading.source.fault(found.start(), found[0][:60], f"<{name}> needs a {NEEDED[name]}.")
    if name == "mjml":
        reading.root, reading.names = found.end("open"), frozenset(written)
    if name == "mj-style" and "inline" in written:
        reading.inline_css = True
    if found["end"] == "/>":
        return found.end()
    if name in HTML_INSIDE:
        return _content(reading, Tag(name, found.start()), found.end())
    reading.stack.append(Tag(name, found.start()))
    return found.end()


def _attributes(reading: Reading, found: re.Match[str]) -> dict[str, re.Match[str]]:
    """By name. Those that <mj-attributes> sets for an element are that element's."""
    name, written = found["open"], dict[str, re.Match[str]]()
    for each in _EACH.finditer(reading.source.text, *found.span("attributes")):
        if each["name"] not in attributes_of(name):
            raise reading.source.fault(each.start("name"), each[0].strip()[:60], _unknown_attribute(name, each["name"]))
        if each["name"] in written:
            mend = f"{each['name']} stands twice on this <{name}>: take one out."
            raise reading.source.fault(each.start("name"), each[0].strip()[:60], mend)
        if each["name"] in UNUSED.get(name, ()):
            message = f"{each['name']} does nothing on <{name}> here."
            reading.cautions.add(reading.source, each.start("name"), message, "Take it out, or write HTML in <mj-raw>.")
        written[each["name"]] = each
    _note_classes(reading, name, written)
    return written


def _unknown_attribute(name: str, written: str) -> str:
    meant = nearest_attribute(name, written)
    return f"<{name}> has no attribute {written[:60]}" + (f": is {meant} meant?" if meant else ": take it out.")


def _note_classes(reading: Reading, name: str, written: Mapping[str, re.Match[str]]) -> None:
    if name == "mj-class" and "name" in written:
        reading.classes.add(written["name"]["value"][1:-1])
    if "mj-class" in written:
        value = written["mj-class"]
        for each in _WORD.finditer(reading.source.text, value.start("value") + 1, value.end("value") - 1):
            reading.used.setdefault(each[0], each.start())


def _content(reading: Reading, tag: Tag, start: int) -> int:
    text = reading.source.text
    closed = re.compile(rf"</{tag.name}\s*+>").search(text, start)
    inside = (each for each in _MJML_INSIDE.finditer(text, start, closed.start() if closed else len(text)))
    if astray := next((each for each in inside if each["tag"]), None):
        mend = f"<{tag.name}> of {reading.source.place(tag.start)} holds HTML alone: close it before."
        raise reading.source.fault(astray.start(), astray[0], mend)
    if closed is None:
        raise _never_closed(reading.source, tag)
    if text[start : closed.start()].strip():
        reading.keep(start, closed.start())
    return closed.end()


def _check_whole(reading: Reading) -> None:
    if reading.stack:
        raise _never_closed(reading.source, reading.stack[-1])
    for name in ("mjml", "mj-body"):
        if not reading.seen[name]:
            raise reading.source.fault(
                0,
                reading.source.text[:60],
                f"There is no <{name}>: MJML begins with <mjml>, and <mj-body> holds the letter.",
            )
    for name, at in reading.used.items():
        if name not in reading.classes:
            raise reading.source.fault(at, name[:60], _unknown_class(name, reading.classes))


def _unknown_class(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name[:64], sorted(known), n=1, cutoff=0.6)
    meant = f"is {close[0]} meant?" if close else f'put <mj-class name="{name[:60]}" /> into <mj-attributes>.'
    return f"No <mj-class> of <mj-attributes> has this name: {meant}"


def _never_closed(source: Source, tag: Tag) -> Invalid:
    return source.fault(
        tag.start, source.text[tag.start : tag.start + 60], f"<{tag.name}> is never closed: write </{tag.name}>."
    )
