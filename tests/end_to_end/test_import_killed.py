"""An import whose worker is killed by SIGKILL, again and again: every row ends exactly once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from chalicelib.model.importing import Wishes
from chalicelib.settings import Settings
from chalicelib.wiring import build
from chalicelib.work import importing
from chalicelib.work.world import World
from local import ministack
from local.home import REGION
from tests.ministack import LocalAws

pytestmark = pytest.mark.real

PREFIX = "killed"
ROWS, STEP = 240, 50
# Which call of any port is the last: in the first step, between two, in a later one.
LAST_CALLS = (4, 9, 12, 15)
# What a worker does that dies in the middle: nothing is flushed, no handler runs.
WORKER = """
import os, signal, sys
from chalicelib.settings import Settings
from chalicelib.wiring import build
from chalicelib.work import importing
from tests.fakes.faulty import intercepted, unharmed

def die(call):
    if call.number == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

world = build(Settings.from_env(), lambda: 600_000)
importing.run(intercepted(world, unharmed, die), sys.argv[1], int(sys.argv[3]))
"""


@pytest.fixture
def environment(aws: LocalAws) -> dict[str, str]:
    outputs = ministack.deploy_data(aws.url, PREFIX, f"{PREFIX}-bucket")
    return {
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_REGION": REGION,
        "ENVOI_PREFIX": PREFIX,
        "ENVOI_BUCKET": outputs["BucketName"],
        "ENVOI_BUCKET_URL": aws.url,
        "ENVOI_SIGNING_KEYS": f"1:{'5e' * 16}",
        "ENVOI_HASH_KEY": "7a" * 16,
        # whoever comes next need not wait
        "ENVOI_LEASE_MS": "0",
    }


@pytest.fixture
def world(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("AWS_ENDPOINT_URL", environment["AWS_ENDPOINT_URL"])
    return build(Settings.from_env(environment), lambda: 600_000)


def test_every_row_ends_exactly_once(world: World, environment: dict[str, str]) -> None:
    rows = "".join(f"p{n}@example.com,{n}\n" for n in range(ROWS))
    job = importing.start(world, f"email,seat\n{rows}p3@example.com,again\nnobody,1\n".encode(), Wishes(tags=("fair",)))
    for last in LAST_CALLS:
        command = [sys.executable, "-c", WORKER, job.id, str(last), str(STEP)]
        worker = subprocess.run(command, env=os.environ | environment, timeout=60, check=False)  # noqa: S603  # our own code
        assert worker.returncode == -signal.SIGKILL
    assert importing.read(world, job.id).state == "running"
    importing.run(world, job.id, STEP)
    done = importing.read(world, job.id)
    assert (done.state, done.created, done.updated, done.unchanged, done.rejected) == ("finished", ROWS, 0, 0, 2)
    seats = [each.fields["seat"] for each in _contacts(world) if each.tags == {"fair"}]
    assert sorted(seats, key=lambda each: int(str(each))) == [str(n) for n in range(ROWS)]


def _contacts(world: World) -> Iterator:  # type: ignore[type-arg]  # of contacts
    cursor = None
    while True:
        page, cursor = world.contacts.page(100, cursor)
        yield from page
        if cursor is None:
            return
