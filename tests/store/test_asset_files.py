import urllib.error
import urllib.request
from urllib.parse import quote

import pytest

from chalicelib.model.asset import Asset, place_of
from chalicelib.work.world import World
from tests.fakes.world import numbered_id
from tests.ministack import LocalAws

PICTURE = Asset(numbered_id(1), "a picture.png", "image/png", 5, "0" * 64)
PRIVATE = Asset(numbered_id(2), "terms.pdf", "application/pdf", 5, "0" * 64, public=False)


def test_contents_come_back_and_go(world: World) -> None:
    assert world.asset_files.read(PICTURE) is None
    world.asset_files.put(PICTURE, b"bytes")
    world.asset_files.put(PICTURE, b"bytes")
    assert world.asset_files.read(PICTURE) == b"bytes"
    assert world.asset_files.read(PRIVATE) is None
    world.asset_files.delete(PICTURE)
    world.asset_files.delete(PICTURE)
    assert world.asset_files.read(PICTURE) is None


@pytest.mark.real
def test_a_public_one_is_read_by_anybody_under_its_address(real_world: World, workspace: str, aws: LocalAws) -> None:
    real_world.asset_files.put(PICTURE, b"bytes")
    with urllib.request.urlopen(f"{aws.bucket_url}/{quote(place_of(workspace, PICTURE))}") as answer:  # noqa: S310  # ours
        assert (answer.read(), answer.headers["Content-Type"]) == (b"bytes", "image/png")


def test_only_what_is_public_stands_under_the_public_prefix() -> None:
    assert place_of("main", PICTURE).startswith("public/")
    assert not place_of("main", PRIVATE).startswith("public/")
