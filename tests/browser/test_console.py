"""The console in Chromium on a whole local Envoi: what people do there, and what holds on every page of it."""

import pytest

from tests.browser.console_pages import PAGES
from tests.browser.console_town import MOST_BYTES, console_town, signed_in, watch
from tests.browser.road_steps import signed_in_by_letter
from tests.browser.serving import CHROMIUM, DESKTOP, PHONE, browser, opened, widest
from tests.browser.test_recipient_pages import violations

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is missing: apt-get install chromium")

# Targets of 24 pixels (WCAG 2.2, 2.5.8), but for links in a sentence.
SMALL = """() => [...document.querySelectorAll("button, input, select, textarea, summary, nav a, a.button")]
  .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.closest(".unseen"))
  .map(each => [each.outerHTML.slice(0, 90), each.getBoundingClientRect()])
  .filter(([, box]) => (box.width < 24 || box.height < 24) && box.width > 0).map(([html]) => html)"""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    with console_town(tmp_path_factory.mktemp("console")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium():
    with browser() as running:
        yield running


LOOKS = [
    pytest.param(DESKTOP, "light", "en", id="desktop, light, English"),
    pytest.param(PHONE, "dark", "fr", id="phone, dark, French"),
]


@pytest.mark.parametrize(("size", "scheme", "locale"), LOOKS)
def test_what_holds_on_every_page(chromium, town, size, scheme, locale):
    with signed_in(chromium, town, size, scheme, locale) as (_, page):
        watching = watch(town)
        watching.on(page)
        for name, path in PAGES.items():
            watching.clear()
            page.goto(town.place(path), wait_until="networkidle")
            assert watching.strange == [], f"{name} asks nobody else"
            assert [each for each in watching.said if "status of 404" not in each] == [], (
                f"{name}: the browser's console"
            )
            assert watching.weight(page) < MOST_BYTES, f"{name} is too heavy"
            assert violations(page) == [], name
            assert widest(page) <= size[0], f"{name} must not be scrolled sideways"
            assert page.evaluate(SMALL) == [], f"{name}: targets"
            assert page.locator("html").get_attribute("lang") == locale, name
            assert page.locator("h1").count() == 1, name


def test_signing_in_by_a_letter_and_out_again(chromium, town):
    town.client.post("/members", {"address": "ann@example.org", "name": "Ann", "role": "viewer"})
    with opened(chromium, DESKTOP, scripts=True) as context:
        page = context.new_page()
        page.goto(f"{town.url}/console/emails")
        signed_in_by_letter(page, town, "Ann@example.org")
        page.wait_for_url("**/console/emails")
        assert page.get_by_text("Ann").first.is_visible()
        assert page.get_by_role("link", name="Members").count() == 0, "a viewer"
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/console/sign-in")


def test_the_keyboard_goes_all_the_way(chromium, town):
    """The skip link first; then into a member's form, and saved by Enter."""
    with signed_in(chromium, town, DESKTOP) as (_, page):
        page.goto(town.place("/console/members"))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id || location.hash") in ("main", "#main")
        page.get_by_label("Address").focus()
        page.keyboard.type("bea@example.org")
        page.keyboard.press("Enter")
        page.get_by_text("bea@example.org may sign in now.").wait_for()


def test_the_look_is_chosen_and_kept(chromium, town):
    with signed_in(chromium, town, DESKTOP) as (context, page):
        page.get_by_role("button", name="Dark").click()
        page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
        page.get_by_role("button", name="FR").click()
        page.get_by_role("heading", name="Vue d\N{RIGHT SINGLE QUOTATION MARK}ensemble").wait_for()
        assert {"envoi_theme", "envoi_language", "envoi_session"} <= {each["name"] for each in context.cookies()}
