"""Seven mails of our own and the MIME messages that they become, in `golden/`.

`NAME.json` has an e-mail's fields, `NAME.html` its HTML, `NAME.eml` what one made-up contact (`contact.json`) gets.
Where a change is meant to change letters, write the messages anew and read the difference before keeping it:

    python -m tests.compose.golden_mails
    git diff tests/compose/golden
"""

import json
from pathlib import Path

from chalicelib.compose.mime import mime
from chalicelib.compose.preparing import prepared
from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.contact import Contact
from tests.compose.making import CONTACT, envelope, revised

GOLDEN = Path(__file__).parent / "golden"
NAMES = ("newsletter", "receipt", "outlook", "right_to_left", "emoji", "long", "text_only")
_AGAIN = "<!-- again -->\n"


def expected(name: str) -> bytes:
    return (GOLDEN / f"{name}.eml").read_bytes()


def message(name: str) -> tuple[bytes, Revision, Envelope]:
    """The message as it is made now, and what it is made of."""
    fields = json.loads((GOLDEN / f"{name}.json").read_text())
    html = _html(name, fields.pop("times", 1))
    settings = {each: fields.pop(each) for each in ("language", "inline_css") if each in fields}
    revision = revised(html=prepared(html=html, **settings).html, **fields)
    one = envelope(revision, _contact())
    return mime(revision, one), revision, one


def _html(name: str, times: int) -> str:
    path = GOLDEN / f"{name}.html"
    if not path.exists():
        return ""
    before, *between = path.read_text().split(_AGAIN)
    return before + between[0] * times + between[1] if between else before


def _contact() -> Contact:
    given = json.loads((GOLDEN / "contact.json").read_text())
    return Contact(CONTACT, given["address"], given["fields"])


if __name__ == "__main__":
    for each in NAMES:
        (GOLDEN / f"{each}.eml").write_bytes(message(each)[0])
