"""The stream of a real table, as the local AWS gives it, carried to a function."""

from contextlib import nullcontext
from types import SimpleNamespace

import boto3
import pytest

from chalicelib.consuming import contacts_of
from chalicelib.work import contacts
from chalicelib.work.world import World
from local.home import REGION
from local.streaming import Stream
from tests.ministack import LocalAws
from tests.store.conftest import connect, connection, real_world, workspace  # noqa: F401  # fixtures

pytestmark = pytest.mark.real


class Taken:
    """A function that fails when it is told to."""

    def __init__(self, space):
        self.space, self.ids, self.fails = space, [], 0

    def call(self, event):
        if self.fails:
            self.fails -= 1
            raise ValueError("not yet")
        self.ids += contacts_of(SimpleNamespace(to_dict=lambda: event), self.space)


def stream_of(aws: LocalAws, function) -> Stream:
    clients = [boto3.client(name, region_name=REGION, endpoint_url=aws.url) for name in ("dynamodb", "dynamodbstreams")]
    return Stream(*clients, f"{aws.prefix}-contacts", function, 100, REGION)


class Staying:
    """Nobody asks this process to end."""

    working = nullcontext


def test_whoever_changes_is_carried_until_it_is_taken(aws, real_world: World, workspace: str):  # noqa: F811
    function = Taken(workspace)
    stream = stream_of(aws, function)
    ann = contacts.create(real_world, "ann@example.com")
    function.fails = 1
    with pytest.raises(ValueError, match="not yet"):
        turned_until(stream, function, 1)
    turned_until(stream, function, 1)
    assert function.ids == [ann.id]
    contacts.update(real_world, ann.id, {"fields": {"plan": "pro"}})
    contacts.delete(real_world, ann.id)
    turned_until(stream, function, 2)
    assert set(function.ids) == {ann.id}


def turned_until(stream, function, number):
    """The table is everybody's: others' records come by too."""
    for _ in range(200):
        stream.turn(Staying())
        if len(function.ids) >= number:
            return
    raise AssertionError(function.ids)
