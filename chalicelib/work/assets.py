"""Assets: the team's pictures and files, uploaded once, linked from letters or attached to them."""

from __future__ import annotations

import hashlib

from chalicelib.model.asset import MAX_NAME, MAX_SIZE, NAME, TYPES, Asset, is_what_it_says
from chalicelib.model.errors import Conflict, Invalid, NotFound, TooLarge
from chalicelib.model.ids import is_id
from chalicelib.work.world import World


def create(world: World, name: object, body: bytes, *, public: bool = True) -> Asset:
    """The asset of this content. The same file under the same name is the same asset: uploading it again, or another
    time after an answer was lost, changes nothing. Raises Invalid (name, kind, content) and TooLarge.
    """
    named = checked_name(name)
    content_type = TYPES[named.rpartition(".")[2].lower()]
    _check(named, content_type, body)
    digest = hashlib.sha256(body).hexdigest()
    now, identifier = world.now(), world.signer.hashed("asset", f"{digest} {named} {public}")
    asset = Asset(identifier, named, content_type, len(body), digest, public, created_at=now, updated_at=now)
    world.asset_files.put(asset, body)
    return asset if world.assets.create(asset) else read(world, identifier)


def create_from_upload(world: World, upload: str, name: object, *, public: bool = True) -> Asset:
    """As `create`, of a file that was PUT where `importing.upload` said. Raises NotFound where it was not."""
    size = world.files.size(upload)
    if size is None:
        raise NotFound(f"Nothing was uploaded as {upload[:100]!r}.", field="upload")
    _check_size(size, "upload")
    return create(world, name, world.files.read(upload, 0, size), public=public)


def read(world: World, asset_id: str) -> Asset:
    asset = world.assets.read(asset_id) if is_id(asset_id) else None
    if asset is None:
        raise NotFound(f"There is no asset {asset_id[:60]!r}.", field="id")
    return asset


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Asset], str | None]:
    return world.assets.page(limit, cursor)


def delete(world: World, asset_id: str) -> None:
    """The asset and its content: letters that were sent show a gap where they linked to it, and revisions that attach
    it can no more be sent.
    """
    asset = read(world, asset_id)
    if not world.assets.delete(asset.id, asset.version):
        raise Conflict(f"Asset {asset_id} was changed meanwhile.", hint="Read it again and repeat your change.")
    world.asset_files.delete(asset)


def checked_name(name: object) -> str:
    if not isinstance(name, str) or len(name) > MAX_NAME or not NAME.fullmatch(name):
        mend = f"A file name of at most {MAX_NAME} letters, digits, blanks and . ( ) + - _ with an ending."
        raise Invalid("name", name, mend)
    ending = name.rpartition(".")[2].lower()
    if ending not in TYPES:
        raise Invalid("name", name, f"Files that can be kept end in {', '.join(TYPES)}.")
    return name


def _check(name: str, content_type: str, body: bytes) -> None:
    _check_size(len(body))
    if not body:
        raise Invalid("body", body, "The file is empty: send its content as the body.")
    if not is_what_it_says(content_type, body):
        mend = (
            f"This is not what {name} says that it is ({content_type}): send the file itself, or name it by its kind."
        )
        raise Invalid("body", body[:16], mend)


def _check_size(size: int, field: str = "body") -> None:
    if size > MAX_SIZE:
        raise TooLarge(f"The file has {size} bytes.", field=field, hint=f"At most {MAX_SIZE} bytes are taken.")
