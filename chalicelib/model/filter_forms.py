"""A filter in whichever form it is given: its tree as JSON, its text, or Mautic's flat list."""

from __future__ import annotations

from chalicelib.model.filter import UNTYPED, Filter, Types, parsed
from chalicelib.model.filter_glue import parsed_glue
from chalicelib.model.filter_reading import parsed_text
from chalicelib.model.filter_text import BY_ID, Names


def read_filter(given: object, names: Names = BY_ID, place: str = "filter", types: Types = UNTYPED) -> Filter:
    """The tree; Invalid names the place in the form that was given."""
    if isinstance(given, str):
        return parsed_text(given, names, place, types)
    if isinstance(given, list | tuple):
        return parsed_glue(given, place, types)
    return parsed(given, place, types)
