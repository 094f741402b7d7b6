from urllib.request import Request, urlopen

import pytest

from chalicelib.model.errors import NotFound
from chalicelib.work.world import World

NAME = "people é.csv"


def test_a_file_is_read_in_parts(world: World) -> None:
    world.files.put(NAME, b"0123456789", "text/csv")
    assert world.files.size(NAME) == 10
    assert world.files.read(NAME, 0, 4) == b"0123"
    assert world.files.read(NAME, 8, 100) == b"89"
    assert world.files.read(NAME, 10, 100) == b""
    assert world.files.read(NAME, 50, 5) == b""
    assert world.files.read(NAME, 3, 0) == b""


def test_a_file_that_is_not_there(world: World) -> None:
    assert world.files.size("none") is None
    with pytest.raises(NotFound, match="none"):
        world.files.read("none", 0, 5)


def test_an_empty_file(world: World) -> None:
    world.files.put(NAME, b"", "text/csv")
    assert world.files.size(NAME) == 0
    assert world.files.read(NAME, 0, 5) == b""


@pytest.mark.real
def test_a_client_puts_a_file_where_it_was_told(real_world: World) -> None:
    request = Request(real_world.files.upload_url("up.csv", 60), data=b"a,b", method="PUT")  # noqa: S310  # our own loopback
    with urlopen(request, timeout=5) as answer:  # noqa: S310  # the same
        assert answer.status == 200
    assert real_world.files.read("up.csv", 0, 99) == b"a,b"
