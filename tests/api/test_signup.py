"""Sign-up forms as people meet them: filled in, confirmed, closed; and what the team is told of it."""

import re
from dataclasses import replace

import pytest

from chalicelib.work.forms import uses
from tests.api.furnished import CONSENT, FORM, WEEKLY, furnished, post
from tests.api.recipient_side import is_page

PAGE = f"/f/{FORM}"
ENTRY = {"address": "zoe@example.com", "firstname": "Zoë", "_consent": "1"}


@pytest.fixture
def home(side):
    return furnished(side)


def link(side) -> str:
    """In the last letter that went out, to confirm by."""
    values = side.world.transports.first.accepted[-1].envelope.values
    return next(found[0] for each in values if (found := re.search(r"/f/\w+/confirm/[\w-]+", each)))


def use(side):
    form = side.tables.shelves["forms"][FORM]
    return uses(side.world, [form])[FORM]


def closed(side) -> None:
    shelf = side.tables.shelves["forms"]
    shelf[FORM] = replace(shelf[FORM], active=False)


def test_the_page_asks_for_what_the_form_asks_for(home):
    body = home("GET", PAGE).body.decode()
    assert CONSENT in body
    assert 'name="firstname"' in body
    assert 'autocomplete="given-name"' in body


def test_entries_and_confirmations_are_counted_once_each(home):
    assert is_page(post(home, PAGE, ENTRY), "Look into your inbox")
    assert (use(home).asked, use(home).confirmed) == (1, 0)
    place = link(home)
    for _ in range(2):
        assert is_page(post(home, place), "You are subscribed")
    assert (use(home).asked, use(home).confirmed) == (1, 1)
    assert home.tables.members[WEEKLY]


def test_what_is_refused_counts_for_nothing(home):
    assert post(home, PAGE, ENTRY | {"address": "nobody"}).status == 422
    assert post(home, PAGE, {"address": "zoe@example.com", "firstname": "Zoë"}).status == 422
    assert use(home).asked == 0


def test_the_hour_has_its_cap_and_all_hours_one_sum(home):
    shelf = home.tables.shelves["forms"]
    shelf[FORM] = replace(shelf[FORM], per_hour=1)
    post(home, PAGE, ENTRY)
    assert post(home, PAGE, ENTRY | {"address": "max@example.com"}).status == 429
    home.parts.standing = replace(home.world, now=lambda: home.world.now() + 3_600_000)
    post(home, PAGE, ENTRY | {"address": "max@example.com"})
    assert (use(home).entries, use(home).asked) == (1, 2)


def test_a_closed_form_takes_nobody_and_says_so(home):
    closed(home)
    assert home("GET", PAGE).status == 410
    assert is_page(post(home, PAGE, ENTRY), "This form is closed")
    body, kind = b'{"address": "zoe@example.com", "consent": true}', {"content-type": "application/json"}
    answer = home("POST", PAGE, body=body, headers=kind)
    assert (answer.status, answer.error["code"]) == (410, "closed")
    assert use(home).asked == 0


def test_what_was_asked_before_it_closed_can_be_confirmed(home):
    post(home, PAGE, ENTRY)
    place = link(home)
    closed(home)
    assert is_page(post(home, place), "You are subscribed")
    assert use(home).confirmed == 1
