"""What came with a page takes its place in it: pictures by their addresses, style sheets by their rules.

Every other byte stays as it is. Nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.compose.archive import Skipped
from chalicelib.compose.edit import Edit, edited
from chalicelib.compose.page_import.css_names import Name, in_sheet
from chalicelib.compose.page_import.decoding import check_source
from chalicelib.compose.page_import.html_names import Linked, Scripted, names
from chalicelib.compose.page_import.page import MAX_NAME, MAX_SOURCE, Page, is_elsewhere
from chalicelib.compose.page_import.picture import is_shown
from chalicelib.compose.page_import.sheet import Sheet, read_sheet
from chalicelib.model.errors import Invalid

MAX_MISSING = 200
_IN_THE_WEB = re.compile(r"https?://[^/?#]+/", re.IGNORECASE)
MAX_PICTURES = 100
NO_SCRIPTS = "Scripts are never taken: mail programs run none."


@dataclass(frozen=True, slots=True)
class Missing:
    """What the page shows and nobody brought. `file` is the one that names it, the page itself or a style sheet;
    `line` the first one in it, from one.
    """

    path: str
    line: int
    file: str


@dataclass(frozen=True, slots=True)
class _Picture:
    """A name of the picture `path`, and its place."""

    start: int
    end: int
    path: str


@dataclass(frozen=True, slots=True)
class _Styles:
    """A sheet in place of the <link> from `start` up to `end`."""

    start: int
    end: int
    path: str
    opening: str


@dataclass(slots=True)
class Plan:
    """`pictures` by path; `sheets` are those that are put inline; `scripts` are named and were not brought."""

    page: Page
    places: list[_Picture | _Styles] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    inside: dict[str, list[_Picture]] = field(default_factory=dict)
    unfit: dict[str, str] = field(default_factory=dict)
    scripts: dict[str, Skipped] = field(default_factory=dict)
    missing: dict[tuple[str, str], Missing] = field(default_factory=dict)
    size: int = 0

    def shown(self, name: Name, text: str, file: str) -> _Picture | None:
        """A picture that `text`, the file's content, names."""
        path = self.page.path_of(name.value, file)
        if path is not None and is_shown(self.page.files[path]):
            self.pictures[path] = self.page.files[path]
            return _Picture(name.start, name.end, path)
        if path is not None or not is_elsewhere(name.value):
            self.missed(name.value, text, name.start, file)
        return None

    def missed(self, name: str, text: str, at: int, file: str) -> None:
        if (file, name) not in self.missing and len(self.missing) < MAX_MISSING:
            self.missing[file, name] = Missing(name[:200], text.count("\n", 0, at) + 1, file)


def planned(page: Page) -> Plan:
    """Raises TooLarge, and Invalid for too many pictures."""
    plan = Plan(page, size=len(page.text))
    for name in names(page.text):
        if isinstance(name, Scripted):
            _skip_script(plan, name)
        elif isinstance(name, Linked):
            _link(plan, name)
        elif picture := plan.shown(name, page.text, page.path):
            plan.places.append(picture)
    if len(plan.pictures) > MAX_PICTURES:
        mend = f"At most {MAX_PICTURES} are taken: leave the others out, or upload them as assets."
        raise Invalid("body", f"{len(plan.pictures)} pictures", mend)
    return plan


def placed(plan: Plan, addresses: Mapping[str, str]) -> str:
    """The text with the pictures' addresses, by path."""
    sheets = {path: edited(sheet.css, _addressed(plan.inside[path], addresses)) for path, sheet in plan.sheets.items()}
    edits = [
        Edit(each.start, each.end, f"{each.opening}{sheets[each.path]}</style>")
        if isinstance(each, _Styles)
        else Edit(each.start, each.end, addresses[each.path])
        for each in plan.places
    ]
    return _with_tokens(edited(plan.page.text, edits), plan.page.path)


def _with_tokens(text: str, page: str) -> str:
    """Links to a token's address, that a browser made whole by the page's own (`https://site/%7Bunsubscribe_url%7D`)."""
    if not _IN_THE_WEB.match(page) or len(page) > MAX_NAME:
        return text
    site = re.escape(page.partition("?")[0].rpartition("/")[0] + "/")
    return re.sub(rf"(\shref=[\"']){site}(?:%7B|\{{)([a-z]+_url)(?:%7D|\}})(?=[\"'])", r"\1{\2}", text)


def _addressed(places: list[_Picture], addresses: Mapping[str, str]) -> list[Edit]:
    return [Edit(each.start, each.end, addresses[each.path]) for each in places]


def _skip_script(plan: Plan, name: Scripted) -> None:
    path = plan.page.path_of(name.value, plan.page.path)
    if path is not None:
        plan.unfit[path] = NO_SCRIPTS
    elif not is_elsewhere(name.value) and len(plan.scripts) < MAX_MISSING:
        plan.scripts.setdefault(name.value, Skipped(name.value[:200], NO_SCRIPTS))


def _link(plan: Plan, link: Linked) -> None:
    path = plan.page.path_of(link.value, plan.page.path)
    if path is None:
        if not is_elsewhere(link.value):
            plan.missed(link.value, plan.page.text, link.start, plan.page.path)
        return
    sheet = _sheet(plan, path)
    if sheet is None:
        plan.missed(link.value, plan.page.text, link.start, plan.page.path)
        return
    plan.size += len(sheet.css)
    check_source(plan.size, MAX_SOURCE)
    plan.places.append(
        _Styles(link.start, link.end, path, f'<style media="{link.media}">' if link.media else "<style>")
    )


def _sheet(plan: Plan, path: str) -> Sheet | None:
    if path in plan.sheets or path in plan.unfit:
        return plan.sheets.get(path)
    read = read_sheet(plan.page.files[path])
    if isinstance(read, str):
        plan.unfit[path] = read
        return None
    plan.sheets[path] = read
    found = (plan.shown(name, read.css, path) for name in in_sheet(read.css))
    plan.inside[path] = [each for each in found if each is not None]
    return read
