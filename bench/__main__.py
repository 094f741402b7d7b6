"""`make bench`: one JSON object a line, each figure beside what one would pick instead, measured in the same run."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import chain

from bench import (
    cost,
    deliver,
    following,
    hits,
    imports,
    large_imports,
    pages,
    personalise,
    plan,
    record,
    segments,
    transports,
    whole,
)
from bench.sink import Json
from bench.sizes import Sizes, sizes


def figures(given: Sizes) -> Iterator[Json]:
    small = (personalise, deliver, transports, plan, hits, record, imports, following, cost)
    yield from chain.from_iterable(module.figures() for module in small)
    yield from plan.growing(given)
    yield from chain.from_iterable(module.figures(given) for module in (segments, whole, large_imports))
    yield from pages.figures()


for figure in figures(sizes(sys.argv[1:])):
    print(json.dumps(figure), flush=True)
