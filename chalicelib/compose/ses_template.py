"""A revision as an SES inline template, and a recipient's replacement data.

Inline templates know simple substitution only, and SES drops a mail for which a value is missing. Braces of the
content that SES would read as its own are therefore names with a constant value. SES escapes nothing: values come
escaped for their places already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import itemgetter
from types import MappingProxyType

import msgspec

from chalicelib.compose.kept import Kept
from chalicelib.compose.revision import Branch, Envelope, Part, Program, Revision, Slot

MAX_DATA = 262_144  # SES: the replacement data of one recipient, in bytes

# A backslash before a brace would be read as an escape.
CONSTANTS: Mapping[str, str] = MappingProxyType({"o": "{{", "l": "{", "c": "}}", "r": "}", "b": "\\"})
_NAMES: Mapping[str, str] = MappingProxyType({text: f"{{{{{name}}}}}" for name, text in CONSTANTS.items()})

# From the first of several backslashes only: from each of them it would take quadratic time.
_RUN = re.compile(r"(?<!\\)\\*+[{}]{2,}")
_PIECE = re.compile(r"\{\{|\}\}|[{}\\]")


@Kept
def template(revision: Revision) -> dict[str, str]:
    """`Subject`, `Html` and `Text` as SES takes them (TemplateContent); an empty part is not there."""
    program = revision.program
    parts = {"Subject": program.subject, "Html": program.html, "Text": program.text}
    return {name: written(part) for name, part in parts.items() if part}


def data(revision: Revision, envelope: Envelope) -> str:
    """The replacement data of one recipient: a JSON object with every name that the template has."""
    names, used, constants = _plan(revision)
    return _ENCODER.encode(dict(zip(names, used(envelope.values), strict=True)) | constants).decode()


def data_of_blocks(program: Program) -> int:
    """How many bytes of a recipient's data the blocks take, were each content the largest; values not counted. In a
    link's target a content is percent-encoded, which makes three bytes of one at the most.
    """
    parts = (program.subject, program.html, program.text)
    used = [program.slots[each] for each in {each for part in parts for each in part if isinstance(each, int)}]
    within = [program.slots[each] for slot in used for each in slot.target if isinstance(each, int)]
    return sum(map(_largest, used)) + 3 * sum(map(_largest, within))


def _largest(slot: Slot) -> int:
    return max(map(_size, slot.branches), default=0)


def _size(branch: Branch) -> int:
    return len(_ENCODER.encode("".join(each for each in branch.part if isinstance(each, str))))


def written(part: Part) -> str:
    return "".join(_literal(part, at) if isinstance(each, str) else f"{{{{s{each}}}}}" for at, each in enumerate(part))


def _literal(part: Part, at: int) -> str:
    text = str(part[at])
    rest = text.rstrip("\\{}") if _is_slot(part, at + 1) else text
    tail = text[len(rest) :]
    inner = rest.lstrip("{}") if _is_slot(part, at - 1) else rest
    head = rest[: len(rest) - len(inner)]
    return _named(head) + _RUN.sub(lambda run: _named(run[0]), inner) + _named(tail)


def _is_slot(part: Part, at: int) -> bool:
    return 0 <= at < len(part) and isinstance(part[at], int)


def _named(run: str) -> str:
    return _PIECE.sub(lambda piece: _NAMES[piece[0]], run)


@Kept
def _plan(revision: Revision) -> tuple[tuple[str, ...], Callable[[tuple[str, ...]], tuple[str, ...]], dict[str, str]]:
    program = revision.program
    parts = (program.subject, program.html, program.text)
    used = tuple(dict.fromkeys(each for part in parts for each in part if isinstance(each, int)))
    whole = "".join(template(revision).values())
    constants = {name: text for name, text in CONSTANTS.items() if f"{{{{{name}}}}}" in whole}
    return tuple(f"s{number}" for number in used), _getter(used), constants


def _getter(used: tuple[int, ...]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    if len(used) > 1:
        return itemgetter(*used)
    return lambda filled: tuple(filled[number] for number in used)


_ENCODER = msgspec.json.Encoder()
