"""Revisions and recipients that are hard on a provider's wire, for the tests of SendGrid, Mailjet and Mandrill."""

from dataclasses import replace

from hypothesis import strategies as st

from chalicelib.compose.revision import Program, Slot
from chalicelib.model.asset import Attachment
from local.providers.inbox import Attachment as Got
from tests.transports.conftest import envelope, revision

# Whatever a provider's template language or tags could be: none of it may mean anything in a letter of ours.
SPECIAL = [
    "{{",
    "}}",
    "*|",
    "|*",
    "~",
    "^",
    "`",
    "|",
    "$",
    "-",
    "%",
    "[",
    "]",
    "{{var:x}}",
    "*|UNSUB|*",
    "~0.",
    "0.",
    "1.",
]
TEXT = (
    st.lists(st.sampled_from(SPECIAL) | st.text(max_size=6), max_size=6)
    .map("".join)
    .map(lambda text: text.encode("utf-8", "ignore").decode())
)
SLOTS = (
    Slot("field", "header", "name"),
    Slot("track", "html_url"),
    Slot("field", "text", "city"),
    Slot("field", "html", "name"),
)


def parts(needed=False):
    piece = TEXT.filter(bool) | st.integers(0, len(SLOTS) - 1)
    found = st.lists(piece, min_size=1 if needed else 0, max_size=6).map(tuple)
    return found.map(lambda part: ("Hello ", *part)) if needed else found


@st.composite
def letters(draw):
    """(revision, envelopes): any text, any slots, values that are mostly short."""
    program = Program(
        slots=SLOTS,
        subject=draw(parts(needed=True)),
        from_name=draw(st.sampled_from([("Zoë & Co",), ("News",), (0, " for you"), ()])),
        html=draw(parts(needed=True)),
        text=draw(parts(needed=True)),
        reply_to=draw(st.sampled_from([(), ("Ann Owner <o@example.com>",)])),
        headers=draw(st.sampled_from([(), (("X-Note", ("for ", 0)), ("X-Empty", ()))])),
    )
    kind = draw(st.sampled_from(["segment", "template"]))
    written = revision(program=program, kind=kind, reply_to=draw(st.sampled_from(["", "Ann <a@example.com>"])))
    values = draw(st.lists(st.tuples(*[TEXT] * len(SLOTS)), min_size=1, max_size=4))
    return written, [replace(envelope(at), values=each) for at, each in enumerate(values)]


NAMED = Program(
    slots=(Slot("field", "header", "name"),), subject=("Hi",), from_name=(0, " for you"), html=(), text=("Hi\n",)
)


def named(count):
    """Recipients whose From names differ."""
    return [replace(envelope(at), values=(f"N{at}",)) for at in range(count)]


ATTACHMENTS = (
    Attachment("s00000000000000a", "terms.pdf", "application/pdf", 6),
    Attachment("s00000000000000b", "été.txt", "text/plain", 5),
)
ATTACHED = (Got("terms.pdf", "application/pdf", b"%PDF\x00\xff"), Got("été.txt", "text/plain", "été".encode()))


def contents(attachment):
    return {each.name: each.content for each in ATTACHED}[attachment.name]
