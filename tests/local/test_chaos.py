"""What `make chaos` concludes from what it sees: each wrong is a number of its own."""

import os
import signal
import subprocess
import sys
from collections import Counter
from random import Random

import pytest

from chalicelib.work.tending import PROVED
from local.chaos.accounts import account, table
from local.chaos.carriers import Api, Smtp
from local.chaos.killing import Killer, children, name_of, processor_s
from local.providers.sendgrid import SendGrid
from local.smtp_server import SmtpServer


def recipient(number, fate="sent", reason=None):
    return {"address": f"P{number}@example.com", "contact_id": f"c{number}", "fate": fate, "reason": reason}


def accounted(recipients, copies, audience=None):
    people = len(recipients) if audience is None else audience
    return account("ses", {"planned": len(recipients)}, recipients, Counter(copies), people)


GOT = {"p1@example.com": 1, "p2@example.com": 1}


def test_everybody_is_somewhere():
    others = [recipient(3, "failed"), recipient(4, "skipped"), recipient(5, "held")]
    found = accounted([recipient(1), recipient(2, reason=PROVED), *others], GOT)
    assert found.holds
    assert (found.planned, found.accepted, found.sent, found.refused, found.skipped) == (5, 2, 2, 1, 1)
    assert (found.settled, found.held) == (1, 1)


@pytest.mark.parametrize(
    ("people", "copies", "audience", "wrong"),
    [
        ([recipient(1), recipient(2)], GOT | {"p2@example.com": 2}, 2, {"duplicates": 1}),
        ([recipient(1), recipient(2)], GOT, 3, {"unaccounted": 1}),
        ([recipient(1), recipient(2, "waiting")], {"p1@example.com": 1}, 2, {"unaccounted": 1}),
        ([recipient(1), recipient(2, "failed")], GOT, 2, {"lost": 1}),
        ([recipient(1), recipient(2)], {"p1@example.com": 1}, 2, {"invented": 1}),
    ],
)
def test_each_wrong_is_told(people, copies, audience, wrong):
    found = accounted(people, copies, audience)
    assert not found.holds
    names = ("duplicates", "unaccounted", "lost", "invented")
    assert {name: getattr(found, name) for name in names if getattr(found, name)} == wrong


def test_who_is_held_may_have_it():
    assert accounted([recipient(1), recipient(2, "held")], GOT).holds


def test_the_table_has_a_row_for_each_transport():
    head, row = table([accounted([recipient(1), recipient(2)], GOT)])
    assert head.split()[0] == "transport"
    assert row.split() == ["ses", "2", "2", "2", *["0"] * 11]


@pytest.mark.parametrize("name", ["smtp", "sendgrid"])
def test_troubles_come_and_go(name):
    with SmtpServer() as server, SendGrid() as stand_in:
        carrier = Smtp(server) if name == "smtp" else Api("sendgrid", stand_in, "SG.key")
        for seed in range(20):
            assert carrier.trouble(Random(seed))
            assert not carrier.trouble(Random(seed)), "one at a time"
            carrier.calm()
        assert carrier.accepted() == Counter()
        assert carrier.events() == []
        assert server.faults.waiting() == []
        assert stand_in.faults.next() is None


def test_the_children_of_a_process_are_known():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)  # our own
    assert child.pid in children(os.getpid())
    child.communicate(b"go\n")
    assert child.pid not in children(os.getpid())
    assert children(2**22 + 1) == []


# Two children, of whom one has worked; each says that it is there, and the parent who of them ended and how.
FAMILY = """
import os, time
def child(name, work_s):
    pid = os.fork()
    if pid: return pid
    while time.process_time() < work_s: pass
    open("/proc/self/comm", "w").write(name)
    os.write(1, f"{name} {os.getpid()}\\n".encode())
    os.read(0, 1)
    os._exit(0)
child("deliver", 0.5), child("young", 0)
pid, status = os.wait()
os.write(1, f"ended {pid} {os.waitstatus_to_exitcode(status)}\\n".encode())
"""


def test_whoever_has_worked_is_killed_and_who_has_only_begun_is_spared():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", FAMILY], **pipes) as parent:  # noqa: S603  # our own
        born = dict(parent.stdout.readline().split() for _ in range(2))
        deliver, young = int(born["deliver"]), int(born["young"])
        assert (name_of(deliver), name_of(young)) == ("deliver", "young")
        assert processor_s(deliver) >= 0.4 > processor_s(young)
        killer = Killer(parent.pid, Random(1), lambda: False, lives={"": (0.4,)})
        killer.kill()
        assert (killer.killed, killer.delivering) == (1, 1)
        assert parent.stdout.readline().split() == ["ended", str(deliver), str(-signal.SIGKILL)]
        parent.stdin.close()
    assert (name_of(deliver), processor_s(deliver)) == ("", 0.0)


def test_what_ends_the_killing_is_told():
    def broken() -> bool:
        raise OSError("no simulator")

    killer = Killer(os.getpid(), Random(1), broken)
    killer.start()
    killer.join()
    with pytest.raises(OSError, match="no simulator"):
        killer.stop()
