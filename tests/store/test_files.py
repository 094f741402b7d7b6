from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest

from chalicelib.model.errors import NotFound
from chalicelib.store.files import BLOCK
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


def test_a_file_is_written_part_by_part(world: World) -> None:
    assert world.files.write(NAME, iter([b"01", b"", b"23"]), "text/csv") == 4
    assert world.files.read(NAME, 0, 9) == b"0123"
    assert world.files.write(NAME, iter([]), "text/csv") == 0
    assert world.files.size(NAME) == 0


@pytest.mark.real
def test_a_large_file_is_written_in_several_uploads(real_world: World) -> None:
    parts = [bytes([letter]) * (BLOCK // 2 + 1) for letter in b"abcde"]
    assert real_world.files.write("large", iter(parts), "text/csv") == sum(map(len, parts))
    assert real_world.files.read("large", 0, BLOCK * 3) == b"".join(parts)


@pytest.mark.real
def test_what_is_given_up_in_the_middle_leaves_nothing(real_world: World) -> None:
    def broken() -> Iterator[bytes]:
        yield b"a" * (BLOCK * 2)
        raise TimeoutError

    with pytest.raises(TimeoutError):
        real_world.files.write("broken", broken(), "text/csv")
    assert real_world.files.size("broken") is None


@pytest.mark.real
def test_a_client_gets_a_file_under_the_name_that_it_is_shown_as(real_world: World) -> None:
    real_world.files.put("kept", b"a,b", "text/csv")
    with urlopen(real_world.files.download_url("kept", 60, "people.csv"), timeout=5) as answer:  # noqa: S310  # our own loopback
        assert (answer.read(), answer.headers["Content-Disposition"]) == (b"a,b", 'attachment; filename="people.csv"')


@pytest.mark.real
def test_a_client_puts_a_file_where_it_was_told(real_world: World) -> None:
    request = Request(real_world.files.upload_url("up.csv", 60), data=b"a,b", method="PUT")  # noqa: S310  # our own loopback
    with urlopen(request, timeout=5) as answer:  # noqa: S310  # the same
        assert answer.status == 200
    assert real_world.files.read("up.csv", 0, 99) == b"a,b"


def test_files_are_listed_in_the_order_of_their_names_and_deleted(world: World) -> None:
    names = [f"uploads/{number}.csv" for number in (3, 1, 2)] + ["imports/9.csv"]
    for each in names:
        world.files.put(each, b"a", "text/csv")
    assert world.files.names("", 2) == ["imports/9.csv", "uploads/1.csv"]
    assert world.files.names("uploads/1.csv", 9) == ["uploads/2.csv", "uploads/3.csv"]
    for _ in range(2):
        world.files.delete("uploads/2.csv")
    assert world.files.names("uploads/1.csv", 9) == ["uploads/3.csv"]
    assert world.files.size("uploads/2.csv") is None


LEAST = 5 * 1024 * 1024


def test_a_file_is_put_in_parts_and_is_there_when_all_of_it_is(world: World) -> None:
    upload = world.files.begin("exports/1.csv", "text/csv")
    first = world.files.put_part("exports/1.csv", upload, 1, b"a" * LEAST)
    assert first == world.files.put_part("exports/1.csv", upload, 1, b"a" * LEAST), "the same again"
    second = world.files.put_part("exports/1.csv", upload, 2, b"b")
    assert first is not None
    assert second is not None
    assert world.files.size("exports/1.csv") is None
    assert world.files.complete("exports/1.csv", upload, [first, second])
    assert world.files.size("exports/1.csv") == LEAST + 1
    assert world.files.read("exports/1.csv", LEAST - 1, 9) == b"ab"
    assert world.files.complete("exports/1.csv", upload, [first, second]), "its answer was lost"


def test_a_part_that_another_took_the_place_of_is_noticed(world: World) -> None:
    upload = world.files.begin("exports/2.csv", "text/csv")
    first = world.files.put_part("exports/2.csv", upload, 1, b"mine")
    world.files.put_part("exports/2.csv", upload, 1, b"theirs")
    assert first is not None
    assert not world.files.complete("exports/2.csv", upload, [first])
    assert world.files.size("exports/2.csv") is None


def test_an_upload_that_is_gone(world: World) -> None:
    upload = world.files.begin("exports/3.csv", "text/csv")
    first = world.files.put_part("exports/3.csv", upload, 1, b"a")
    assert first is not None
    assert world.files.complete("exports/3.csv", upload, [first])
    assert world.files.put_part("exports/3.csv", upload, 2, b"b") is None
    assert not world.files.complete("exports/4.csv", upload, [first]), "of another file"


def test_an_upload_that_is_given_up(world: World) -> None:
    upload = world.files.begin("exports/5.csv", "text/csv")
    first = world.files.put_part("exports/5.csv", upload, 1, b"a")
    assert first is not None
    for _ in range(2):
        world.files.give_up("exports/5.csv", upload)
    assert world.files.put_part("exports/5.csv", upload, 2, b"b") is None
    assert not world.files.complete("exports/5.csv", upload, [first])
    assert world.files.size("exports/5.csv") is None


def test_what_is_complete_cannot_be_given_up(world: World) -> None:
    upload = world.files.begin("exports/6.csv", "text/csv")
    first = world.files.put_part("exports/6.csv", upload, 1, b"a")
    assert first is not None
    assert world.files.complete("exports/6.csv", upload, [first])
    world.files.give_up("exports/6.csv", upload)
    assert world.files.read("exports/6.csv", 0, 9) == b"a"
