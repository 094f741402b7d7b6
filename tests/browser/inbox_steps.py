"""What people do with a letter that came: it is found in the simulator's inbox, and they sign in by it."""

from datetime import datetime

from playwright.sync_api import Page

from tests.browser.console_town import ConsoleTown

# How often one looks again: a look takes some tenths of a second.
LOOKS = 100
UNTIL = """until => new Promise(done => {
  const look = () => Date.now() > until ? done() : requestAnimationFrame(look);
  look();
})"""


def signed_in_by_letter(page: Page, town: ConsoleTown, address: str) -> None:
    """The link is asked for, found in the inbox, and followed there as people do: it opens another window."""
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_role("heading", name="Look into your inbox").wait_for()
    letter_to(page, town, address)
    with page.expect_popup() as opened:
        page.frame_locator("iframe").get_by_role("link", name="Sign in").first.click()
    page.goto(opened.value.url)
    opened.value.close()
    page.get_by_role("button", name="Sign in to the console").click()


def letter_to(page: Page, town: ConsoleTown, address: str, at_leisure: int = 0) -> None:
    """The newest letter to this address is opened, no sooner than so many milliseconds after it came. One waits for it
    as people do: by looking again.
    """
    newest = page.locator(".rows li").first
    for _ in range(LOOKS):
        page.goto(town.home.inbox_url)
        page.get_by_label("Part of a recipient's address").fill(address.lower())
        page.keyboard.press("Enter")
        page.wait_for_url("**/?q=*")
        if newest.is_visible():
            break
    came = datetime.fromisoformat(newest.locator("time").get_attribute("datetime") or "")
    page.evaluate(UNTIL, int(came.timestamp() * 1_000) + at_leisure)
    newest.get_by_role("link").click()
