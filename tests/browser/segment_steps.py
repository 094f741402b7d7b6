"""Clicking a live segment together in the console."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from tests.browser.console_town import ConsoleTown


def built(page: Page, town: ConsoleTown) -> None:
    """From the file, and at least ten purchases or from Belgium; by the keyboard alone."""
    page.goto(f"{town.url}/console/segments")
    page.get_by_role("link", name="New live segment").press("Enter")
    page.get_by_label("Name", exact=True).fill("Buyers")
    row = page.locator("#builder .row")
    chosen(page, "n2-field", "tags")
    chosen(page, "n2-operator", "=")
    page.locator("#n2-value").fill("from a file")
    with rebuilt(page):
        page.get_by_role("button", name="Add a group").press("Enter")
    row.nth(1).wait_for()
    chosen(page, "n4-field", "purchases")
    chosen(page, "n4-operator", "gte")
    page.locator("#n4-value").fill("10")
    with rebuilt(page):
        page.locator("#row-n3").press("Enter")
    row.nth(2).wait_for()
    chosen(page, "n5-field", "country")
    chosen(page, "n5-operator", "contains")
    page.locator("#n5-value").press_sequentially("Belg")


def chosen(page: Page, select: str, value: str) -> None:
    with rebuilt(page):
        page.locator(f"#{select}").select_option(value)


@contextmanager
def rebuilt(page: Page) -> Iterator[None]:
    """What is done within has the builder come anew; before htmx has settled it, nothing in it answers."""
    with page.expect_response("**/console/segments/builder"):
        yield
    page.locator(".htmx-request, .htmx-swapping, .htmx-settling").first.wait_for(state="detached")
