from collections.abc import Iterator

import pytest

from chalicelib.work.world import World
from tests.api.client import Client, FakeParts
from tests.api.recipient_side import Side, side_of
from tests.fakes.clock import Clock
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world


@pytest.fixture
def tables() -> Tables:
    return Tables()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(tables, clock) -> World:
    return fake_world(tables=tables, clock=clock)


@pytest.fixture
def parts(world) -> FakeParts:
    return FakeParts(world)


@pytest.fixture
def client(parts) -> Iterator[Client]:
    from app import app  # noqa: PLC0415  # the one app of the process: a blueprint knows only one

    with app.using(parts):
        yield Client(app)


@pytest.fixture(scope="module")
def app():
    from app import app  # noqa: PLC0415  # the one app of the process: a blueprint knows only one

    return app


@pytest.fixture
def side(app) -> Iterator[Side]:
    with side_of(app) as made:
        yield made
