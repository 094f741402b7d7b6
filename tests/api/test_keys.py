import hashlib

import pytest

from chalicelib.api.answers import Unauthorized
from chalicelib.api.keys import authorised

DIGESTS = (hashlib.sha256(b"first").hexdigest(), hashlib.sha256(b"second").hexdigest().upper())


@pytest.mark.parametrize("header", ["Bearer first", "bearer first", "Bearer  second ", " BEARER second"])
def test_a_known_key_may_enter(header):
    authorised(header, DIGESTS)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("", "none"),
        ("Bearer", "no key"),
        ("Bearer ", "an empty key"),
        ("Basic first", "another scheme"),
        ("first", "no scheme"),
        ("Bearer third", "an unknown key"),
        (f"Bearer {DIGESTS[0]}", "the digest is no key"),
        ("Bearer f\udcffrst", "what is no text"),
    ],
)
def test_all_else_may_not(header, why):
    with pytest.raises(Unauthorized) as fault:
        authorised(header, DIGESTS)
    assert "Authorization: Bearer KEY" in fault.value.hint, why


def test_without_keys_nobody_may():
    with pytest.raises(Unauthorized):
        authorised("Bearer first", ())
