"""The processes that make a local Envoi, in the order in which they start: each rests on those before it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local import console, ministack
from local.children import Child, Command, await_port, end, obituary, require_free, start, stop
from local.home import BUCKET, PREFIX, REGION, Home, environment
from local.log_subscription import Lines
from local.workers import Pace

LINES = "api.log"
SENDING_DOMAIN = "bakery.example"
# As infra/merge.json has it: a call must fit in the 29 s that an HTTP API waits.
API = {"ENVOI_CALL_TIMEOUT_MS": "10000"}
ORDER = ("ministack", "ses", "api", "workers")


@dataclass
class Stack:
    """`children` in the order of their start; `more` goes into the environment of each."""

    home: Home
    children: list[Child] = field(default_factory=list)
    more: Mapping[str, str] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)

    def start(self) -> None:
        """Everything up and answering, or Broken with one line that says what to do."""
        require_free({"local AWS": self.home.port, "SES simulator": self.home.port + 1, "API": self.home.port + 2})
        Lines(self._lines).trim()
        self._serve(ministack.command(self.home.port, self.home.aws_state, self.home.logs / "ministack.log", keep=True))
        ministack.deploy_data(self.home.aws_url, PREFIX, BUCKET)
        console.publish(self.home.aws_url, BUCKET)
        self._serve(self._command("ses", ["local.ses", *self._ses()], self.home.port + 1))
        self._serve(self._command("api", ["local.gateway", str(self.home.port + 2)], self.home.port + 2))
        self._serve(self._command("workers", ["local.workers", str(self._lines), json.dumps(asdict(self.pace))]))

    def broken(self) -> str | None:
        """One line about the first that stopped by itself."""
        return next((obituary(child) for child in self.children if not child.alive()), None)

    def stop(self) -> list[str]:
        """In the reverse order; the names of those that had to be killed."""
        killed = [child.name for child in reversed(self.children) if not stop(child)]
        self.children.clear()
        return killed

    @property
    def _lines(self) -> Path:
        return self.home.lines / LINES

    def _ses(self) -> Sequence[str]:
        """A generous account: what limits the speed here is this machine."""
        home = self.home
        return (
            *("--port", str(home.port + 1), "--state", str(home.ses_state), "--sns-endpoint", home.aws_url),
            *("--topic-arn", f"arn:aws:sns:{REGION}:000000000000:{PREFIX}-events", "--region", REGION),
            *("--max-send-rate", "2000", "--max-24-hour-send", "-1"),
            *("--identity", SENDING_DOMAIN, "--configuration-set", PREFIX),
        )

    def _command(self, name: str, module: Sequence[str], port: int | None = None) -> Command:
        return Command(
            name,
            [sys.executable, "-m", *module],
            environment(self.home) | (API if name == "api" else {}) | dict(self.more),
            log=self.home.logs / f"{name}.log",
            output=self._lines if name == "api" else None,
            port=port,
        )

    def _serve(self, command: Command) -> None:
        child = start(command, self.home.locks)
        self.children.append(child)
        if command.port is not None:
            await_port(child, command.port)


def end_all(locks: Path, names: Sequence[str]) -> list[str]:
    """Ends what an earlier run left behind, the last started first; the names of those that were there."""
    return [name for name in reversed(names) if end(locks / name)]
