"""What a role may not change, no verb changes: the ports themselves refuse."""

import dataclasses
import pkgutil
from importlib import import_module
from typing import get_type_hints

import pytest

from chalicelib.model.actor import SYSTEM, Actor
from chalicelib.model.errors import Forbidden
from chalicelib.model.role import ROLES, may
from chalicelib.model.schedule import When
from chalicelib.work import auditing, broadcasting, contacts, emails, members, messaging, ports, workspaces
from chalicelib.work.permitting import READS, WRITERS, acting
from chalicelib.work.ports.transports import Transport
from chalicelib.work.world import World
from tests.fakes.world import fake_world

NOT_PORTS = {"signer", "base_url", "bucket_url", "timing", "now", "sleep", "new_id", "time_left", "actor"}
DRAFT = {"kind": "segment", "name": "News", "subject": "News", "from_address": "team@example.com", "html": "<p>Hi</p>"}


def as_role(role, world=None):
    return acting(world or fake_world(), Actor("member", "m", "Ann", role))


def test_every_port_says_who_may_write_through_it():
    assert {each.name for each in dataclasses.fields(World)} - NOT_PORTS == set(WRITERS)


def test_whatever_is_called_reading_reads():
    """A new method of a port that only reads is to be named here; all others are writes."""
    modules = [import_module(each.name) for each in pkgutil.iter_modules(ports.__path__, f"{ports.__name__}.")]
    found = [port for module in modules for port in vars(module).values() if isinstance(port, type)]
    named = {name for port in found for name in vars(port)}
    assert named >= READS - {"name", "gives_evidence"}
    hints = get_type_hints(Transport)
    assert {"name", "gives_evidence"} <= set(hints)


def test_roles_contain_those_before_them():
    assert [[may(one, other) for other in ROLES] for one in ROLES] == [
        [True, False, False, False],
        [True, True, False, False],
        [True, True, True, False],
        [True, True, True, True],
    ]


DEEDS = {
    "editor": [
        lambda world: contacts.create(world, "bob@example.com"),
        lambda world: emails.create(world, DRAFT),
    ],
    "sender": [
        lambda world: broadcasting.cancel(world, _broadcast(world)),
        lambda world: messaging.send(world, _template(world), "ann@example.com", {}, "queue"),
    ],
    "admin": [
        lambda world: workspaces.update(world, {"name": "Bakery"}),
        lambda world: members.create(world, {"address": "bob@example.com", "role": "admin"}),
        lambda world: auditing.page(world, 10, None),
    ],
}


def _broadcast(world):
    return next(iter(world.broadcasts.open()))


def _template(world):
    return next(each.id for each in world.emails.page(10, None)[0] if each.kind == "template")


@pytest.fixture
def furnished():
    world = fake_world()
    contacts.create(world, "ann@example.com", consent=True)
    template = emails.create(world, DRAFT | {"kind": "template"})
    emails.publish(world, template.id)
    segment_email = emails.create(world, DRAFT)
    emails.publish(world, segment_email.id)
    from chalicelib.work import segments  # noqa: PLC0415  # for this fixture alone

    chosen = segments.create(world, "All").id
    broadcasting.create(world, segment_email.id, [chosen], [], When(world.now() + 3_600_000), skip_preflight=True)
    return world


@pytest.mark.parametrize(("needed", "deed"), [(needed, deed) for needed, deeds in DEEDS.items() for deed in deeds])
def test_a_deed_takes_its_role(furnished, needed, deed):
    below = as_role(ROLES[ROLES.index(needed) - 1], furnished)
    with pytest.raises(Forbidden, match=f"this takes the role {needed}"):
        deed(below)
    deed(as_role(needed, furnished))


def test_a_viewer_reads_what_there_is(furnished):
    viewer = as_role("viewer", furnished)
    assert len(emails.page(viewer, 10, None)[0]) == 2
    assert contacts.read(viewer, "ann@example.com").address == "ann@example.com"


def test_background_work_may_all():
    assert fake_world().actor == SYSTEM
