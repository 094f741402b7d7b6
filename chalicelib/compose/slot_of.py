"""The slot that a token with a value becomes, for the place where it lands."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.compose.argument import DATES, Argument, argument
from chalicelib.compose.part import Composing
from chalicelib.compose.revision import Modifier, Place, Slot
from chalicelib.compose.source import Source
from chalicelib.compose.token import FIELDS, OWNER, SIGNATURE, TODAY, Token
from chalicelib.compose.url import scheme
from chalicelib.compose.words import Words, words_of
from chalicelib.model.definition import Definition
from chalicelib.model.workspace import wording

VALUES = FIELDS | {OWNER, TODAY, SIGNATURE}


def slot_of(composing: Composing, source: Source, token: Token, place: Place, modifier: Modifier) -> Slot:
    """For a token of VALUES, or one that comes with the sending. Raises Invalid with the place."""
    if token.name in FIELDS:
        return _field(composing, argument(source, token), place, modifier)
    if token.name == OWNER:
        return _owner(composing, argument(source, token).name, place, modifier)
    if token.name == TODAY:
        found = argument(source, token) if token.rest else Argument(modifier="datetime")
        return Slot("today", place, modifier=modifier, format=_format(composing, found), shift=found.shift)
    if token.name == SIGNATURE:
        text = wording(composing.stationery.workspace, composing.language, "signature")
        return _signature(composing, text, place, modifier)
    shown = source.text[token.start : token.end]
    return Slot("token", place, token.name, shown, modifier)


def _field(composing: Composing, found: Argument, place: Place, modifier: Modifier) -> Slot:
    if found.modifier in DATES:
        return Slot("field", place, found.name, modifier=modifier, format=_format(composing, found))
    if found.modifier == "label":
        labels = _labels(composing.stationery.definitions.get(found.name), words_of(composing.language))
        return Slot("field", place, found.name, modifier=modifier, labels=labels)
    return Slot("field", place, found.name, found.default, "plus" if found.modifier == "true" else modifier)


def _format(composing: Composing, found: Argument) -> str:
    words = words_of(composing.language)
    return found.format or {"date": words.date, "time": words.time, "datetime": words.datetime}[found.modifier]


def _labels(definition: Definition | None, words: Words) -> tuple[tuple[str, str], ...]:
    """The choices by value; a yes or no is one in the letter's language, unless its choices say otherwise."""
    labels = {"true": words.yes, "false": words.no}
    if definition is not None and definition.type == "boolean":
        labels |= {"1": words.yes, "0": words.no}
    for choice in definition.choices if definition else ():
        labels[choice.value] = choice.label
        labels[_SWITCHED.get(choice.value, choice.value)] = choice.label
    return tuple(labels.items())


def _owner(composing: Composing, name: str, place: Place, modifier: Modifier) -> Slot:
    if name == "signature":
        return _signature(composing, "", place, modifier)
    return Slot("owner", place, name, modifier=modifier)


def _signature(composing: Composing, default: str, place: Place, modifier: Modifier) -> Slot:
    return Slot("owner", place, "signature", default, modifier, composing.from_name)


def modifier_behind(before: str) -> Modifier:
    """What a value means in a URL depends on what stands before it."""
    if not before.strip():
        return "link"
    return "mailbox" if scheme(before.strip()) in ("mailto", "tel", "sms") else ""


# A boolean's choices are written 1 and 0; its values are true and false.
_SWITCHED: Mapping[str, str] = MappingProxyType({"1": "true", "0": "false"})
