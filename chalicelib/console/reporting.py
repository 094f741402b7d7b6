"""Reports that a team reads in the browser: plain HTML without scripts, every value escaped."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from math import isfinite
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.model.preflight import Preflight
from chalicelib.model.price import Estimate

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def preflight_report(name: str, job: Preflight, estimate: Estimate | None) -> str:
    """The findings of a pre-flight, the gravest first, with what the sending costs and how long it takes."""
    moment = datetime.fromtimestamp((job.finished_at or 0) / 1_000, UTC)
    return (
        _environment()
        .get_template("preflight.html")
        .render(
            name=name,
            job=job,
            estimate=estimate,
            finished=f"{moment:%Y-%m-%d %H:%M} UTC",
            duration=_shown(estimate.seconds) if estimate else "",
        )
    )


def _shown(seconds: float) -> str:
    """Two units at most: people plan by hours and days."""
    if not isfinite(seconds):
        return "for ever"
    whole = max(1, round(seconds))
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{round(whole / MINUTE)} min"
    if whole < DAY:
        return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"
    return f"{whole // DAY} d {whole % DAY // HOUR} h"


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "reports"
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
