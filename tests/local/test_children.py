from __future__ import annotations

import os
import signal
import socket
import sys

import pytest

from local.children import (
    Broken,
    Command,
    await_port,
    claim_self,
    claimed,
    end,
    free_block,
    holder,
    obituary,
    require_free,
    start,
    stop,
)

WAITS = "import time; print('here', flush=True); time.sleep(60)"
IGNORES = "import signal, time; signal.signal(15, signal.SIG_IGN); print('here', flush=True); time.sleep(60)"


def command(tmp_path, code, **more):
    return Command("child", [sys.executable, "-c", code], dict(os.environ), log=tmp_path / "child.log", **more)


@pytest.fixture
def begun(tmp_path):
    children = []

    def begin(code, **more):
        child = start(command(tmp_path, code, **more), tmp_path)
        children.append(child)
        while "here" in code and not child.log.read_text():
            os.sched_yield()
        return child

    yield begin
    for child in children:
        child.process.kill()
        child.process.wait()


def test_a_living_child_holds_its_lock_and_a_dead_one_does_not(tmp_path, begun):
    child = begun(WAITS)
    assert holder(tmp_path / "child") == child.process.pid
    assert stop(child)
    assert holder(tmp_path / "child") is None


def test_the_same_name_cannot_run_twice(begun):
    begun(WAITS)
    with pytest.raises(Broken, match="child runs already"):
        begun(WAITS)


def test_what_an_earlier_run_left_is_ended_by_its_lock(tmp_path, begun):
    child = begun(WAITS)
    # the child becomes a zombie of ours: its lock is what counts
    assert end(tmp_path / "child", grace_s=5)
    assert child.process.wait() == -signal.SIGTERM
    assert not end(tmp_path / "child")


def test_a_stale_file_names_nobody_even_when_the_number_is_alive(tmp_path):
    (tmp_path / "child").write_text(str(os.getpid()))
    assert holder(tmp_path / "child") is None
    assert not end(tmp_path / "child")


def test_who_does_not_stop_is_killed(begun):
    child = begun(IGNORES)
    assert not stop(child, grace_s=0.2)
    assert not child.alive()


def test_ctrl_c_does_not_reach_a_child(begun):
    child = begun(WAITS)
    assert os.getsid(child.process.pid) != os.getsid(0)


def test_one_process_claims_itself_once(tmp_path):
    assert claim_self(tmp_path / "run.pid")
    assert holder(tmp_path / "run.pid") == os.getpid()
    assert not claim_self(tmp_path / "run.pid")


def test_a_port_in_use_is_one_line_that_says_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Broken) as broken:
            require_free({"API": port})
    said = str(broken.value)
    assert "\n" not in said
    assert str(port) in said
    assert f"make run PORT={port + 1000}" in said


def test_a_free_block_is_free():
    first = free_block(20_000)
    require_free({"one": first, "two": first + 1, "three": first + 2})


def test_who_dies_before_it_listens_is_reported_with_its_last_line(begun):
    child = begun("import sys; print('why it died', file=sys.stderr); sys.exit(3)")
    with pytest.raises(Broken, match=r"exit 3\): why it died"):
        await_port(child, 1, patience_s=10)


def test_an_obituary_of_one_who_said_nothing(begun):
    child = begun("")
    child.process.wait()
    assert "it wrote nothing" in obituary(child)


def test_output_goes_apart_from_the_log(tmp_path, begun):
    child = begun("import sys; print('line'); print('trouble', file=sys.stderr)", output=tmp_path / "lines")
    child.process.wait()
    assert ((tmp_path / "lines").read_text(), child.log.read_text()) == ("line\n", "trouble\n")


def test_a_lock_is_free_again_after_its_file_is_closed(tmp_path):
    descriptor = claimed(tmp_path / "x")
    assert descriptor is not None
    assert claimed(tmp_path / "x") is None
    os.close(descriptor)
    again = claimed(tmp_path / "x")
    assert again is not None
    os.close(again)
