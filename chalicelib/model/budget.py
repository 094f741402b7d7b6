"""A send budget: what its row says, and what a reservation makes of it. Pure; the row is `store/budget.py`.

A transport has one, and so have a broadcast with a rate of its own and a recipient domain with a limit.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from chalicelib.model import breaker
from chalicelib.model.breaker import Breaker

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000

# Each recipient that is accepted adds so many a second to a lowered rate: it comes back in some seconds, at any rate.
RAISE = 0.03
# After a throttling the rate is this much of what is proved to be allowed, or, where less than KNOWN of the rate is, so
# much of what it was.
BELOW, KNOWN, SLOWER = 0.8, 0.3, 0.7
# A provider's bucket holds a second's worth.
BUCKET_MS = 1_000
# How long a proof stands, and how long throttlings lower nothing behind one that the rate was not the cause of.
PROOF_MS, EXCUSED_MS = 20_000, 20_000
# A transport that failed comes back with this much of its rate.
GENTLE = 0.1
LEAST_RATE = 0.1
# What was reserved so soon behind a change says nothing about it: the provider's bucket is empty from before.
SETTLING_MS = 2_000
# Lowered again so soon, it was not the last lowering that was needed: both are taken back together.
SOON_MS = 6_000

Why = Literal["slot", "shut", "hour", "day"]


@dataclass(frozen=True, slots=True)
class Course:
    """What changes seldom. The rate was lowered at `low_at` from `before` to `low`, below `top`, when `low_sent` had
    been accepted; `top` is 0 where it never was. `proved` is a rate that the provider allowed at `proved_at`; at
    `excused_at` something else than the rate was throttled. `most` is what the provider said to allow at `most_at`, as
    the worker saw it that asked last; 0 where none has. `version` counts the changes.
    """

    low: float = 0.0
    top: float = 0.0
    low_sent: int = 0
    low_at: int = 0
    before: float = 0.0
    proved: float = 0.0
    proved_at: int = 0
    excused_at: int = 0
    most: float = 0.0
    most_at: int = 0
    breaker: Breaker = field(default_factory=Breaker)
    version: int = 0


@dataclass(frozen=True, slots=True)
class Budget:
    """`next_at` is when the next call may start. `sent` are recipients accepted in all; `well` and `badly` are calls of
    the minute `minute`, `in_a_row` those that failed since one went well. `in_hour` and `in_day` are recipients
    reserved in that hour and day. Minutes, hours and days are counted from the epoch, UTC.
    """

    next_at: int = 0
    sent: int = 0
    minute: int = 0
    well: int = 0
    badly: int = 0
    in_a_row: int = 0
    hour: int = 0
    in_hour: int = 0
    day: int = 0
    in_day: int = 0
    course: Course = field(default_factory=Course)

    @property
    def is_failing(self) -> bool:
        return breaker.is_failing(self.in_a_row, self.well, self.badly)


@dataclass(frozen=True, slots=True)
class Told:
    """What has come of calls since the last reservation: recipients accepted, calls that went well and that failed, and
    milliseconds that were reserved and not used up.
    """

    accepted: int = 0
    well: int = 0
    badly: int = 0
    unused_ms: int = 0

    def __add__(self, other: Told) -> Told:
        return Told(
            self.accepted + other.accepted,
            self.well + other.well,
            self.badly + other.badly,
            self.unused_ms + other.unused_ms,
        )

    def __bool__(self) -> bool:
        return bool(self.accepted or self.well or self.badly)


NOTHING = Told()


@dataclass(frozen=True, slots=True)
class Reservation:
    """A call for so many recipients, which use the budget up for `cost_ms`. It may start up to `ahead_ms` from now.
    `per_hour` and `per_day` are limits; where it is not `bound` by them it counts into them all the same.
    """

    recipients: int
    cost_ms: int
    now: int
    ahead_ms: int
    per_hour: int | None = None
    per_day: int | None = None
    bound: bool = True
    told: Told = NOTHING


@dataclass(frozen=True, slots=True)
class Slot:
    """When the call may start (epoch ms). A `probe` tries a transport that failed: its outcome decides about it."""

    at: int
    probe: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing was reserved: not before `until` (epoch ms)."""

    until: int
    why: Why


def reserved(budget: Budget, asked: Reservation) -> Budget | Wait:
    """The budget after this asked."""
    slot = max(asked.now, budget.next_at)
    wait = _wait(budget, asked)
    if wait is not None:
        return wait
    course = budget.course
    if course.breaker.state != "closed":
        course = replace(course, breaker=breaker.probing(course.breaker, asked.now), version=course.version + 1)
    return replace(_counted(_heard(budget, asked), asked), next_at=slot + cost_of(asked), course=course)


def cost_of(asked: Reservation) -> int:
    return max(0, asked.cost_ms - asked.told.unused_ms)


def hour_of(budget: Budget, asked: Reservation) -> int:
    """A clock that is behind others does not bring an hour back."""
    return max(budget.hour, asked.now // HOUR_MS)


def day_of(budget: Budget, asked: Reservation) -> int:
    return max(budget.day, asked.now // DAY_MS)


def minute_of(budget: Budget, asked: Reservation) -> int:
    return max(budget.minute, asked.now // MINUTE_MS)


def rate(budget: Budget, most: float) -> float:
    """Recipients a second: `most`, or less since a throttling."""
    course = budget.course
    climbed = course.low + RAISE * (budget.sent - course.low_sent)
    return most if climbed >= course.top else max(LEAST_RATE, min(most, climbed))


def known_most(budget: Budget, most: float, asked_at: int) -> float:
    """What the provider allows, as whoever asked last was told: a worker of its own asked then."""
    course = budget.course
    return course.most if course.most and course.most_at > asked_at else most


def learned(budget: Budget, most: float, asked_at: int) -> Course | None:
    """The course with what a worker was told that asked then; None where that is nothing new."""
    course = budget.course
    if asked_at <= course.most_at or most == course.most:
        return None
    return replace(course, most=most, most_at=asked_at, version=course.version + 1)


def slowed(budget: Budget, reserved_at: int, now: int, most: float) -> Course | None:
    """The course after the throttling of a call that was reserved then; None where the rate was lowered since, or where
    throttlings have another cause than the rate.
    """
    course, before = budget.course, rate(budget, most)
    if max(course.low_at, course.most_at) + SETTLING_MS > reserved_at:
        return None
    if before <= _proved(course, now):
        return _excused(budget, now, before)
    allowed = _allowed(budget, now)
    if now - course.excused_at < EXCUSED_MS and allowed > KNOWN * before:
        return None
    return _lowered(budget, now, most, allowed)


def _allowed(budget: Budget, now: int) -> float:
    """What the provider has let through since the rate was changed last, less what its bucket held then: the rate that
    it allows is no lower.
    """
    course = budget.course
    return (budget.sent - course.low_sent) * 1_000 / (now - course.low_at + BUCKET_MS)


def _proved(course: Course, now: int) -> float:
    return course.proved if now - course.proved_at < PROOF_MS else 0.0


def _excused(budget: Budget, now: int, rate: float) -> Course:
    """Throttled at a rate that is proved to be allowed: the one before was not too fast either."""
    course = budget.course
    back = replace(course, low=max(rate, course.before), low_sent=budget.sent, low_at=now)
    return replace(back, excused_at=now, version=course.version + 1)


def _lowered(budget: Budget, now: int, most: float, allowed: float) -> Course:
    """To a little less than is proved; a throttling there tells that the rate is not its cause."""
    course, before = budget.course, rate(budget, most)
    proved = max(allowed, _proved(course, now))
    low = BELOW * proved if proved > KNOWN * before else SLOWER * before
    low = max(LEAST_RATE, min(low, before))
    if now - course.low_at < SOON_MS:
        before = max(before, course.before)
    lowered = replace(course, low=low, top=most, before=before, low_sent=budget.sent, low_at=now)
    proved_at = now if proved == allowed else course.proved_at
    return replace(lowered, proved=proved, proved_at=proved_at, version=course.version + 1)


def tripped(budget: Budget, now: int, reason: str, *, halted: bool = False) -> Course | None:
    after = breaker.tripped(budget.course.breaker, now, reason, halted=halted)
    return replace(budget.course, breaker=after, version=budget.course.version + 1) if after else None


def mended(budget: Budget, now: int, most: float) -> Course | None:
    """Gently where calls had failed: what a person had to mend is whole again."""
    course = budget.course
    after = breaker.mended(course.breaker, now)
    if after is None:
        return None
    course = replace(course, breaker=after, version=course.version + 1)
    if budget.course.breaker.halted:
        return course
    return replace(course, low=max(LEAST_RATE, GENTLE * most), top=most, low_sent=budget.sent, low_at=now)


def reopened(budget: Budget, now: int) -> Course | None:
    after = breaker.reopened(budget.course.breaker, now)
    return replace(budget.course, breaker=after, version=budget.course.version + 1) if after else None


def changed(budget: Budget, course: Course) -> Budget:
    """What was heard of calls before a change says nothing behind it."""
    return replace(budget, course=course, well=0, badly=0, in_a_row=0)


def fitting(budget: Budget, asked: Reservation) -> int:
    """How many of its recipients the hour and the day have room for; one at least, who is then told to wait."""
    fits = asked.recipients
    if asked.bound and asked.per_hour is not None:
        fits = min(fits, asked.per_hour - (budget.in_hour if budget.hour == hour_of(budget, asked) else 0))
    if asked.bound and asked.per_day is not None:
        fits = min(fits, asked.per_day - (budget.in_day if budget.day == day_of(budget, asked) else 0))
    return max(1, fits)


def _wait(budget: Budget, asked: Reservation) -> Wait | None:
    if budget.course.breaker.is_shut(asked.now):
        return Wait(budget.course.breaker.shut, "shut")
    hour, day = hour_of(budget, asked), day_of(budget, asked)
    if asked.bound and _is_full(asked.per_day, budget.in_day if budget.day == day else 0, asked):
        return Wait((day + 1) * DAY_MS, "day")
    if asked.bound and _is_full(asked.per_hour, budget.in_hour if budget.hour == hour else 0, asked):
        return Wait((hour + 1) * HOUR_MS, "hour")
    if budget.next_at > asked.now + asked.ahead_ms:
        return Wait(budget.next_at - asked.ahead_ms, "slot")
    return None


def _is_full(limit: int | None, used: int, asked: Reservation) -> bool:
    return limit is not None and used + asked.recipients > limit


def _heard(budget: Budget, asked: Reservation) -> Budget:
    told = asked.told
    if not told:
        return budget
    minute = minute_of(budget, asked)
    same = budget.minute == minute
    return replace(
        budget,
        sent=budget.sent + told.accepted,
        minute=minute,
        well=told.well + (budget.well if same else 0),
        badly=told.badly + (budget.badly if same else 0),
        in_a_row=0 if told.well else budget.in_a_row + told.badly,
    )


def _counted(budget: Budget, asked: Reservation) -> Budget:
    if asked.per_hour is not None:
        hour = hour_of(budget, asked)
        used = budget.in_hour if budget.hour == hour else 0
        budget = replace(budget, hour=hour, in_hour=used + asked.recipients)
    if asked.per_day is not None:
        day = day_of(budget, asked)
        used = budget.in_day if budget.day == day else 0
        budget = replace(budget, day=day, in_day=used + asked.recipients)
    return budget
