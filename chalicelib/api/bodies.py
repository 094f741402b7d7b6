"""Request bodies: JSON into msgspec Structs, each fault named by field, value and mend."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from chalicelib.api.answers import Malformed
from chalicelib.model.errors import Invalid

Body = TypeVar("Body", bound=msgspec.Struct)

# The deepest that any body goes is a filter of ten levels, each an object with a list.
MAX_DEPTH = 64
# msgspec says "<what> - at `$.<path>`"; where the whole body is meant it says no path.
SAID = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<path>(?:\.\w+|\[\d+\]|\[\.\.\.\])*)`)?", re.DOTALL)
NAMED = re.compile(r"Object (?:contains unknown|missing required) field `(?P<name>.*)`", re.DOTALL)
TYPES = re.compile(r"Expected `(?P<expected>[^`]+)`(?:, got `(?P<got>[^`]+)`)?")
STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
# How a key without a character is called.
EMPTY = '""'
# msgspec does not say which of an object's values it means.
ANY = "[...]"
# An escape of half a character whose other half is not beside it (RFC 8259 section 8.2).
ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)
# msgspec's names of types, as JSON's users call them.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "int": "a whole number",
        "float": "a number",
        "str": "text",
        "bool": "true or false",
        "null": "null",
        "array": "a list",
        "object": "an object",
    }
)


def decoded(raw: bytes, shape: type[Body]) -> Body:
    """The body as this Struct. Malformed where it is no JSON, Invalid where it is another shape."""
    return converted(json_of(raw or b"{}", "body"), shape)


def json_of(raw: bytes, place: str) -> Any:  # noqa: ANN401  # whatever JSON holds
    """What the JSON says; Malformed names the place where it is none, or nested deeper than MAX_DEPTH."""
    try:
        value = msgspec.json.decode(raw)
    except RecursionError:
        raise _too_deep(place) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as why:
        raise _malformed(raw, place, why) from None
    if _deep(value):
        raise _too_deep(place)
    return value


def converted(value: object, shape: type[Body]) -> Body:
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as why:
        raise _invalid(str(why), value, shape) from None


def _deep(value: object) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return False
    return True


def _inside(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _too_deep(place: str) -> Malformed:
    return Malformed(f"The {place} is nested too deeply.", field=place, hint=f"Nest at most {MAX_DEPTH} levels.")


def _malformed(raw: bytes, place: str, why: Exception) -> Malformed:
    half = next((each["half"] for each in ESCAPE.finditer(raw.decode("utf-8", "replace")) if each["half"]), None)
    if half is not None:
        message = f"The {place} has half of a character: {half} stands alone (a lone surrogate)."
        return Malformed(message, field=place, hint="Send whole characters: as they are in UTF-8, or both escapes.")
    return Malformed(f"The {place} is not JSON: {why}.", field=place, hint="Send one JSON object.")


def _invalid(said: str, value: object, shape: type[msgspec.Struct]) -> Invalid:
    found = SAID.fullmatch(said)
    what, path = (found["what"], found["path"] or "") if found else (said, "")
    named = NAMED.match(what)
    if named is None:
        return _of_another_kind(what, path, value, shape)
    field = f"{path}.{named['name'] or EMPTY}".lstrip(".")
    if "missing" in what:
        return Invalid(field, None, "This field is needed.")
    known = "" if path else f" Known fields: {', '.join(shape.__struct_encode_fields__)}."
    inner = _at(value, path)
    given = inner.get(named["name"]) if isinstance(inner, dict) else None
    return Invalid(field, given, f"There is no such field.{known}")


def _of_another_kind(what: str, path: str, value: object, shape: type[msgspec.Struct]) -> Invalid:
    types = TYPES.match(what)
    if types is None:
        allowed = _allowed(path, shape) if what.startswith("Invalid enum value") else ()
        mend = f"It is one of {', '.join(allowed)}." if allowed else f"{what}."
        return Invalid(path.lstrip(".") or "body", _at(value, path), mend)
    field, found = _meant(path, value, types["got"])
    expected = " or ".join(NAMES.get(each, each) for each in types["expected"].split(" | "))
    got = f", not {NAMES.get(types['got'], types['got'])}" if types["got"] else ""
    return Invalid(field or "body", found, f"Give {expected}{got}.{_or_leave_out(path, types['got'], shape)}")


def _meant(path: str, value: object, got: str | None) -> tuple[str, object]:
    """The field by its own name and its value: of an object's values, the first of the kind that was found."""
    before, star, after = path.partition(ANY)
    inner = _at(value, before)
    if star and not after and isinstance(inner, dict):
        for name, each in inner.items():
            if _kind(each) == got:
                return f"{before}.{name or EMPTY}".lstrip("."), each
    return path.lstrip("."), _at(value, path)


def _kind(value: object) -> str:
    """msgspec's name for the type of what JSON holds."""
    kinds = {type(None): "null", bool: "bool", int: "int", float: "float", str: "str", list: "array", dict: "object"}
    return kinds.get(type(value), "")


def _or_leave_out(path: str, got: str | None, shape: type[msgspec.Struct]) -> str:
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    field = fields.get(path.lstrip("."))
    return " Or leave the field out." if got == "null" and field is not None and not field.required else ""


def _allowed(path: str, shape: type[msgspec.Struct]) -> tuple[str, ...]:
    """The values of a body's own field that takes but a few."""
    return _choices(get_type_hints(shape).get(path.lstrip(".")))


def _choices(hint: object) -> tuple[str, ...]:
    if get_origin(hint) is Literal:
        return tuple(map(str, get_args(hint)))
    return tuple(each for part in get_args(hint) for each in _choices(part))


def _at(value: Any, path: str) -> object:  # noqa: ANN401  # whatever JSON holds
    if ANY in path:
        return None
    for name, number in STEP.findall(path):
        try:
            value = value[name] if name else value[int(number)]
        except (KeyError, IndexError, TypeError):
            return None
    return value
