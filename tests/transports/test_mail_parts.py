"""Mail from anybody, cut into parts: right for what is right, bounded for everything."""

import time

import pytest

from chalicelib.model.token import Signer
from chalicelib.transports.mail_parts import MAX_FIELDS, MAX_MAIL, MAX_PARTS, MAX_VALUE, fields, groups, parts
from chalicelib.transports.returned_mail import Mail, read

NESTED = b"""Content-Type: multipart/mixed; boundary="out er"
Subject: =?utf-8?q?x?=
 folded
\tagain

preamble
--out er
Content-Type: MULTIPART/Alternative; boundary=in

--in
Content-Transfer-Encoding: quoted-printable

a=20b=
c
--in
Content-Type: text/html
Content-Transfer-Encoding: base64

PGI+
--in--
--out er
Content-Type: message/delivery-status

A: 1

B: 2
--out er--
epilogue"""


@pytest.mark.parametrize("eol", [b"\n", b"\r\n"])
def test_a_mail_s_parts_in_order_decoded(eol):
    found = parts(NESTED.replace(b"\n", eol))
    assert [part.kind for part in found] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "message/delivery-status",
    ]
    assert found[0].fields["subject"] == ("=?utf-8?q?x?= folded again",)
    assert [part.text.strip() for part in found[2:4]] == ["a bc", "<b>"]
    assert [dict(group) for group in groups(found[4].body)] == [{"a": ("1",)}, {"b": ("2",)}]


def test_a_field_may_come_twice_and_lines_that_are_none_are_passed_over():
    assert fields(b"A: 1\nno field\na : 2\n: none\nB:\n") == {"a": ("1", "2"), "b": ("",)}


@pytest.mark.parametrize(
    ("mail", "kinds"),
    [
        (b"", ["text/plain"]),
        (b"\n\nbody", ["text/plain"]),
        (b"Content-Type: multipart/mixed\n\n--x\n\na", ["multipart/mixed"]),
        (b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\na", ["multipart/mixed", "text/plain"]),
        (b"Content-Type: multipart/mixed; boundary=x\n\nno boundary", ["multipart/mixed"]),
        (b"Content-Type: nonsense\n\na", ["text/plain"]),
        (b"Content-Transfer-Encoding: base64\n\n!", ["text/plain"]),
    ],
)
def test_what_is_half_is_read_as_far_as_it_goes(mail, kinds):
    assert [part.kind for part in parts(mail)] == kinds


def deep(depth):
    heads = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(depth))
    return b"".join(heads) + b"\nend"


HOSTILE = {
    "deep": deep(20_000),
    "wide": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 140_000,
    "one boundary": b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 22_000,
    "fields": b"A: b\n" * 200_000,
    "one field": b"A: b\n" + b" c\n" * 340_000,
    "one line": b"x" * MAX_MAIL,
    "tokens": b"bounces+" + b"A" * 56 + b"@" + (b"-" * 56 + b"@") * 18_000,
    "tracked": (b"/u/" + b"A" * 62 + b" ") * 15_000,
    "blank": b"Content-Type: message/delivery-status\n\n" + b"\n \t" * 340_000,
    "quoted": b'Content-Type: multipart/mixed; boundary="' + b"a" * MAX_MAIL,
    "codes": b"From: mailer-daemon@x\nSubject: failure notice\n\n" + b"550 " * 260_000,
    "dashes": b"From: mailer-daemon@x\nSubject: failure notice\n\n" + b"-" * MAX_MAIL,
    "spaces": b"Content-Type:" + b" ;" * 500_000,
    "larger": b"Subject: x\n\n" + b"y" * 3 * MAX_MAIL,
}


@pytest.mark.parametrize("octets", HOSTILE.values(), ids=HOSTILE)
def test_no_mail_costs_more_than_its_size(octets):
    began = time.process_time()
    found = parts(octets)
    read(Mail(octets, 0), Signer("main", {1: b"k" * 32}, b"h" * 32))
    assert time.process_time() - began < 2
    assert len(found) <= MAX_PARTS
    assert sum(len(values) for values in found[0].fields.values()) <= MAX_FIELDS
    assert all(len(value) <= MAX_VALUE for values in found[0].fields.values() for value in values)
    assert len(found[0].body) <= MAX_MAIL
