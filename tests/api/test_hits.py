import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.model.token import Signer
from chalicelib.settings import Settings
from chalicelib.work.hits import events_of
from chalicelib.work.world import World
from tests.api.client import FakeParts, event
from tests.api.lambda_context import FakeContext
from tests.api.recipient_side import EMAIL, LINKS, LOST, TOKEN, TRACKED, bad_tokens, is_page, side_of
from tests.fakes.faulty import NOT_PORTS
from tests.fakes.world import SIGNER, fake_world


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

    def test_links_of_former_years_work_after_the_keys_have_been_changed(self, side, app, capsys):
        """Sent under key 1; two keys have come since, and sign what is sent now."""
        key = SIGNER.keys[1]
        rotated = replace(
            SIGNER, keys={1: key, 2: b"another key of thirty-two bytes.", 3: b"the third key: 32 bytes of it..."}
        )
        target = "https://example.com/hello?name=Zo%C3%AB"
        old = f"/c/{TOKEN}/1", f"u={quote(target, safe='')}&s={SIGNER.seal(TOKEN, target)}"
        with app.using(FakeParts(replace(side.world, signer=rotated))):
            assert side("GET", f"/c/{TOKEN}/0").headers["location"] == LINKS[0]
            assert side("GET", old[0], query=old[1]).headers["location"] == target
            assert side("GET", f"/o/{TOKEN}").status == 200
            assert rotated.token(TRACKED) != TOKEN
            assert side("GET", f"/c/{rotated.token(TRACKED)}/0").status == 302
        assert len(events_of(replace(side.world, signer=rotated), capsys.readouterr().out.splitlines())) == 4
        with app.using(FakeParts(replace(side.world, signer=replace(rotated, keys={3: rotated.keys[3]})))):
            assert side("GET", f"/c/{TOKEN}/0").status == 404


class TestWhatIsKept:
    """Of an address: by default nothing but the name of a known network."""

    def hit_from(self, app, capsys, address, *, keep):
        with side_of(app) as side, app.using(FakeParts(side.world, Settings(keep_addresses=keep))):
            raw = event("GET", f"/o/{TOKEN}", headers={"user-agent": "Thunderbird/133.0"})
            raw["requestContext"]["http"]["sourceIp"] = address
            app(raw, FakeContext())
            line = capsys.readouterr().out
            (told,) = events_of(side.world, [line])
        return line, told.detail

    @pytest.mark.parametrize("address", ["203.0.113.77", "2001:db8:1:2::77", "209.222.81.7", "no address", ""])
    def test_no_address_unless_the_workspace_asks(self, app, capsys, address):
        line, detail = self.hit_from(app, capsys, address, keep=False)
        assert "address" not in detail
        assert not address or address not in line

    @pytest.mark.parametrize(
        ("address", "kept"),
        [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::77", "2001:db8:1::/48"), ("no address", None)],
    )
    def test_a_shortened_one_where_it_asks(self, app, capsys, address, kept):
        line, detail = self.hit_from(app, capsys, address, keep=True)
        assert detail.get("address") == kept
        assert address not in line

    def test_a_known_network_by_its_name(self, app, capsys):
        assert self.hit_from(app, capsys, "209.222.81.7", keep=False)[1]["network"] == "barracuda"
        assert "network" not in self.hit_from(app, capsys, "203.0.113.77", keep=False)[1]


OTHERS = Signer("main", {1: b"a key of some other tenant's own"}, SIGNER.hash_key)
SEALED = "https://example.com/hello?name=Ann"
targets = st.one_of(
    st.sampled_from(["https://evil.example/", "//evil.example", "javascript:alert(1)", SEALED, SEALED + "x", ""]),
    st.text(max_size=40).map(lambda text: f"https://evil.example/{text}"),
    st.text(max_size=40),
)
seals = st.one_of(
    st.just(""),
    st.sampled_from([SIGNER.seal(TOKEN, "https://example.com/"), SIGNER.seal("another", SEALED)]),
    st.sampled_from(["https://evil.example/", SEALED]).map(lambda target: OTHERS.seal(TOKEN, target)),
    st.integers(0, 16).map(lambda end: SIGNER.seal(TOKEN, SEALED)[:end]),
    st.integers(0, 17).map(lambda at: _changed(SIGNER.seal(TOKEN, SEALED), at)),
    st.text(max_size=50),
)


def _changed(text, at):
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    token=bad_tokens.filter(lambda token: token not in (TOKEN, ".", "..")),
    method=st.sampled_from(["GET", "HEAD", "POST"]),
    place=st.sampled_from(["/o/{}", "/c/{}/0", "/c/{}/1", "/c/{}/65535", "/c/{}/x"]),
    query=st.tuples(targets, seals),
)
def test_no_forged_token_ever_redirects_or_leaves_a_line(app, capsys, token, method, place, query):
    with side_of(app) as side:
        answer = side(method, place.format(token), query=urlencode({"u": query[0], "s": query[1]}, errors="replace"))
        # an encoded slash makes another address of it
        shown = {404} if "%2F" in token.upper() else {200}
        assert answer.status in (shown if place.startswith("/o") and method != "POST" else {404, 405})
        assert "location" not in answer.headers
        assert capsys.readouterr().out == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    link=st.sampled_from(["0", "1", "2", "3", "4", "65535"]) | st.text(min_size=1, max_size=8),
    target=targets,
    seal=seals,
)
def test_a_true_token_leads_to_its_own_links_alone(app, capsys, link, target, seal):
    """Whatever stands in the rest of the address: no 5xx, nowhere else, and a line only with a redirect."""
    right = target == SEALED and seal == SIGNER.seal(TOKEN, SEALED)
    with side_of(app) as side:
        query = urlencode({"u": target, "s": seal}, errors="replace")
        answer = side("GET", f"/c/{TOKEN}/{quote(link, safe='')}", query=query)
        assert answer.status in (302, 404)
        lines = events_of(side.world, capsys.readouterr().out.splitlines())
        assert len(lines) == (answer.status == 302)
        if answer.status == 302:
            location = answer.headers["location"]
            table = {LINKS[0], "https://ex%C3%A4mple.com/%C3%A9%0D%0AX:%20y"}
            assert location in table or (right and location == SEALED)


def test_our_own_failure_is_a_plain_page(app, capsys):
    class Broken:
        def read(self, *_):
            raise ConnectionError("the bucket is away: ann@example.com")

    with side_of(app) as side, app.using(FakeParts(replace(side.world, links=Broken()))):
        answer = side("GET", f"/c/{TOKEN}/0")
    assert (answer.status, is_page(answer, "Please try again in a moment")) == (503, True)
    assert "ann@example.com" not in "".join(capsys.readouterr())


def test_neither_dynamodb_nor_sqs_is_asked(app, capsys):
    """Every port but the link table refuses: the hit is answered and written all the same."""

    class Refusing:
        def __getattr__(self, name):
            raise ConnectionRefusedError(name)

    with side_of(app) as side:
        ports = [name for name in World.__dataclass_fields__ if name not in (*NOT_PORTS, "links", "bucket_url")]
        refusing = replace(side.world, **dict.fromkeys(ports, Refusing()))
        with app.using(FakeParts(refusing)):
            assert side("GET", f"/o/{TOKEN}").status == 200
            assert side("GET", f"/c/{TOKEN}/0").status == 302
        assert [each.kind for each in events_of(side.world, capsys.readouterr().out.splitlines())] == [
            "opened",
            "clicked",
        ]


ANSWERING = """
import json, os, sys
from tests.api.client import event
from tests.api.lambda_context import FakeContext
from tests.api.recipient_side import TOKEN, side_of
from app import app

with side_of(app):
    answer = app(event("GET", f"/c/{TOKEN}/0", headers={"user-agent": "Thunderbird/133.0"}), FakeContext())
    os.write(int(sys.argv[1]), json.dumps(answer["statusCode"]).encode())
    os.kill(os.getpid(), 19)  # SIGSTOP: frozen in the moment of the answer, as Lambda does
"""


def test_frozen_after_the_answer_and_then_destroyed_the_line_is_there():
    """No buffer of ours holds a hit that has been answered: nothing runs behind the answer."""
    answers, answering = os.pipe()
    code = [sys.executable, "-c", ANSWERING, str(answering)]
    process = subprocess.Popen(code, stdout=subprocess.PIPE, pass_fds=[answering])  # noqa: S603
    os.close(answering)
    try:
        assert os.read(answers, 100) == b"302"
    finally:
        process.send_signal(signal.SIGKILL)
        written = process.communicate()[0].decode()
        os.close(answers)
    assert process.returncode == -signal.SIGKILL
    assert [each.kind for each in events_of(fake_world(), written.splitlines())] == ["clicked"]


def test_neither_pixel_nor_click_brings_an_aws_client_jinja_or_pynamodb():
    code = """
import json, sys
from chalicelib.api import hits, recipients
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)  # noqa: S603
    loaded = set(json.loads(done.stdout))
    assert not loaded & {"boto3", "botocore", "pynamodb", "jinja2", "aws_lambda_powertools"}
