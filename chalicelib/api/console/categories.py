"""Categories: kinds of e-mails, which people can leave one by one, and caps and letters name."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import Visit
from chalicelib.console import catalogue
from chalicelib.model.cap import PERIODS
from chalicelib.model.category import MAX_CATEGORIES, Category
from chalicelib.work import categories, workspaces
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

HERE = "/console/categories"


@shows(blueprint, "/categories")
def index(visit: Visit) -> Response:
    found, _ = categories.page(visit.world, MAX_CATEGORIES, None)
    return visit.page("categories/index", categories=sorted(found, key=_by_name), tags=_tags(Category("", "")))


@changes(blueprint, "/categories", again=index)
def create(visit: Visit) -> Response:
    category = categories.create(visit.world, _given(visit))
    return visit.go(HERE, "categories.made", name=category.name)


@shows(blueprint, "/categories/{category_id}")
def show(visit: Visit, category_id: str) -> Response:
    require(visit.world, "editor")
    category = categories.read(visit.world, category_id)
    capped = {each.per: each.most for each in visit.workspace.caps if each.category == category_id}
    caps = {per: capped.get(per, "") for per in PERIODS}
    seen = visit.workspace.version
    return visit.page("categories/show", category=category, tags=_tags(category), caps=caps, seen=seen)


@changes(blueprint, "/categories/{category_id}", again=show)
def update(visit: Visit, category_id: str) -> Response:
    category = categories.update(visit.world, category_id, _given(visit), visit.whole("version"))
    return visit.go(HERE, "categories.changed", name=category.name)


@changes(blueprint, "/categories/{category_id}/caps", again=show)
def cap(visit: Visit, category_id: str) -> Response:
    """The caps of this category; all others stay as they are."""
    category = categories.read(visit.world, category_id)
    kept = [asdict(each) for each in visit.workspace.caps if each.category != category_id]
    wanted = ((per, visit.whole(f"cap_{per}")) for per in PERIODS)
    own = [{"most": most, "per": per, "category": category_id} for per, most in wanted if most is not None]
    workspaces.update(visit.world, {"caps": [*kept, *own]}, visit.whole("workspace_version"))
    return visit.go(f"{HERE}/{category_id}", "categories.caps-saved", name=category.name)


@changes(blueprint, "/categories/{category_id}/delete", again=show)
def delete(visit: Visit, category_id: str) -> Response:
    category = categories.delete(visit.world, category_id)
    return visit.go(HERE, "categories.deleted", name=category.name)


def _given(visit: Visit) -> dict[str, Any]:
    names = {tag: visit.one(f"names.{tag}") for tag in visit.many("tags")}
    return {"name": visit.one("name"), "names": names, "public": visit.one("public") == "1"}


def _tags(category: Category) -> list[tuple[str, str]]:
    """The languages that a name can be given in."""
    return [(tag, catalogue.name_of(tag)) for tag in dict.fromkeys((*catalogue.languages(), *category.names))]


def _by_name(category: Category) -> tuple[str, str]:
    return category.name.casefold(), category.id
