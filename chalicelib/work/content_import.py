"""The content of an e-mail from what somebody brings: one file, a zip with its pictures, a browser's saved page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.compose.archive import Skipped
from chalicelib.compose.page_import.leftover import skipped
from chalicelib.compose.page_import.picture import asset_name
from chalicelib.compose.page_import.placing import Missing, Plan, placed, planned
from chalicelib.compose.page_import.reading import Form, form_of, read
from chalicelib.compose.size import check_size
from chalicelib.compose.source import Source
from chalicelib.compose.themes.layout import format_of
from chalicelib.model.asset import MAX_SIZE, Asset
from chalicelib.model.email import MAX_HTML, Email
from chalicelib.model.errors import Invalid, NotFound, TooLarge
from chalicelib.work import assets, emails
from chalicelib.work.stationery import public_address
from chalicelib.work.world import World

# Lambda takes a request of 6 MB, in base64: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_BODY = 4 * 1024 * 1024
MAX_UPLOAD = MAX_SIZE
RELATED = "multipart/related"
# By media type.
FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "text/html": "html",
        "application/zip": "zip",
        "application/x-zip-compressed": "zip",
        RELATED: "mail",
        "message/rfc822": "mail",
        "application/x-mimearchive": "mail",
    }
)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file. Without a `form` its `name` tells it, and without that how it begins; `charset` as the request says."""

    body: bytes
    form: Form | None = None
    name: str | None = None
    charset: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    path: str
    asset: Asset


@dataclass(frozen=True, slots=True)
class Imported:
    """The e-mail with its new content. Every file that was brought is the `page`, one of the `pictures` and `styles`,
    or `skipped`. `missing` (at most 200) stays in the content as it was, and shows nothing.
    """

    email: Email
    page: str
    pictures: tuple[Picture, ...]
    styles: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    missing: tuple[Missing, ...]


def bring(world: World, email_id: str, brought: Brought, expected_version: int | None = None) -> Imported:
    """The page becomes the draft's `html`, or its `mjml`, in place of both. Its pictures become assets: where the
    e-mail is refused after all they stay, and are the same ones at the next try. Raises NotFound, Conflict, Invalid,
    TooLarge.
    """
    return _brought(world, email_id, brought, MAX_BODY, expected_version)


def bring_upload(
    world: World, email_id: str, upload: str, name: str | None = None, expected_version: int | None = None
) -> Imported:
    """As `bring`, of a file that was PUT where `importing.upload` said. Raises NotFound where it was not."""
    size = world.files.size(upload)
    if size is None:
        hint = "PUT the file to the upload's URL first."
        raise NotFound(f"Nothing was uploaded as {upload[:100]!r}.", field="upload", hint=hint)
    if size > MAX_UPLOAD:
        raise TooLarge(f"The file has {size} bytes.", field="upload", hint=f"At most {MAX_UPLOAD} bytes are taken.")
    body = world.files.read(upload, 0, size)
    return _brought(world, email_id, Brought(body, name=name), MAX_UPLOAD, expected_version)


def _brought(world: World, email_id: str, brought: Brought, limit: int, expected_version: int | None) -> Imported:
    emails.read(world, email_id)
    page = read(brought.body, brought.form or form_of(brought.name, brought.body), limit, brought.charset)
    if not page.text.strip():
        raise Invalid("body", page.text[:10], "The page is empty: send the HTML, or a zip with it.")
    plan = planned(page)
    pictures = _pictures(world, plan)
    text = placed(plan, {each.path: public_address(world, each.asset) for each in pictures})
    email = emails.update(world, email_id, _changes(text), expected_version)
    named, missing = page.path or brought.name or "", tuple(plan.missing.values())
    return Imported(email, named, pictures, tuple(plan.sheets), skipped(plan), missing)


def _pictures(world: World, plan: Plan) -> tuple[Picture, ...]:
    """The same content is one asset, under the name that came first."""
    made: dict[bytes, Asset] = {}
    found = []
    for path, body in plan.pictures.items():
        digest = hashlib.sha256(body).digest()
        if digest not in made:
            made[digest] = assets.create(world, asset_name(path, body), body)
        found.append(Picture(path, made[digest]))
    return tuple(found)


def _changes(text: str) -> dict[str, str]:
    written = format_of(text)
    check_size(Source(written, text), MAX_HTML, "The page with its style sheets and the addresses of its pictures")
    return {"html": "", "mjml": ""} | {written: text}
