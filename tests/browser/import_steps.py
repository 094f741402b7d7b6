"""Bringing a file of people into the console, step by step."""

from pathlib import Path

from playwright.sync_api import Page

from tests.browser.console_town import ConsoleTown

LINES = (
    "Courriel;Prénom;Pays;Achats",
    "zoe@example.org;Zoë;France;12",
    "max@example.org;Max;Belgique;3",
    "nobody;Eve;France;9",
)


def bring(page: Page, town: ConsoleTown, file: Path) -> None:
    """Chosen and looked at."""
    page.goto(f"{town.url}/console/contacts")
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("Choose a file").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    page.wait_for_url("**/console/imports/map?*")


def tried_and_imported(page: Page) -> None:
    page.get_by_label("What the column Achats fills").select_option("+")
    page.get_by_label("Name of the new field for Achats").fill("purchases")
    page.get_by_label("Tags for all of them").fill("from a file")
    page.get_by_role("button", name="Try it first").click()
    page.get_by_text("Nothing was written.").wait_for()
    trial = page.url
    page.get_by_role("button", name="Import now").click()
    page.wait_for_url(lambda url: url != trial)
    page.locator("#progress .badge", has_text="Finished").wait_for()
