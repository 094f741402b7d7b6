"""People in the console, in Chromium on a whole local Envoi: a file comes in, a segment is clicked together, and its
members, sizes and reasons are there.
"""

import pytest

from tests.browser import import_steps, segment_steps
from tests.browser.accessibility import violations
from tests.browser.console_town import signed_in
from tests.browser.serving import DESKTOP, PHONE, widest


@pytest.fixture(scope="module")
def imported(chromium, town, tmp_path_factory):
    """A small file through a form, on a phone in the dark; its pages hold to WCAG 2.2 AA on the way."""
    file = tmp_path_factory.mktemp("file") / "buyers.csv"
    file.write_bytes("\r\n".join(import_steps.LINES).encode("cp1252"))
    with signed_in(chromium, town, PHONE, "dark") as (_, page):
        import_steps.bring(page, town, file)
        assert page.locator(".badge", has_text="cp1252").is_visible()
        assert violations(page) == []
        assert widest(page) <= PHONE[0]
        import_steps.tried_and_imported(page)
        assert page.get_by_text("nobody").is_visible(), "a line that was not taken"
        assert violations(page) == []
        with page.expect_download() as download:
            page.get_by_role("link", name="Download them").click()
        assert "nobody" in download.value.path().read_text("utf-8-sig")


@pytest.mark.usefixtures("imported")
def test_a_segment_is_clicked_together_and_lives(chromium, town):
    with signed_in(chromium, town, DESKTOP) as (_, page):
        segment_steps.built(page, town)
        page.locator("#found .count", has_text="2 people").wait_for()
        assert page.locator("#found .sentence").inner_text() == (
            "Tags is from a file and (purchases is at least 10 or country contains Belg)"
        )
        assert violations(page) == []
        page.get_by_role("button", name="As text").press("Enter")
        text = page.get_by_label("The filter as text")
        text.wait_for()
        assert text.input_value() == "tags is 'from a file' and (purchases is at least 10 or country contains Belg)"
        page.get_by_role("button", name="By clicks").press("Enter")
        page.locator("#builder .row").nth(2).wait_for()
        page.get_by_role("button", name="Create the segment").press("Enter")
        page.get_by_role("link", name="zoe@example.org", exact=True).wait_for()
        page.get_by_label("Address or id of a contact").first.fill("zoe@example.org")
        page.get_by_role("button", name="Keep out").click()
        page.get_by_text("zoe@example.org is out now.").wait_for()
        page.get_by_label("Address or id of a contact").last.fill("zoe@example.org")
        page.get_by_role("button", name="Show why").click()
        page.get_by_text("out by hand").wait_for()
        assert page.locator(".reasons").inner_text().count("✓") >= 3
        assert violations(page) == []


@pytest.mark.usefixtures("imported")
def test_somebody_is_found_and_changed(chromium, town):
    with signed_in(chromium, town, DESKTOP) as (_, page):
        page.goto(f"{town.url}/console/contacts")
        page.get_by_label("Address or name").fill("zoë")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="zoe@example.org", exact=True).click()
        page.get_by_label("purchases").fill("13")
        page.keyboard.press("Enter")
        page.get_by_text("Saved.").wait_for()
        assert page.get_by_label("purchases").input_value() == "13"
        page.get_by_role("link", name="Changes").click()
        page.locator(".timeline ins", has_text="13").wait_for()
        assert page.locator(".timeline li").count() >= 1


def test_a_large_file_goes_straight_into_the_bucket(chromium, town, tmp_path):
    file = tmp_path / "large.csv"
    with file.open("w") as out:
        out.write("email,note\n")
        out.writelines(f"c{n}@large.example,{'x' * 900}\n" for n in range(5_000))
    with signed_in(chromium, town, DESKTOP) as (_, page):
        import_steps.bring(page, town, file)
        assert page.get_by_role("heading", name="large.csv").is_visible()
        assert page.get_by_label("What the column email fills").input_value() == "address"
