import pytest

from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.work import owners
from tests.fakes.clock import NOON
from tests.fakes.faulty import intercepted
from tests.fakes.world import fake_world, numbered_id

ANN = {
    "address": "Ann@Bücher.example",
    "first_name": " Ann ",
    "last_name": "Bee",
    "position": "Head of sales",
    "signature": "Kind regards\r\nAnn",
}


@pytest.fixture
def world():
    return fake_world()


def test_made_and_read(world):
    ann = owners.create(world, ANN)
    assert (ann.address, ann.name, ann.signature) == ("ann@xn--bcher-kva.example", "Ann Bee", "Kind regards\nAnn")
    assert (ann.version, ann.created_at, ann.updated_at) == (1, NOON, NOON)
    assert owners.read(world, ann.id) == ann


REFUSED = [
    ({}, "address", "no address"),
    ({"address": "ann"}, "address", "no real address"),
    ({"address": 5}, "address", "a number"),
    ({**ANN, "first_name": "a\nb"}, "first_name", "two lines of name"),
    ({**ANN, "last_name": "x" * 101}, "last_name", "a long name"),
    ({**ANN, "position": None}, "position", "null"),
    ({**ANN, "signature": "x" * 1_001}, "signature", "a long signature"),
    ({**ANN, "signature": "a\x00"}, "signature", "a control character"),
    ({**ANN, "id": "x"}, "id", "what cannot be given"),
]


@pytest.mark.parametrize(("given", "field", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused(world, given, field, why):
    with pytest.raises(Invalid) as caught:
        owners.create(world, given)
    assert caught.value.field == field, why
    assert owners.page(world, 9, None) == ([], None)


def test_one_owner_for_one_address(world):
    ann, ben = owners.create(world, ANN), owners.create(world, {"address": "ben@example.com"})
    with pytest.raises(Conflict) as caught:
        owners.create(world, {"address": "ANN@bücher.example"})
    assert (caught.value.field, ann.id in caught.value.hint) == ("address", True)
    with pytest.raises(Conflict):
        owners.update(world, ben.id, {"address": ANN["address"]})
    assert owners.update(world, ann.id, {"address": ANN["address"].upper(), "position": ""}).position == ""


def test_changed_by_version(world):
    ann = owners.create(world, ANN)
    after = owners.update(world, ann.id, {"position": "Boss"}, expected_version=1)
    assert (after.position, after.first_name, after.version) == ("Boss", "Ann", 2)
    assert owners.update(world, ann.id, {"position": "Boss"}) == after, "nothing changed"
    with pytest.raises(Conflict):
        owners.update(world, ann.id, {"position": "Late"}, expected_version=1)


def test_somebody_else_was_faster(world):
    ann = owners.create(world, ANN)
    left = [1]

    def meddle(call):
        if call.method == "update" and left.pop():
            owners.update(world, ann.id, {"position": "Theirs"})

    with pytest.raises(Conflict):
        owners.update(intercepted(world, meddle), ann.id, {"position": "Mine"})
    assert owners.read(world, ann.id).position == "Theirs"


@pytest.mark.parametrize("owner_id", [numbered_id(99), "nonsense", ""])
def test_nobody_there(world, owner_id):
    for verb in (owners.read, owners.delete, lambda world, who: owners.update(world, who, {})):
        with pytest.raises(NotFound):
            verb(world, owner_id)


def test_deleted(world):
    ann = owners.create(world, ANN)
    owners.delete(world, ann.id)
    with pytest.raises(NotFound):
        owners.read(world, ann.id)
    assert owners.create(world, ANN).id != ann.id


def test_there_is_room_for_so_many(world, monkeypatch):
    monkeypatch.setattr(owners, "MAX_OWNERS", 3)
    made = [owners.create(world, {"address": f"o{n}@example.com"}) for n in range(3)]
    with pytest.raises(Conflict, match="3 owners"):
        owners.create(world, ANN)
    assert owners.by_address(world) == {each.address: each.id for each in made}
