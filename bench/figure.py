"""A figure as `make bench` prints it: beside what one would pick instead, with the ratios."""

from __future__ import annotations

from collections.abc import Mapping

from bench.sink import Json


def figure(name: str, value: float, unit: str, beside: Mapping[str, float]) -> Json:
    """`ratio` says how many times as much as the other one."""
    return {
        "figure": name,
        "value": round(value, 3),
        "unit": unit,
        "beside": {other: round(number, 3) for other, number in beside.items()},
        "ratio": {other: round(value / number, 3) for other, number in beside.items()},
    }


def per_cpu_second(name: str, things: str, value: float, beside: Mapping[str, float]) -> Json:
    return figure(name, round(value), f"{things} per CPU-second", {other: round(n) for other, n in beside.items()})
