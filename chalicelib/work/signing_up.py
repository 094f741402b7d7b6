"""Signing up, in two steps: a form asks, a letter goes to the address, and what its link leads to is the consent.

Until then nothing that anybody typed is on the contact, and nobody learns whether an address was known: the answer,
and what is written and sent for it, are the same. An address that is new becomes a contact without consent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress as passing
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.model import ids
from chalicelib.model.consent import Consent, digest_of
from chalicelib.model.contact import Contact, Value
from chalicelib.model.errors import Conflict, Fault, Invalid
from chalicelib.model.family import LOCALE
from chalicelib.model.fields import merged
from chalicelib.model.form import HOUR_MS, Form, FormUse
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.preference import DAY_MS
from chalicelib.model.token import SIGNING_UP, Signer, Tracked
from chalicelib.work import belonging, built_in_letters, consenting, contacts, definitions, history, preferences
from chalicelib.work.addresses import address_hash, normalised
from chalicelib.work.built_in_letters import CONFIRM, From, Words
from chalicelib.work.consenting import Visit
from chalicelib.work.messaging import Letter, send_letter
from chalicelib.work.suppressing import release
from chalicelib.work.world import World

VALID_MS = 7 * DAY_MS
TRIES = 5
# contact (10), entry of its consent history (10)
SAID_BYTES = 2 * ids.ID_BYTES


class Closed(Fault):
    """This form takes no entries any more."""

    code = "closed"


class Crowded(Fault):
    """This form has had as many entries in this hour as it takes."""

    code = "too_many"


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody filled in. `agreed` is the tick at the consent text; `trap` the field that no person sees."""

    address: str
    values: Mapping[str, object] = field(default_factory=dict)
    language: str = ""
    agreed: bool = False
    trap: str = ""


@dataclass(frozen=True, slots=True)
class Confirming:
    """A sign-up that a link leads to. `done` says that it was confirmed before."""

    contact: Contact
    asked: Consent
    done: bool


def sign_up(world: World, form: Form, entry: Entry, words: Words, visit: Visit) -> None:
    """Asks for the confirmation by a letter, at most once an hour to one address. Raises Invalid (address, a field,
    consent), Closed and Crowded.
    """
    if not form.active:
        raise Closed("This form is closed: it takes no more sign-ups.")
    address, values = normalised(entry.address), _values(world, form, entry)
    if not entry.agreed:
        raise Invalid("consent", entry.agreed, "Without a yes to this there is nothing to sign up for.")
    if entry.trap:
        return
    if not _has_room(world, form):
        raise Crowded("This form has had too many entries in this hour.", hint="Try again later.")
    contact = _contact(world, address)
    asked = _asked(world, form, contact, visit, values)
    with passing(Conflict):  # the letter of this hour went out, and was another form's
        _send(world, form, contact, asked, words)


def contact_of(signer: Signer, token: str) -> str | None:
    """Whose sign-up a link confirms, by the link alone; None where it is not one of ours."""
    said = signer.noted(SIGNING_UP, token, SAID_BYTES)
    return None if said is None else ids.from_bytes(said[:10])


def confirming(world: World, form_id: str, token: str) -> Confirming | None:
    """What the link means; None for one that is none, that came too late, or whose contact is gone."""
    said = world.signer.noted(SIGNING_UP, token, SAID_BYTES)
    if said is None:
        return None
    contact_id, asked_id = ids.from_bytes(said[:10]), ids.from_bytes(said[10:])
    asked, contact = world.consents.read(contact_id, asked_id), world.contacts.read(contact_id)
    if asked is None or contact is None or contact.merged_into is not None or asked.form != form_id:
        return None
    done = world.consents.read(contact_id, _given_id(world, asked)) is not None
    late = world.now() - asked.at > VALID_MS
    return None if late and not done else Confirming(contact, asked, done)


def confirm(world: World, form: Form, found: Confirming, visit: Visit) -> None:
    """The consent: contact, lists, and the person's own earlier no. The history comes last, and says that it is done:
    a link that is followed again later does not take a later no back.
    """
    if found.done:
        return
    contact, asked = found.contact, found.asked
    preferences.change(world, contact.id, lambda before: _agreed(before, asked), visit)
    for each, segment in world.segments.read_many(form.segments).items():
        if segment.is_list:
            belonging.put_member(world, each, contact.id, history.PERSON)
    release(world, address_hash(world, contact.address))
    said = {"form": form.id, "text": asked.text, "digest": asked.digest, "language": asked.language}
    visit = replace(visit, source="form", message=_message_key(world, asked))
    consenting.keep(world, contact.id, "given", world.now(), visit, id=_given_id(world, asked), **said)
    _counted(world, form.id, FormUse.agreed)


def letter_of(world: World, asked: Consent) -> Tracked | None:
    """The letter that asked, as tokens name it: by it the person reaches their preferences."""
    key = _message_key(world, asked)
    message = world.messages.read(key) if key else None
    return Tracked(message.key, message.email, message.revision) if message else None


def _values(world: World, form: Form, entry: Entry) -> dict[str, Value]:
    """The fields that the form asks for, as contacts keep them; anything else that came is left out."""
    given = {each.alias: entry.values.get(each.alias) for each in form.fields}
    for each in form.fields:
        if each.needed and given[each.alias] in (None, "", False):
            raise Invalid(each.alias, given[each.alias], "This field is needed.")
    wanted = {alias: value for alias, value in given.items() if value not in (None, "")}
    return merged({}, definitions.typed_fields(definitions.by_alias(world), wanted))


def _has_room(world: World, form: Form) -> bool:
    """And takes the room that there is."""
    hour = world.now() // HOUR_MS

    def entered(use: FormUse) -> FormUse | None:
        after = use.entered(hour)
        return after if after.entries <= form.per_hour else None

    return _counted(world, form.id, entered)


def _counted(world: World, form_id: str, change: Callable[[FormUse], FormUse | None]) -> bool:
    """Whether it was written; what is None is not."""
    for _ in range(TRIES):
        before = world.form_uses.read(form_id)
        after = change(before or FormUse(form_id))
        if after is None:
            return False
        if before is None:
            written = world.form_uses.create(after)
        else:
            written = world.form_uses.update(replace(after, version=before.version + 1), before.version)
        if written:
            return True
    return False


def _contact(world: World, address: str) -> Contact:
    hashed = address_hash(world, address)
    for _ in range(TRIES):
        holder = world.contacts.by_address(hashed)
        contact = world.contacts.read(holder) if holder else None
        if contact is not None:
            return contact
        world.contacts.exhume(hashed)  # who was erased comes back by their own word, and by nobody else's
        with passing(Conflict):  # somebody was quicker
            return contacts.create(world, address, consent=False)
    raise Crowded("This address is being written by somebody else.", hint="Try again.")


def _asked(world: World, form: Form, contact: Contact, visit: Visit, values: Mapping[str, Value]) -> Consent:
    """The entry of this hour: what is asked again within an hour is the same question, with its first words."""
    now = world.now()
    for hour in (now // HOUR_MS - 1, now // HOUR_MS):
        before = world.consents.read(contact.id, _asked_id(world, contact, hour))
        if before is not None and now - before.at < HOUR_MS:
            return before
    language, text = form.text(visit.language)
    asked = Consent(
        id=_asked_id(world, contact, now // HOUR_MS),
        contact=contact.id,
        kind="asked",
        at=now,
        source="form",
        form=form.id,
        text=text.consent,
        digest=digest_of(text.consent),
        language=language,
        network=visit.network,
        agent=visit.agent,
        values=values,
    )
    return asked if world.consents.add(asked) else world.consents.read(contact.id, asked.id) or asked


def _send(world: World, form: Form, contact: Contact, asked: Consent, words: Words) -> Message:
    said = ids.to_bytes(contact.id) + ids.to_bytes(asked.id)
    url = f"{world.base_url}/f/{asked.form}/confirm/{world.signer.note(SIGNING_UP, said)}"
    letter = _letter(world, form, words)
    return send_letter(world, letter, contact, {CONFIRM: url}, "immediate", f"signup {asked.id}")


def _letter(world: World, form: Form, words: Words) -> Letter:
    """The team's own where it is published; all go out as one family, so that one key finds them again."""
    email = world.emails.read(form.email) if form.email else None
    family = built_in_letters.family(world, "signup")
    if email is not None and email.revision:
        return Letter(email.id, family, email.revision)
    made = built_in_letters.revision(world, "signup", From(form.from_address, form.from_name), words)
    return Letter(made.email, family, made.number)


def _message_key(world: World, asked: Consent) -> MessageKey | None:
    sending = world.signer.hashed("sending", f"signup {asked.id}")
    return MessageKey(asked.contact, built_in_letters.family(world, "signup"), sending)


def _agreed(before: Contact, asked: Consent) -> Contact:
    fields: dict[str, Any] = dict(merged(before.fields, asked.values))
    fields.setdefault(LOCALE, asked.language)
    return replace(before, consent=True, fields=fields)


def _asked_id(world: World, contact: Contact, hour: int) -> str:
    return world.signer.hashed("asked", f"{contact.id} {hour}")


def _given_id(world: World, asked: Consent) -> str:
    return world.signer.hashed("given", asked.id)
