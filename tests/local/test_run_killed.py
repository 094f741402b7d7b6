"""What is left of a `make run` that was killed, or a part of it, and how a person gets rid of it."""

import os
import signal

import pytest

from local.children import holder
from local.stack import ORDER

pytestmark = pytest.mark.real


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
