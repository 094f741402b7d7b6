"""Inline templates: simple substitution, `{{name}}`, and nothing else. Values are NOT escaped, as SES does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_SLOT = re.compile(r"\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}")
_MORE = re.compile(r"\{\{|[{\\]\0|\0\}")


class CannotRender(Exception):
    """Why SES drops a mail with a RenderingFailure: the text of its event."""


def names(template: str) -> frozenset[str]:
    """The names that a template asks for; CannotRender for whatever Handlebars would read as more than a simple
    substitution: another `{{`, a third brace, an escaping backslash.
    """
    rest = _SLOT.sub("\0", template)
    found = _MORE.search(rest)
    if found:
        near = rest[found.start() : found.start() + 30]
        raise CannotRender(f"Template is not a simple substitution near {near!r}")
    return frozenset(_SLOT.findall(template))


def filled(template: str, data: Mapping[str, Any]) -> str:
    """The template with its values. A value is never read as a template again."""
    return _SLOT.sub(lambda slot: _text(data[slot.group(1)]), template)


def missing(wanted: frozenset[str], data: Mapping[str, Any]) -> str:
    """Why these values do not fill the template; "" where they do."""
    lacking = min(wanted - data.keys(), default=None)
    return "" if lacking is None else f"Attribute '{lacking}' is not present in the rendering data."


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
