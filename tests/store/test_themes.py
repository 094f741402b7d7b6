from dataclasses import replace
from urllib.request import urlopen

import pytest

from chalicelib.model.theme import Theme, ThemeFile
from chalicelib.work.world import World
from tests.ministack import LocalAws
from tests.store.pages import all_pages

DIGEST = "d" * 64
THEME = Theme(
    "spring",
    "Spring é",
    "html/email.html.twig",
    "html",
    DIGEST,
    (ThemeFile("config.json", 3), ThemeFile("img/a b.png", 9, public=True)),
    {"heading": '"Hello"'},
    builders=("x",),
)


def test_a_theme_comes_back_as_it_went_in(world: World) -> None:
    assert world.themes.read("spring") is None
    assert world.themes.create(THEME)
    assert not world.themes.create(replace(THEME, title="Other"))
    assert world.themes.read("spring") == THEME


def test_the_largest_theme_fits(world: World) -> None:
    files = tuple(ThemeFile(f"{n:0200d}", 10**7, public=True) for n in range(200))
    large = replace(THEME, files=files, values={f"v{n}": '"' + "x" * 1_000 + '"' for n in range(250)})
    assert world.themes.create(large)
    assert world.themes.read("spring") == large


def test_writes_are_conditional(world: World) -> None:
    assert world.themes.create(THEME)
    assert world.themes.update(replace(THEME, title="New", version=2), 1)
    assert not world.themes.update(replace(THEME, title="Late", version=2), 1)
    assert not world.themes.delete("spring", 1)
    assert world.themes.delete("spring", 2)
    assert world.themes.read("spring") is None


def test_pages_are_by_name(world: World) -> None:
    names = ("b-2", "a_1", "0")
    for name in names:
        assert world.themes.create(replace(THEME, id=name))
    shown = all_pages(lambda cursor: world.themes.page(2, cursor), 2)
    assert [theme.id for theme in shown] == sorted(names)


def test_a_zip_comes_back_as_it_went_in(world: World) -> None:
    assert world.theme_files.read("spring", DIGEST) is None
    world.theme_files.put("spring", DIGEST, b"PK\x00\xff")
    world.theme_files.put("spring", DIGEST, b"PK\x00\xff")
    assert world.theme_files.read("spring", DIGEST) == b"PK\x00\xff"
    assert world.theme_files.read("spring", "e" * 64) is None


@pytest.mark.real
def test_a_picture_is_read_by_anybody(real_world: World, aws: LocalAws) -> None:
    place = real_world.theme_files.place("spring", DIGEST, "img/a.png")
    assert place.startswith("public/themes/")
    real_world.theme_files.publish(place, b"\x89PNG", "image/png")
    with urlopen(f"{aws.bucket_url}/{place}", timeout=5) as answer:  # noqa: S310  # our own loopback
        assert answer.read() == b"\x89PNG"
        assert answer.headers["Content-Type"] == "image/png"
        assert "immutable" in answer.headers["Cache-Control"]
