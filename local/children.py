"""The processes of a local Envoi: started with a log of their own, watched, and stopped by their own ids.

Each holds a lock on its file under `running/` for as long as it lives (the lock belongs to the open file that it
inherits), so that a process id found there is known to be ours and not a stranger's that got the same number.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

GRACE_S = 30.0
STEP_S = 0.05


class Broken(Exception):
    """The local Envoi cannot go on; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def alive(self) -> bool:
        return self.process.poll() is None


@dataclass(frozen=True, slots=True)
class Command:
    """What to run: `output` takes standard output where it is not part of the log; `port` is where it will listen."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    output: Path | None = None
    port: int | None = None


def start(command: Command, locks: Path) -> Child:
    """Starts it in a session of its own, so that Ctrl-C reaches us alone and we end it in order."""
    lock = claimed(locks / command.name)
    if lock is None:
        raise Broken(f"{command.name} runs already: make stop, and try again.")
    with command.log.open("ab") as log, (command.output or command.log).open("ab") as output:
        process = subprocess.Popen(
            command.arguments,
            env=dict(command.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=log,
            start_new_session=True,
            pass_fds=(lock,),
        )
    _note(lock, process.pid)
    os.close(lock)
    return Child(command.name, process, command.log)


def claimed(path: Path) -> int | None:
    """An open, locked file; None where a living process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def claim_self(path: Path) -> bool:
    """The same lock for this very process, kept until it ends."""
    lock = claimed(path)
    if lock is None:
        return False
    _note(lock, os.getpid())
    return True


def _note(descriptor: int, pid: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(pid).encode(), 0)


def holder(path: Path) -> int | None:
    """The id of the living process that holds this lock."""
    if not path.exists():
        return None
    lock = claimed(path)
    if lock is not None:
        os.close(lock)
        return None
    text = path.read_text()
    return int(text) if text.isdecimal() else None


def end(path: Path, grace_s: float = GRACE_S) -> bool:
    """Asks the holder of this lock to stop, kills it when it has not after the grace; False where nobody holds it."""
    pid = holder(path)
    if pid is None:
        return False
    for request, patience in ((signal.SIGTERM, grace_s), (signal.SIGKILL, 5.0)):
        _send(pid, request)
        if _until(lambda: holder(path) is None, patience):
            break
    return True


def stop(child: Child, grace_s: float = GRACE_S) -> bool:
    """SIGTERM, then SIGKILL after the grace; whether it went by itself."""
    if child.alive():
        child.process.terminate()
    try:
        child.process.wait(grace_s)
    except subprocess.TimeoutExpired:
        child.process.kill()
        child.process.wait()
        return False
    return True


def require_free(ports: Mapping[str, int]) -> None:
    """Broken where something listens on one of them already."""
    for name, port in ports.items():
        if not _free(port):
            other = min(ports.values()) + 1000
            raise Broken(
                f"Port {port} ({name}) is in use: stop what listens there, or choose other ports, "
                f"e.g. make run PORT={other} (it takes {other} to {other + len(ports) - 1})."
            )


def free_block(first: int, size: int = 3) -> int:
    """The first of `size` free ports in a row, from `first` on."""
    for start in range(first, first + 1000, size):
        if all(_free(port) for port in range(start, start + size)):
            return start
    raise Broken(f"No {size} free ports in a row from {first} to {first + 1000}: name some, e.g. make demo PORT=20000.")


def _free(port: int) -> bool:
    if listens(port):
        return False
    with socket.socket() as probe:
        # as servers do: a port in TIME_WAIT is free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def await_port(child: Child, port: int, patience_s: float = 60.0) -> None:
    """Returns when it listens; Broken, with the end of its log, when it dies or takes too long."""

    def ready() -> bool:
        if not child.alive():
            raise Broken(obituary(child))
        return listens(port)

    if not _until(ready, patience_s):
        raise Broken(f"{child.name} does not answer on port {port} after {patience_s:.0f} s: see {child.log}.")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def obituary(child: Child) -> str:
    """One line: who died, and the last line it wrote."""
    written = child.log.read_text(errors="replace").strip().splitlines()
    last = written[-1].strip()[:300] if written else "it wrote nothing"
    return f"{child.name} stopped by itself (exit {child.process.returncode}): {last} (all of it: {child.log})"


def _send(pid: int, request: signal.Signals) -> None:
    try:
        os.kill(pid, request)
    except ProcessLookupError:
        return


def _until(condition: Callable[[], bool], patience_s: float) -> bool:
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(STEP_S)
    return True
