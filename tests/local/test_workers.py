"""The processes of the local Lambda: who ends when, and who takes whose place."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from chalice.app import ScheduledEventConfig, SQSEventConfig

from local.workers import Pace, turns

ROOT = Path(__file__).parents[2]
PREAMBLE = """
import os, signal, sys, time
from local.function import Departure, Function
from local.workers import Workers
def told(text): os.write(1, (text + "\\n").encode())
"""


def master(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  # our own code
        [sys.executable, "-c", PREAMBLE + code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_an_idle_process_leaves_at_once_when_asked():
    running = master("""
def turn(departure):
    told("waiting"); time.sleep(60)
sys.exit(Workers([("idle", turn), ("idle", turn)]).run())
""")
    assert [running.stdout.readline().strip() for _ in range(2)] == ["waiting", "waiting"]
    running.terminate()
    assert running.wait(10) == 0


def test_a_busy_process_finishes_its_event_first():
    running = master("""
def turn(departure):
    with departure.working():
        told("begun"); time.sleep(0.5); told("done")
    told("next")
    time.sleep(60)
sys.exit(Workers([("busy", turn)]).run())
""")
    assert running.stdout.readline().strip() == "begun"
    running.terminate()
    assert running.stdout.read().split() == ["done"]
    assert running.wait(10) == 0


def test_who_exceeds_the_functions_time_is_ended_and_replaced():
    running = master("""
function = Function("slow", lambda event, context: time.sleep(60), 1)
def turn(departure):
    told("born"); function.call({})
sys.exit(Workers([("slow", turn)]).run())
""")
    born = 0
    while born < 2:
        born += running.stdout.readline().strip() == "born"
    running.terminate()
    assert running.wait(10) == 0
    assert f"slow ended (exit {-signal.SIGALRM})" in running.stderr.read()


def test_those_who_die_as_fast_as_they_are_born_end_all():
    running = master("""
sys.exit(Workers([("broken", lambda departure: os._exit(3)), ("fine", lambda departure: time.sleep(60))]).run())
""")
    assert running.wait(20) == 1
    assert "broken ended (exit 3)" in running.stderr.read()


def test_a_failed_event_is_logged_and_the_process_lives_on():
    running = master("""
turns = []
def turn(departure):
    turns.append(1)
    told(f"turn {len(turns)}")
    if len(turns) == 1: raise RuntimeError("first")
    time.sleep(60)
sys.exit(Workers([("w", turn)]).run())
""")
    assert [running.stdout.readline().strip() for _ in range(2)] == ["turn 1", "turn 2"]
    running.terminate()
    assert running.wait(10) == 0
    assert "RuntimeError: first" in running.stderr.read()


def test_workers_leave_when_their_master_was_killed():
    running = master("""
def turn(departure):
    told("alive"); time.sleep(0.05)
sys.exit(Workers([("w", turn)]).run())
""")
    assert running.stdout.readline().strip() == "alive"
    running.kill()
    # the pipe ends when nobody holds its other end any more: TimeoutExpired where a worker lived on
    running.communicate(timeout=10)


def test_every_source_of_the_app_has_its_processes(monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    names = ("deliver", "record", "sweep", "record_hits")
    app = SimpleNamespace(
        handler_map=dict.fromkeys(names, lambda _event, _context: None),
        event_sources=[
            SQSEventConfig("deliver", "app.deliver", "x-outgoing", None, 10, 0, None),
            SQSEventConfig("record", "app.record", "x-events", None, 100, 1, None),
            ScheduledEventConfig("sweep", "app.sweep", "rate(1 minute)", ""),
        ],
    )
    more = turns(app, tmp_path / "lines", "us-east-1", Pace({"record": 3}))
    assert [name for name, _ in more] == ["deliver", "record", "record", "record", "sweep", "record_hits"]
    made = list(turns(app, tmp_path / "lines", "us-east-1", Pace()))
    assert [name for name, _ in made] == ["deliver", "deliver", "record", "sweep", "record_hits"]
    source = made[2][1].__self__
    assert (source.queue, source.batch, source.window_s) == ("x-events", 100, 1)
    # as it is deployed
    assert source.function.timeout_s == 60
