"""`make run`, `make demo` and `make stop` as a person meets them, in a directory of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import run
from local.children import free_block, holder, listens
from local.stack import ORDER

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
FIRST_PORT = 26_000
UP = "Envoi is up."


class Person:
    """Somebody with a directory, who types commands."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_block(FIRST_PORT)
        self.started: list[subprocess.Popen[str]] = []

    def types(self, module: str, *options: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603  # our own modules
            [sys.executable, "-m", module, *options],
            cwd=self.directory,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def runs(self, *options: str) -> tuple[subprocess.Popen[str], str]:
        """Until it says that it is up; what it said before."""
        process = self.types("local.run", "--port", str(self.port), *options)
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith(UP):
                return process, "".join(said)
        raise AssertionError("".join(said) + process.stderr.read())

    def stops(self) -> str:
        said, _ = self.types("local.stop").communicate(timeout=120)
        return said

    @property
    def announced(self) -> dict[str, str]:
        return json.loads((self.directory / ".local" / "envoi.json").read_text())

    def asks(self, path: str) -> dict[str, object]:
        request = urllib.request.Request(  # noqa: S310  # our own server
            self.announced["url"] + path, headers={"Authorization": f"Bearer {self.announced['api_key']}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  # the same
            return json.load(answer)

    def leaves(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        self.stops()
        for process in self.started:
            process.communicate(timeout=60)


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    somebody = Person(tmp_path)
    yield somebody
    somebody.leaves()


def test_it_runs_keeps_everything_and_goes_on_from_there(person):
    first, said = person.runs("--recipients", "60")
    announced = person.announced
    assert "Importing contacts" in said
    assert "messages a second" in said
    contacts = person.asks("/v1/contacts?limit=100")["items"]
    assert len(contacts) == 60
    # a second one says where the first one is, in one line
    again = person.types("local.run")
    assert again.wait(30) == 1
    assert again.stderr.read().count("\n") == 1
    # Ctrl-C
    first.send_signal(signal.SIGINT)
    assert first.wait(60) == 0
    assert not any(listens(person.port + n) for n in range(3))

    _, said = person.runs()
    assert "Importing contacts" not in said
    assert person.announced == announced
    assert person.asks("/v1/contacts?limit=100")["items"] == contacts
    with urllib.request.urlopen(f"{announced['ses_url']}/messages?limit=100", timeout=30) as answer:  # noqa: S310
        # everyone's newsletter but one's, who unsubscribed by one of the three receipts
        assert len(json.load(answer)["items"]) == 60 - 1 + 3
    assert "everything is kept" in person.stops()
    assert not any(listens(person.port + n) for n in range(3))
    assert person.stops() == "Nothing was running.\n"


def test_what_a_killed_run_left_behind_is_ended_by_stop(person):
    running, _ = person.runs("--recipients", "20")
    running.kill()
    running.wait()
    locks = person.directory / ".local" / "running"
    assert all(holder(locks / name) for name in ORDER)
    assert "left: workers, api, ses, ministack" in person.stops()
    assert not any(holder(locks / name) for name in ORDER)


def test_a_new_run_ends_what_a_killed_one_left_and_can_begin_anew(person):
    running, _ = person.runs("--recipients", "20")
    before = person.announced["api_key"]
    running.kill()
    running.wait()
    _, said = person.runs("--recipients", "30", "--fresh")
    assert "Importing contacts" in said
    assert person.announced["api_key"] != before
    assert len(person.asks("/v1/contacts?limit=100")["items"]) == 30


def test_the_death_of_a_part_ends_the_run_with_one_line(person):
    running, _ = person.runs("--recipients", "20")
    api = holder(person.directory / ".local" / "running" / "api")
    os.kill(api, signal.SIGKILL)
    assert running.wait(60) == 1
    said = running.stderr.read()
    assert said.startswith("envoi: api stopped by itself")
    assert said.count("\n") == 1


def test_a_port_in_use_is_one_line(person):
    with socket.create_server(("127.0.0.1", person.port + 1)):
        running = person.types("local.run", "--port", str(person.port))
        assert running.wait(30) == 1
    said = running.stderr.read()
    assert said.count("\n") == 1
    assert f"Port {person.port + 1} (SES simulator) is in use" in said


def test_the_demo_succeeds_where_everything_holds_and_stops_everything(person):
    demo = person.types("local.run", "--demo", "--port", str(person.port), "--recipients", "250")
    said, trouble = demo.communicate(timeout=240)
    assert demo.returncode == 0, said + trouble
    assert said.count("  holds ") == 8
    assert "BROKEN" not in said
    assert not any(listens(person.port + n) for n in range(3))


@pytest.mark.parametrize(
    ("argument", "value", "range_"),
    [
        ("--port", "99999", "from 1024 to 65533"),
        ("--port", "80", "from 1024 to 65533"),
        ("--port", "abc", "from 1024 to 65533"),
        ("--recipients", "x", "from 1 to 1000000"),
        ("--recipients", "0", "from 1 to 1000000"),
        ("--recipients", "20000000", "from 1 to 1000000"),
    ],
)
def test_a_wrong_argument_is_one_line_that_says_what_to_do(argument, value, range_, capsys):
    assert run.main([argument, value]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("envoi: ")
    assert repr(value) in line
    assert range_ in line
