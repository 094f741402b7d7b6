"""The recipients' pages in Chromium, on a phone and on a desk: what people do there works without scripts, and axe-core
finds nothing wrong.
"""

import pytest

from tests.api.furnished import OFFERS, WEEKLY
from tests.api.recipient_side import CONTACT
from tests.browser.accessibility import violations
from tests.browser.recipient_steps import STEPS
from tests.browser.serving import DESKTOP, PHONE, opened, served, widest

SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
  .filter(each => !each.closest(".trap"))
  .map(each => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"""


@pytest.mark.parametrize(
    ("size", "scheme", "locale", "colour"),
    [
        pytest.param(PHONE, "light", "en", "#1f5f8b", id="phone"),
        pytest.param(PHONE, "dark", "fr", "#001133", id="phone, dark, a colour darker than the ground"),
        pytest.param(DESKTOP, "light", "de", "#ffee00", id="desktop, a colour that cannot be read on white"),
        pytest.param(DESKTOP, "dark", "es", "#c2410c", id="desktop, dark"),
    ],
)
def test_every_step_on_every_page(chromium, size, scheme, locale, colour):
    with served() as town, opened(chromium, size, scheme, locale, scripts=True) as context:
        town.look(colour=colour)
        page = context.new_page()
        for name, step in STEPS.items():
            step(page, town)
            assert violations(page) == [], name
            assert widest(page) <= size[0], f"{name} must not be scrolled sideways"
            assert page.evaluate(SMALL) == [], f"{name}: targets of 24 pixels (WCAG 2.2, 2.5.8)"
            assert page.locator("html").get_attribute("lang") == locale, name
            assert page.locator("h1").count() == 1, name
            if name in DONE:
                DONE[name](town.side)


def left_offers(side):
    assert side.tables.contacts[CONTACT.id].preferences.left == {OFFERS}


def left_nothing(side):
    assert side.tables.contacts[CONTACT.id].preferences.left == frozenset()


def chose(side):
    contact = side.tables.contacts[CONTACT.id]
    assert contact.lists == {WEEKLY}
    assert (contact.tracking, contact.preferences.most_per_week) == (False, 2)


def moved(side):
    assert side.tables.contacts[CONTACT.id].address == "new@example.com"


def signed_up(side):
    zoe = side.world.contacts.by_address(side.world.signer.hashed("address", "zoe@example.com"))
    contact = side.tables.contacts[zoe]
    assert (contact.consent, contact.fields["firstname"], contact.lists) == (True, "Zoë", {WEEKLY})


DONE = {
    "unsubscribed": left_offers,
    "undone": left_nothing,
    "saved": chose,
    "confirmed": moved,
    "signup-confirmed": signed_up,
}


def test_nothing_of_it_needs_scripts(chromium):
    with served() as town, opened(chromium, PHONE) as context:
        page = context.new_page()
        for name, step in STEPS.items():
            step(page, town)
            if name in DONE:
                DONE[name](town.side)
