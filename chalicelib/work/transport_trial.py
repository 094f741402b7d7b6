"""A transport tried: one letter of ours to one address, and what it said to that."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from chalicelib.compose.revision import Envelope, Program, Revision
from chalicelib.model.budget import mended
from chalicelib.model.message import TEST
from chalicelib.model.outcome import Accepted, InDoubt, Outcome
from chalicelib.model.token import UNTRACKED
from chalicelib.work import transports, unlogged
from chalicelib.work.addresses import normalised
from chalicelib.work.permitting import require
from chalicelib.work.world import World


@dataclass(frozen=True, slots=True)
class Trial:
    """`taken` is None where nobody can know. `milliseconds` is how long the call took, its slot included."""

    taken: bool | None
    outcome: Outcome
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Wording:
    """What the letter says, plain text; `{name}` is the transport's."""

    subject: str = "The transport {name} works"
    said: str = "This letter was sent by the transport {name}, to try it."


ENGLISH = Wording()


def run(world: World, name: str, to: str, sender: str, wording: Wording = ENGLISH) -> Trial:
    """Sends one letter, tried once; nothing of it is counted or kept, but a transport that failed and takes it is used
    again: for admins, as the setups are. Raises Forbidden, NotFound and Invalid.
    """
    require(world, "admin")
    setup = transports.read(world, name)
    address, from_address = normalised(to, "to"), normalised(sender, "from_address")
    began = world.now()
    letter = _letter(world, setup.id, from_address, wording)
    outcome = unlogged.send_by(world, setup, letter, Envelope(TEST, address, world.new_id(), UNTRACKED, ()))
    if isinstance(outcome, Accepted):
        most = setup.most(world.transports.quota(setup).per_second)
        world.budgets.change(setup.budget, lambda budget: mended(budget, world.now(), most))
    taken = None if isinstance(outcome, InDoubt) else isinstance(outcome, Accepted)
    return Trial(taken, outcome, world.now() - began)


def _letter(world: World, name: str, from_address: str, wording: Wording) -> Revision:
    subject, said = (text.format(name=name) for text in (wording.subject, wording.said))
    html = f"<p>{escape(said)}</p>\n"
    program = Program(slots=(), subject=(subject,), from_name=("Envoi",), html=(html,), text=(f"{said}\n",))
    return Revision(
        email=TEST.contact,
        number=1,
        family=TEST.contact,
        kind="template",
        from_address=from_address,
        reply_to="",
        program=program,
        links=(),
        base_url=world.base_url,
        tracked=False,
    )
