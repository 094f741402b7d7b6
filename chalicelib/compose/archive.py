"""Zips, read with suspicion: nothing is unpacked before the zip's own words about it are within the limits."""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

from chalicelib.model.errors import Invalid, TooLarge

MAX_PATH = 200
# CSS and HTML come down to a tenth, a page of blanks to a thousandth.
MAX_RATIO = 100
RATIO_FROM = 64 * 1024
ENCRYPTED = 0x1 | 0x40 | 0x2000
UTF8 = 0x800
# What zipfile raises for damage of one kind or another.
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, ValueError, RuntimeError)
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Limits:
    """`packed` and `unpacked` in bytes."""

    packed: int
    files: int
    unpacked: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is left out, and why."""

    path: str
    reason: str


def files_in(body: bytes, limits: Limits) -> dict[str, bytes]:
    """By path. Raises Invalid and TooLarge, before anything is unpacked where that is possible."""
    if len(body) > limits.packed:
        hint = f"At most {limits.packed} bytes are taken."
        raise TooLarge(f"The zip has {len(body)} bytes.", field="body", hint=hint)
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return {path: _read(archive, path, entry) for path, entry in _entries(archive, limits)}
    except BROKEN as why:
        raise Invalid("body", str(why)[:100], "It is no whole zip file: pack the folder again.") from None


def checked_path(path: str) -> str:
    """The path, composed (NFC); Invalid for one that leads out of its folder or is none."""
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or _DRIVE.match(path) or ".." in parts:
        raise Invalid("body", path, "This path leads out of its folder: paths are written folder/file.png.")
    if not path or len(path) > MAX_PATH or _CONTROL.search(path) or {"", "."} & set(parts):
        raise Invalid("body", path, f"This is no path: folder/file.png, at most {MAX_PATH} characters.")
    return unicodedata.normalize("NFC", path)


def _entries(archive: zipfile.ZipFile, limits: Limits) -> list[tuple[str, zipfile.ZipInfo]]:
    """The files among the entries, each looked at by what the zip says of it."""
    entries = archive.infolist()
    if len(entries) > limits.files:
        raise Invalid("body", f"{len(entries)} files", f"This zip may hold at most {limits.files} files.")
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked:
        hint = f"At most {limits.unpacked} bytes are taken."
        raise TooLarge(f"Unpacked it has {total} bytes.", field="body", hint=hint)
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        path = _path(entry)
        _check_entry(path, entry)
        if entry.orig_filename.endswith("/"):
            continue
        if path in found:
            raise Invalid("body", path, "This path stands twice in the zip: leave one of the two.")
        found[path] = entry
    return list(found.items())


def _path(entry: zipfile.ZipInfo) -> str:
    """Names that do not say that they are UTF-8 are so nevertheless, or are refused (APPNOTE 6.3.10, appendix D)."""
    name = entry.orig_filename
    if not entry.flag_bits & UTF8 and not name.isascii():
        try:
            name = name.encode("cp437").decode()
        except UnicodeError:
            raise Invalid("body", name, "This name is not UTF-8: use letters a-z, digits, - and _.") from None
    return checked_path(name.removesuffix("/"))


def _check_entry(path: str, entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise Invalid("body", path, "This file is encrypted: pack it without a password.")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Invalid("body", path, "This is a link or a device, no file: put the file itself into the zip.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Invalid("body", path, "It is packed in an unusual way: pack it as a plain zip (deflate).")
    if entry.file_size > max(RATIO_FROM, entry.compress_size * MAX_RATIO):
        raise Invalid("body", path, f"It unpacks to more than {MAX_RATIO} times its size: such files are refused.")


def _read(archive: zipfile.ZipFile, path: str, entry: zipfile.ZipInfo) -> bytes:
    """Never more than the zip says: a length that lies is a broken zip."""
    with archive.open(entry) as file:
        body = file.read(entry.file_size + 1)
    if len(body) > entry.file_size:
        raise Invalid("body", path, "It is longer than the zip says: pack the folder again.")
    return body
