"""Which variant of an A/B test is best, and how sure that is.

Each variant's rate has a Beta(1 + successes, 1 + failures) posterior (a uniform prior); how probable it is that a
variant is the best is counted over draws from all of them. The draws are the standard library's, seeded by the counts:
the same counts always give the same answer.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from chalicelib.model.email import Goal

Certainty = Literal["sure", "likely", "chance"]

DRAWS = 20_000
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
    best = _leading(results, probabilities, sign)
    return Standing(best, probabilities, _statement(results, best, probabilities[best], goal))


def _leading(results: Mapping[str, Result], probabilities: Mapping[str, float], sign: int) -> str:
    """Equal results are equally probable: what the draws say between them is noise, and no reason to leave the root."""
    first: dict[Result, str] = {}
    for variant, result in results.items():
        first.setdefault(result, variant)
    return max(first.values(), key=lambda variant: (sign * results[variant].rate, probabilities[variant]))


def _probabilities(results: Mapping[str, Result], sign: int) -> dict[str, float]:
    source = random.Random(repr([(each.sent, each.reached) for each in results.values()]))  # noqa: S311  # statistics
    shapes = [(1 + each.reached, 1 + max(0, each.sent - each.reached)) for each in results.values()]
    wins = [0] * len(shapes)
    for _ in range(DRAWS):
        drawn = [sign * source.betavariate(a, b) for a, b in shapes]
        wins[drawn.index(max(drawn))] += 1
    return {variant: won / DRAWS for variant, won in zip(results, wins, strict=True)}


def _statement(results: Mapping[str, Result], best: str, probability: float, goal: Goal) -> str:
    """For people: what leads, by how much, and whether that means anything."""
    rates = f"{results[best].rate:.1%} {goal} of {results[best].sent} sent"
    if probability >= SURE:
        return f"{rates}; with {probability:.0%} probability it is the best."
    if probability >= LIKELY:
        return f"{rates}; it is probably the best ({probability:.0%}), but that is not certain."
    return f"{rates}; that may well be chance: it is the best with {probability:.0%} probability only."
