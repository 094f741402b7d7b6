import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.model.errors import Invalid
from chalicelib.work.addresses import address_hash, by_library, normalised
from tests.fakes.world import fake_world

TAKEN = [
    ("Ann.Lee@Example.COM", "ann.lee@example.com", "lower case throughout"),
    (" ann@example.com\n", "ann@example.com", "spaces around"),
    ("o'neil+news@example.org", "o'neil+news@example.org", "apostrophe and plus"),
    ("kontakt@bücher.example", "kontakt@xn--bcher-kva.example", "punycode"),
    ("kontakt@BÜCHER.example", "kontakt@xn--bcher-kva.example", "the same domain in capitals"),
    ("kontakt@bu\u0308cher.example", "kontakt@xn--bcher-kva.example", "the same domain, decomposed"),
    ("kontakt@xn--bcher-kva.example", "kontakt@xn--bcher-kva.example", "punycode already"),
    ("x@faß.example", "x@xn--fa-hia.example", "IDNA 2008 keeps the sharp s"),
    ("bounce@simulator.amazonses.com", "bounce@simulator.amazonses.com", "the SES simulator"),
    ("a@b.test", "a@b.test", "RFC 2606"),
    ("x" * 64 + "@example.com", "x" * 64 + "@example.com", "64 characters before the @"),
]
REFUSED = [
    ("", "nothing"),
    ("ann", "no @"),
    ("@example.com", "nothing before the @"),
    ("ann@", "nothing after the @"),
    ("ann@@example.com", "two @"),
    ("ann@example", "no period"),
    ("ann lee@example.com", "a space"),
    ("Ann <ann@example.com>", "a display name"),
    ('"ann lee"@example.com', "a quoted local part"),
    ("ann@[127.0.0.1]", "a domain literal"),
    ("zoé@example.com", "SMTPUTF8"),
    ("a..b@example.com", "two periods in a row"),
    (".a@example.com", "a period first"),
    ("a@-example.com", "a hyphen first"),
    ("a@example-.com", "a hyphen last"),
    ("a@foo.invalid", "a reserved name"),
    ("a@localhost", "a local name"),
    ("a@1.2.3.4", "an IP address"),
    ("a@exam_ple.com", "an underscore in the domain"),
    ("a@xn--.com", "broken punycode"),
    ("x" * 65 + "@example.com", "65 characters before the @"),
    ("a@" + ".".join(["x" * 60] * 4) + ".example.com", "254 and more"),
    ("a@example.com, b@example.com", "two addresses"),
    ("ann@example.com\nBcc: eve@example.com", "a header injected"),
    ("x" * 1_000_000 + "@example.com", "a megabyte"),
]


@pytest.mark.parametrize(("typed", "expected", "why"), TAKEN, ids=[row[-1] for row in TAKEN])
def test_taken(typed, expected, why):
    assert normalised(typed) == expected, why
    assert normalised(expected) == expected, "normalising twice changes nothing"


@pytest.mark.parametrize(("typed", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused(typed, why):
    with pytest.raises(Invalid) as caught:
        normalised(typed)
    assert caught.value.field == "address", why
    assert "ann@example.com" in caught.value.hint
    assert len(caught.value.message) < 500


def test_the_field_is_named():
    with pytest.raises(Invalid, match="reply_to"):
        normalised("nobody", "reply_to")


LOCAL = st.text(st.sampled_from("abcXYZ019_.!#$%&'*+/=?^`{|}~-\"(), @é"), max_size=8)
LABEL = st.text(st.sampled_from("abcXYZ019-_xnü"), max_size=5) | st.sampled_from(
    ["xn--bcher-kva", "com", "test", "aa--b"]
)
TYPED = st.one_of(
    st.emails(),
    st.builds("{}@{}".format, LOCAL, st.lists(LABEL, min_size=1, max_size=4).map(".".join)),
    st.text(max_size=20),
)


@settings(max_examples=400)
@given(TYPED)
@example("a@" + ".".join(["x" * 62] * 4))
@example("a@" + "x" * 64 + ".com")
@example("x" * 64 + "@" + ".".join(["y" * 61] * 3) + ".com")
@example("x" * 64 + "@" + ".".join(["y" * 61] * 3) + ".coom")
def test_the_fast_path_agrees_with_the_library(typed):
    try:
        expected = by_library(typed.strip())
    except ValueError:
        expected = None
    try:
        found = normalised(typed)
    except Invalid:
        found = None
    assert found == expected


def test_the_hash_is_that_of_the_address_row():
    world = fake_world()
    assert address_hash(world, "ann@example.com") == world.signer.hashed("address", "ann@example.com")
