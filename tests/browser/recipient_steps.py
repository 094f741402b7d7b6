"""What a person does on the pages, step by step; each leads to the page that its name says."""

import re
from collections.abc import Callable
from dataclasses import replace

from playwright.sync_api import Page

from chalicelib.model.token import UNTRACKED
from tests.api.furnished import FORM
from tests.api.recipient_side import TOKEN
from tests.browser.serving import Town


def unsubscribe(page: Page, town: Town) -> None:
    page.goto(f"{town.url}/u/{TOKEN}")
    page.locator("summary").click()


def unsubscribed(page: Page, _town: Town) -> None:
    page.locator("input[value=category]").check()
    page.locator("select").select_option("too_many")
    page.locator("textarea").fill("Once a week would do.")
    page.locator("button").click()


def undone(page: Page, _town: Town) -> None:
    page.locator("button").click()


def preferences(page: Page, _town: Town) -> None:
    page.locator("a.link").click()


def saved(page: Page, _town: Town) -> None:
    page.locator("input[name=list]").check()
    page.locator("input[name=tracking]").uncheck()
    page.locator("#most").select_option("2")
    page.locator("#pause").fill("2025-12-24")
    page.locator("form:has(#pause) button").click()


def address(page: Page, _town: Town) -> None:
    page.locator("#address").fill("new@example.com")
    page.locator("form:has(#address) button").click()


def confirmation(page: Page, town: Town) -> None:
    page.goto(town.url + link(town, r"/a/[\w-]+"))


def confirmed(page: Page, _town: Town) -> None:
    page.locator("button").click()


def forgetting(page: Page, town: Town) -> None:
    page.goto(f"{town.url}/p/{TOKEN}")
    page.locator("button[value=forget]").click()


def signup(page: Page, town: Town) -> None:
    page.goto(f"{town.url}/f/{FORM}")


def signed_up(page: Page, _town: Town) -> None:
    page.locator("#address").fill("zoe@example.com")
    page.locator("#field-firstname").fill("Zoë")
    page.locator("input[name=_consent]").check()
    page.locator("button").click()


def signup_confirmation(page: Page, town: Town) -> None:
    page.goto(town.url + link(town, r"/f/\w+/confirm/[\w-]+"))


def signup_confirmed(page: Page, _town: Town) -> None:
    page.locator("button").click()


def lost(page: Page, town: Town) -> None:
    page.goto(f"{town.url}/u/{TOKEN[:-4]}")


def tried(page: Page, town: Town) -> None:
    page.goto(f"{town.url}/u/{UNTRACKED}")


def closed(page: Page, town: Town) -> None:
    shelf = town.side.tables.shelves["forms"]
    shelf[FORM] = replace(shelf[FORM], active=False)
    page.goto(f"{town.url}/f/{FORM}")


def link(town: Town, form: str) -> str:
    """The path in the letter that went out last."""
    values = town.side.world.transports.first.accepted[-1].envelope.values
    return next(found[0] for each in values if (found := re.search(form, each)))


STEPS: dict[str, Callable[[Page, Town], None]] = {
    "unsubscribe": unsubscribe,
    "unsubscribed": unsubscribed,
    "undone": undone,
    "preferences": preferences,
    "saved": saved,
    "address": address,
    "confirmation": confirmation,
    "confirmed": confirmed,
    "forgetting": forgetting,
    "signup": signup,
    "signed-up": signed_up,
    "signup-confirmation": signup_confirmation,
    "signup-confirmed": signup_confirmed,
    "lost": lost,
    "tried": tried,
    "closed": closed,
}
