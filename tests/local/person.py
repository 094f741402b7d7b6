"""Somebody with a directory, who types commands."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.ports import free_block

ROOT = Path(__file__).parents[2]
UP = "Envoi is up."


class Person:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_block()
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
