"""What holds on every page of the console, in Chromium on a whole local Envoi."""

import pytest

from tests.browser.accessibility import violations
from tests.browser.console_pages import PAGES
from tests.browser.console_town import MOST_BYTES, signed_in, watch
from tests.browser.serving import DESKTOP, PHONE, widest

# Targets of 24 pixels (WCAG 2.2, 2.5.8), but for links in a sentence.
SMALL = """() => [...document.querySelectorAll("button, input, select, textarea, summary, nav a, a.button")]
  .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.closest(".unseen"))
  .map(each => [each.outerHTML.slice(0, 90), each.getBoundingClientRect()])
  .filter(([, box]) => (box.width < 24 || box.height < 24) && box.width > 0).map(([html]) => html)"""


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
