"""The console in Chromium on a whole local Envoi: what people do there."""

import re

from local.inbox import Inbox
from tests.browser.console_town import put_to_test, signed_in
from tests.browser.inbox_steps import signed_in_by_letter
from tests.browser.serving import DESKTOP, opened


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
        page.locator("html[data-theme=dark]").wait_for(state="attached")
        page.get_by_role("button", name="FR").click()
        page.get_by_role("heading", name="Vue d\N{RIGHT SINGLE QUOTATION MARK}ensemble").wait_for()
        assert {"envoi_theme", "envoi_language", "envoi_session"} <= {each["name"] for each in context.cookies()}


def test_a_form_is_made_pasted_elsewhere_filled_in_and_confirmed(chromium, town):
    """By somebody who reads French, from the snippet as it is copied; the team sees what came of it."""
    with signed_in(chromium, town, DESKTOP) as (context, page):
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("link", name="Sign-up and preferences").click()
        page.get_by_role("link", name="New form").click()
        page.locator("#name").fill("Foot of the blog")
        page.locator("#from_address").fill("rose@bakery.example")
        page.get_by_label("Readers of the letter").check()
        page.get_by_label("Field 1").select_option("firstname")
        page.locator('[id="texts.en.consent"]').fill("Yes, send me the news.")
        page.locator("summary", has_text="Français").click()
        page.locator('[id="texts.fr.consent"]').fill("Oui, écrivez-moi.")
        page.get_by_role("button", name="Make the form").click()
        page.get_by_role("heading", name="Foot of the blog").wait_for()
        page.get_by_role("link", name="Français").click()
        page.get_by_role("button", name="Copy Snippet").click()
        page.get_by_role("button", name="Copied").wait_for()
        shown, snippet = page.url, page.evaluate("navigator.clipboard.readText()")
        page.set_content(f"<h1>A blog</h1>{snippet}")
        page.get_by_label("Adresse e-mail").fill("zoe@blog.example")
        page.get_by_label("firstname").fill("Zoë")
        page.get_by_label("Oui, écrivez-moi.").check()
        page.get_by_role("button").click()
        page.get_by_role("heading", name="Consultez votre boîte").wait_for()
        letter = next(each for each in Inbox(town.home.ses_url).copies() if each.to == "zoe@blog.example")
        page.goto(re.search(r"http\S+/confirm/[\w-]+", letter.text)[0])
        page.get_by_role("button").click()
        page.goto(shown)
        figures = page.locator(".figures dd")
        assert [each.partition("\n")[0] for each in figures.all_inner_texts()] == ["1", "1"]


def test_an_export_is_begun_watched_and_fetched(chromium, town):
    with signed_in(chromium, town, DESKTOP) as (_, page):
        page.get_by_role("link", name="Contacts", exact=True).click()
        page.get_by_role("link", name="Export", exact=True).click()
        page.get_by_label("Of one segment").select_option("Readers of the letter")
        page.get_by_role("button", name="Export").click()
        page.locator("#progress .badge", has_text="Finished").wait_for()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download the file").click()
        table = download.value.path().read_text("utf-8-sig").splitlines()
        rows = page.locator(".figures dd").first.inner_text()
        assert len(table) - 1 == int(rows) > 100
        assert table[0].startswith("address,id,")


def test_the_preview_of_the_preferences_page_follows_what_is_typed(chromium, town):
    with signed_in(chromium, town, DESKTOP) as (_, page):
        page.goto(town.place("/console/preferences"))
        looked_at = page.frame_locator("[name=looked-at]")
        looked_at.get_by_role("heading", name="Your e-mail preferences").wait_for()
        page.locator("summary", has_text="English").click()
        page.locator('[id="wordings.en.preferences_title"]').fill("Bread by post")
        looked_at.get_by_role("heading", name="Bread by post").wait_for()
        page.locator("#colour").fill("#f5d90a")
        page.get_by_text("shifted until it can be read").wait_for()
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved.", exact=True).wait_for()
        assert page.locator("#colour").input_value() == "#f5d90a"


def test_beginning_a_recurring_e_mail_and_stopping_it(chromium, town):
    """Only what belongs to the choice is shown; the next times follow it; the number is typed."""
    with signed_in(chromium, town, DESKTOP) as (_, page):
        page.goto(town.place("/console/emails/{notice}/broadcast"))
        page.get_by_text("would get it now").wait_for()
        page.get_by_label("Readers of the letter").first.uncheck()
        page.get_by_text("would get it now").wait_for(state="detached")
        page.get_by_label("Readers of the letter").first.check()
        page.get_by_text("would get it now").wait_for()
        assert page.get_by_label("Day and time").is_hidden()
        page.get_by_label("At each recipient").first.check()
        assert page.get_by_label("Day and time").is_visible()
        page.get_by_label("Again and again").check()
        assert page.get_by_label("A rate of its own").is_hidden()
        page.locator("#coming li").nth(2).wait_for()
        before = page.locator("#coming").inner_text()
        page.get_by_label("Friday").check()
        page.wait_for_function("before => document.querySelector('#coming').innerText !== before", arg=before)
        page.get_by_label("Monday").uncheck()
        page.get_by_role("button", name="Check it").click()
        asked = page.get_by_label("to confirm")
        asked.wait_for()
        page.get_by_text("Every week on Friday at 09:00").wait_for()
        asked.fill(page.locator("label[for=number]").inner_text().split()[1])
        page.get_by_role("button", name="Begin").click()
        page.wait_for_url("**/console/recurrences")
        row = page.locator("tr", has_text="Every week on Friday")
        row.get_by_role("button", name="Stop").click()
        row.get_by_role("button", name="Stop it").click()
        page.get_by_text("Stopped.").wait_for()
        assert page.locator("tr", has_text="Every week on Friday").count() == 0


def test_what_is_asked_again_and_again_disturbs_nobody(chromium, town):
    """Where the keyboard is, and a question that is open, stay through what the live page is told meanwhile."""
    with signed_in(chromium, town, DESKTOP) as (_, page):
        page.goto(town.place("/console/broadcasts/{tested}"))
        cancel = page.get_by_role("button", name="Cancel …")
        cancel.focus()
        with page.expect_response("**/live*") as answer:
            pass
        answer.value.finished()
        page.wait_for_function("document.activeElement.id === 'cancel-opens'")
        page.keyboard.press("Enter")
        with page.expect_response("**/live*") as answer:
            pass
        answer.value.finished()
        assert page.get_by_role("heading", name="Cancel this broadcast?").is_visible()
        page.get_by_role("button", name="Go back").click()
        page.wait_for_function("document.activeElement.id === 'cancel-opens'")


def test_the_winner_of_a_test_by_hand(chromium, town):
    """The rate is changed while it waits; whoever waited gets the winner, and everybody one of them."""
    tested, bread = put_to_test(town)
    address = f"{town.url}/console/broadcasts/{tested}"
    with signed_in(chromium, town, DESKTOP) as (_, page):
        page.goto(address)
        page.get_by_label("Recipients a second").fill("500")
        page.get_by_role("button", name="Change the rate").click()
        page.get_by_text("at most 500 a second").wait_for()
        page.get_by_role("link", name="A/B test").click()
        page.get_by_label("Autumn bread (B)").check()
        page.get_by_role("button", name="Send this one to the rest").click()
        page.wait_for_url(address)
        page.locator("#live .badge", has_text="Finished").wait_for(timeout=120_000)
        sent = int(page.locator(".figures dt", has_text="Sent").locator("+ dd").inner_text())
        copies = [copy for copy in Inbox(town.home.ses_url).copies() if copy.family == bread]
        assert len({copy.to for copy in copies}) == len(copies) == sent
        page.goto(f"{address}/test")
        page.get_by_text("Autumn bread (B) won").wait_for()
