"""The encoding of a text file, found from its beginning. It is shown, and whoever imports may overrule it."""

from __future__ import annotations

import codecs
import unicodedata
from itertools import islice

from chalicelib.model.errors import Invalid

SAMPLE = 256 * 1024
GUESSED_LINES = 500
LATIN_START = 200

# Two bytes a character: such a file is converted before it is read by lines.
WIDE = ("utf-16-le", "utf-16-be")
MARKS = {codecs.BOM_UTF16_LE: WIDE[0], codecs.BOM_UTF16_BE: WIDE[1]}
# What spreadsheets save. Of those for the Latin letters the one that makes the fewest signs of letters is meant.
LATIN = ("cp1252", "cp1250", "cp1254")
OTHERS = (
    *("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "mac_roman"),
    *("cp932", "gb18030", "big5", "euc_kr", "euc_jp"),
)
UTF_8 = ""


def checked(name: str) -> str:
    """The name of an encoding as we keep it; "" for UTF-8. Raises Invalid."""
    try:
        known = codecs.lookup(name).name
    except LookupError:
        known = name
    if known in ("utf-8", "utf-8-sig"):
        return UTF_8
    if known == "utf-16":
        return WIDE[0]
    for each in (*WIDE, *LATIN, *OTHERS, "iso8859-1", "iso8859-2", "iso8859-15"):
        if codecs.lookup(each).name == known:
            return each
    mend = f"It is one of utf-8, {', '.join((*WIDE, *LATIN, *OTHERS))}."
    raise Invalid("encoding", name, mend)


def found(start: bytes) -> str:
    """The encoding of a text that begins so; "" for UTF-8, though single lines may be Windows-1252."""
    for mark, name in MARKS.items():
        if start.startswith(mark):
            return name
    wide = _wide(start[:LATIN_START])
    if wide:
        return wide
    odd = [each for each in start.split(b"\n")[:-1] or [start] if not each.isascii()]
    if sum(not _is_utf_8(each) for each in odd) * 2 <= len(odd):
        return UTF_8
    return _guessed(b"\n".join(islice(odd, GUESSED_LINES)))


def _wide(start: bytes) -> str:
    """Wide characters without a mark, by where the zero bytes of Latin letters stand; "" where they stand nowhere."""
    for name, zeros in zip(WIDE, (start[1::2], start[::2]), strict=True):
        if zeros.count(0) * 2 > len(zeros):
            return name
    return UTF_8


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _guessed(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415  # for the few files that are not UTF-8

    best = from_bytes(sample, cp_isolation=[*LATIN, *OTHERS]).best()
    name = LATIN[0] if best is None else best.encoding
    return min(LATIN, key=lambda each: _signs(sample, each)) if name in LATIN else name


def _signs(sample: bytes, encoding: str) -> int:
    """How many characters beyond ASCII are no letters."""
    text = sample.decode(encoding, "replace")
    return sum(not each.isascii() and not unicodedata.category(each).startswith("L") for each in text)
