"""What a new user does from signing in to the numbers, step by step: each begins where the last one ended."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from chalicelib.model.labelling import SOON
from tests.browser import import_steps, segment_steps
from tests.browser.console_town import ConsoleTown
from tests.browser.inbox_steps import LOOKS, letter_to

TAG = "spring fair"
LIVE_MS = 60_000
# Events are told in milliseconds, the inbox in seconds.
A_SECOND = 1_000


def imported(page: Page, town: ConsoleTown, file: Path, lines: int) -> None:
    """Brought, mapped, and watched to its end."""
    import_steps.bring(page, town, file)
    page.get_by_label("What the column Shop fills").select_option("+")
    page.get_by_label("Name of the new field for Shop").fill("shop")
    page.get_by_label("Tags for all of them").fill(TAG)
    with page.expect_response("**/progress*"):
        page.get_by_role("button", name="Import now").click()
    page.locator("#progress .badge", has_text="Finished").wait_for(timeout=LIVE_MS)
    expect(page.locator("#progress dt", has_text="New").locator("+ dd")).to_have_text(str(lines))


def segment_of(page: Page, town: ConsoleTown, name: str, shop: str) -> None:
    """From the file, and of this shop: by clicks, until its members are there."""
    page.goto(f"{town.url}/console/segments")
    page.get_by_role("link", name="New live segment").click()
    page.get_by_label("Name", exact=True).fill(name)
    segment_steps.chosen(page, "n2-field", "tags")
    segment_steps.chosen(page, "n2-operator", "=")
    page.locator("#n2-value").fill(TAG)
    with segment_steps.rebuilt(page):
        page.get_by_role("button", name="Add a condition").click()
    segment_steps.chosen(page, "n3-field", "shop")
    segment_steps.chosen(page, "n3-operator", "=")
    page.locator("#n3-value").fill(shop)
    expect(page.locator("#found .sentence")).to_have_text(f"Tags is {TAG} and shop is {shop}", timeout=LIVE_MS)
    page.get_by_role("button", name="Create the segment").click()


def begun_with_a_theme(page: Page, town: ConsoleTown, name: str) -> None:
    page.goto(f"{town.url}/console/emails")
    page.get_by_role("link", name="New e-mail").click()
    page.get_by_role("link", name="Stories Several").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Subject").fill("The fair is on Saturday")
    page.get_by_label("From (address)").fill("fair@bakery.example")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile("/edit$"))


def built(page: Page, where: str) -> None:
    """The theme stands in the builder as blocks: words of one are changed, and a button that leads there comes in."""
    page.get_by_role("link", name="Open the builder").click()
    page.locator(".builder[data-ready=yes]").wait_for()
    page.frame_locator("iframe[title='The letter']").get_by_role("heading", name="The first story").click()
    page.locator("#words").fill("<h2>We bake in the open</h2>")
    page.locator("[data-block=mj-button]").click()
    page.locator("#words").fill("Come to the fair")
    page.get_by_label("Address of the link").fill(where)
    page.get_by_label("Address of the link").press("Tab")
    expect(page.locator("#saving")).to_have_text("Saved")
    page.get_by_role("link", name="Back to the editor").click()
    expect(page.frame_locator("iframe.letter").get_by_role("link", name="Come to the fair")).to_be_visible()


def tried_and_published(page: Page, town: ConsoleTown, to: str, segment: str) -> None:
    """A test letter arrives; then it is published for the segment, and its own page is open."""
    page.get_by_role("button", name="Send a test").click()
    page.locator("#to").fill(to)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#tested")).to_contain_text("Sent")
    page.get_by_role("button", name="Close").click()
    page.locator("#segments").get_by_label(segment).check()
    expect(page.locator("#saving")).to_have_text("Saved")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#published")).to_contain_text("Published as version 1.")
    editor = page.url
    letter_to(page, town, to)
    page.frame_locator("iframe").get_by_role("heading", name="We bake in the open").wait_for()
    page.goto(editor.removesuffix("/edit"))


def broadcast_to(page: Page, segment: str, number: int, left_out: str = "") -> None:
    """From the e-mail's page: chosen, checked, confirmed by its number and no other, watched to its end."""
    page.get_by_role("link", name="Broadcast \N{HORIZONTAL ELLIPSIS}").click()
    expect(page.locator("#segments").get_by_label(segment)).to_be_checked()
    page.get_by_role("button", name="Check it").click()
    asked = page.get_by_label(f"Type {number} to confirm")
    asked.fill("1", timeout=LIVE_MS)
    assert page.locator("#report small").get_by_text(left_out).count() or not left_out
    page.get_by_role("button", name=f"Send to {number} people").click()
    page.get_by_role("alert").wait_for()
    asked.fill(str(number))
    page.get_by_role("button", name=f"Send to {number} people").click()
    page.wait_for_url("**/console/broadcasts/*")
    page.locator("#live .badge", has_text="Finished").wait_for(timeout=LIVE_MS)
    assert figure(page, "Sent") == str(number)


def clicked_in(page: Page, town: ConsoleTown, address: str) -> None:
    """The letter is opened and its button pressed, not before people do: whoever is quicker is a machine."""
    letter_to(page, town, address, SOON["clicked"] + A_SECOND)
    with page.expect_popup() as opened:
        page.frame_locator("iframe").get_by_role("link", name="Come to the fair").click()
    opened.value.wait_for_url(town.home.inbox_url)
    opened.value.close()


def figure(page: Page, name: str) -> str:
    """The first words of a figure: its number."""
    return page.locator(".figures dt", has_text=name).locator("+ dd").inner_text().split("\n")[0]


@dataclass
class Figures:
    """An e-mail's page, asked again until it shows these."""

    page: Page
    address: str

    @property
    def email(self) -> str:
        return self.address.rpartition("/")[2]

    def come_to(self, **wanted: str) -> None:
        expected = {name.capitalize(): value for name, value in wanted.items()}
        for _ in range(LOOKS):
            self.page.goto(self.address)
            if {name: figure(self.page, name) for name in expected} == expected:
                return
            self.page.wait_for_load_state("networkidle")
        assert {name: figure(self.page, name) for name in expected} == expected


def unsubscribed_by(page: Page, town: ConsoleTown, address: str) -> None:
    letter_to(page, town, address)
    with page.expect_popup() as opened:
        page.frame_locator("iframe").get_by_role("link", name="Unsubscribe").click()
    leaving: Page = opened.value
    leaving.get_by_role("button", name="Unsubscribe").click()
    leaving.get_by_role("heading", name="You are unsubscribed").wait_for()
    leaving.close()


def copied(page: Page, name: str) -> None:
    """From the e-mail's page to that of its published copy."""
    page.get_by_role("link", name="Edit").click()
    page.locator(".also summary").click()
    page.get_by_role("link", name="Translations, A/B test, copy").click()
    page.get_by_label("Name", exact=False).last.fill(name)
    page.get_by_role("button", name="Copy this e-mail").click()
    page.wait_for_url(re.compile("/edit$"))
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#published")).to_contain_text("Published as version 1.")
    page.get_by_role("link", name="To the e-mail\N{RIGHT SINGLE QUOTATION MARK}s page").click()
