"""Dynamic content as a team writes it: named blocks, each with variations for whom a filter holds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from chalicelib.model.email import Block, Variation
from chalicelib.model.errors import Invalid
from chalicelib.model.filter import as_json
from chalicelib.model.filter_forms import read_filter

MAX_BLOCKS = 20
MAX_VARIATIONS = 20
MAX_CONTENT = 64 * 1024
NAME = re.compile(r"[^\s\"{}|=][^\"{}|=]{0,58}[^\s\"{}|=]|[^\s\"{}|=]")


def checked_blocks(name: str, value: object) -> tuple[Block, ...]:
    """`[{"name", "html", "text", "variations": [{"filter", "html", "text"}]}]`; Invalid names the place, the value and
    the mend. Filters come in any of their forms. Names are compared without regard to case (`{dynamiccontent="Name"}`).
    """
    blocks = tuple(_block(f"{name}[{n}]", each) for n, each in enumerate(_list(name, value, MAX_BLOCKS)))
    seen: set[str] = set()
    for block in blocks:
        if block.name.lower() in seen:
            raise Invalid(name, block.name, "Two blocks have this name: give each its own.")
        seen.add(block.name.lower())
    return blocks


def _block(place: str, value: object) -> Block:
    given = _object(place, value, {"name", "html", "text", "variations"})
    name = given.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise Invalid(f"{place}.name", name, 'A name has 1 to 60 characters without ", {, }, | and =.')
    variations = _list(f"{place}.variations", given.get("variations", ()), MAX_VARIATIONS)
    return Block(
        name,
        _content(f"{place}.html", given.get("html", "")),
        _content(f"{place}.text", given.get("text", "")),
        tuple(_variation(f"{place}.variations[{n}]", each) for n, each in enumerate(variations)),
    )


def _variation(place: str, value: object) -> Variation:
    given = _object(place, value, {"filter", "html", "text"})
    tree = read_filter(given.get("filter"), place=f"{place}.filter")
    html, text = (_content(f"{place}.{each}", given.get(each, "")) for each in ("html", "text"))
    return Variation(json.dumps(as_json(tree), ensure_ascii=False, separators=(",", ":")), html, text)


def _object(place: str, value: object, known: set[str]) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise Invalid(place, value, f"Give an object with {', '.join(sorted(known))}.")
    for each in value:
        if each not in known:
            raise Invalid(f"{place}.{each}", value[each], f"These are known: {', '.join(sorted(known))}.")
    return value


def _list(place: str, value: object, most: int) -> Sequence[object]:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > most:
        raise Invalid(place, value, f"Give a list of at most {most}.")
    return value


def _content(place: str, value: object) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise Invalid(place, value, "Give a text without NUL characters.")
    if len(value) > MAX_CONTENT:
        raise Invalid(place, f"{len(value)} characters", f"At most {MAX_CONTENT} are taken.")
    return value
