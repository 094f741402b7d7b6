from dataclasses import replace
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.model.suppression import Suppression
from chalicelib.work import emails, previewing
from chalicelib.work.hits import events_of
from tests.api.recipient_side import CONTACT, EMAIL, LOST, TOKEN, TRACKED, bad_tokens, is_page, side_of
from tests.fakes.world import SIGNER, numbered_id

MULTIPART = (
    b'--=_odd boundary:1\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n'
    b"--=_odd boundary:1--\r\n"
)


class TestLeaving:
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_looking_never_unsubscribes(self, side, method):
        assert side(method, f"/u/{TOKEN}").status == 200
        assert not side.changed()

    def test_the_page_has_a_button(self, side):
        answer = side("GET", f"/u/{TOKEN}")
        assert is_page(answer, "Unsubscribe?")
        assert b'<form method="post">' in answer.body

    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
            ("application/x-www-form-urlencoded; charset=utf-8", b"List-Unsubscribe=One-Click"),
            (
                'multipart/form-data; boundary="=_odd boundary:1"',
                MULTIPART,
            ),
            ("multipart/form-data", b""),
            ("text/plain", b"\xff\xfe"),
            ("application/json", b"{"),
            ("", b""),
            (None, b""),
            (None, b"List-Unsubscribe=One-Click"),
        ],
    )
    def test_a_post_unsubscribes_at_once_whatever_its_content_type(self, side, content_type, body):
        headers = {} if content_type is None else {"content-type": content_type}
        answer = side("POST", f"/u/{TOKEN}", body=body, headers=headers)
        assert (answer.status, is_page(answer, "You are unsubscribed")) == (200, True)
        assert side.tables.suppressions[side.hashed].reason == "unsubscribed"
        (feedback,) = side.tables.facts.values()
        assert [fact.event.kind for fact in feedback.facts] == ["unsubscribed"]

    def test_twice_is_once(self, side):
        for _ in range(3):
            assert side("POST", f"/u/{TOKEN}").status == 200
        assert side.tables.counters[EMAIL]["unsubscribed"] == 1

    def test_undo_and_leave_again(self, side):
        form = {"content-type": "application/x-www-form-urlencoded"}
        side("POST", f"/u/{TOKEN}")
        assert is_page(side("POST", f"/u/{TOKEN}", body=b"undo=1", headers=form), "You are subscribed again")
        assert side.tables.suppressions == {}
        side("POST", f"/u/{TOKEN}")
        assert side.tables.suppressions[side.hashed].reason == "unsubscribed"

    def test_undo_never_lifts_a_bounce(self, side):
        form = {"content-type": "application/x-www-form-urlencoded"}
        bounce = Suppression(side.hashed, "bounced", "message", 1)
        side.world.suppressions.put(bounce)
        side("POST", f"/u/{TOKEN}")
        assert is_page(side("POST", f"/u/{TOKEN}", body=b"undo=1", headers=form), "You are not subscribed")
        assert side.tables.suppressions[side.hashed] == bounce

    def test_a_deleted_contact_is_told_so(self, side):
        del side.tables.contacts[CONTACT.id]
        answer = side("POST", f"/u/{TOKEN}")
        assert is_page(answer, "You are unsubscribed")
        assert b"already deleted your address" in answer.body

    def test_a_bad_token_changes_nothing(self, side):
        answer = side("POST", "/u/nonsense", body=b"List-Unsubscribe=One-Click")
        assert (answer.status, is_page(answer, LOST)) == (404, True)
        assert not side.changed()


class TestWebVersion:
    def test_it_is_the_letter_and_counts_as_an_open(self, side, capsys):
        answer = side("GET", f"/w/{TOKEN}")
        assert (answer.status, b"<p>Hello" in answer.body) == (200, True)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert answer.headers["x-robots-tag"].startswith("noindex")
        assert f"/o/{TOKEN}".encode() not in answer.body
        (event,) = events_of(side.world, [capsys.readouterr().out])
        assert event.kind == "opened"

    def test_a_deleted_contacts_copy_is_the_letter_for_anybody_and_counts_for_nobody(self, side, capsys):
        del side.tables.contacts[CONTACT.id]
        answer = side("GET", f"/w/{TOKEN}")
        assert (answer.status, b"<p>Hello" in answer.body) == (200, True)
        assert capsys.readouterr().out == ""

    def test_a_letter_without_its_revision_is_gone(self, side, capsys):
        side.tables.revisions.clear()
        answer = side("GET", f"/w/{TOKEN}")
        assert (answer.status, is_page(answer, "This e-mail is no longer here")) == (404, True)
        assert capsys.readouterr().out == ""

    def test_a_template_letter_without_its_row_is_gone(self, side):
        token = SIGNER.token(replace(TRACKED, message=replace(TRACKED.message, sending=numbered_id(9))))
        assert side("GET", f"/w/{token}").status == 404


class TestPublicPreview:
    DRAFT: ClassVar = {
        "kind": "segment",
        "name": "News",
        "subject": "Hello",
        "from_address": "team@example.com",
        "html": "<p>Hello {contactfield=firstname|friend}</p>",
        "public_preview": True,
    }

    def test_whoever_has_the_link_sees_the_draft_and_nothing_counts(self, side, capsys):
        email = emails.create(side.world, self.DRAFT)
        answer = side("GET", previewing.public_url(side.world, email).removeprefix(side.world.base_url))
        assert (answer.status, b"Hello friend" in answer.body) == (200, True)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-robots-tag"].startswith("noindex")
        assert (side.changed(), capsys.readouterr().out) == (False, "")

    @pytest.mark.parametrize("change", [{"public_preview": False}, {"html": "{dynamiccontent=nothing}"}])
    def test_switched_off_or_not_to_be_made_is_a_page_that_says_so(self, side, change):
        email = emails.create(side.world, self.DRAFT)
        path = previewing.public_url(side.world, email).removeprefix(side.world.base_url)
        emails.update(side.world, email.id, change)
        answer = side("GET", path)
        assert (answer.status, is_page(answer, "This preview is not available")) == (404, True)

    @given(email_id=st.sampled_from(["OWN", "x", "%00", numbered_id(7)]), seal=bad_tokens)
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_a_forged_link_shows_nothing(self, app, email_id, seal):
        with side_of(app) as side:
            email = emails.create(side.world, self.DRAFT)
            answer = side("GET", f"/v/{email_id.replace('OWN', email.id)}/{seal}")
            assert answer.status == 404


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    token=bad_tokens.filter(lambda token: token not in (TOKEN, ".", "..")),
    method=st.sampled_from(["GET", "HEAD", "POST"]),
    letter=st.sampled_from("uw"),
    posted=st.tuples(
        st.binary(max_size=50),
        st.sampled_from(["", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "a/b"]),
    ),
)
def test_no_forged_token_ever_breaks_redirects_or_changes_anything(app, capsys, token, method, letter, posted):
    with side_of(app) as side:
        answer = side(method, f"/{letter}/{token}", body=posted[0], headers={"content-type": posted[1]})
        assert answer.status in {404, 405}
        assert "location" not in answer.headers
        assert not side.changed()
        assert capsys.readouterr().out == ""
