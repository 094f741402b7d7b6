"""Bytes become text: as their byte order mark says, or else the request, or else the text itself, or else UTF-8.

The order is that of WHATWG HTML 13.2.3.2; the text's own word is looked for in its first 1024 bytes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.model.errors import Invalid, TooLarge

PRESCAN = 1_024
UTF_8 = "utf-8"
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Encodings of the web by Python's names (https://encoding.spec.whatwg.org/#names-and-labels); as there, Latin-1 and
# ASCII mean Windows-1252, and a text that can say so in ASCII is in no UTF-16.
_MEANT: Mapping[str, str] = MappingProxyType(
    {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "tis-620": "cp874", "gb2312": "gb18030"}
    | {"gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}
    | dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), UTF_8)
)
_TAKEN = frozenset(
    {UTF_8, "gb18030", "big5", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949", "koi8-r", "koi8-u", "mac-roman"}
    | {f"iso8859-{n}" for n in range(2, 17)}
    | {f"cp{n}" for n in (866, 874, *range(1250, 1259))}
)
_META = re.compile(rb"<meta\s[^>]*?charset\s*+=\s*+[\"']?+\s*+([\w.:-]{1,40})", re.IGNORECASE)
_CHARSET = re.compile(rb"@charset \"([\w.:-]{1,40})\";")
# What a UTF-8 decoder on the way leaves in place of what it cannot read.
LOST = "\ufffd".encode()


def page_text(body: bytes, said: str = "") -> str:
    """`said` is the charset that the request, or a mail's head, gives. Raises Invalid with the line."""
    found = _META.search(body[:PRESCAN])
    return _text(body, said or (found[1].decode() if found else ""))


def sheet_text(body: bytes) -> str:
    """Of a style sheet (CSS Syntax 3, section 3.2). Raises Invalid."""
    found = _CHARSET.match(body)
    return _text(body, found[1].decode() if found else "")


def check_source(size: int, limit: int) -> None:
    """Raises TooLarge."""
    if size > limit:
        hint = f"At most {limit} bytes are taken: shorten the page, or take style sheets out that it does not need."
        raise TooLarge(f"The page with its style sheets has {size} bytes.", field="body", hint=hint)


def _text(body: bytes, label: str) -> str:
    mark, encoding = next(((mark, name) for mark, name in _MARKS if body.startswith(mark)), (b"", ""))
    encoding = encoding or _encoding(label)
    if encoding != UTF_8 and not mark and LOST in body:
        mend = f"It says {label}, but characters were lost on the way: send it as application/octet-stream."
        raise Invalid("body", _line(body, body.index(LOST)), mend)
    try:
        text = body[len(mark) :].decode(encoding)
    except UnicodeDecodeError as why:
        shown = body[why.start : why.start + 8]
        mend = f"{_line(body, why.start)}: it is not {encoding}: save it as UTF-8, or name its charset."
        raise Invalid("body", shown, mend) from None
    if "\x00" in text:
        raise Invalid("body", "\x00", f"Line {text.count(chr(10), 0, text.index(chr(0))) + 1}: take out the NUL.")
    return text


def _encoding(label: str) -> str:
    if not label:
        return UTF_8
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
    except (LookupError, ValueError):
        name = ""
    meant = _MEANT.get(name, name)
    if meant not in _TAKEN:
        raise Invalid("charset", label, "There is no such encoding in the web: save the page as UTF-8.")
    return meant


def _line(body: bytes, at: int) -> str:
    return f"Line {body.count(bytes((10,)), 0, at) + 1}"
