"""A revision as SendGrid's substitutions take it: the program once with tags for its slots, and each one's values.

Source: "Substitution Tags": a tag is replaced by a recipient's value wherever it stands in the subject and the content.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from chalicelib.compose.kept import Kept
from chalicelib.compose.revision import Envelope, Part, Revision

# The collective size of a personalization's substitutions, in bytes.
MAX_SUBSTITUTIONS = 10_000

# A tag is one of these, the slot's number and a full stop. The first that no literal of a revision has marks its tags,
# and no value may have it: so that no other text can ever become a tag, whatever stands beside it.
MARKS = "~^`|$"


@dataclass(frozen=True, slots=True)
class Template:
    """The program with tags for slots, its content as ready JSON. `used` are the slots that have a tag."""

    mark: str
    subject: str
    content: msgspec.Raw
    used: tuple[int, ...]
    tags: tuple[str, ...]


@Kept
def tagged(revision: Revision) -> Template | None:
    """None where every mark stands in the letter somewhere: then it goes to each recipient whole."""
    program = revision.program
    parts = (program.subject, program.text, program.html)
    literals = "".join(each for part in parts for each in part if isinstance(each, str))
    mark = next((each for each in MARKS if each not in literals), None)
    if mark is None:
        return None
    used = tuple(dict.fromkeys(each for part in parts for each in part if isinstance(each, int)))
    tags = tuple(_tag(mark, number) for number in used)
    subject, text, html = (_written(mark, part) for part in parts)
    return Template(mark, subject, content(text, html), used, tags)


def _tag(mark: str, number: int) -> str:
    return f"{mark}{number}."


def _written(mark: str, part: Part) -> str:
    return "".join(each if isinstance(each, str) else _tag(mark, each) for each in part)


def content(text: str, html: str) -> msgspec.Raw:
    """Plain text goes first, and no part may be empty."""
    parts = [("text/plain", text), ("text/html", html)]
    return msgspec.Raw(msgspec.json.encode([{"type": kind, "value": value} for kind, value in parts if value]))


def substitutions(template: Template, envelope: Envelope) -> dict[str, str]:
    return {tag: envelope.values[number] for tag, number in zip(template.tags, template.used, strict=True)}


def fits(template: Template, envelopes: Sequence[Envelope]) -> bool:
    """Whether everybody's values can be substituted as they are."""
    tags = sum(map(len, template.tags))
    values = ("".join([each.values[number] for number in template.used]) for each in envelopes)
    return all(template.mark not in each and tags + len(each.encode()) <= MAX_SUBSTITUTIONS for each in values)
