"""What the workspace adds to a letter that is compiled now: read once, and kept in the revision from then on."""

from __future__ import annotations

import re
from urllib.parse import quote

from chalicelib.compose.stationery import Stationery
from chalicelib.model.asset import Asset, place_of
from chalicelib.model.email import Email
from chalicelib.work import definitions, workspaces
from chalicelib.work.world import World

_ASSET = re.compile(r"(?:\{|%7B)assetlink(?:=|%3D)([0-9a-v]{16})", re.IGNORECASE)


def stationery(world: World, email: Email) -> Stationery:
    """The workspace's words and definitions, and the addresses of the assets that this e-mail links to."""
    return Stationery(
        base_url=world.base_url,
        workspace=workspaces.read(world),
        definitions=definitions.by_alias(world),
        assets=_assets(world, email),
    )


def _assets(world: World, email: Email) -> dict[str, str]:
    named = {each.lower() for part in _written(email) for each in _ASSET.findall(part)}
    known = world.assets.read_many(sorted(named))
    return {each.id: public_address(world, each) for each in known.values()}


def public_address(world: World, asset: Asset) -> str:
    return f"{world.bucket_url}/{quote(place_of(world.signer.workspace, asset))}"


def _written(email: Email) -> list[str]:
    blocks = [text for block in email.blocks for text in (block.html, block.text)]
    variations = [text for block in email.blocks for each in block.variations for text in (each.html, each.text)]
    return [email.subject, email.preheader, email.html, email.mjml, email.text, *blocks, *variations]
