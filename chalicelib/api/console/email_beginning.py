"""Beginning an e-mail: from a theme of the gallery, or from nothing."""

from __future__ import annotations

from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.console.browser import YEAR_S
from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import SAFE, Visit
from chalicelib.console.mending import told
from chalicelib.model.theme import Theme
from chalicelib.work import auditing, emails, themes
from chalicelib.work.drafting import NEEDED
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

MOST_THEMES = 60
NOTHING = "blank"
VALUE = "value."
# What is told in a cookie must be short.
MOST_TOLD = 400
# Values that the workspace has already, or that follow from others.
KNOWN = ("company", "address", "logo", "lang", "dir", "brand_text", "brand_link", "brand_dark")


@shows(blueprint, "/emails/new")
def new(visit: Visit) -> Response:
    """The gallery; behind it, where one was chosen (`theme`), what the e-mail begins with."""
    require(visit.world, "editor")
    chosen = visit.one("theme") or visit.browser.query.get("theme", "")
    if not chosen:
        found, _ = themes.page(visit.world, MOST_THEMES, None)
        return visit.page("emails/new", themes=found, nothing=NOTHING)
    theme = None if chosen == NOTHING else themes.read(visit.world, chosen, "theme")
    values = _asked(visit, theme) if theme else {}
    return visit.page("editor/begin", theme=theme, nothing=NOTHING, values=values, last=_last_sender(visit))


@changes(blueprint, "/emails/new", again=new, audited=False)
def create(visit: Visit) -> Response:
    draft: dict[str, Any] = {name: visit.one(name) for name in (*NEEDED, "kind", "from_name")}
    theme = visit.one("theme")
    if theme != NOTHING:
        draft |= {"theme": theme, "values": _values(visit)}
    begun, cautions = emails.begun(visit.world, draft)
    email = emails.create(visit.world, begun)
    auditing.note(visit.world, "emails.create", email.id)
    said = [told(visit.language, text) for each in cautions for text in (each.message, each.mend)]
    flash = "editor.begun-with" if cautions else "editor.begun"
    return visit.go(f"/console/emails/{email.id}/edit", flash, name=email.name, cautions=" ".join(said)[:MOST_TOLD])


@shows(blueprint, "/themes/{name}/picture")
def picture(visit: Visit, name: str) -> Response:
    """Of a theme in this `content`, which its address names: kept for ever."""
    body = themes.preview(visit.world, name)
    kept = {"Content-Type": "image/png", "Cache-Control": f"private, max-age={YEAR_S}, immutable"}
    return Response(body, {**SAFE, **kept})


def _asked(visit: Visit, theme: Theme) -> dict[str, str]:
    """The theme's values that are texts, each with its default, without what is known already."""
    known = themes.values_of(visit.world, theme.id)
    return {name: value for name, value in known.items() if isinstance(value, str) and name not in KNOWN}


def _values(visit: Visit) -> dict[str, str]:
    """Those that were given; a theme has its defaults for the rest."""
    posted = {name: visit.one(name) for name in visit.browser.form if name.startswith(VALUE)}
    return {name.removeprefix(VALUE): value for name, value in posted.items() if value}


def _last_sender(visit: Visit) -> tuple[str, str]:
    """Name and address that the last e-mail is from: a team writes as the same sender again and again."""
    found, _ = emails.page(visit.world, 1, None)
    return (found[0].from_name, found[0].from_address) if found else (visit.workspace.name, "")
