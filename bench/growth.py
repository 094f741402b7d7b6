"""How something grows with its size, as one number."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from statistics import linear_regression

# The sizes at which growth is measured: so many times smaller than the whole.
STEPS = (100, 10, 1)


def exponent(seconds: Mapping[int, float]) -> float:
    """Of the power of the size that fits these seconds best (least squares of the logarithms): 1 grows as the size
    does, 2 with its square.
    """
    return linear_regression([log(size) for size in seconds], [log(each) for each in seconds.values()]).slope
