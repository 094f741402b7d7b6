from dataclasses import replace

from chalicelib.model.decision import Decision
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id
from tests.store.things import broadcast, message_key

ABOUT = broadcast(1).id


def decision(number: int, **changes: object) -> Decision:
    plain = Decision(numbered_id(number, "decision"), ABOUT, "resend", number=3, by="Zoë", actor="ann-id", at=NOON)
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_decisions_stand_beside_what_they_are_about(world: World) -> None:
    assert world.broadcasts.create(broadcast(1))
    assert world.decisions.create(decision(1))
    assert world.decisions.create(decision(1)), "the very same"
    assert not world.decisions.create(decision(1, what="sent"))
    message = str(message_key(1, numbered_id(1, "sending")))
    assert world.decisions.create(decision(2, about=message, contacts=(numbered_id(1, "contact"),)))
    assert world.decisions.about(ABOUT) == [decision(1)]
    assert [each.id for each in world.decisions.about(message)] == [decision(2).id]
    assert world.broadcasts.read(ABOUT) == broadcast(1)
    assert world.broadcasts.walks(ABOUT) == []


def test_a_decision_is_done_over_the_version_that_was_read(world: World) -> None:
    world.decisions.create(decision(1))
    done = decision(1, state="done", done_at=NOON + 1, version=2)
    assert world.decisions.update(done, 1)
    assert world.decisions.update(done, 1), "the very same"
    assert not world.decisions.update(decision(1, version=2), 1)
    assert world.decisions.about(ABOUT) == [done]
