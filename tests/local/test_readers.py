from __future__ import annotations

import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.inbox import Copy
from local.readers import Deed, Done, deeds_of, several_hands

URL = "http://127.0.0.1:9"
HTML = f"""<a href="{URL}/c/tok-en_1/0">a</a><a href="{URL}/c/tok-en_1/1?u=x&amp;s=1.m">b</a>
<a href="{URL}/c/tok-en_1/0">again</a><a href="{URL}/u/tok-en_1">leave</a><img src="{URL}/o/tok-en_1" width="1">"""


def copy(message: str, **more: object) -> Copy:
    parts = {"provider_id": "p", "to": "a@example.com", "html": HTML, "text": "", "fate": "delivered"}
    headers = {"list-unsubscribe": f"<{URL}/u/tok-en_1>, <mailto:x@example.com>"}
    return Copy(**({"message": message, "headers": headers} | parts | more))


def test_the_addresses_are_those_in_the_mail():
    mail = copy("c_f")
    assert mail.pixel == "/o/tok-en_1"
    assert mail.clicks == ["/c/tok-en_1/0", "/c/tok-en_1/1?u=x&s=1.m"]
    assert mail.one_click == mail.unsubscribe == "/u/tok-en_1"
    assert (mail.contact, mail.family) == ("c", "f")


def test_a_single_sending_is_left_by_the_page_that_it_links_to():
    mail = copy("c_f_s", headers={})
    assert (mail.one_click, mail.unsubscribe) == (None, "/u/tok-en_1")


def test_a_mail_without_any_address_is_only_read():
    assert list(deeds_of(copy("c_f", html="<p>nothing</p>", headers={}))) == []


def test_about_a_third_open_and_eight_in_a_hundred_click():
    deeds = [list(deeds_of(copy(f"{number:016d}_f"))) for number in range(5_000)]
    kinds = Counter(kind for each in deeds for kind in {deed.kind for deed in each})
    assert 0.33 < kinds["opened"] / 5_000 < 0.37
    assert 0.07 < kinds["clicked"] / 5_000 < 0.09
    assert 0 < kinds["unsubscribed"] / 5_000 < 0.02


@given(st.text(alphabet="0123456789abcdefghijklmnopqrstuv", min_size=16, max_size=16))
def test_who_clicks_has_opened_and_does_the_same_every_time(contact):
    first = list(deeds_of(copy(f"{contact}_f")))
    assert first == list(deeds_of(copy(f"{contact}_f")))
    kinds = {deed.kind for deed in first}
    assert not kinds & {"clicked", "unsubscribed"} or "opened" in kinds


def test_deeds_are_counted_once_and_every_time():
    done = Done([Deed("opened", "a", "/o"), Deed("opened", "a", "/o"), Deed("clicked", "b", "/c")], [])
    assert (done.count("opened"), done.unique("opened"), done.count("clicked"), done.unique("clicked")) == (2, 1, 1, 1)


def test_an_early_end_drops_what_was_not_begun():
    begun, gate = [], threading.Event()

    def deed(number):
        begun.append(number)
        gate.wait(10)

    def interrupted():
        with several_hands() as hands:
            futures = [hands.submit(deed, number) for number in range(100)]
            threading.Timer(0.05, gate.set).start()
            assert futures
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(begun) < 100
