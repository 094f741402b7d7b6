"""The preference centre: `/p/{token}`, with the token of any letter; `/a/{token}` confirms a new address.

One page with a form for each thing; the field `do` says which. A GET changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.anyone import PRIVATE, nobodys, public, side_of, tracked_by
from chalicelib.api.reader import Posted, Reader, one, posted, reader_of
from chalicelib.console.catalogue import catalogue, chosen, languages
from chalicelib.model.category import Category, public_name
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.family import LOCALE
from chalicelib.model.preference import MAX_PAUSE_DAYS
from chalicelib.model.segment import Segment
from chalicelib.model.token import Tracked
from chalicelib.work import forgetting, knowing, leaving, moving, preferences
from chalicelib.work.built_in_letters import From, words_of

blueprint = Blueprint(__name__)

MILLISECONDS = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A known person's request: what they posted, and the letter whose link they followed."""

    reader: Reader
    contact: Contact
    tracked: Tracked
    fields: Posted


@public(blueprint, "GET", "/p/{token}")
def show(token: str) -> Response:
    asked = _asked(token)
    return asked if isinstance(asked, Response) else _page(asked)


@public(blueprint, "POST", "/p/{token}")
def act(token: str) -> Response:
    asked = _asked(token)
    if isinstance(asked, Response):
        return asked
    return ACTS.get(one(asked.fields, "do"), _page)(asked)


@public(blueprint, "GET", "/a/{token}")
def ask_to_move(token: str) -> Response:
    wanted = moving.wanted_by(side_of(blueprint).signer, token)
    if wanted is None:
        return nobodys(blueprint, token)
    reader = reader_of(blueprint, wanted.contact)
    contact = moving.standing(reader.world, wanted)
    return reader.page("late", 404) if contact is None else reader.page("moving", address=_new_address(contact))


@public(blueprint, "POST", "/a/{token}")
def move(token: str) -> Response:
    wanted = moving.wanted_by(side_of(blueprint).signer, token)
    if wanted is None:
        return nobodys(blueprint, token)
    reader = reader_of(blueprint, wanted.contact, source="preferences")
    outcome = moving.confirm(reader.world, wanted, reader.visit)
    contact = reader.world.contacts.read(wanted.contact)
    if outcome == "moved" and contact is not None:
        return reader.page("moved", address=contact.address)
    return reader.page("taken", 409) if outcome == "taken" else reader.page("late", 404)


def _asked(token: str) -> Asked | Response:
    tracked = tracked_by(blueprint, token)
    if tracked is None:
        return nobodys(blueprint, token)
    reader = reader_of(blueprint, tracked.message.contact, message=tracked.message, source="preferences")
    fields = posted(blueprint) if blueprint.current_request.method == "POST" else {}
    if reader.contact is None or reader.contact.merged_into is not None:
        done = one(fields, "do") == "forget_for_good"
        return reader.page("forgotten") if done else reader.page("left", 404, known=False, category="", preferences="")
    return Asked(reader, reader.contact, tracked, fields)


def _save(asked: Asked) -> Response:
    reader, offered = asked.reader, preferences.offer(asked.reader.world)
    paused_until = _paused_until(asked)
    if paused_until is None:
        return _page(asked, wrong=reader.words["preferences.date.wrong"])
    wish = preferences.Wish(
        categories=frozenset(asked.fields.get("category", ())),
        lists=frozenset(asked.fields.get("list", ())),
        most_per_week=_most(asked),
        paused_until=paused_until,
        language=_language(asked),
        tracking=one(asked.fields, "tracking") == "1",
    )
    after = preferences.save(reader.world, asked.contact.id, wish, offered, reader.visit) or asked.contact
    language = chosen((str(after.fields.get(LOCALE) or ""), reader.language))
    seen = replace(asked, reader=replace(reader, language=language), contact=after)
    return _page(seen, told=seen.reader.words["preferences.saved"])


def _leave(asked: Asked) -> Response:
    reader = asked.reader
    leaving.leave(reader.world, asked.tracked, reader.world.now(), visit=reader.visit)
    return _page(asked)


def _come_back(asked: Asked) -> Response:
    reader = asked.reader
    released = leaving.come_back(reader.world, asked.tracked, reader.world.now(), reader.visit)
    return _page(asked, told=reader.words["back.title" if released else "back.said.not"])


def _change_address(asked: Asked) -> Response:
    reader, typed = asked.reader, one(asked.fields, "address")
    words = words_of(reader.words, reader.language, "moving")
    try:
        moving.ask(reader.world, asked.contact, typed, _sender(asked), words, reader.visit)
    except Invalid:
        return _page(asked, 422, wrong=reader.words["preferences.address.wrong"])
    except Conflict:
        return _page(asked, 429, wrong=reader.words["preferences.address.many"])
    return _page(asked, told=reader.words["preferences.address.sent"].format(address=typed.strip()))


def _know(asked: Asked) -> Response:
    body = msgspec.json.format(msgspec.json.encode(knowing.known_of(asked.reader.world, asked.contact)), indent=2)
    disposition = 'attachment; filename="my-data.json"'
    return Response(body, {**PRIVATE, "Content-Type": "application/json", "Content-Disposition": disposition})


def _ask_to_forget(asked: Asked) -> Response:
    return asked.reader.page("forget")


def _forget(asked: Asked) -> Response:
    forgetting.forget(asked.reader.world, asked.contact.id, str(asked.tracked.message))
    return asked.reader.page("forgotten")


ACTS: Mapping[str, Callable[[Asked], Response]] = MappingProxyType(
    {
        "save": _save,
        "leave": _leave,
        "come_back": _come_back,
        "address": _change_address,
        "know": _know,
        "forget": _ask_to_forget,
        "forget_for_good": _forget,
    }
)


def _page(asked: Asked, status: int = 200, *, told: str = "", wrong: str = "") -> Response:
    offered = preferences.offer(asked.reader.world)
    return page_of(asked.reader, asked.contact, offered, status, told=told, wrong=wrong)


def page_of(
    reader: Reader, contact: Contact, offered: preferences.Offer, status: int = 200, *, told: str = "", wrong: str = ""
) -> Response:
    """The preference centre as this contact sees it."""
    today, most = _today(reader), contact.preferences.most_per_week
    return reader.page(
        "preferences",
        status,
        told=told,
        wrong=wrong,
        address=contact.address,
        left=leaving.has_left(reader.world, contact),
        categories=[_shown(reader, each, each.id not in contact.preferences.left) for each in offered.categories],
        lists=[_shown(reader, each, each.id in contact.lists) for each in offered.lists],
        caps=sorted({*_frequencies(reader), most}),
        most=most,
        pause=_pause_day(reader, contact),
        first_day=(today + timedelta(days=1)).isoformat(),
        last_day=(today + timedelta(days=MAX_PAUSE_DAYS - 1)).isoformat(),
        languages=[(each, catalogue(each)["language"]) for each in languages()],
        chosen_language=chosen((str(contact.fields.get(LOCALE) or ""), reader.language)),
        tracking=contact.tracking,
    )


def _shown(reader: Reader, thing: Category | Segment, chosen_now: bool) -> dict[str, Any]:  # noqa: FBT001  # a tick
    return {"id": thing.id, "name": public_name(thing.name, thing.names, reader.language), "chosen": chosen_now}


def _most(asked: Asked) -> int:
    given = one(asked.fields, "most")
    offered = _frequencies(asked.reader)
    return next((each for each in offered if str(each) == given), asked.contact.preferences.most_per_week)


def _frequencies(reader: Reader) -> tuple[int, ...]:
    """With 0: as often as there is something."""
    return (0, *reader.workspace.frequencies)


def _language(asked: Asked) -> str:
    """What was chosen; "" where the contact's own locale is of that language already (fr of fr-CH)."""
    given, own = one(asked.fields, "language"), str(asked.contact.fields.get(LOCALE) or "")
    return given if given in languages() and not (own and chosen((own,)) == given) else ""


def _paused_until(asked: Asked) -> int | None:
    """The beginning of the day in the workspace's zone, 0 for no pause; None for no date to come."""
    given, today = one(asked.fields, "pause").strip(), _today(asked.reader)
    if not given or given == _pause_day(asked.reader, asked.contact):
        return asked.contact.preferences.paused_until if given else 0
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    if not today < day < today + timedelta(days=MAX_PAUSE_DAYS):
        return None
    midnight = datetime(day.year, day.month, day.day, tzinfo=_zone(asked.reader))
    return int(midnight.timestamp()) * MILLISECONDS


def _pause_day(reader: Reader, contact: Contact) -> str:
    """As a form has it: YYYY-MM-DD; "" where no pause is under way."""
    until = contact.preferences.paused_until
    return _day(reader, until).isoformat() if until > reader.world.now() else ""


def _today(reader: Reader) -> date:
    return _day(reader, reader.world.now())


def _day(reader: Reader, at: int) -> date:
    return datetime.fromtimestamp(at / MILLISECONDS, _zone(reader)).date()


def _zone(reader: Reader) -> ZoneInfo:
    return ZoneInfo(reader.workspace.zone)


def _sender(asked: Asked) -> From:
    """Whoever sent the letter whose link was followed: that address is known to the transport."""
    revision = asked.reader.world.revisions.read(asked.tracked.email, asked.tracked.revision)
    if revision is None:
        raise LookupError(f"revision {asked.tracked.email}/{asked.tracked.revision} is not in the bucket")
    return From(revision.from_address)


def _new_address(contact: Contact) -> str:
    return contact.preferences.wanted_address or contact.address
