"""Which variant of an A/B test is best, and how sure that is.

Each variant's rate has a Beta(1 + successes, 1 + failures) posterior (a uniform prior). How probable it is that a
variant is the best is that all others are worse, summed up over the rates that it may have: in cells, narrow where any
of them is likely.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import exp, log, prod, sqrt
from typing import Literal

from chalicelib.model.email import Goal

Certainty = Literal["sure", "likely", "chance"]

# Of a variant: so many cells to a standard deviation, so many of these to each side of the mean.
CELLS, REACH = 8, 12
SURE, LIKELY = 0.95, 0.8


@dataclass(frozen=True, slots=True)
class Result:
    """What a variant has reached: `reached` of those whom it was `sent` to."""

    sent: int
    reached: int

    @property
    def rate(self) -> float:
        return self.reached / self.sent if self.sent else 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """`best` leads, of those with the same rate the most probable; `probabilities` says of each variant how probable it
    is that no other is better.
    """

    best: str
    probabilities: Mapping[str, float]
    statement: str

    @property
    def certainty(self) -> Certainty:
        """How sure it is that the one that leads is the best."""
        probability = self.probabilities[self.best]
        return "sure" if probability >= SURE else "likely" if probability >= LIKELY else "chance"


def standing(results: Mapping[str, Result], goal: Goal) -> Standing:
    """`results` by variant, the root first: it wins where all is the same. Fewer is better where the goal is
    `unsubscribed`.
    """
    sign = -1 if goal == "unsubscribed" else 1
    probabilities = _probabilities(results, sign)
    best = max(results, key=lambda variant: (sign * results[variant].rate, probabilities[variant]))
    return Standing(best, probabilities, _statement(results, best, probabilities[best], goal))


def _probabilities(results: Mapping[str, Result], sign: int) -> dict[str, float]:
    """To the fourth place: what follows is not exact."""
    shapes = [(1 + each.reached, 1 + max(0, each.sent - each.reached)) for each in results.values()]
    edges = _edges(shapes)
    masses = [_masses(edges, a, b) for a, b in shapes]
    worse = [_worse(each, sign) for each in masses]
    wins = [
        sum(mass * prod(others) for mass, *others in zip(own, *worse[:n], *worse[n + 1 :], strict=True))
        for n, own in enumerate(masses)
    ]
    return {variant: round(won / sum(wins), 4) for variant, won in zip(results, wins, strict=True)}


def _edges(shapes: Sequence[tuple[int, int]]) -> list[float]:
    """Of the cells, from 0 to 1."""
    found = {0.0, 1.0}
    for a, b in shapes:
        mean, deviation = a / (a + b), sqrt(a * b / (a + b + 1)) / (a + b)
        near = (mean + deviation * n / CELLS for n in range(-REACH * CELLS, REACH * CELLS + 1))
        found |= {edge for edge in near if 0 < edge < 1}
    return sorted(found)


def _masses(edges: Sequence[float], a: int, b: int) -> list[float]:
    """How probable it is that the rate is in each cell."""
    cells = [((low + high) / 2, high - low) for low, high in pairwise(edges)]
    logs = [(a - 1) * log(middle) + (b - 1) * log(1 - middle) for middle, _ in cells]
    most = max(logs)
    sizes = [exp(each - most) * width for each, (_, width) in zip(logs, cells, strict=True)]
    whole = sum(sizes)
    return [each / whole for each in sizes]


def _worse(masses: Sequence[float], sign: int) -> list[float]:
    """How probable it is that the rate is worse than one of each cell; within a cell it is worse half the time."""
    below = [summed - mass / 2 for summed, mass in zip(accumulate(masses), masses, strict=True)]
    return below if sign > 0 else [1 - each for each in below]


def _statement(results: Mapping[str, Result], best: str, probability: float, goal: Goal) -> str:
    """For people: what leads, by how much, and whether that means anything."""
    rates = f"{results[best].rate:.1%} {goal} of {results[best].sent} sent"
    if probability >= SURE:
        return f"{rates}; with {probability:.0%} probability it is the best."
    if probability >= LIKELY:
        return f"{rates}; it is probably the best ({probability:.0%}), but that is not certain."
    return f"{rates}; that may well be chance: it is the best with {probability:.0%} probability only."
