"""E-mails: what a team writes, edits, publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chalicelib.compose.revision import Revision
from chalicelib.compose.source import Caution
from chalicelib.model.asset import Attachment
from chalicelib.model.email import KINDS, Email, Kind
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.finding import Finding
from chalicelib.model.ids import is_id
from chalicelib.work import categories, drafting, families, routing, weighing, workspaces
from chalicelib.work.pages import every
from chalicelib.work.stationery import stationery
from chalicelib.work.world import World

if TYPE_CHECKING:
    from chalicelib.compose.compile import Compiled
    from chalicelib.compose.preparing import Prepared

# The tracking token has two bytes for it (`model/token.py`).
MAX_REVISION = 65_535
# So many numbers are tried one by one, and then one of so many, and of more and more.
NEAR, WINDOW = 5, 64
# How an e-mail of each kind is sent: asked for the other way, it says so.
SENT_BY: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        "segment": ("A segment e-mail goes out as a broadcast.", "broadcasts"),
        "template": ("A template e-mail goes to one contact at a time.", "messages"),
    }
)
# What an e-mail is from its creation on: it decides who gets it once.
FIXED = ("translation_of", "variant_of")


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing made, or found: an unchanged draft keeps its revision. For the author: `warnings`, of what goes
    out as it is and may not be meant so, and `findings`, those and all that proof-reading says, as in a pre-flight.
    """

    email: Email
    warnings: tuple[Caution, ...] = ()
    findings: tuple[Finding, ...] = ()


def create(world: World, draft: Mapping[str, Any]) -> Email:
    """An e-mail from these fields (`kind`, those of `drafting.EDITABLE`, and `translation_of` or `variant_of`); raises
    Invalid, TooLarge, and Conflict where it comes too late to a family.
    """
    if draft.get("kind") not in KINDS:
        raise Invalid("kind", draft.get("kind"), f"It is one of {', '.join(KINDS)}.")
    for needed in drafting.NEEDED:
        if needed not in draft:
            raise Invalid(needed, None, "This field is needed.")
    identifier, now = world.new_id(), world.now()
    blank = Email(identifier, draft["kind"], "", "", "", family=identifier, created_at=now, updated_at=now)
    fixed: dict[str, Any] = {name: drafting.identifier(name, draft.get(name) or "") for name in FIXED}
    blank = replace(blank, **fixed)
    email = _edited(world, blank, {name: value for name, value in draft.items() if name not in {"kind", *FIXED}})
    email = families.joined(world, email)
    if not world.emails.create(email):
        raise Conflict(f"The id {email.id} is taken.", hint="Try again.")
    return email


def begun(world: World, draft: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Caution, ...]]:
    """The draft with the source of the theme that it names, where it has none of its own; without the theme's `values`.

    Raises NotFound (no such theme), Invalid and TooLarge. A theme is rendered this once: what it made is then edited.
    """
    rest = {name: value for name, value in draft.items() if name != "values"}
    if not draft.get("theme") or draft.get("html") or draft.get("mjml"):
        return rest, ()
    from chalicelib.work import themes  # noqa: PLC0415  # Jinja2, that only themes need

    language = drafting.checked("language", draft.get("language") or "")
    source = themes.begin(
        world, drafting.checked("theme", draft["theme"]), draft.get("values") or {}, language, "theme"
    )
    return rest | {source.format: source.source}, source.cautions


def read(world: World, email_id: str) -> Email:
    email = world.emails.read(email_id) if is_id(email_id) else None
    if email is None:
        raise NotFound(f"There is no e-mail {email_id[:60]!r}.", field="id")
    return email


def published(world: World, email_id: str, kind: Kind) -> Email:
    """The e-mail, ready to be sent as its kind is; NotFound, or Conflict where it is of the other kind or a draft."""
    email = read(world, email_id)
    if email.kind != kind:
        message, road = SENT_BY[email.kind]
        raise Conflict(message, field="kind", hint=f"POST /v1/emails/{email_id}/{road}, or make a {kind} e-mail.")
    if not email.revision:
        raise Conflict("The e-mail is not published.", hint=f"POST /v1/emails/{email_id}/publish first.")
    return email


def check_window(email: Email, now: int) -> None:
    """Conflict outside the time in which this e-mail may go out."""
    if email.publish_up is not None and now < email.publish_up:
        raise Conflict("This e-mail goes out later: its publish_up has not come.", field="publish_up")
    if email.publish_down is not None and now >= email.publish_down:
        raise Conflict("This e-mail goes out no more: its publish_down has come.", field="publish_down")


def update(world: World, email_id: str, changes: Mapping[str, Any], expected_version: int | None = None) -> Email:
    """The e-mail with these fields changed; what is published stays as it is until it is published again.

    Raises Conflict where `expected_version` is not the e-mail's, or where somebody else wrote meanwhile.
    """
    before = read(world, email_id)
    if expected_version is not None and expected_version != before.version:
        raise _moved_on(before)
    for name in ("kind", *FIXED):
        if changes.get(name, getattr(before, name)) != getattr(before, name):
            raise Invalid(
                name, changes[name], f"It is fixed at creation: {getattr(before, name)!r}. Make a new e-mail."
            )
    edited = _edited(world, before, {name: value for name, value in changes.items() if name not in {"kind", *FIXED}})
    if (edited.weight, edited.language) != (before.weight, before.language):
        families.check(world, edited)
    after = replace(edited, version=before.version + 1, updated_at=world.now())
    if not world.emails.update(after, before.version):
        raise _moved_on(before)
    return after


def delete(world: World, email_id: str, expected_version: int | None = None) -> None:
    """Its revisions stay: what was sent can still be opened, clicked and unsubscribed from."""
    email = read(world, email_id)
    if expected_version not in (None, email.version):
        raise _moved_on(email)
    for broadcast in every(partial(world.broadcasts.of_email, email.family)):
        if not broadcast.closed:
            raise Conflict(
                f"Broadcast {broadcast.id} of this e-mail and its family is not over.",
                field="id",
                hint=f"Wait for it, or cancel it: POST /v1/broadcasts/{broadcast.id}/cancel.",
            )
    for member in world.emails.family(email.id):
        hint = f"Delete it first: DELETE /v1/emails/{member.id}."
        raise Conflict(f"{member.name} ({member.id}) is a translation or variant of it.", field="id", hint=hint)
    if not world.emails.delete(email):
        raise _moved_on(email)


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Email], str | None]:
    """Without `html` and `text`."""
    return world.emails.page(limit, cursor)


def publish(world: World, email_id: str, expected_version: int | None = None) -> Publication:
    """Compiles the draft into an immutable revision. A broadcast under way keeps the revision it began with.

    Raises Invalid with the place and the mend where the letter would be broken, Conflict where somebody else
    edited or published it meanwhile, or since `expected_version`.
    """
    email = read(world, email_id)
    if expected_version not in (None, email.version):
        raise _moved_on(email)
    made = compiled_draft(world, email)
    found = tuple(_findings(world, email, made))
    if _unchanged(world, email, made.revision):
        return Publication(email, made.warnings, found)
    number = _put(world, made.revision)
    after = replace(email, revision=number, published_at=made.revision.published_at, version=email.version + 1)
    if not world.emails.publish(after, email.version, world.actor.name):
        raise _moved_on(email)
    return Publication(after, made.warnings, found)


def compiled_draft(world: World, email: Email, *, tracked: bool = True) -> Compiled:
    """The draft as a revision that is not stored. Raises Invalid, TooLarge."""
    from chalicelib.compose.compile import compiled  # noqa: PLC0415  # parsers that only publishing needs

    page = _prepared(email)
    made = compiled(
        replace(email, html=page.html),
        stationery(world, email),
        published_at=world.now(),
        number=email.revision + 1,
        tracked=tracked,
        written=email.mjml if email.mjml.strip() else email.html,
    )
    revision = replace(made.revision, attachments=_attached(world, email))
    weighing.check_revision(world, revision, routing.USE[email.kind])
    return replace(made, revision=revision, warnings=(*page.cautions, *made.warnings))


def proof_draft(world: World, email: Email) -> list[Finding]:
    """What publishing the draft now would warn of and find. Raises as `publish` where it would refuse."""
    return _findings(world, email, compiled_draft(world, email))


def proof(world: World, email: Email, number: int) -> list[Finding]:
    """What publishing warns of and what proof-reading finds, of the revision `number`.

    What is read is the draft: raises Conflict where that is not what the revision was made of, and else as `publish`.
    """
    made = compiled_draft(world, email)
    if not _same(world.revisions.read(email.id, number), made.revision):
        raise Conflict(
            f"{email.name} ({email.id}) was changed since its revision {number}: what is checked would not go out.",
            field="revision",
            hint=f"POST /v1/emails/{email.id}/publish, and then another pre-flight.",
        )
    return _findings(world, email, made)


def _findings(world: World, email: Email, made: Compiled) -> list[Finding]:
    from chalicelib.compose.proof.page import Page  # noqa: PLC0415  # as above
    from chalicelib.compose.proof.read import findings  # noqa: PLC0415  # as above

    literal = sum(len(each.encode()) for each in made.revision.program.html if isinstance(each, str))
    part, wrote = ("mjml", email.mjml) if email.mjml.strip() else ("html", email.html)
    found = findings(Page(email, workspaces.read(world), _prepared(email).html, part, literal, wrote))
    told = {each.message for each in found}
    warnings = (each for each in made.warnings if each.message not in told)
    return [Finding("warning", "publish", each.where, each.message, each.mend) for each in warnings] + found


def _prepared(email: Email) -> Prepared:
    from chalicelib.compose.preparing import prepared  # noqa: PLC0415  # as above

    return prepared(html=email.html, mjml=email.mjml, language=email.language, inline_css=email.inline_css)


def _attached(world: World, email: Email) -> tuple[Attachment, ...]:
    """What goes out with the letter, as the assets are now. Raises Invalid where one was deleted."""
    known = world.assets.read_many(email.attachments)
    for each in email.attachments:
        if each not in known:
            raise Invalid("attachments", each, "This asset was deleted: take it out, or upload it again.")
    assets = [known[each] for each in email.attachments]
    return tuple(Attachment(each.id, each.name, each.content_type, each.size, each.public) for each in assets)


def _unchanged(world: World, email: Email, made: Revision) -> bool:
    return bool(email.revision) and _same(world.revisions.read(email.id, email.revision), made)


def _same(standing: Revision | None, made: Revision) -> bool:
    if standing is None:
        return False
    return replace(made, number=standing.number, published_at=standing.published_at) == standing


def _put(world: World, revision: Revision) -> int:
    """The number it was stored under: behind those of publishers that died, or lost, before they wrote their row."""
    for number in _numbers(world, revision.number):
        try:
            world.revisions.put(replace(revision, number=number))
        except Conflict:
            continue
        return number
    raise Conflict(f"E-mail {revision.email} has no revision number left.", hint="Make a new e-mail of it.")


def _numbers(world: World, first: int) -> Iterator[int]:
    """From this one on, the first few in a row, then by chance within ever more: however many are taken, and however
    many look for one at once, a free one is found in a few steps.
    """
    yield from range(first, min(first + NEAR, MAX_REVISION + 1))
    left, window = MAX_REVISION + 1 - first - NEAR, WINDOW
    while left > 0 and window < 2 * MAX_REVISION:
        yield first + NEAR + int(world.new_id(), 32) % min(window, left)
        window *= 2


def _moved_on(email: Email) -> Conflict:
    return Conflict(
        f"E-mail {email.id} was changed meanwhile; you read version {email.version} or an older one.",
        field="version",
        hint="Read it again and repeat the change.",
    )


def _edited(world: World, email: Email, changes: Mapping[str, Any]) -> Email:
    checked = {name: drafting.checked(name, value) for name, value in changes.items()}
    for name in ("segments", "exclude"):
        if name in checked:
            _known(world, email, name, checked[name])
    if checked.get("category"):
        categories.read(world, checked["category"], "category")
    if "attachments" in checked:
        _kept(world, checked["attachments"])
    edited = replace(email, **checked)
    drafting.check_together(edited)
    if not checked.keys().isdisjoint(drafting.PAGES):
        drafting.check_one_page(edited)
    return edited


def _kept(world: World, attachments: Sequence[str]) -> None:
    known = world.assets.read_many(attachments)
    for each in attachments:
        if each not in known:
            raise Invalid("attachments", each, "There is no such asset: upload it first (POST /v1/assets).")


def _known(world: World, email: Email, name: str, segments: Sequence[str]) -> None:
    if segments and email.kind == "template":
        raise Invalid(name, list(segments), "A template e-mail goes to one contact at a time: it has no segments.")
    known = world.segments.read_many(segments)
    for each in segments:
        if each not in known:
            raise Invalid(name, each, "There is no such segment.")
