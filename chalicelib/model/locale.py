"""Languages and locales as tags of BCP 47 (RFC 5646)."""

from __future__ import annotations

import re

from chalicelib.model.errors import Invalid

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3})){0,2})",
    re.IGNORECASE,
)


def locale_tag(text: str, place: str) -> str:
    """`fr_ch` (as Mautic writes it) as `fr-CH`: language, script, region, variants, in RFC 5646's letter case.

    The form alone is checked: tags are registered every few months, and an unknown one does no harm.
    """
    tag = _TAG.fullmatch(text.strip().replace("_", "-"))
    if tag is None:
        raise Invalid(place, text, "Give a language tag such as fr, fr-CH or zh-Hant (BCP 47).")
    parts = (tag["language"].lower(), (tag["script"] or "").title(), (tag["region"] or "").upper())
    return "-".join(filter(None, parts)) + tag["variants"].lower()
