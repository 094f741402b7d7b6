"""An audience that comes from earlier broadcasts, and not from segments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from chalicelib.model.fact import Fact
from chalicelib.model.message import Message

Who = Literal["failed", "all_failed", "unopened"]

# What no later try mends: the address itself is wrong. SES's status, RFC 3463's codes of bad destinations, and RFC
# 5321's words for them.
FOR_GOOD = re.compile(r"INVALID_PARAMETER|\b5\.1\.(?:[0-3]|6|10)\b|no such user|user unknown|suppressed", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """Those recipients of these broadcasts, in their order: whom no provider took for a reason that may be over
    (`failed`), whatever the reason was (`all_failed`), or who got it and did not open it (`unopened`).
    """

    broadcasts: tuple[str, ...]
    who: Who

    def within(self, other: Source) -> bool:
        return self.who == other.who and set(self.broadcasts) <= set(other.broadcasts)


def may_be_over(reason: str) -> bool:
    return not FOR_GOOD.search(reason)


def is_failed(row: Message | None, broadcast: str, *, whatever: bool) -> bool:
    """Whether no provider took this broadcast's message. Who was given up in doubt may have it: that is not failed."""
    if row is None or row.state != "failed" or row.broadcast != broadcast:
        return False
    return whatever or may_be_over(row.reason)


def is_opened(facts: Iterable[Fact]) -> bool:
    """Whether a person opened or clicked; what proxies and scanners did says nothing."""
    return any(fact.verdict is not None and fact.verdict.label == "human" for fact in facts)
