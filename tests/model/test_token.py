"""Tokens: what was signed is read, and nothing else is."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model import ids
from chalicelib.model.message import MessageKey
from chalicelib.model.token import Returned, Signer, Tracked

KEYS = {1: b"1" * 32, 2: b"2" * 32}
SIGNER = Signer("main", KEYS, b"h" * 32)
ID = st.binary(min_size=10, max_size=10).map(ids.from_bytes)
TRACKED = st.builds(Tracked, st.builds(MessageKey, ID, ID, st.one_of(st.just(""), ID)), ID, st.integers(0, 65_535))


@given(TRACKED)
def test_what_was_signed_is_read(tracked):
    assert SIGNER.read(SIGNER.token(tracked)) == tracked


@given(TRACKED, st.integers(0), st.integers(0, 7))
def test_any_bit_changed_is_no_token(tracked, place, bit):
    token = SIGNER.token(tracked)
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[place % len(raw)] ^= 1 << bit
    assert SIGNER.read(base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()) is None


@given(TRACKED, st.integers(0))
def test_a_cut_token_is_none(tracked, length):
    token = SIGNER.token(tracked)
    assert SIGNER.read(token[: length % len(token)]) is None


@given(st.text(max_size=100))
def test_any_text_is_read_without_an_error(text):
    assert SIGNER.read(text) is None


@given(TRACKED)
def test_another_workspace_or_key_is_foreign(tracked):
    token = SIGNER.token(tracked)
    assert Signer("other", KEYS, b"h" * 32).read(token) is None
    assert Signer("main", {2: b"3" * 32}, b"h" * 32).read(token) is None


@given(TRACKED)
def test_links_of_old_mails_work_after_a_rotation(tracked):
    old = Signer("main", {1: KEYS[1]}, b"h" * 32).token(tracked)
    assert SIGNER.read(old) == tracked
    assert SIGNER.token(tracked) != old


@given(TRACKED, st.text(max_size=200), st.text(max_size=200))
def test_a_seal_is_for_this_token_and_this_text(tracked, text, other):
    token = SIGNER.token(tracked)
    seal = SIGNER.seal(token, text)
    assert SIGNER.sealed(token, text, seal)
    assert SIGNER.sealed(token, other, seal) == (text == other)
    assert not SIGNER.sealed(token + "A", text, seal)


@given(st.text(max_size=50))
def test_a_made_up_seal_is_refused(seal):
    assert not SIGNER.sealed("token", "https://example.com/", seal)


def test_hashes_outlive_the_signing_keys_and_tell_purposes_apart():
    rotated = Signer("main", {3: b"3" * 32}, b"h" * 32)
    assert rotated.hashed("address", "ann@example.com") == SIGNER.hashed("address", "ann@example.com")
    assert SIGNER.hashed("sending", "x") != SIGNER.hashed("address", "x")
    assert Signer("other", KEYS, b"h" * 32).hashed("address", "x") != SIGNER.hashed("address", "x")


RETURNED = st.one_of(
    st.builds(Returned, st.builds(MessageKey, ID, ID), ID),
    st.builds(Returned, st.builds(MessageKey, ID, ID, ID)),
)


@given(RETURNED)
def test_a_return_path_s_token_is_read_and_leaves_room_for_bounces_in_a_local_part(returned):
    token = SIGNER.return_token(returned)
    assert SIGNER.read_return(token) == returned
    assert len(f"bounces+{token}") == 64


@given(RETURNED, st.integers(0), st.integers(0, 7))
def test_any_bit_changed_is_no_return_path(returned, place, bit):
    raw = bytearray(base64.urlsafe_b64decode(SIGNER.return_token(returned)))
    raw[place % len(raw)] ^= 1 << bit
    assert SIGNER.read_return(base64.urlsafe_b64encode(bytes(raw)).decode()) is None


@given(TRACKED, RETURNED)
def test_a_token_of_one_purpose_is_none_of_another(tracked, returned):
    assert SIGNER.read_return(SIGNER.token(tracked)) is None
    assert SIGNER.read(SIGNER.return_token(returned)) is None


@given(RETURNED)
def test_return_paths_outlive_the_change_of_keys_and_know_their_workspace(returned):
    token = Signer("main", {1: KEYS[1]}, b"h" * 32).return_token(returned)
    assert SIGNER.read_return(token) == returned
    assert Signer("other", KEYS, b"h" * 32).read_return(token) is None


@given(st.text(max_size=100))
def test_any_text_is_read_as_a_return_path_without_an_error(text):
    assert SIGNER.read_return(text) is None
