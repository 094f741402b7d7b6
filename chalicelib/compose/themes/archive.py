"""Zips in Mautic's layout: read with suspicion, written so that the same files give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chalicelib.compose.archive import Limits, Skipped, files_in
from chalicelib.compose.themes.layout import CONFIG, TEXTS, kind_of, why_skipped
from chalicelib.model.errors import Invalid, TooLarge
from chalicelib.model.theme import MAX_ZIP

MAX_FILES = 200
MAX_UNPACKED = 16 * 1024 * 1024
MAX_PICTURE = 2 * 1024 * 1024
MAX_SOURCE = 256 * 1024
# The zip format's first day.
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The theme's files by path, and those of the zip that are left out."""

    files: Mapping[str, bytes]
    skipped: tuple[Skipped, ...] = ()


def unpacked(body: bytes) -> Unpacked:
    """Raises Invalid, TooLarge for what is no theme's zip, before anything is unpacked where that is possible."""
    found = files_in(body, Limits(MAX_ZIP, MAX_FILES, MAX_UNPACKED))
    return _sorted_out(_from_its_folder(found))


def packed(files: Mapping[str, bytes]) -> bytes:
    """Sorted, without times: the same files are the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, files[path], compresslevel=9)
    return target.getvalue()


def checked_text(path: str, body: bytes) -> str:
    """Invalid with the line where it is not UTF-8."""
    if len(body) > MAX_SOURCE:
        raise TooLarge(f"{path} has {len(body)} bytes.", field=path, hint=f"At most {MAX_SOURCE} bytes are taken.")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        line = body.count(b"\n", 0, why.start) + 1
        raise Invalid(
            path, body[why.start : why.start + 8], f"Line {line}: it is not UTF-8: save it as UTF-8."
        ) from None
    if "\x00" in text:
        raise Invalid(
            path, "\x00", f"Line {text.count(chr(10), 0, text.index(chr(0))) + 1}: take out the NUL character."
        )
    return text


def _from_its_folder(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Without the one folder that everything stands in, as many a tool packs it."""
    own = {path: body for path, body in files.items() if not path.startswith("__MACOSX/")}
    folders = {path.partition("/")[0] for path in own}
    folder = min(folders, default="")
    if CONFIG in own or len(folders) != 1 or f"{folder}/{CONFIG}" not in own:
        return files
    return {path.removeprefix(f"{folder}/"): body for path, body in files.items()}


def _sorted_out(files: Mapping[str, bytes]) -> Unpacked:
    reasons = {path: why_skipped(path, body) or _too_large(path, body) for path, body in files.items()}
    taken = dict(_taken({path: body for path, body in files.items() if reasons[path] is None}))
    return Unpacked(taken, tuple(Skipped(path, why) for path, why in sorted(reasons.items()) if why is not None))


def _taken(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for path, body in files.items():
        yield path, checked_text(path, body).encode() if kind_of(path) in TEXTS else body


def _too_large(path: str, body: bytes) -> str | None:
    if kind_of(path) not in TEXTS and len(body) > MAX_PICTURE:
        return f"A picture has at most {MAX_PICTURE} bytes; this one has {len(body)}."
    return None
