"""What a sending costs on AWS, and how long it takes: list prices of us-east-1, on demand (2026-11).

SES: $0.10 a thousand, and $0.12 a gigabyte of attachments (https://aws.amazon.com/ses/pricing/). All else together
is what `docs/performance.md` measured for a million recipients: units, calls, events, hits, logs, Lambda's seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

SES_EACH = 0.10 / 1_000
SES_GIGABYTE = 0.12
GIGABYTE = 1_000_000_000
BEYOND_EACH = 5.02 / 1_000_000
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars."""

    ses: float
    beyond: float

    @property
    def total(self) -> float:
        return self.ses + self.beyond


def price(recipients: int, mails: int | None = None, carried: int = 0) -> Price:
    """`mails` counts the copies (BCC) too, which SES charges as recipients; `carried` are the bytes of attachments in
    all of them.
    """
    ses = (recipients if mails is None else mails) * SES_EACH + carried / GIGABYTE * SES_GIGABYTE
    return Price(ses, recipients * BEYOND_EACH)


def seconds(recipients: int, per_second: float, left_today: float, per_day: float) -> float:
    """How long it takes at this quota; `left_today` and `per_day` are -1 where the day has no limit. What does not fit
    into today waits for the next day, and so on.
    """
    if per_second <= 0:
        return float("inf")
    if per_day < 0 or recipients <= left_today:
        return recipients / per_second
    behind = recipients - max(0.0, left_today)
    days, last = divmod(behind, per_day) if per_day else (float("inf"), 0.0)
    return (1 + days) * DAY_S + last / per_second if per_day else float("inf")


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the sending would cost, and how many seconds it would take at the rate of now."""

    price: Price
    seconds: float
    per_second: float
