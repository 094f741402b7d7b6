"""`make run` and `make demo`: a whole Envoi on this machine, a real broadcast, and what came of it."""

from __future__ import annotations

import argparse
import http.client
import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from local import audience, console, demo, demonstration, report
from local.children import Broken, claim_self, free_block
from local.client import Refused
from local.home import FIRST_PORT, Home, announce, opened
from local.showing import Show
from local.stack import ORDER, Stack, end_all

Json = dict[str, Any]
DIRECTORY = Path(".local")
PID = "run.pid"
WATCH_S = 0.5
MAX_RECIPIENTS = 1_000_000


class Interrupted(Exception):
    """Somebody asked us to stop: Ctrl-C or `make stop`."""


def main(arguments: list[str] | None = None) -> int:
    show = Show(sys.stdout)
    try:
        given = _arguments(arguments)
        _listen()
        return _check(given, show) if given.demo else _stay(given, show)
    except Broken as broken:
        print(f"envoi: {broken}", file=sys.stderr)
        return 1
    except Refused as refused:
        print(f"envoi: the API refused the demonstration: {refused} (its log: .local/lines)", file=sys.stderr)
        return 1
    except Interrupted:
        return 0


class Parser(argparse.ArgumentParser):
    """A wrong argument is one line that says what to do."""

    def error(self, message: str) -> NoReturn:
        raise Broken(message.removeprefix("argument ").replace("--", "", 1))


def _recipients(text: str) -> int:
    return _number(text, "RECIPIENTS", 1, MAX_RECIPIENTS)


def _port(text: str) -> int:
    return _number(text, "PORT", 1_024, 65_533)


def _number(text: str, name: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise argparse.ArgumentTypeError(
            f"{text!r} cannot be taken: give {name} a whole number from {least} to {most}."
        )
    return int(text)


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser(prog="python -m local.run", description=__doc__)
    parser.add_argument(
        "--recipients", type=_recipients, help="how many made-up contacts; without it, the CSV that is shipped"
    )
    parser.add_argument("--port", type=_port, help=f"the first of three ports ({FIRST_PORT})")
    parser.add_argument("--fresh", action="store_true", help="forget what was kept and begin anew")
    parser.add_argument("--demo", action="store_true", help="check the invariants and end; nothing is kept")
    return parser.parse_args(arguments)


def _listen() -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Interrupted

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _stay(given: argparse.Namespace, show: Show) -> int:
    """Up until somebody says stop. What an earlier run left is shown; otherwise the demonstration runs first."""
    home = opened(_claimed(DIRECTORY), given.port, fresh=given.fresh)
    with _up(home, show) as stack:
        kept = _kept(home)
        if kept is not None and given.recipients is not None:
            show.say("RECIPIENTS is for a new audience, and one is kept: make run FRESH=1 RECIPIENTS=... begins anew.")
        kept = kept or _demonstrated(home, given, show)
        _tell(home, kept, show)
        show.say("Envoi is up. Ctrl-C (or make stop) stops it and keeps everything; make run FRESH=1 begins anew.")
        while (broken := stack.broken()) is None:
            time.sleep(WATCH_S)
        raise Broken(broken)


def _check(given: argparse.Namespace, show: Show) -> int:
    """The demonstration in a home of its own, on free ports, and whether everything held."""
    directory = _claimed(DIRECTORY / "demo")
    home = opened(directory, given.port or free_block(FIRST_PORT + 10), fresh=True)
    with _up(home, show):
        shown = demonstration.perform(home, _csv(given.recipients), show)
        for line in ("What happened", *report.summary(shown.kept())):
            show.say(line)
        verdicts = demonstration.verdicts(home, shown)
    show.say("What must hold")
    for verdict in verdicts:
        show.say(f"  {'holds ' if verdict.holds else 'BROKEN'}  {verdict.says}")
    return 0 if all(verdict.holds for verdict in verdicts) else 1


def _claimed(directory: Path) -> Path:
    """The directory, for one run at a time; what an interrupted one left is ended before anything is forgotten."""
    directory.mkdir(parents=True, exist_ok=True)
    if not claim_self(directory / PID):
        raise Broken(f"Envoi runs there already: {directory / 'envoi.json'} says where; make stop ends it.")
    end_all(directory / "running", ORDER)
    return directory


@contextmanager
def _up(home: Home, show: Show) -> Iterator[Stack]:
    """A running stack; it is stopped in order however this ends."""
    stack = Stack(home)
    began = time.monotonic()
    show.say("Starting the local AWS, the SES simulator, the API and the workers ...")
    try:
        stack.start()
        announce(home)
        show.say(f"Up after {time.monotonic() - began:.1f} s: API {home.url}/v1, inbox {home.inbox_url}")
        yield stack
    except (OSError, http.client.HTTPException) as error:
        raise Broken(stack.broken() or f"A connection broke: {error!r}; logs are in {home.logs}.") from error
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        show.say("Stopping ...")
        killed = stack.stop()
        show.say(f"Stopped; had to be killed: {', '.join(killed)}." if killed else "Stopped.")


def _demonstrated(home: Home, given: argparse.Namespace, show: Show) -> Json:
    kept = demonstration.perform(home, _csv(given.recipients), show).kept()
    (home.directory / "demo.json").write_text(json.dumps(kept, indent=2))
    return kept


def _kept(home: Home) -> Json | None:
    path = home.directory / "demo.json"
    kept: Json | None = json.loads(path.read_text()) if path.exists() else None
    return kept


def _tell(home: Home, kept: Json, show: Show) -> None:
    for line in (
        "",
        f"What happened at {kept['on']}",
        *report.summary(kept),
        "",
        *report.directions(home, kept["newsletter"], kept["broadcast"]["id"], console.address(home)),
        "",
    ):
        show.say(line)


def _csv(recipients: int | None) -> bytes:
    return audience.SHIPPED.read_bytes() if recipients is None else demo.audience_of(recipients)


if __name__ == "__main__":
    sys.exit(main())
