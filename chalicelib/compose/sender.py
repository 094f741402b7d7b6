"""Who a letter is from and where answers go: the e-mail's own sender, or the contact's owner."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.compose.part import Composing
from chalicelib.compose.revision import Part, Slot


@dataclass(frozen=True, slots=True)
class Sender:
    """`address` and `reply_to` are empty, or come out empty, where the revision's own stand."""

    name: Part
    address: Part = ()
    reply_to: Part = ()


def sender(composing: Composing, from_name: Part) -> Sender:
    """The owner's name and address where the e-mail asks for it and the contact has one. Answers go to the e-mail's
    Reply-To, else to the owner, else to the workspace's Reply-To, else to the sender (there is no field then).
    """
    if not composing.email.from_owner:
        return Sender(from_name)
    address = _owners(composing, "address", ())
    return Sender(_owners(composing, "name", from_name), address, () if composing.email.reply_to else address)


def reply_to(composing: Composing) -> str:
    """For everybody who has no other."""
    return composing.email.reply_to or composing.stationery.workspace.reply_to


def _owners(composing: Composing, name: str, otherwise: Part) -> Part:
    return (composing.slots.number(Slot("owner", "header", name, target=otherwise)),)
