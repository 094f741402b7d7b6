import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.compose.revision import Program, Revision
from chalicelib.model.contact import Contact
from chalicelib.model.message import MessageKey
from chalicelib.model.suppression import Suppression
from chalicelib.model.token import Signer, Tracked
from chalicelib.work.hits import events_of
from chalicelib.work.world import World
from tests.api.client import Answered, Client, FakeParts
from tests.fakes.tables import Tables
from tests.fakes.world import SIGNER, fake_world, numbered_id

CONTACT = Contact(numbered_id(1, "contact"), "ann@example.com", {"firstname": "Ann"})
EMAIL, FAMILY = numbered_id(1, "email"), numbered_id(1, "family")
TRACKED = Tracked(MessageKey(CONTACT.id, FAMILY), EMAIL, 1)
TOKEN = SIGNER.token(TRACKED)
LINKS = ("https://example.com/a?b=1&c=2", "", "javascript:alert(1)", "https://exämple.com/é\r\nX: y")
REVISION = Revision(
    email=EMAIL,
    number=1,
    family=FAMILY,
    kind="segment",
    from_address="team@example.com",
    reply_to="",
    program=Program((), ("Hello",), ("Team",), ("<!doctype html><title>Hello</title><p>Hello",), ("Hello",)),
    links=LINKS,
    base_url="https://mail.example.com",
)


@dataclass
class Side:
    """The recipient side over a World of fakes; `facts` keeps what was recorded."""

    world: World
    tables: Tables
    client: Client
    parts: FakeParts = field(repr=False, default=None)  # type: ignore[assignment]

    def __call__(self, method: str, path: str, **more) -> Answered:
        return self.client.raw(method, path, **more)

    @property
    def hashed(self) -> str:
        return self.world.signer.hashed("address", CONTACT.address)

    def changed(self) -> bool:
        return bool(self.tables.facts or self.tables.suppressions or self.tables.counters)


@pytest.fixture(scope="module")
def app():
    from app import app  # noqa: PLC0415  # the one app of the process: a blueprint knows only one

    return app


@pytest.fixture
def side(app) -> Iterator[Side]:
    with side_of(app) as made:
        yield made


class side_of:  # noqa: N801  # reads as the context that it is
    def __init__(self, app):
        tables = Tables()
        tables.contacts[CONTACT.id] = CONTACT
        tables.revisions[(EMAIL, 1)] = REVISION
        world = fake_world(tables=tables)
        parts = FakeParts(world)
        self.made = Side(world, tables, Client(app), parts)
        self.using = app.using(parts)

    def __enter__(self) -> Side:
        self.using.__enter__()
        return self.made

    def __exit__(self, *error) -> None:
        self.using.__exit__(*error)


def is_page(answer: Answered, title: str) -> bool:
    page = answer.body.decode()
    return (
        answer.headers["content-type"].startswith("text/html")
        and f"<title>{title}</title>" in page
        and '<html lang="en">' in page
        and "<script" not in page
        and "no-store" in answer.headers["cache-control"]
    )


LOST = "This link does not work"


class TestPixel:
    @pytest.mark.parametrize("accept", [None, "*/*", "text/html", "image/webp,image/*;q=0.8", "application/json", ""])
    def test_it_is_a_gif_for_any_accept(self, side, accept):
        answer = side("GET", f"/o/{TOKEN}", headers={} if accept is None else {"accept": accept})
        assert (answer.status, answer.headers["content-type"]) == (200, "image/gif")
        assert answer.body.startswith(b"GIF89a")
        assert answer.body.endswith(b";")
        assert "no-store" in answer.headers["cache-control"]

    def test_the_hit_is_one_line_without_an_address(self, side, capsys):
        side("GET", f"/o/{TOKEN}", headers={"user-agent": "Mail/1.0 ✉ " + "x" * 500})
        out = capsys.readouterr().out
        assert out.startswith('{"envoi":"hit"')
        assert out.endswith("\n")
        assert out.count("\n") == 1
        assert "127.0.0.1" not in out
        assert "@" not in out
        (event,) = events_of(side.world, [out])
        assert (event.kind, event.message, event.email) == ("opened", TRACKED.message, EMAIL)
        assert len(event.detail["agent"]) == 200

    def test_head_gets_no_body_and_is_told_apart(self, side, capsys):
        answer = side("HEAD", f"/o/{TOKEN}")
        assert (answer.status, answer.body) == (200, b"")
        (event,) = events_of(side.world, [capsys.readouterr().out])
        assert event.detail["method"] == "HEAD"

    def test_a_bad_token_gets_the_picture_and_leaves_no_line(self, side, capsys):
        assert side("GET", "/o/nonsense").body.startswith(b"GIF89a")
        assert capsys.readouterr().out == ""


class TestClick:
    def test_it_leads_to_the_link_and_is_written_down(self, side, capsys):
        answer = side("GET", f"/c/{TOKEN}/0")
        assert (answer.status, answer.headers["location"]) == (302, LINKS[0])
        assert "no-store" in answer.headers["cache-control"]
        (event,) = events_of(side.world, [capsys.readouterr().out])
        assert (event.kind, event.link, event.detail["method"]) == ("clicked", 0, "GET")

    def test_head_is_answered_alike_and_told_apart(self, side, capsys):
        answer = side("HEAD", f"/c/{TOKEN}/0")
        assert (answer.status, answer.headers["location"], answer.body) == (302, LINKS[0], b"")
        assert events_of(side.world, [capsys.readouterr().out])[0].detail["method"] == "HEAD"

    def test_a_target_that_carries_values_travels_under_its_seal(self, side):
        target = "https://example.com/hello?name=Zo%C3%AB+M&x=1"
        query = f"u={quote(target, safe='')}&s={SIGNER.seal(TOKEN, target)}"
        answer = side("GET", f"/c/{TOKEN}/1", query=query)
        assert (answer.status, answer.headers["location"]) == (302, target)

    @pytest.mark.parametrize(
        ("target", "seal", "why"),
        [
            ("https://evil.example", "", "no seal"),
            ("https://evil.example", SIGNER.seal(TOKEN, "https://example.com"), "the seal of another target"),
            ("https://evil.example", SIGNER.seal("another", "https://evil.example"), "the seal of another letter"),
            ("https://evil.example", "1." + "A" * 16, "a made-up seal"),
            ("https://evil.example", "٣.x", "a number of another script"),
            ("https://evil.example", "9" * 5000 + ".x", "a number too long to read"),
            ("javascript:alert(1)", SIGNER.seal(TOKEN, "javascript:alert(1)"), "sealed, but no link of the web"),
            ("//evil.example", SIGNER.seal(TOKEN, "//evil.example"), "sealed, but without a scheme"),
            ("", SIGNER.seal(TOKEN, ""), "nothing at all"),
        ],
    )
    def test_no_other_target_is_ever_followed(self, side, capsys, target, seal, why):
        answer = side("GET", f"/c/{TOKEN}/1", query=f"u={quote(target, safe='')}&s={quote(seal, safe='')}")
        assert answer.status == 404, why
        assert is_page(answer, LOST)
        assert "location" not in answer.headers
        assert capsys.readouterr().out == ""

    def test_the_url_cannot_replace_a_link_of_the_table(self, side):
        other = "https://other.example/"
        answer = side("GET", f"/c/{TOKEN}/0", query=f"u={quote(other, safe='')}&s={SIGNER.seal(TOKEN, other)}")
        assert answer.headers["location"] == LINKS[0]

    @pytest.mark.parametrize("number", ["4", "99999", "-1", "x", "1.0", "٣", "0x1", "9" * 5000, "%00", "%0A"])
    def test_a_number_outside_the_table_gets_a_page(self, side, capsys, number):
        answer = side("GET", f"/c/{TOKEN}/{number}")
        assert (answer.status, is_page(answer, LOST)) == (404, True)
        assert capsys.readouterr().out == ""

    def test_only_links_of_the_web_are_followed(self, side):
        assert side("GET", f"/c/{TOKEN}/2").status == 404

    def test_a_location_is_printable_ascii_whatever_the_table_says(self, side):
        location = side("GET", f"/c/{TOKEN}/3").headers["location"]
        assert location == "https://ex%C3%A4mple.com/%C3%A9%0D%0AX:%20y"

    def test_a_link_cut_before_its_number_gets_a_page(self, side):
        assert is_page(side("GET", f"/c/{TOKEN}"), LOST)

    def test_an_unknown_revision_gets_a_page(self, side):
        token = SIGNER.token(replace(TRACKED, revision=7))
        assert is_page(side("GET", f"/c/{token}/0"), LOST)


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
        assert [fact.name for fact in side.tables.facts.values()] == ["unsubscribed"]

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

    def test_a_deleted_contacts_copy_is_gone(self, side, capsys):
        del side.tables.contacts[CONTACT.id]
        answer = side("GET", f"/w/{TOKEN}")
        assert (answer.status, is_page(answer, "This e-mail is no longer here")) == (404, True)
        assert capsys.readouterr().out == ""

    def test_a_template_letter_without_its_row_is_gone(self, side):
        token = SIGNER.token(replace(TRACKED, message=replace(TRACKED.message, sending=numbered_id(9))))
        assert side("GET", f"/w/{token}").status == 404


def flipped(token: str, bit: int) -> str:
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[bit // 8 % len(raw)] ^= 1 << bit % 8
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


FOREIGN = Signer("another", SIGNER.keys, SIGNER.hash_key)
FORGED = Signer("main", {1: b"somebody else's key of 32 bytes.."}, SIGNER.hash_key)
bad_tokens = st.one_of(
    st.integers(0, 8 * 46 - 1).map(lambda bit: flipped(TOKEN, bit)),
    st.integers(0, len(TOKEN) - 1).map(lambda end: TOKEN[:end] or "x"),
    st.sampled_from([FOREIGN.token(TRACKED), FORGED.token(TRACKED), TOKEN + "=", TOKEN + "A", TOKEN.swapcase()]),
    st.text(min_size=1, max_size=80).map(lambda text: quote(text, safe="")),
    st.binary(min_size=1, max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    token=bad_tokens.filter(lambda token: token not in (TOKEN, ".", "..")),
    method=st.sampled_from(["GET", "HEAD", "POST"]),
    letter=st.sampled_from("ocuw"),
    posted=st.tuples(
        st.binary(max_size=50),
        st.sampled_from(["", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "a/b"]),
    ),
)
def test_no_forged_token_ever_breaks_redirects_or_changes_anything(app, capsys, token, method, letter, posted):
    with side_of(app) as side:
        path = f"/{letter}/{token}/0" if letter == "c" else f"/{letter}/{token}"
        answer = side(method, path, body=posted[0], headers={"content-type": posted[1]})
        assert answer.status in ({200} if letter == "o" and method != "POST" else {404, 405})
        assert "location" not in answer.headers
        assert not side.changed()
        assert capsys.readouterr().out == ""


def test_our_own_failure_is_a_plain_page(app, capsys):
    class Broken:
        def read(self, *_):
            raise ConnectionError("the bucket is away: ann@example.com")

    with side_of(app) as side, app.using(FakeParts(replace(side.world, links=Broken()))):
        answer = side("GET", f"/c/{TOKEN}/0")
    assert (answer.status, is_page(answer, "Please try again in a moment")) == (503, True)
    assert "ann@example.com" not in "".join(capsys.readouterr())


def test_neither_pixel_nor_click_brings_an_aws_client_jinja_or_pynamodb():
    code = """
import json, sys
from chalicelib.api import recipients
from chalicelib.work import hits
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)  # noqa: S603
    loaded = set(json.loads(done.stdout))
    assert not loaded & {"boto3", "botocore", "pynamodb", "jinja2", "aws_lambda_powertools"}
