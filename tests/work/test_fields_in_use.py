from chalicelib.work import contacts, definitions, fields_in_use, importing
from tests.fakes.world import fake_world


def test_fields_are_those_defined_met_and_imported():
    world = fake_world()
    definitions.create(world, "plan", {"label": "Plan"})
    definitions.create(world, "old", {"label": "Old", "retired": True})
    contacts.create(world, "ann@example.com", {"city": "Lyon"})
    importing.start(world, b"email,shoe,left\nann@example.com,44,1\n", importing.Wishes(mapping={"left": ""}))
    assert fields_in_use.labels(world) == {"city": "city", "plan": "Plan", "shoe": "shoe"}
