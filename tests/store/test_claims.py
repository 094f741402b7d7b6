from dataclasses import replace

from chalicelib.model.claim import Claim, Result
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id

CLAIM = Claim(numbered_id(1, "claim"), "digest", numbered_id(2, "claim"), NOON + 5_000, NOON)


def test_a_claim_is_made_once_and_finished_by_version(world: World) -> None:
    assert world.claims.read(CLAIM.id) is None
    assert world.claims.create(CLAIM)
    assert world.claims.create(CLAIM), "our own, whose answer was lost"
    assert not world.claims.create(replace(CLAIM, body="another"))
    done = replace(CLAIM, done=True, results=(Result("created", "c"), Result("failed", "", "invalid", "a")), version=2)
    assert world.claims.update(done, 1)
    assert not world.claims.update(replace(CLAIM, version=2), 1)
    assert world.claims.read(CLAIM.id) == done
