"""Live segments that name each other: no circle, and not too much to judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from chalicelib.model.errors import Invalid
from chalicelib.model.filter import Filter, conditions, memberships

# A chain of live segments, and all their conditions as often as they are judged for one contact.
MAX_CHAIN = 10
MAX_JUDGED = 1_000


def dependencies_first(live: Mapping[str, Filter]) -> list[str]:
    """The live segments in an order in which each comes behind those that its filter names. Raises Invalid naming the
    circle where there is one.
    """
    graph = {each: [named for named in memberships(tree) if named in live] for each, tree in live.items()}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as circle:
        path = " -> ".join(reversed(circle.args[1]))
        raise Invalid(
            "filter", path, "Segments that name each other in a circle have no members: take one out."
        ) from None


def checked_nesting(live: Mapping[str, Filter]) -> None:
    """Invalid where live segments name each other in a circle, stand in each other too deep, or have too many
    conditions when each is counted as often as it is judged.
    """
    chains: dict[str, int] = {}
    judged: dict[str, int] = {}
    for each in dependencies_first(live):
        named = [segment for segment in _named(live[each]) if segment in live]
        chains[each] = 1 + max((chains[segment] for segment in named), default=0)
        judged[each] = sum(1 for _ in conditions(live[each])) + sum(judged[segment] for segment in named)
        if chains[each] > MAX_CHAIN:
            raise Invalid("filter", each, f"At most {MAX_CHAIN} live segments may stand in one another.")
        if judged[each] > MAX_JUDGED:
            raise Invalid(
                "filter",
                f"{judged[each]} conditions",
                f"With the live segments in it, a filter has at most {MAX_JUDGED}: put people on static lists.",
            )


def _named(tree: Filter) -> Iterable[str]:
    """As `memberships`, but as often as they are named."""
    return (named for condition in conditions(tree) for named in memberships(condition))
