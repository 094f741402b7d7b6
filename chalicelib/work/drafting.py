"""What a draft's fields may hold: each checked by itself, then all of them together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from chalicelib.model.blocks import checked_blocks
from chalicelib.model.email import (
    GOALS,
    MAX_HTML,
    MAX_PREHEADER,
    MAX_SUBJECT,
    MAX_TEXT,
    WAITS,
    Email,
    SplitTest,
    Wait,
)
from chalicelib.model.errors import Invalid, TooLarge
from chalicelib.model.family import PERCENT
from chalicelib.model.ids import is_id
from chalicelib.model.segment import MAX_CHOSEN
from chalicelib.work.addresses import MAX_TYPED, normalised

MAX_NAME = 190
# DynamoDB keeps an item of 400 KB; what a team writes is compressed, but not everything can be.
MAX_BODIES = 448 * 1024
MAX_HEADERS = 9
MAX_HEADER = 995
MAX_UTM = 200
MAX_BCC = 3
MAX_ATTACHMENTS = 10
MAX_WAIT_HOURS = 14 * 24
UTM = ("source", "medium", "campaign", "term", "content")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
THEME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def checked(name: str, value: object) -> Any:  # noqa: ANN401  # as many types as fields
    """The value as an e-mail keeps it; Invalid and TooLarge name the field, the value and the mend."""
    if name not in EDITABLE:
        raise Invalid(name, value, f"There is no such field to edit. Known fields: {', '.join(EDITABLE)}.")
    return EDITABLE[name](name, value)


def check_together(email: Email) -> None:
    """What one field says about another. Raises Invalid, TooLarge."""
    blocks = [text for block in email.blocks for text in (block.html, block.text)]
    variations = [text for block in email.blocks for each in block.variations for text in (each.html, each.text)]
    bodies = (email.html, email.mjml, email.text, *blocks, *variations)
    size = sum(len(each.encode("utf-8", "surrogatepass")) for each in bodies)
    if size > MAX_BODIES:
        hint = f"HTML, MJML, text and blocks together have at most {MAX_BODIES} bytes."
        raise TooLarge(f"This e-mail has {size} bytes.", field="html", hint=hint)
    if email.test is not None and (email.kind != "segment" or email.family != email.id):
        raise Invalid("test", email.test.goal, "A test belongs to the segment e-mail that has the variants.")
    if email.weight and not email.variant_of:
        raise Invalid("weight", email.weight, "Only a variant (variant_of) has a weight; the root gets the rest.")


def check_one_page(email: Email) -> None:
    """Raises Invalid for an e-mail that is written both ways: only one of them would be sent."""
    if email.html.strip() and email.mjml.strip():
        mend = 'The e-mail has HTML too, and only one of them can be sent: give the other one as "".'
        raise Invalid("mjml", email.mjml, mend)


def identifier(name: str, value: object) -> str:
    if value != "" and not (isinstance(value, str) and is_id(value)):
        raise Invalid(name, value, "Give the id of an e-mail.")
    return str(value)


def identifier_of(kind: str) -> Callable[[str, object], str]:
    def check(name: str, value: object) -> str:
        if value != "" and not (isinstance(value, str) and is_id(value)):
            raise Invalid(name, value, f"Give the id of {kind}, or nothing.")
        return str(value)

    return check


def _line(longest: int, *, needed: bool = False) -> Callable[[str, object], str]:
    """A check of one line of text of at most `longest` characters: in a header, a line break is an attack."""

    def check(name: str, value: object) -> str:
        if not isinstance(value, str) or (needed and not value.strip()):
            raise Invalid(name, value, "Give a text that is not empty." if needed else "Give a text.")
        if len(value) > longest:
            raise Invalid(name, value, f"It has {len(value)} characters; at most {longest} are taken.")
        if any(ord(each) < ord(" ") or each in LINE_BREAKS for each in value):
            raise Invalid(name, value, "Take out the line breaks and control characters.")
        return value.strip()

    return check


def _body(most: int) -> Callable[[str, object], str]:
    def check(name: str, value: object) -> str:
        if not isinstance(value, str):
            raise Invalid(name, value, "Give a text.")
        size = len(value.encode("utf-8", "surrogatepass"))
        if size > most:
            raise TooLarge(f"{name} has {size} bytes.", field=name, hint=f"At most {most} bytes are taken.")
        if "\x00" in value:
            raise Invalid(name, "\x00", f"Take out the NUL character at position {value.index(chr(0))}.")
        return value

    return check


def _address(*, needed: bool) -> Callable[[str, object], str]:
    def check(name: str, value: object) -> str:
        text = _line(MAX_TYPED, needed=needed)(name, value)
        return normalised(text, name) if text else ""

    return check


def _segments(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise Invalid(name, value, "Give a list of segment ids.")
    unique = tuple(dict.fromkeys(value))
    if len(unique) > MAX_CHOSEN:
        raise Invalid(name, len(unique), f"At most {MAX_CHOSEN} segments are taken.")
    for each in unique:
        if not isinstance(each, str) or not is_id(each):
            raise Invalid(name, each, "There is no such segment.")
    return unique


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise Invalid(name, value, "Give true or false.")
    return value


def _matching(form: re.Pattern[str], mend: str) -> Callable[[str, object], str]:
    def check(name: str, value: object) -> str:
        if value != "" and not (isinstance(value, str) and form.fullmatch(value)):
            raise Invalid(name, value, mend)
        return str(value)

    return check


def _percent(name: str, value: object) -> int:
    return _whole(name, value, 0, PERCENT)


def _moment(name: str, value: object) -> int | None:
    """Epoch milliseconds, or none."""
    return None if value is None else _whole(name, value, 0, LAST_MOMENT)


def _whole(name: str, value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Invalid(name, value, f"Give a whole number from {least} to {most}.")
    return value


def _headers(name: str, value: object) -> dict[str, str]:
    """Which names and characters a header may have is said where the letter is compiled."""
    return _texts(name, value, MAX_HEADERS, MAX_HEADER)


def _utm(name: str, value: object) -> dict[str, str]:
    given = _texts(name, value, len(UTM), MAX_UTM)
    for each in given:
        if each not in UTM:
            raise Invalid(f"{name}.{each}", given[each], f"These are known: {', '.join(UTM)}.")
    return given


def _texts(name: str, value: object, most: int, longest: int) -> dict[str, str]:
    if not isinstance(value, Mapping) or len(value) > most:
        raise Invalid(name, value, f"Give an object of at most {most} texts by name.")
    return {str(key): text for key, each in value.items() if (text := _line(longest)(f"{name}.{key}", each))}


def _addresses(name: str, value: object) -> tuple[str, ...]:
    given = _list(name, value, MAX_BCC, "addresses")
    return tuple(dict.fromkeys(normalised(_line(MAX_TYPED, needed=True)(name, each), name) for each in given))


def _assets(name: str, value: object) -> tuple[str, ...]:
    given = _list(name, value, MAX_ATTACHMENTS, "asset ids")
    for each in given:
        if not isinstance(each, str) or not is_id(each):
            raise Invalid(name, each, "Give the ids of assets.")
    return tuple(dict.fromkeys(map(str, given)))


def _list(name: str, value: object, most: int, what: str) -> Sequence[object]:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > most:
        raise Invalid(name, value, f"Give a list of at most {most} {what}.")
    return value


def _test(name: str, value: object) -> SplitTest | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or not value.keys() <= {"share", "goal", "wait_hours", "automatic"}:
        raise Invalid(name, value, 'Give {"share", "goal", "wait_hours", "automatic"}, or null for no test.')
    plain = SplitTest()
    goal = value.get("goal", plain.goal)
    if goal not in GOALS:
        raise Invalid(f"{name}.goal", goal, f"It is one of {', '.join(GOALS)}.")
    return SplitTest(
        share=_whole(f"{name}.share", value.get("share", plain.share), 1, PERCENT),
        goal=goal,
        wait_hours=_whole(f"{name}.wait_hours", value.get("wait_hours", plain.wait_hours), 1, MAX_WAIT_HOURS),
        automatic=_flag(f"{name}.automatic", value.get("automatic", plain.automatic)),
    )


def _wait(name: str, value: object) -> Wait:
    if value not in WAITS:
        raise Invalid(name, value, f"It is one of {', '.join(WAITS)}.")
    return value


# The end of the year 9999 in epoch milliseconds.
LAST_MOMENT = 253_402_300_799_999
LINE_BREAKS = frozenset("\x7f\x85\u2028\u2029")
# What the HTML part is written in: one of them.
PAGES = ("html", "mjml")
NEEDED = ("name", "subject", "from_address")
EDITABLE: Mapping[str, Callable[[str, object], Any]] = MappingProxyType(
    {
        "name": _line(MAX_NAME, needed=True),
        "subject": _line(MAX_SUBJECT, needed=True),
        "from_address": _address(needed=True),
        "from_name": _line(MAX_NAME),
        "reply_to": _address(needed=False),
        "preheader": _line(MAX_PREHEADER),
        "html": _body(MAX_HTML),
        "text": _body(MAX_TEXT),
        "mjml": _body(MAX_HTML),
        "inline_css": _flag,
        "language": _matching(LANGUAGE, "Give a language tag such as fr, pt-BR or zh-Hant, or nothing."),
        "theme": _matching(THEME, "Give the name of a theme (GET /v1/themes), or nothing."),
        "category": identifier_of("a category"),
        "headers": _headers,
        "utm": _utm,
        "bcc": _addresses,
        "from_owner": _flag,
        "attachments": _assets,
        "blocks": checked_blocks,
        "public_preview": _flag,
        "weight": _percent,
        "publish_up": _moment,
        "publish_down": _moment,
        "test": _test,
        "over_cap": _wait,
        "quiet_hours": _wait,
        "segments": _segments,
        "exclude": _segments,
    }
)
