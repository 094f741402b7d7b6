"""The tokens that whoever writes an e-mail may put into it: what the editor's picker offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from chalicelib.model.email import Email
from chalicelib.work import assets, definitions
from chalicelib.work.world import World

Group = Literal["field", "owner", "link", "letter", "block", "asset"]
# What contacts have without a definition.
ALWAYS = ("firstname", "lastname", "email")
OWNERS = ("firstname", "lastname", "email", "position", "signature")
LINKS = ("unsubscribe_text", "unsubscribe_url", "webview_text", "webview_url", "dnc_url", "resubscribe_url")
# Of the letter itself; `{subject}` does not stand in the subject.
VALUES, WITHIN = ("today", "signature"), ("subject", "tracking_pixel")
MOST_ASSETS = 50


@dataclass(frozen=True, slots=True)
class Offered:
    """`token` as it is written, without its braces. `label` is what the team calls it, "" where it is one of ours,
    known by `name`. One that is `bodily` stands in HTML, MJML and text alone.
    """

    group: Group
    name: str
    token: str
    label: str = ""
    bodily: bool = False


def offered(world: World, email: Email) -> list[Offered]:
    return [*_fields(world), *_ours(), *_blocks(email), *_assets(world)]


def _fields(world: World) -> Iterator[Offered]:
    known = {alias: each.label for alias, each in definitions.by_alias(world).items() if not each.retired}
    for alias in dict.fromkeys((*ALWAYS, *sorted(known))):
        yield Offered("field", alias, f"contactfield={alias}", known.get(alias, ""))


def _ours() -> Iterator[Offered]:
    yield from (Offered("owner", name, f"ownerfield={name}") for name in OWNERS)
    yield from (Offered("link", name, name, bodily=True) for name in LINKS)
    yield from (Offered("letter", name, name) for name in VALUES)
    yield from (Offered("letter", name, name, bodily=True) for name in WITHIN)


def _blocks(email: Email) -> Iterator[Offered]:
    yield from (Offered("block", each.name, f'dynamiccontent="{each.name}"', each.name) for each in email.blocks)


def _assets(world: World) -> Iterator[Offered]:
    found, _ = assets.page(world, MOST_ASSETS, None)
    yield from (Offered("asset", each.id, f"assetlink={each.id}", each.name, bodily=True) for each in found)
