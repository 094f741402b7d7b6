"""Request bodies: JSON into msgspec Structs, each fault named by field, value and mend."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from chalicelib.api.answers import Malformed
from chalicelib.model.errors import Invalid

Body = TypeVar("Body", bound=msgspec.Struct)

# msgspec says "<what> - at `$.<path>`"; where the whole body is meant it says no path.
SAID = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<path>(?:\.\w+|\[\d+\]|\[\.\.\.\])*)`)?", re.DOTALL)
NAMED = re.compile(r"Object (?:contains unknown|missing required) field `(?P<name>.*)`", re.DOTALL)
STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


def decoded(raw: bytes, shape: type[Body]) -> Body:
    """The body as this Struct. Malformed where it is no JSON, Invalid where it is another shape."""
    try:
        value = msgspec.json.decode(raw or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError) as why:
        raise Malformed(f"The body is not JSON: {why}.", field="body", hint="Send one JSON object.") from None
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as why:
        raise _invalid(str(why), value, shape) from None


def _invalid(said: str, value: object, shape: type[msgspec.Struct]) -> Invalid:
    found = SAID.fullmatch(said)
    what, path = (found["what"], found["path"] or "") if found else (said, "")
    named = NAMED.match(what)
    if named is None:
        return Invalid(path.lstrip(".") or "body", _at(value, path), f"{what}.")
    field = f"{path}.{named['name']}".lstrip(".")
    if "missing" in what:
        return Invalid(field, None, "This field is needed.")
    known = "" if path else f" Known fields: {', '.join(shape.__struct_encode_fields__)}."
    return Invalid(field, _at(value, f"{path}.{named['name']}"), f"There is no such field.{known}")


def _at(value: Any, path: str) -> object:  # noqa: ANN401  # whatever JSON holds
    for name, number in STEP.findall(path):
        try:
            value = value[name] if name else value[int(number)]
        except (KeyError, IndexError, TypeError):
            return None
    return value
