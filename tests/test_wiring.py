import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from chalicelib import wiring
from chalicelib.settings import Settings
from chalicelib.work.world import World

KEYS = {"signing_keys": {1: b"s" * 16}, "hash_key": b"h" * 16, "bucket_url": "http://127.0.0.1:1"}


def settings(**changes):
    return Settings(**(KEYS | changes))


def test_a_world_is_whole_and_connects_to_nothing():
    world = wiring.build(settings(lease_ms=7, base_url="https://m.example.com"), lambda: 5)
    assert all(getattr(world, each.name) is not None for each in fields(World))
    assert (world.timing.lease, world.base_url, world.time_left()) == (7, "https://m.example.com", 5)


def test_jobs_share_the_parts_and_not_the_time():
    made = wiring.Wiring(settings())
    one, two = made.world(lambda: 1), made.world(lambda: 2)
    assert (one.time_left(), two.time_left()) == (1, 2)
    assert one.contacts is two.contacts
    assert one.transports is two.transports


@pytest.mark.parametrize(("name", "nothing"), [("signing_keys", {}), ("hash_key", b"")])
def test_without_a_key_nothing_starts(name, nothing):
    with pytest.raises(ValueError, match=f"ENVOI_{name.upper()} is missing"):
        wiring.build(settings(**{name: nothing}), lambda: 1)
    with pytest.raises(ValueError, match=f"ENVOI_{name.upper()} is missing"):
        wiring.recipient_side(settings(**{name: nothing}))


def test_the_recipient_side_needs_no_aws_client():
    code = (
        "import sys; from chalicelib import wiring; from chalicelib.settings import Settings\n"
        "side = wiring.recipient_side(Settings(signing_keys={1: b's' * 16}, hash_key=b'h' * 16, bucket_url='http://x'))\n"
        "assert side.now() > 1_700_000_000_000 and len(side.new_id()) == 16\n"
        "print([name for name in ('boto3', 'botocore', 'pynamodb') if name in sys.modules])"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run(  # noqa: S603  # our own interpreter, our own code
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_sleeping_backwards_is_no_sleep():
    wiring.sleep(-5)
