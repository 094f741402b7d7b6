"""Accepted copies: kept, found again, shown, bounded."""

import email
import json
import re
import signal
import subprocess
import sys
from email import policy

import pytest

from local.ses import SimulatedSes
from local.ses_simulator.account import Limits
from local.ses_simulator.inbox import MAIL_POLICY
from tests.local.ses import ask, bulk, client, entry, read, simple

FAST = Limits(max_send_rate=100_000)


@pytest.fixture
def ses():
    with SimulatedSes(limits=FAST) as simulated:
        yield simulated


def send(ses, count, prefix="u"):
    for first in range(0, count, 50):
        numbers = range(first, min(first + 50, count))
        client(ses).send_bulk_email(**bulk(*[entry(f"{prefix}{n}@example.org", {"name": f"N{n}"}) for n in numbers]))


def test_pages_hold_every_copy_once_in_its_order(ses):
    send(ses, 120)
    found, after, pages = [], 0, 0
    while after is not None:
        page = read(ses, f"/messages?limit=50&after={after}")
        found += [each["to"] for each in page["items"]]
        after, pages = page["next"], pages + 1
    assert found == [f"u{n}@example.org" for n in range(120)]
    assert pages == 3


def test_copies_to_one_address(ses):
    send(ses, 3)
    send(ses, 3)
    found = read(ses, "/messages?to=U1@example.org")["items"]
    assert [each["subject"] for each in found] == ["Hi N1", "Hi N1"]
    assert read(ses, "/messages?to=nobody@example.org")["items"] == []


def test_one_copy_and_its_source(ses):
    send(ses, 1)
    (found,) = read(ses, "/messages")["items"]
    assert read(ses, f"/messages/{found['message_id']}") == found
    source = ask(ses, "GET", f"/messages/{found['message_id']}/source")[1]
    parsed = email.message_from_string(source, policy=policy.default)
    assert parsed["Subject"] == "Hi N0"
    assert parsed.get_body(("html",)).get_content() == "<p>N0</p>\r\n"
    assert parsed.get_body(("plain",)).get_content() == "N0\r\n"


def test_attachments_are_in_the_source(ses):
    attachment = {"RawContent": b"\x00\x01", "FileName": "a.bin", "ContentType": "application/x-bin"}
    asked = simple()
    asked["Content"]["Simple"]["Attachments"] = [attachment]
    message_id = client(ses).send_email(**asked)["MessageId"]
    source = ask(ses, "GET", f"/messages/{message_id}/source")[1]
    (found,) = email.message_from_string(source, policy=policy.default).iter_attachments()
    assert (found.get_filename(), found.get_content_type(), found.get_content()) == (
        "a.bin",
        "application/x-bin",
        b"\x00\x01",
    )


def test_all_can_be_thrown_away(ses):
    send(ses, 2)
    assert ask(ses, "DELETE", "/messages")[0] == 200
    assert read(ses, "/messages")["items"] == []
    send(ses, 1)
    assert [each["html"] for each in read(ses, "/messages")["items"]] == ["<p>N0</p>"]


def test_only_the_newest_are_kept():
    with SimulatedSes(limits=FAST, bound=100) as ses:
        send(ses, 250)
        found = [each["to"] for each in read(ses, "/messages?limit=1000")["items"]]
        assert found == [f"u{n}@example.org" for n in range(250)][-len(found) :]
        assert 100 <= len(found) <= 105


def test_a_template_is_kept_once_however_many_get_it(ses):
    send(ses, 100)
    with ses._database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM contents").fetchone() == (1,)


def test_a_restart_shows_them_again_and_counts_them(tmp_path):
    with SimulatedSes(limits=FAST, state=tmp_path) as ses:
        send(ses, 3)
        client(ses).put_suppressed_destination(EmailAddress="gone@example.org", Reason="BOUNCE")
        before = read(ses, "/messages")
    with SimulatedSes(limits=FAST, state=tmp_path) as ses:
        assert read(ses, "/messages") == before
        assert client(ses).get_account()["SendQuota"]["SentLast24Hours"] == 3
        assert client(ses).get_suppressed_destination(EmailAddress="gone@example.org")
        send(ses, 1, "later")
        assert read(ses, "/messages")["items"][-1]["to"] == "later0@example.org"


def _program(*arguments):
    return subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-m", "local.ses", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


class Running:
    def __init__(self, url):
        self.url = url


def test_the_program_serves_and_outlives_being_killed(tmp_path):
    arguments = ("--state", str(tmp_path), "--identity", "shop.example", "--max-send-rate", "7")
    process = _program(*arguments)
    ses = Running(process.stdout.readline().split()[-1])
    client(ses).send_email(**simple(FromEmailAddress="a@shop.example"))
    assert client(ses).get_account()["SendQuota"]["MaxSendRate"] == 7
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    process = _program(*arguments)
    ses = Running(process.stdout.readline().split()[-1])
    assert [each["to"] for each in read(ses, "/messages")["items"]] == ["ann@example.org"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    process.stdout.close()


def test_a_port_in_use_gets_one_line(ses):
    process = _program("--port", ses.url.rpartition(":")[2])
    assert process.wait(10) == 1
    with process.stdout as output:
        (line,) = output.readlines()
    assert "in use" in line
    assert "--port" in line


def test_the_inbox_lists_the_newest_first_in_pages_of_fifty(ses):
    send(ses, 120)
    page = ask(ses, "GET", "/")[1]
    assert re.findall(r"u(\d+)@example.org", page) == [str(n) for n in range(119, 69, -1)]
    older = re.search(r'href="(/\?before=\d+)"', page)[1]
    assert re.findall(r"u(\d+)@example.org", ask(ses, "GET", older)[1]) == [str(n) for n in range(69, 19, -1)]


@pytest.mark.parametrize(("search", "found"), [("u1@", 1), ("U1", 11), ("%", 0), ("_", 0), ("nobody", 0)])
def test_the_inbox_is_searched_by_any_part_of_an_address(ses, search, found):
    send(ses, 20)
    page = ask(ses, "GET", f"/?q={search.replace('%', '%25')}")[1]
    assert page.count('<li><a href="/inbox/') == found


def test_an_empty_inbox_says_so(ses):
    assert "Nothing has been sent yet" in ask(ses, "GET", "/")[1]


HOSTILE = '<!doctype html><html><head></head><body><script>x()</script><img src="http://evil.example/p"></body></html>'


@pytest.fixture
def hostile(ses):
    content = {
        "Simple": {
            "Subject": {"Data": "<script>alert(1)</script>"},
            "Body": {"Html": {"Data": HOSTILE}, "Text": {"Data": "</pre><script>alert(2)</script>"}},
        }
    }
    return client(ses).send_email(**simple(Content=content))["MessageId"]


@pytest.mark.parametrize("view", ["", "?view=html", "?view=text", "?view=headers", "?view=source"])
def test_no_view_of_a_mail_lets_it_into_the_page(ses, hostile, view):
    status, page, headers = ask(ses, "GET", f"/inbox/{hostile}{view}")
    assert status == 200
    assert "<script" not in page
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_frame_is_sandboxed_and_reaches_nothing_outside_this_machine(ses, hostile):
    page = ask(ses, "GET", f"/inbox/{hostile}")[1]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    status, html, headers = ask(ses, "GET", f"/inbox/{hostile}/html")
    assert (status, headers["Content-Security-Policy"]) == (200, MAIL_POLICY)
    assert html == HOSTILE.replace("<head>", '<head><base target="_blank">')
    assert "allow-scripts" not in MAIL_POLICY


def test_pages_ask_nothing_of_any_other_host(ses, hostile):
    for path in ("/", f"/inbox/{hostile}", f"/inbox/{hostile}?view=headers"):
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', ask(ses, "GET", path)[1])


def test_a_mail_without_html_opens_with_its_text(ses):
    content = {"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "plain words"}}}}
    message_id = client(ses).send_email(**simple(Content=content))["MessageId"]
    assert "plain words" in ask(ses, "GET", f"/inbox/{message_id}")[1]
    assert ask(ses, "GET", f"/inbox/{message_id}?view=html")[0] == 400


def test_real_json_comes_with_what_tools_expect(ses):
    send(ses, 1)
    status, text, headers = ask(ses, "GET", "/messages")
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert set(json.loads(text)["items"][0]) >= {
        "message_id",
        "to",
        "subject",
        "headers",
        "tags",
        "html",
        "text",
        "received_at",
        "attempt",
    }
