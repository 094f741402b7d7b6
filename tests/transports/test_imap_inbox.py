"""The IMAP inbox: every mail once, from the mark on, whatever happens between."""

import ssl

import pytest

from chalicelib.model.errors import Invalid
from chalicelib.model.outcome import Halted
from chalicelib.transports.imap_inbox import MAILS, ImapInbox, ImapSettings, Unavailable
from chalicelib.transports.mail_parts import MAX_MAIL
from tests.transports.imap_server import ImapServer, Mailbox
from tests.transports.returned_mails import MESSAGE, content, return_path
from tests.transports.smtp_stand_in import SIGNER, certificate, trust

USER, PASSWORD = "bounces@example.com", "correct horse"
BOUNCE = "postfix_unknown_user"


@pytest.fixture
def server():
    with ImapServer(Mailbox(USER, PASSWORD), certificate("127.0.0.1")) as started:
        yield started


def inbox(server, given_trust=None, **changes):
    given = {"host": "127.0.0.1", "port": server.port, "user": USER, "password": lambda: PASSWORD}
    return ImapInbox(ImapSettings(**(given | changes)), SIGNER, given_trust or trust())


def test_bounces_are_read_from_the_beginning_and_then_only_what_is_new(server):
    server.mailbox.mails |= {3: content(BOUNCE), 8: b"Subject: hello\r\n\r\nwhat?"}
    page = inbox(server).after("")
    assert (page.mails, page.place, [event.kind for event in page.events]) == (2, "7:8", ["bounced"])
    assert page.events[0].message == MESSAGE
    assert page.events[0].at == server.mailbox.received_at * 1_000
    assert inbox(server).after(page.place).mails == 0
    server.mailbox.mails[9] = content("rfc5965_abuse")
    page = inbox(server).after(page.place)
    assert (page.mails, page.place, [event.kind for event in page.events]) == (1, "7:9", ["complained"])


def test_nothing_new_leaves_the_place_where_it_is(server):
    assert inbox(server).after("").place == ""
    server.mailbox.mails[5] = content(BOUNCE)
    page = inbox(server).after("7:5")
    assert (page.mails, page.place, list(page.events)) == (0, "7:5", [])


def test_a_mailbox_made_anew_is_read_from_its_beginning(server):
    server.mailbox.mails[2] = content(BOUNCE)
    assert inbox(server).after("6:900").place == "7:2"


@pytest.mark.parametrize("place", ["nonsense", "7", "7:x", ":", "7:99999999999"])
def test_a_place_that_is_none_is_the_beginning(server, place):
    server.mailbox.mails[2] = content(BOUNCE)
    assert inbox(server).after(place).mails == 1


def test_a_full_mailbox_comes_page_by_page(server):
    server.mailbox.mails |= dict.fromkeys(range(1, 2 * MAILS), b"Subject: x\r\n\r\n")
    first = inbox(server).after("")
    second = inbox(server).after(first.place)
    assert (first.mails, first.place, second.mails, second.place) == (
        MAILS,
        f"7:{MAILS}",
        MAILS - 1,
        f"7:{2 * MAILS - 1}",
    )


def test_a_mail_deleted_meanwhile_is_passed_over(server, monkeypatch):
    server.mailbox.mails |= {1: content(BOUNCE), 2: content("rfc5965_abuse")}
    real = server.mailbox.mails

    class Vanishing(dict):
        def get(self, uid):
            return None if uid == 1 else super().get(uid)

    monkeypatch.setattr(server.mailbox, "mails", Vanishing(real))
    page = inbox(server).after("")
    assert (page.mails, page.place, [event.kind for event in page.events]) == (2, "7:2", ["complained"])


def test_of_a_huge_mail_the_beginning_is_read(server):
    server.mailbox.mails[1] = content(BOUNCE) + b"x" * 2 * MAX_MAIL
    assert [event.kind for event in inbox(server).after("").events] == ["bounced"]
    assert f"<0.{MAX_MAIL}>" in "".join(server.mailbox.commands)


def test_the_mailbox_is_not_changed(server):
    server.mailbox.mails[1] = content(BOUNCE)
    inbox(server).after("")
    verbs = {each.split(" (")[0].split(" ")[0] for each in server.mailbox.commands}
    assert verbs == {"CAPABILITY", "LOGIN", "EXAMINE", "UID", "LOGOUT"}
    assert all("PEEK" in each for each in server.mailbox.commands if "FETCH" in each)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("LOGIN", "user and password"),
        ("EXAMINE", "cannot be opened"),
        ("UID SEARCH", "searched"),
        ("UID FETCH", "1 cannot"),
    ],
)
def test_what_the_server_refuses_is_said_without_its_words(server, command, told):
    server.mailbox.mails[1] = content(BOUNCE)
    server.mailbox.refused[command] = f"no, {PASSWORD}"
    with pytest.raises(Unavailable, match=told) as caught:
        inbox(server).after("")
    assert PASSWORD not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.parametrize("command", ["CAPABILITY", "LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH"])
def test_a_line_that_breaks_is_unavailable(server, command):
    server.mailbox.mails[1] = content(BOUNCE)
    server.mailbox.cut.add(command)
    with pytest.raises(Unavailable):
        inbox(server).after("")


@pytest.mark.parametrize("password", ["wrong", "zoë"])
def test_a_wrong_password_is_named_and_not_shown(server, password):
    with pytest.raises(Unavailable, match="user and password") as caught:
        inbox(server, password=lambda: password).after("")
    assert password not in str(caught.value)


def test_a_password_that_cannot_be_read_is_unavailable(server):
    def password():
        raise Halted("The secret cannot be read.")

    with pytest.raises(Unavailable, match="secret cannot be read"):
        inbox(server, password=password).after("")


def test_a_server_that_nobody_vouches_for_is_not_told_the_password(server):
    with pytest.raises(Unavailable, match="certificate"):
        inbox(server, ssl.create_default_context()).after("")
    assert not [each for each in server.mailbox.commands if each.startswith("LOGIN")]


def test_where_nobody_listens_it_is_unavailable(server):
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:1"):
        inbox(server, port=1).after("")


@pytest.mark.parametrize("field", ["host", "user", "folder"])
@pytest.mark.parametrize("value", ["", 'a"b', "a\r\nb LOGOUT", "bücher", "a\\b"])
def test_settings_that_would_be_more_than_one_argument_are_named(field, value):
    with pytest.raises(Invalid) as caught:
        ImapSettings(**{"host": "imap.example.com", "user": USER, "password": lambda: PASSWORD, field: value})
    assert caught.value.field == field


def test_settings_show_no_password():
    assert "password" not in repr(ImapSettings("imap.example.com", USER, lambda: PASSWORD))


def test_the_envelope_is_found_in_what_the_mailbox_s_server_wrote(server):
    """`Delivered-To` and `To` hold the return path, and nothing else of the letter came back."""
    head = f"Delivered-To: {return_path()}\r\nX-Failed-Recipients: a@b.example\r\n\r\n550 5.1.1 user unknown"
    server.mailbox.mails[1] = head.encode()
    assert [event.message for event in inbox(server).after("").events] == [MESSAGE]
