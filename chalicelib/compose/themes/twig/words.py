"""Twig's filters, tests, functions and operators that mean the same here, and the mend for those that do not.

Mautic's own functions: `AssetExtension` and its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

# By Twig's name; all of them are defined in `runtime.py`.
FILTERS: Mapping[str, str] = MappingProxyType(
    {
        "abs": "abs",
        "batch": "batch",
        "capitalize": "capitalize",
        "date": "php_date",
        "default": "default",
        "e": "e",
        "escape": "e",
        "first": "first",
        "format": "printf",
        "join": "join",
        "json_encode": "tojson",
        "keys": "keys",
        "last": "last",
        "length": "length",
        "lower": "lower",
        "merge": "merge",
        "nl2br": "nl2br",
        "number_format": "number_format",
        "raw": "safe",
        "replace": "replace_all",
        "reverse": "reversed",
        "round": "round",
        "slice": "cut",
        "sort": "sort",
        "spaceless": "spaceless",
        "split": "split",
        "striptags": "striptags",
        "title": "title",
        "trans": "trans",
        "trim": "trimmed",
        "upper": "upper",
        "url_encode": "urlencode",
    }
)
TESTS: Mapping[str, str] = MappingProxyType(
    {
        "defined": "defined",
        "divisible by": "divisibleby",
        "empty": "empty",
        "even": "even",
        "iterable": "iterable",
        "none": "none",
        "null": "none",
        "odd": "odd",
        "same as": "same_as",
    }
)
FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        "asset": "_asset",
        "assetUrl": "_asset",
        "cycle": "_cycle",
        "getAssetUrl": "_asset",
        "getOverridableUrl": "_asset",
        "max": "_max",
        "min": "_min",
        "outputHeadDeclarations": "_nothing",
        "outputScripts": "_nothing",
        "outputStyles": "_nothing",
        "range": "_range",
    }
)
MENDS: Mapping[str, str] = MappingProxyType(
    {
        "filter": "Write the items out, or sort them before they are handed in.",
        "map": "Arrow functions are not taken: write a {% for %}.",
        "reduce": "Arrow functions are not taken: write a {% for %}.",
        "random": "A theme is rendered once: the result would not be random. Write the value.",
        "include": "Write it as a tag: {% include 'html/part.html.twig' %}.",
        "source": "Write {% include 'html/part.html.twig' %} in its place.",
        "date": "Write the date, or {{ 'now'|date('Y') }} for the day on which the e-mail is begun.",
        "dump": "Take it out: there is nothing to look at.",
        "constant": "PHP's constants do not exist here: write the value.",
        "path": "Mautic's own pages do not exist here: write the address.",
        "url": "Mautic's own pages do not exist here: write the address.",
        "embed": "Write an {% include %}, or {% extends %} with {% block %}.",
        "use": "Write the blocks in this file, or {% extends %} the one that has them.",
        "do": "Write {% set name = ... %} in its place.",
        "cache": "Take it out: a theme is rendered once.",
        "flush": "Take it out: a theme is rendered once.",
        "sandbox": "Take it out: all of it runs in a sandbox.",
        "stylesheets": "Write the CSS into a <style> element: mail clients load no style sheets.",
        "javascripts": "Take it out: mail clients run no scripts.",
    }
)
# Binary operators: how tightly they bind, and Jinja2's word ("{0} op {1}" or a call).
OPERATORS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "or": (10, "({0} or {1})"),
        "and": (15, "({0} and {1})"),
        "==": (20, "({0} == {1})"),
        "!=": (20, "({0} != {1})"),
        "<": (20, "({0} < {1})"),
        ">": (20, "({0} > {1})"),
        "<=": (20, "({0} <= {1})"),
        ">=": (20, "({0} >= {1})"),
        "in": (20, "({0} in {1})"),
        "not in": (20, "({0} not in {1})"),
        "starts with": (20, "_starts({0}, {1})"),
        "ends with": (20, "_ends({0}, {1})"),
        "..": (25, "_range({0}, {1})"),
        "+": (30, "({0} + {1})"),
        "-": (30, "({0} - {1})"),
        "~": (40, "({0} ~ {1})"),
        "*": (60, "({0} * {1})"),
        "/": (60, "({0} / {1})"),
        "//": (60, "({0} // {1})"),
        "%": (60, "({0} % {1})"),
        "**": (200, "({0} ** {1})"),
        "??": (300, "_either({0}, {1})"),
    }
)
FROM_RIGHT = frozenset({"**", "??"})
NOT, SIGNED = 50, 500


def mend_for(kind: str, name: str, known: Mapping[str, str]) -> str:
    """What to write instead of a name that means nothing here."""
    if name in MENDS:
        return f"The {kind} {name} is not taken. {MENDS[name]}"
    close = get_close_matches(name[:64], sorted(known), n=1, cutoff=0.7)
    meant = f" Did you mean {close[0]}?" if close else f" There are {', '.join(sorted(known))}."
    return f"There is no {kind} {name} here.{meant}"
