"""One contract for the shelves: each kind of thing with its own ids."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.model.asset import Asset
from chalicelib.model.company import Company
from chalicelib.model.definition import Choice, Definition
from chalicelib.model.errors import Invalid
from chalicelib.model.owner import Owner
from chalicelib.model.theme import Theme, ThemeFile
from chalicelib.model.transport_setup import Limits, TransportSetup, WarmUp
from chalicelib.model.workspace import Workspace
from chalicelib.work.ports.shelf import Shelf
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id
from tests.store.pages import all_pages

WORDS = {"fr": {"unsubscribe_text": "Se désabonner : |URL|", "signature": "Zoé\n\U0001f600"}}


def owner(number: int, **changes: Any) -> Owner:
    plain = Owner(numbered_id(number), f"o{number}@example.com", "Zoé", "Ønsk", "Chef", "two\nlines", 1, NOON, NOON)
    return replace(plain, **changes)


def company(number: int, **changes: Any) -> Company:
    fields = {"city": "Köln", "size": 40, "share": 0.5, "vip": True, "tags": ("a", "b"), "empty": ""}
    return replace(Company(numbered_id(number), f"Firm {number}", fields, 1, NOON, NOON), **changes)


def definition(number: int, **changes: Any) -> Definition:
    choices = (Choice("pro", "Professionnel"), Choice("free", "Gratuit"))
    plain = Definition(f"field_{number}", "Plan", "select", choices, "free", retired=True, version=1, created_at=NOON)
    return replace(plain, **changes)


def asset(number: int, **changes: Any) -> Asset:
    plain = Asset(numbered_id(number), "été.png", "image/png", 5_000_000, "ab" * 32, public=False, created_at=NOON)
    return replace(plain, **changes)


def theme(number: int, **changes: Any) -> Theme:
    files = (ThemeFile("html/email.html.twig", 900), ThemeFile("thumbnail.png", 5_000, public=True))
    values = {"colour": '"#aabbcc"'}
    plain = Theme(f"theme-{number}", "Été", "html/email.html.twig", "html", "ab" * 32, files, values, created_at=NOON)
    return replace(plain, **changes)


def transport(number: int, **changes: Any) -> TransportSetup:
    limits = Limits(per_second=0.5, per_day=200, domains={"gmail.com": 60})
    warm_up = WarmUp(date(2026, 1, 5), (50, 100))
    settings = {"host": "smtp.example.com", "port": 25, "per_second": 2.5}
    plain = TransportSetup(f"post-{number}", "smtp", 3, 10, ("broadcast",), settings=settings, created_at=NOON)
    return replace(plain, **({"limits": limits, "warm_up": warm_up} | changes))


MAKERS = {
    "owners": owner,
    "companies": company,
    "definitions": definition,
    "assets": asset,
    "themes": theme,
    "transport_setups": transport,
}
KINDS = pytest.mark.parametrize("kind", list(MAKERS))


def shelf(world: World, kind: str) -> Shelf[Any]:
    return getattr(world, kind)


@KINDS
def test_a_thing_comes_back_as_it_went_in(world: World, kind: str) -> None:
    things, one = shelf(world, kind), MAKERS[kind](1)
    assert things.read(one.id) is None
    assert things.create(one)
    assert things.create(one), "the very same"
    assert not things.create(replace(one, version=5))
    assert things.read(one.id) == one


@KINDS
def test_many_are_read_at_once_and_those_that_are_gone_are_missing(world: World, kind: str) -> None:
    things, made = shelf(world, kind), [MAKERS[kind](number) for number in range(120)]
    for each in made[:110]:
        assert things.create(each)
    ids = [each.id for each in made] + [made[0].id]
    assert things.read_many(ids) == {each.id: each for each in made[:110]}
    assert things.read_many([]) == {}


@KINDS
def test_an_update_is_conditional_on_the_version(world: World, kind: str) -> None:
    things, one = shelf(world, kind), MAKERS[kind](1)
    after = replace(one, version=2, created_at=NOON + 1)
    assert not things.update(after, 1), "it is not there yet"
    assert things.create(one)
    assert things.update(after, 1)
    assert things.update(after, 1), "it stands as it was wished"
    assert not things.update(replace(after, created_at=NOON + 2), 1)
    assert things.read(one.id) == after


@KINDS
def test_a_delete_is_conditional_on_the_version(world: World, kind: str) -> None:
    things, one = shelf(world, kind), MAKERS[kind](1)
    assert not things.delete(one.id, 1), "it is not there yet"
    assert things.create(one)
    assert not things.delete(one.id, 2)
    assert things.read(one.id) == one
    assert things.delete(one.id, 1)
    assert things.read(one.id) is None


@KINDS
def test_an_update_may_need_another_to_stand(world: World, kind: str) -> None:
    things, one, other = shelf(world, kind), MAKERS[kind](1), MAKERS[kind](2)
    after = replace(one, version=2, created_at=NOON + 1)
    assert things.create(one)
    assert not things.update(after, 1, other), "it is not there"
    assert things.create(other)
    assert not things.update(after, 1, replace(other, created_at=NOON + 7)), "it is another, of the same version"
    assert things.read(one.id) == one
    assert things.update(after, 1, other)
    assert things.read(one.id) == after
    assert not things.update(replace(after, created_at=NOON + 2), 1, other)
    assert things.read(other.id) == other


@KINDS
def test_a_delete_may_need_another_to_stand(world: World, kind: str) -> None:
    things, one, other = shelf(world, kind), MAKERS[kind](1), MAKERS[kind](2)
    assert things.create(one)
    assert not things.delete(one.id, 1, other), "it is not there"
    assert things.create(other)
    assert not things.delete(one.id, 1, replace(other, created_at=NOON + 7)), "it is another, of the same version"
    assert not things.delete(one.id, 2, other)
    assert things.read(one.id) == one
    assert things.delete(one.id, 1, other)
    assert (things.read(one.id), things.read(other.id)) == (None, other)


@KINDS
def test_of_two_that_delete_each_other_one_stays(world: World, kind: str) -> None:
    things, pair = shelf(world, kind), (MAKERS[kind](1), MAKERS[kind](2))
    for each in pair:
        assert things.create(each)
    with ThreadPoolExecutor(2) as pool:
        gone = list(pool.map(lambda one, beside: things.delete(one.id, 1, beside), pair, reversed(pair)))
    assert sorted(gone) == [False, True]
    assert [each for each in pair if things.read(each.id)] == [pair[gone.index(False)]]


@KINDS
def test_pages_come_in_the_order_of_their_ids(world: World, kind: str) -> None:
    things, made = shelf(world, kind), [MAKERS[kind](number) for number in range(7)]
    assert things.page(3, None) == ([], None)
    for each in made:
        assert things.create(each)
    assert all_pages(lambda cursor: things.page(3, cursor), 3) == sorted(made, key=lambda each: each.id)
    whole, cursor = things.page(7, None)
    assert (len(whole), cursor) == (7, None)


@KINDS
@pytest.mark.parametrize("cursor", ["x", "!", "AAAA", "\N{SNOWMAN}"])
def test_a_cursor_of_nobodys(world: World, kind: str, cursor: str) -> None:
    with pytest.raises(Invalid) as caught:
        shelf(world, kind).page(3, cursor)
    assert caught.value.field == "cursor"


def test_shelves_do_not_see_each_others_things(world: World) -> None:
    assert world.owners.create(owner(1))
    assert world.companies.create(company(1))
    assert world.assets.read(numbered_id(1)) is None
    assert world.owners.page(9, None) == ([owner(1)], None)
    assert world.companies.delete(numbered_id(1), 1)
    assert world.owners.read(numbered_id(1)) == owner(1)


def test_there_is_one_workspace(world: World) -> None:
    one = Workspace("Bakery", "1 Road\n75000 Paris", "fr", "Europe/Paris", wordings=WORDS, version=1, updated_at=NOON)
    assert world.workspaces.read(one.id) is None
    assert world.workspaces.create(one)
    assert not world.workspaces.create(replace(one, name="Other"))
    assert world.workspaces.update(replace(one, name="Other", version=2), 1)
    assert world.workspaces.page(9, None) == ([replace(one, name="Other", version=2)], None)


def test_the_largest_of_each_kind_fit(world: World) -> None:
    choices = tuple(Choice(f"{n:03}" + "\U0001f600" * 97, f"{n:03}" + "\U0001f600" * 97) for n in range(300))
    wide = definition(1, choices=choices, default="\U0001f600" * 1_000)
    assert world.definitions.create(wide)
    assert world.definitions.read(wide.id) == wide
    long = {
        "unsubscribe_text": "\U0001f600" * 500,
        "webview_text": "\U0001f600" * 500,
        "signature": "\U0001f600" * 1_000,
    }
    talkative = Workspace(wordings={f"l{n}": long for n in range(20)}, version=1)
    assert world.workspaces.create(talkative)
    assert world.workspaces.read(talkative.id) == talkative
