import pytest

from chalicelib.settings import Settings

DIGEST = "ab" * 32
KEY = "0f" * 16


def test_every_field_is_read():
    env = {
        "ENVOI_WORKSPACE": "w",
        "ENVOI_PREFIX": "p",
        "AWS_REGION": "eu-west-3",
        "ENVOI_API_KEYS": f" {DIGEST.upper()} , {DIGEST}",
        "ENVOI_SIGNING_KEYS": f"2:{KEY},1:{'ee' * 16}",
        "ENVOI_HASH_KEY": KEY,
        "ENVOI_LEASE_MS": "7",
        "ENVOI_KEEP_ADDRESSES": "true",
    }
    settings = Settings.from_env(env)
    assert (settings.workspace, settings.prefix, settings.region, settings.lease_ms) == ("w", "p", "eu-west-3", 7)
    assert settings.api_keys == (DIGEST, DIGEST)
    assert settings.signing_keys == {2: bytes.fromhex(KEY), 1: b"\xee" * 16}
    assert settings.hash_key == bytes.fromhex(KEY)
    assert settings.keep_addresses is True


def test_without_anything_the_defaults_stand():
    assert Settings.from_env({}) == Settings()


def test_our_own_region_goes_before_that_of_aws():
    assert Settings.from_env({"ENVOI_REGION": "eu-west-1", "AWS_REGION": "eu-west-3"}).region == "eu-west-1"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ENVOI_API_KEYS", "a-key-instead-of-its-digest"),
        ("ENVOI_SIGNING_KEYS", "no number"),
        ("ENVOI_SIGNING_KEYS", "1:"),
        ("ENVOI_SIGNING_KEYS", "1:0f0f"),
        ("ENVOI_SIGNING_KEYS", f"256:{KEY}"),
        ("ENVOI_SIGNING_KEYS", f"0:{KEY}"),
        ("ENVOI_HASH_KEY", "xyz"),
        ("ENVOI_HASH_KEY", "0f"),
        ("ENVOI_LEASE_MS", "soon"),
        ("ENVOI_KEEP_ADDRESSES", "yes"),
    ],
)
def test_what_is_malformed_is_named_and_not_repeated(name, text):
    with pytest.raises(ValueError, match=f"{name} is malformed: give ") as fault:
        Settings.from_env({name: text})
    assert text not in str(fault.value)
