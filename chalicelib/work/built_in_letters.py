"""The letters that Envoi writes itself: they ask somebody to confirm a sign-up or a new address, or let a member in.

Each is a template e-mail like the team's own, compiled once: its id is a keyed hash of all that it is made of, so that
the same letter is the same revision, and another name or colour of the workspace makes another one. No e-mail's row
stands behind it; the send log names its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from html import escape
from typing import Literal

import msgspec

from chalicelib.compose.revision import Revision
from chalicelib.compose.stationery import Stationery
from chalicelib.model.contact import Contact
from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict
from chalicelib.model.message import Message
from chalicelib.model.workspace import Workspace
from chalicelib.work import workspaces
from chalicelib.work.looks import look
from chalicelib.work.world import World

LetterKind = Literal["signup", "moving", "signin"]

# The per-send value that a letter of this kind has in it: where to confirm.
CONFIRM = "confirm_url"
NUMBER = 1


@dataclass(frozen=True, slots=True)
class Words:
    """A letter's words in one language, plain text. `said` are its paragraphs before the link, `after` those behind."""

    language: str
    subject: str
    said: tuple[str, ...]
    button: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class From:
    address: str
    name: str = ""


def family(world: World, kind: LetterKind) -> str:
    """One family for all letters of a kind, whatever their language and words."""
    return world.signer.hashed("letter", kind)


def revision(world: World, kind: LetterKind, sender: From, words: Words) -> Revision:
    """The letter, compiled where nobody has done so before."""
    workspace = workspaces.read(world)
    made_of = msgspec.json.encode([kind, asdict(sender), asdict(words), asdict(workspace), world.base_url]).decode()
    identifier = world.signer.hashed("letter", made_of)
    standing = world.revisions.read(identifier, NUMBER)
    return standing or _compiled(world, _email(identifier, family(world, kind), sender, words, workspace), workspace)


def addressed(world: World, message: Message, contact: Contact) -> Contact:
    """The contact as this message reaches it: the question about a new address goes to that one."""
    if message.key.family != family(world, "moving"):
        return contact
    return replace(contact, address=contact.preferences.wanted_address or contact.address)


def _compiled(world: World, email: Email, workspace: Workspace) -> Revision:
    from chalicelib.compose.compile import compiled  # noqa: PLC0415  # parsers that only compiling needs

    stationery = Stationery(base_url=world.base_url, workspace=workspace, definitions={}, assets={})
    made = compiled(email, stationery, published_at=0, number=NUMBER, tracked=False).revision
    try:
        world.revisions.put(made)
    except Conflict:  # compiled by an older version of this code: what stands there goes out
        return world.revisions.read(email.id, NUMBER) or made
    return made


def _email(identifier: str, family: str, sender: From, words: Words, workspace: Workspace) -> Email:
    return Email(
        identifier,
        "template",
        words.subject,
        words.subject,
        sender.address,
        family,
        from_name=sender.name or workspace.name,
        reply_to=workspace.reply_to,
        html=_html(words, workspace),
        text=_text(words, workspace),
        language=words.language,
    )


def _html(words: Words, workspace: Workspace) -> str:
    shade = look(workspace).light
    button = (
        f'<p style="margin:24px 0"><a href="{{{CONFIRM}}}" style="display:inline-block;padding:12px 20px;'
        f'border-radius:6px;background:{shade.act};color:{shade.on_act};font-weight:bold;text-decoration:none">'
        f"{_written(words.button)}</a></p>"
    )
    said, after = ("".join(f"<p>{_written(each)}</p>" for each in part) for part in (words.said, words.after))
    address = _written(workspace.address).replace("\n", "<br>")
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{_written(words.subject)}</title></head>'
        '<body style="margin:0;padding:24px;font:16px/1.5 system-ui,Arial,sans-serif;color:#1a1d23;background:#fff">'
        f'<div style="max-width:560px;margin:0 auto">{said}{button}{after}'
        f'<p style="color:#4a5160;font-size:14px">{_written(workspace.name)}<br>{address}</p></div></body></html>'
    )


def _text(words: Words, workspace: Workspace) -> str:
    parts = (*words.said, f"{{{CONFIRM}}}", *words.after, f"{workspace.name}\n{workspace.address}")
    return "\n\n".join(_plain(each) if each != f"{{{CONFIRM}}}" else each for each in parts if each.strip())


def _written(text: str) -> str:
    return escape(_plain(text))


def _plain(text: str) -> str:
    """Braces would be tokens: nobody's name begins one."""
    return text.replace("{", "(").replace("}", ")")


def words_of(catalogue: Mapping[str, str], language: str, kind: LetterKind, **named: str) -> Words:
    """From a catalogue of the pages' words; `named` are the values of its placeholders."""

    def said(name: str) -> str:
        return catalogue[f"letter.{kind}.{name}"].format(**named)

    return Words(language, said("subject"), (said("said"),), said("button"), (said("after"),))
