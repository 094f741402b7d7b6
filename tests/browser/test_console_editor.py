"""The editor in Chromium on a whole local Envoi: what is typed is never lost, whatever happens meanwhile."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations
from tests.browser.console_town import signed_in, watch
from tests.browser.serving import DESKTOP, PHONE, widest

HTML = "<p>Hello {contactfield=firstname|you}</p>\n<p>{unsubscribe_text}</p>"
NEW = {"kind": "segment", "name": "Spring", "subject": "Hello", "from_address": "letters@bakery.example", "html": HTML}


@pytest.fixture
def email(town):
    return town.client.post("/emails", NEW)["id"]


def edit(page, town, email):
    page.goto(f"{town.url}/console/emails/{email}/edit")
    return page


def read(town, email):
    return town.client.get(f"/emails/{email}")


def saved(page):
    expect(page.locator("#saving")).to_have_text("Saved")


def test_typing_is_saved_seen_and_published(desk, town, email):
    _, page = desk
    watching = watch(town)
    watching.on(page)
    edit(page, town, email)
    page.get_by_label("Subject", exact=False).first.fill("Fresh bread")
    saved(page)
    assert read(town, email)["subject"] == "Fresh bread"
    expect(page.locator("#preview .envelope")).to_contain_text("Fresh bread")
    page.locator("#html").fill("<p>Broken {contactfield=firstname</p>\n<p>{unsubscribe_text}</p>")
    expect(page.locator("#findings")).to_contain_text("This keeps it from being published")
    page.locator("#findings .place").first.click()
    expect(page.locator("#html")).to_be_focused()
    page.locator("#html").fill(HTML)
    saved(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#published")).to_contain_text("Published as version 1.")
    page.locator("#subject").fill("Fresher bread")
    saved(page)
    assert (read(town, email)["subject"], read(town, email)["revision"]) == ("Fresher bread", 1)
    assert (watching.strange, watching.said) == ([], [])


def test_the_first_press_of_a_button_behind_typing_counts_and_the_pre_flight_comes_with_publishing(desk, town, email):
    _, page = desk
    town.client.send("PATCH", f"/emails/{email}", json.dumps({"name": "A name as long as a line " * 6}).encode())
    edit(page, town, email)
    expect(page.get_by_role("button", name="Check every letter")).to_be_hidden()
    for round_ in range(1, 3):
        page.locator("#html").fill(HTML + "<p>More</p>" * round_)
        page.locator("#html").press("End")
        saved(page)
        page.get_by_role("button", name="Publish").click()
        expect(page.locator("#published")).to_contain_text(f"Published as version {round_}.")
    page.get_by_role("button", name="Check every letter").click()
    expect(page.locator("#flown")).to_contain_text("0 recipients")


def test_a_token_goes_in_where_the_cursor_is_by_keyboard_alone(desk, town, email):
    _, page = desk
    edit(page, town, email)
    page.locator("#subject").focus()
    page.keyboard.press("End")
    page.keyboard.type(", ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("first name")
    page.keyboard.press("Enter")
    expect(page.locator("#subject")).to_have_value("Hello, {contactfield=firstname}")
    expect(page.locator("#subject")).to_be_focused()
    saved(page)
    page.keyboard.press("Control+z")
    expect(page.locator("#subject")).to_have_value("Hello, ")


def test_a_lost_connection_loses_nothing(desk, town, email):
    context, page = desk
    edit(page, town, email)
    saved(page)
    context.set_offline(True)
    page.locator("#subject").fill("Typed in a tunnel")
    expect(page.locator("#saving")).to_contain_text("kept in this browser")
    assert read(town, email)["subject"] == "Hello"
    context.set_offline(False)
    saved(page)
    assert read(town, email)["subject"] == "Typed in a tunnel"


def test_nor_does_a_browser_that_was_closed_meanwhile(desk, town, email):
    context, page = desk
    edit(page, town, email)
    context.set_offline(True)
    page.locator("#html").fill("<p>Typed in a tunnel</p>")
    expect(page.locator("#saving")).to_contain_text("kept in this browser")
    page.close()
    context.set_offline(False)
    again = edit(context.new_page(), town, email)
    expect(again.locator("#alert")).to_contain_text("is back")
    saved(again)
    assert read(town, email)["html"] == "<p>Typed in a tunnel</p>"


def test_what_two_write_in_different_fields_is_merged(desk, town, email):
    _, page = desk
    edit(page, town, email)
    town.client.send("PATCH", f"/emails/{email}", json.dumps({"preheader": "Theirs"}).encode())
    page.locator("#subject").fill("Mine")
    saved(page)
    expect(page.locator("#preheader")).to_have_value("Theirs")
    expect(page.locator("#alert")).to_contain_text("Preheader")
    found = read(town, email)
    assert (found["subject"], found["preheader"]) == ("Mine", "Theirs")


@pytest.mark.parametrize(("choice", "kept"), [("Your text", "Mine"), ("The other text", "Theirs")])
def test_what_two_write_in_the_same_field_is_chosen(desk, town, email, choice, kept):
    context, page = desk
    edit(page, town, email)
    other = edit(context.new_page(), town, email)
    other.locator("#subject").fill("Theirs")
    saved(other)
    page.bring_to_front()
    page.locator("#subject").fill("Mine")
    dialog = page.locator("#conflict")
    expect(dialog).to_be_visible()
    expect(dialog.locator("pre")).to_have_text(["Mine", "Theirs"])
    assert violations(page) == []
    dialog.get_by_label(choice).first.check()
    page.get_by_role("button", name="Go on with these").click()
    expect(page.locator("#subject")).to_have_value(kept)
    saved(page)
    assert read(town, email)["subject"] == kept


def test_a_session_that_ended_is_begun_anew_and_nothing_is_lost(desk, town, email):
    context, page = desk
    edit(page, town, email)
    context.clear_cookies(name="envoi_session")
    page.locator("#subject").fill("Typed after the end")
    expect(page.locator("#ended")).to_be_visible()
    assert violations(page) == []
    other = context.new_page()
    town.sign_in(other)
    page.bring_to_front()
    page.get_by_role("button", name="Go on").click()
    saved(page)
    assert read(town, email)["subject"] == "Typed after the end"


def kept(page):
    """What this browser keeps, as it stands there."""
    return page.evaluate("Object.values(localStorage).join()")


def sign_in_as_another(page, town):
    found = [each for each in town.client.pages("/members") if each["address"] == "another@bakery.example"]
    member = {"address": "another@bakery.example", "name": "Another", "role": "editor"}
    other = found[0] if found else town.client.post("/members", member)
    page.goto(town.client.post(f"/members/{other['id']}/link", {})["url"] + "#now")
    page.wait_for_url("**/console")


def test_what_waits_in_a_shared_browser_is_for_whoever_typed_it(desk, town, email):
    context, page = desk
    edit(page, town, email)
    context.set_offline(True)
    page.locator("#subject").fill("For my eyes")
    expect(page.locator("#saving")).to_contain_text("kept in this browser")
    page.wait_for_function("Object.keys(localStorage).length")
    assert "For my eyes" not in kept(page)
    page.close()
    context.set_offline(False)
    context.clear_cookies(name="envoi_session")
    other = context.new_page()
    sign_in_as_another(other, town)
    edit(other, town, email)
    saved(other)
    expect(other.locator("#subject")).to_have_value("Hello")
    expect(other.locator("#alert")).to_be_hidden()
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/sign-in")
    town.sign_in(other)
    edit(other, town, email)
    expect(other.locator("#alert")).to_contain_text("is back")
    saved(other)
    assert (read(town, email)["subject"], kept(other)) == ("For my eyes", "")


def test_what_one_typed_is_not_saved_as_another(desk, town, email):
    context, page = desk
    edit(page, town, email)
    context.clear_cookies(name="envoi_session")
    other = context.new_page()
    sign_in_as_another(other, town)
    page.bring_to_front()
    page.locator("#subject").fill("Typed by the first")
    expect(page.locator("#ended")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#still-ended")).to_contain_text("Somebody else is signed in here now")
    assert read(town, email)["subject"] == "Hello"
    context.clear_cookies(name="envoi_session")
    town.sign_in(other)
    page.bring_to_front()
    page.get_by_role("button", name="Go on").click()
    saved(page)
    assert read(town, email)["subject"] == "Typed by the first"


def test_whoever_signs_out_at_once_has_saved(desk, town, email):
    _, page = desk
    edit(page, town, email)
    page.locator("#subject").fill("The last words")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert (read(town, email)["subject"], kept(page)) == ("The last words", "")
    page.go_back()
    expect(page.get_by_label("Your e-mail address")).to_be_visible()


def test_what_cannot_be_taken_is_said_at_its_field(desk, town, email):
    _, page = desk
    edit(page, town, email)
    page.locator("#from_address").fill("nobody")
    page.locator("#preheader").fill("Kept all the same")
    expect(page.locator("#saving")).to_contain_text("Not all of it")
    expect(page.locator("#from_address-wrong")).to_be_visible()
    assert read(town, email)["preheader"] == "Kept all the same"
    page.locator("#from_address").fill("shop@bakery.example")
    saved(page)
    expect(page.locator("#from_address-wrong")).to_be_hidden()


def test_dynamic_content_is_made_by_clicks(desk, town, email):
    _, page = desk
    edit(page, town, email)
    page.locator("summary", has_text="Dynamic content").click()
    page.get_by_role("button", name="Add a block").click()
    page.get_by_label("Name", exact=True).first.fill("Offer")
    page.get_by_label("For everybody else").fill("<p>All</p>")
    page.get_by_role("button", name="Add a variation").click()
    page.get_by_label("For whom").fill("country is FR")
    page.locator(".variation [data-part=html]").fill("<p>France</p>")
    saved(page)
    [block] = read(town, email)["blocks"]
    assert (block["name"], block["html"], block["variations"][0]["html"]) == ("Offer", "<p>All</p>", "<p>France</p>")


def test_the_preview_is_of_anybody_narrow_and_dark(desk, town, email):
    _, page = desk
    edit(page, town, email)
    page.locator("summary", has_text="somebody made up").click()
    page.locator("#made-firstname").fill("Zoë")
    page.locator("#made-firstname").press("Enter")
    expect(page.frame_locator("iframe.letter").locator("p").first).to_have_text("Hello Zoë")
    page.get_by_role("button", name="Phone").click()
    assert page.locator("iframe.letter").evaluate("each => each.clientWidth") == 375
    page.locator("[data-scheme=dark]").click()
    expect(page.locator("iframe.letter")).to_have_attribute("src", re.compile("scheme=dark"))


def test_the_preview_is_not_lost_behind_the_search_for_whom(desk, town, email):
    _, page = desk
    watching = watch(town)
    watching.on(page)
    edit(page, town, email)
    expect(page.locator("#preview .envelope")).to_be_visible()
    with page.expect_response(lambda answer: "/edit/whom" in answer.url):
        page.locator("#whom").fill("nobody-there@example.com")
        page.locator("#whom").press("Enter")
    expect(page.locator("#preview")).to_contain_text("nobody-there@example.com")
    assert watching.said == []


def test_a_test_letter_is_sent(desk, town, email):
    _, page = desk
    edit(page, town, email)
    page.get_by_role("button", name="Send a test").click()
    page.locator("#to").fill("me@example.org")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#tested")).to_contain_text("Sent")


def test_an_e_mail_begins_with_a_theme(desk, town):
    _, page = desk
    page.goto(f"{town.url}/console/emails/new")
    page.get_by_role("link", name="Welcome First steps").click()
    page.get_by_label("Name").first.fill("From a theme")
    page.get_by_label("Subject").fill("Come in")
    page.get_by_label("From (address)").fill("letters@bakery.example")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile("/edit$"))
    expect(page.frame_locator("iframe.letter").locator("h1")).to_contain_text("Good to have you here")


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")])
def test_every_dialog_and_drawer_is_for_everybody(chromium, town, email, size, scheme):
    with signed_in(chromium, town, size, scheme) as (_, page):
        edit(page, town, email)
        for each in page.locator("main details > summary").all():
            each.click()
        assert violations(page) == []
        assert widest(page) <= size[0]
        for opener in ("[data-picks=html]", "[data-opens=trying]"):
            page.locator(opener).click()
            assert violations(page) == [], opener
            assert widest(page) <= size[0], opener
            page.keyboard.press("Escape")


def build(page, town, email):
    page.goto(f"{town.url}/console/emails/{email}/builder")
    page.locator(".builder[data-ready=yes]").wait_for()
    return page


@pytest.fixture
def blank(town):
    return town.client.post("/emails", NEW | {"html": ""})["id"]


def test_a_letter_is_built_by_pressing_blocks_and_published(desk, town, blank):
    _, page = desk
    watching = watch(town)
    watching.on(page)
    build(page, town, blank)
    page.locator("[data-block=mj-button]").press("Enter")
    page.locator("#words").fill("Order the rye")
    page.get_by_role("button", name="Contact field").click()
    saved(page)
    mjml = read(town, blank)["mjml"]
    assert mjml.index("Order the rye") < mjml.index("{contactfield=firstname|")
    assert "{unsubscribe_text}" in mjml
    assert (watching.strange, watching.said) == ([], [])
    page.get_by_role("link", name="Back to the editor").click()
    expect(page.frame_locator("iframe.letter").get_by_text("Order the rye")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#published")).to_contain_text("Published as version 1.")


def test_a_block_is_dragged_to_where_it_is_let_go(desk, town, blank):
    """Behind the words over whose lower half it is let go, once GrapesJS has said that it would come there."""
    _, page = desk
    build(page, town, blank)
    block = page.locator("[data-block=mj-divider]")
    words = page.frame_locator("iframe[title='The letter']").get_by_text("Write what you want")
    block.scroll_into_view_if_needed()
    words.scroll_into_view_if_needed()
    begin, end = block.bounding_box(), words.bounding_box()
    page.mouse.move(begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] / 2)
    page.mouse.down()
    there = (end["x"] + end["width"] / 2, end["y"] + end["height"] * 0.8)
    place = page.locator(".gjs-placeholder").filter(visible=True)
    for step in range(40):
        page.mouse.move(there[0] + step % 2, there[1])
        if place.count():
            break
    expect(place).to_have_count(1)
    with page.expect_request(lambda asked: "mj-divider" in (asked.post_data or "")):
        page.mouse.up()
    saved(page)
    mjml = read(town, blank)["mjml"]
    assert mjml.index("Write what you want") < mjml.index("<mj-divider") < mjml.index("<mj-button")


def test_what_is_chosen_is_moved_doubled_and_taken_out_by_keyboard(desk, town, blank):
    _, page = desk
    build(page, town, blank)
    page.locator("#outline").get_by_role("button", name="Text").first.press("Enter")
    page.get_by_role("button", name="Down").press("Enter")
    saved(page)
    mjml = read(town, blank)["mjml"]
    assert mjml.index("Write what you want") < mjml.index("A heading")
    page.get_by_role("button", name="Duplicate").press("Enter")
    saved(page)
    assert read(town, blank)["mjml"].count("A heading") == 2
    page.get_by_role("button", name="Remove").press("Enter")
    page.get_by_role("button", name="Undo").press("Enter")
    page.get_by_role("button", name="Undo").press("Enter")
    saved(page)
    assert read(town, blank)["mjml"].count("A heading") == 1


def test_what_is_built_is_not_lost_either(desk, town, blank):
    context, page = desk
    build(page, town, blank)
    saved(page)
    context.set_offline(True)
    page.locator("[data-block=mj-button]").click()
    page.locator("#words").fill("Built in a tunnel")
    expect(page.locator("#saving")).to_contain_text("kept in this browser")
    context.set_offline(False)
    saved(page)
    assert "Built in a tunnel" in read(town, blank)["mjml"]


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_the_builder_is_for_everybody(chromium, town, blank, size, scheme):
    with signed_in(chromium, town, size, scheme) as (_, page):
        build(page, town, blank)
        page.locator("[data-block=mj-text]").click()
        assert violations(page) == []
        assert widest(page) <= size[0]


def test_what_is_built_takes_the_place_of_html(desk, town, email):
    _, page = desk
    page.goto(f"{town.url}/console/emails/{email}/builder")
    page.get_by_role("link", name="Begin in the builder").click()
    page.locator(".builder[data-ready=yes]").wait_for()
    page.locator("[data-block=mj-text]").click()
    saved(page)
    found = read(town, email)
    assert (found["html"], found["mjml"][:6]) == ("", "<mjml>")


def test_of_html_and_mjml_one_is_chosen(desk, town, email):
    _, page = desk
    edit(page, town, email)
    page.get_by_role("tab", name="MJML").click()
    mjml = "<mjml><mj-body><mj-section><mj-column><mj-text>Hello</mj-text></mj-column></mj-section></mj-body></mjml>"
    page.locator("#mjml").fill(mjml)
    expect(page.locator("#both")).to_be_visible()
    expect(page.locator("#saving")).to_contain_text("Not all of it")
    page.get_by_role("button", name="Take the HTML out").click()
    saved(page)
    assert (read(town, email)["html"], read(town, email)["mjml"]) == ("", mjml)


def test_versions_are_compared_and_brought_back(desk, town, email):
    _, page = desk
    town.client.post(f"/emails/{email}/publish", {})
    town.client.send("PATCH", f"/emails/{email}", json.dumps({"html": HTML.replace("Hello", "Good day")}).encode())
    edit(page, town, email)
    page.locator(".also summary").click()
    page.get_by_role("link", name="Versions").click()
    expect(page.locator(".diff tr.in .what")).to_contain_text("Good day")
    assert violations(page) == []
    page.get_by_role("button", name="Bring back").click()
    page.get_by_role("dialog").get_by_role("button", name="Bring back").click()
    page.wait_for_url(re.compile("/edit$"))
    assert read(town, email)["html"] == HTML
