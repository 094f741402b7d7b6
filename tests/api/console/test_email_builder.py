"""The builder's page: what it begins with, its looser policy, pictures dropped into it."""

import base64
import json

import pytest

from chalicelib.work import emails
from chalicelib.work.previewing import Somebody, preview

DRAFT = {"kind": "segment", "name": "Spring", "subject": "Hello", "from_address": "shop@example.com"}
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n rest").decode()


@pytest.fixture
def editor(browser):
    return browser.signed_in("editor")


def test_its_policy_lets_styles_in_and_no_other_script(editor, world):
    email = emails.create(world, DRAFT)
    policy = editor.get(f"/console/emails/{email.id}/builder").headers["content-security-policy"]
    assert "script-src https://files.example.com/public/console/;" in policy
    assert "style-src https://files.example.com/public/console/ 'unsafe-inline';" in policy
    assert "unsafe-eval" not in policy
    other = editor.get(f"/console/emails/{email.id}/edit").headers["content-security-policy"]
    assert "unsafe" not in other


def test_what_is_written_as_html_is_not_built_over_unasked(editor, world):
    email = emails.create(world, DRAFT | {"html": "<p>Hello</p>"})
    address = f"/console/emails/{email.id}/builder"
    assert "written in HTML" in editor.get(address).text
    assert "/grapesjs-mjml." not in editor.get(address).text
    assert "/grapesjs-mjml." in editor.get(address, begin="1").text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_it_begins_with_can_be_sent(editor, world, language):
    email = emails.create(world, DRAFT)
    text = editor.get(f"/console/emails/{email.id}/builder", {"accept-language": language}).text
    start = text.partition('<template id="start">')[2].partition("</template>")[0]
    for written, meant in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&amp;", "&")):
        start = start.replace(written, meant)
    emails.update(world, email.id, {"mjml": start})
    assert 'href="https://example.com/"' in preview(world, email.id, Somebody()).letter.html


def test_dynamic_content_has_blocks(editor, world):
    block = {"name": "Our <offer>", "html": "<p>All</p>", "variations": []}
    email = emails.create(world, DRAFT | {"blocks": [block]})
    text = editor.get(f"/console/emails/{email.id}/builder").text
    assert "Our &lt;offer&gt;</button>" in text


def test_a_picture_becomes_an_asset(editor, world):
    email = emails.create(world, DRAFT)
    address = f"/console/emails/{email.id}/builder/picture"
    said = json.loads(editor.post(address, {"name": "cat.png", "content": PNG}).text)
    assert said["url"].startswith("https://files.example.com/public/")
    assert [each.name for each in world.assets.page(9, None)[0]] == ["cat.png"]
    assert editor.post(address, {"name": "cat.png", "content": "!"}).status == 422
    assert editor.post(address, {"name": "cat.svg", "content": PNG}).status == 422


def test_a_viewer_builds_nothing(browser, world):
    email = emails.create(world, DRAFT)
    viewer = browser.signed_in("viewer")
    assert viewer.get(f"/console/emails/{email.id}/builder").status == 403
    address = f"/console/emails/{email.id}/builder/picture"
    assert viewer.post(address, {"name": "cat.png", "content": PNG}).status == 403
