"""Failures as structured lines for CloudWatch. Never an address: what looks like one is struck out."""

from __future__ import annotations

import logging
import re
import sys
import traceback

# Bounded on both sides of the @, so that a hostile text costs linear time.
ADDRESS = re.compile(r"[^\s@<>\"',;:()]{1,64}@[^\s@<>\"',;:()]{1,255}")
MAX_TEXT = 500


class StandardOutput(logging.Handler):
    """Writes to whatever standard output is by then: the local server puts its own in its place."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(self.format(record) + "\n")
        sys.stdout.flush()


def failure(what: str, error: BaseException, **about: str | int) -> None:
    """One line: what failed, the error's kind and text, where in the code, and what it was about (ids alone)."""
    from aws_lambda_powertools import Logger  # noqa: PLC0415  # 100 ms that only a failure needs

    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames][-12:]
    Logger(service="envoi", logger_handler=StandardOutput()).error(
        what, extra={"error": type(error).__name__, "said": scrubbed(str(error)), "where": where, **about}
    )


def scrubbed(text: str) -> str:
    return ADDRESS.sub("<address>", text[:MAX_TEXT])
