"""What was published by an older version goes on being the same letter.

`stored/revision_1.json` was written by the version before format 2, and `stored/letters_1.json` is what it made of it.
"""

import json
from pathlib import Path

import pytest

from chalicelib.compose.encoding import decoded, encoded
from chalicelib.compose.letter import letter, web_page
from chalicelib.compose.tracked import html_links
from tests.compose.making import ADA, NOBODY, envelope

STORED = Path(__file__).parent / "stored"
LETTERS = json.loads((STORED / "letters_1.json").read_text())
RAW = (STORED / "revision_1.json").read_bytes()


@pytest.mark.parametrize(("name", "contact"), [("ada", ADA), ("nobody", NOBODY)])
def test_format_1(name, contact):
    revision = decoded(RAW)
    one = envelope(revision, contact)
    arrived = letter(revision, one)
    expected = LETTERS[name]
    assert (arrived.subject, arrived.from_, arrived.reply_to) == tuple(
        expected[key] for key in ("subject", "from", "reply_to")
    )
    assert (arrived.html, arrived.text) == (expected["html"], expected["text"])
    assert web_page(revision, one.values) == expected["web"], "without its pixel"


def test_what_it_did_not_know_is_not_there():
    revision = decoded(RAW)
    assert (revision.format, revision.decoy, revision.utm, revision.tracked) == (1, -1, (), True)
    assert html_links(revision) == 3
    assert decoded(encoded(revision)) == revision
