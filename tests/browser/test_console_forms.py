"""Forms of the console in Chromium on a whole local Envoi: without a connection, or behind the end of a session,
nothing that was typed is lost, a message says what happened, and one goes on where one was.
"""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser import segment_steps
from tests.browser.accessibility import violations
from tests.browser.serving import PHONE, widest


def contact(page, town):
    page.goto(town.place("/console/contacts/{contact}"))
    return page.locator("#stage"), page.get_by_role("button", name="Save").first


def segment(page, town):
    page.goto(town.place("/console/segments/new"))
    segment_steps.chosen(page, "n2-field", "points")
    segment_steps.chosen(page, "n2-operator", "gte")
    page.locator("#n2-value").fill("3")
    return page.locator("#name"), page.get_by_role("button", name="Create the segment")


def broadcast(page, town):
    page.goto(town.place("/console/emails/{notice}/broadcast"))
    page.locator("[name=when][value=at]").check()
    return page.locator("#at"), page.get_by_role("button", name="Check it")


def settings(page, town):
    page.goto(town.place("/console/settings"))
    return page.locator("#name"), page.get_by_role("button", name="Save").last


FORMS = [contact, segment, broadcast, settings]


def words_for(form):
    soon = datetime.now(UTC) + timedelta(days=3)
    return f"{soon:%Y-%m-%dT%H:%M}" if form is broadcast else "Typed in a tunnel"


def went_on(page, here, field, words):
    """The form was taken: another page, or this one with what was typed."""
    if "/segments/new" in here or "/broadcast" in here:
        page.wait_for_url(lambda url: url != here)
    else:
        expect(page.locator("main .told.good")).to_contain_text("Saved")
        expect(field).to_have_value(words)


@pytest.mark.parametrize("form", FORMS)
def test_without_a_connection_a_form_stays_and_says_so(desk, town, form):
    context, page = desk
    (field, button), words = form(page, town), words_for(form)
    field.fill(words)
    here = page.url
    context.set_offline(True)
    button.click()
    expect(page.get_by_role("alert").filter(has_text="there is no connection")).to_be_visible()
    expect(field).to_have_value(words)
    assert page.url == here
    assert violations(page) == []
    context.set_offline(False)
    button.click()
    expect(page.locator("#unsent")).to_be_hidden()
    went_on(page, here, field, words)


@pytest.mark.parametrize("form", FORMS)
def test_behind_the_end_of_a_session_one_goes_on_where_one_was(phone, town, form):
    context, page = phone
    (field, button), words = form(page, town), words_for(form)
    here = page.url
    context.clear_cookies(name="envoi_session")
    field.fill(words)
    if not page.locator("#ended").is_visible():
        button.click()
    expect(page.locator("#ended")).to_be_visible()
    assert violations(page) == []
    assert widest(page) <= PHONE[0]
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#still-ended")).to_have_text("You are not signed in yet.")
    expect(field).to_have_value(words)
    with page.expect_popup() as other:
        page.get_by_role("link", name="Sign in").click()
    expect(other.value.get_by_role("heading", name="Sign in")).to_be_visible()
    town.sign_in(other.value)
    other.value.close()
    page.bring_to_front()
    if page.locator("#ended").is_visible():
        page.get_by_role("button", name="Go on").click()
    expect(page.locator("#ended")).to_be_hidden()
    went_on(page, here, field, words)


def test_what_a_builder_could_not_ask_is_asked_again(desk, town):
    context, page = desk
    page.goto(town.place("/console/segments/new"))
    context.set_offline(True)
    page.locator("#n2-field").select_option("points")
    expect(page.get_by_text("this page goes on by itself")).to_be_visible()
    context.set_offline(False)
    page.locator("#n2-operator").wait_for()
    expect(page.get_by_text("this page goes on by itself")).to_be_hidden()
    expect(page.locator("#n2-field")).to_have_value("points")
