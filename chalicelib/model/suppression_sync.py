"""How far the provider's own suppression list has been read into ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model.suppression import Reason

SES = "ses"


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of the provider's list. `at` (epoch milliseconds) is when it was last put there."""

    address: str
    reason: Reason
    at: int


@dataclass(frozen=True, slots=True)
class ListedPage:
    """`token` asks for the next page; "" at the end."""

    entries: Sequence[Listed]
    token: str = ""


@dataclass(frozen=True, slots=True)
class SuppressionSync:
    """A round reads what was listed since `since`. `began_at` is the start of the last round; `token` is its next page
    where it stopped for want of time; nobody else goes on before `not_before`. Epoch milliseconds.
    """

    id: str = SES
    since: int = 0
    began_at: int = 0
    token: str = ""
    not_before: int = 0
    version: int = 0
