"""For the tests of the providers' webhooks: documented payloads, and our ids in them."""

import json
from pathlib import Path

from hypothesis import strategies as st

from chalicelib.model.message import TEST, MessageKey

FIXTURES = Path(__file__).parent / "fixtures"
MESSAGE = MessageKey("c00000000000000a", "f00000000000000b")
EMAIL = "e00000000000000c"
ATTEMPT = "a00000000000000d"
CARRIED = {
    "envoi_workspace": "main",
    "envoi_message": str(MESSAGE),
    "envoi_email": EMAIL,
    "envoi_attempt": ATTEMPT,
}
NOW = 1_700_000_000_000

# What somebody else's ids look like, or ours when they are damaged.
FOREIGN = [
    {},
    CARRIED | {"envoi_workspace": "other"},
    CARRIED | {"envoi_message": "../etc"},
    CARRIED | {"envoi_message": 5},
    CARRIED | {"envoi_message": str(TEST)},
    CARRIED | {"envoi_email": "no id"},
    CARRIED | {"envoi_attempt": ""},
    {name: value for name, value in CARRIED.items() if name != "envoi_attempt"},
]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


def documented(provider):
    """The provider's documented events, by name."""
    return json.loads((FIXTURES / f"{provider}_events.json").read_text())
