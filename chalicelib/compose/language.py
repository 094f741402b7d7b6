"""Languages of letters, as BCP 47 tags."""

from __future__ import annotations

import re
from typing import Literal

from chalicelib.model.errors import Invalid

MAX_LANGUAGE = 35

_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*+")
_SCRIPT = re.compile(r"-([a-z]{4})(?=-|$)")
# Written from right to left by default, and the scripts that are (Unicode CLDR).
_RIGHT_TO_LEFT = frozenset(
    ("ar", "arc", "ckb", "dv", "fa", "he", "iw", "ji", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi")
)
_SCRIPTS = frozenset(("adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"))


def language_tag(language: str) -> str:
    """`pt_BR` as `pt-BR`; "" stays. Raises Invalid for what is no language."""
    tag = language.strip().replace("_", "-")
    if tag and (len(tag) > MAX_LANGUAGE or not _TAG.fullmatch(tag)):
        raise Invalid("language", language, "Write a language tag, such as en, pt-BR or zh-Hant.")
    return tag


def direction(tag: str) -> Literal["ltr", "rtl"]:
    """Of a BCP 47 tag: its script tells, if it names one, and its language otherwise."""
    lowered = tag.lower()
    if script := _SCRIPT.search(lowered):
        return "rtl" if script[1] in _SCRIPTS else "ltr"
    return "rtl" if lowered.split("-")[0] in _RIGHT_TO_LEFT else "ltr"
