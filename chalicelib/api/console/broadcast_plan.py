"""When and how fast a broadcast is to go out, as the form asks: carried in the address from the choice to the
confirmation, and read by the same rules at both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlencode

from chalicelib.api.console.visit import Visit
from chalicelib.api.whens import Timed, moment, when_of
from chalicelib.model.broadcast import Broadcast
from chalicelib.model.errors import Fault, Invalid
from chalicelib.model.recurrence import Recurrence
from chalicelib.model.rhythm import EVERY, WEEKDAYS, Rhythm, cron_of
from chalicelib.model.schedule import IF_GONE, When, is_gone
from chalicelib.model.schedule import Timing as Clock
from chalicelib.work import broadcasting, recurring

Way = Literal["now", "at", "local", "best_hour", "recurring"]
# Of each way, the fields of the form that belong to it. What stands in others was typed before another way was chosen.
TIMED = ("until", "joiners", "rate")
WAYS: Mapping[Way, tuple[str, ...]] = MappingProxyType(
    {
        "now": TIMED,
        "at": ("at", *TIMED),
        "local": ("at", "if_gone", *TIMED),
        "best_hour": ("at", *TIMED),
        "recurring": ("every", "time", "weekdays", "monthday", "cron", "ends_at"),
    }
)
CLOCKS: Mapping[Way, Clock] = MappingProxyType({"local": "local", "best_hour": "best_hour"})
# The fields of a rhythm, by how often it is.
RHYTHMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"daily": ("time",), "weekly": ("time", "weekdays"), "monthly": ("time", "monthday"), "cron": ("cron",)}
)
LONGEST = 200
OCCURRENCES = 3
MOMENTS = ("at", "until", "ends_at")
YES = "yes"


@dataclass(frozen=True, slots=True)
class Plan:
    """`given` are the form's fields that count, by name, none empty; several values of one are joined by commas."""

    given: Mapping[str, str]

    @property
    def way(self) -> Way:
        return next((each for each in WAYS if each == self.given.get("when")), "now")

    @property
    def recurs(self) -> bool:
        return self.way == "recurring"

    @property
    def query(self) -> str:
        """As it stands in an address; "" for at once without any wish."""
        wished = {name: value for name, value in self.given.items() if (name, value) != ("when", "now")}
        return f"?{urlencode(wished)}" if wished else ""

    @property
    def rate(self) -> float | None:
        """Recipients a second. Raises Invalid."""
        text = self.given.get("rate")
        try:
            return None if text is None else float(text.replace(",", "."))
        except ValueError:
            raise Invalid("rate", text, "Give recipients a second, such as 5 or 0.5.") from None

    @property
    def rhythm(self) -> Rhythm:
        """Raises Invalid."""
        every = next((each for each in EVERY if each == self.given.get("every")), None)
        if every is None:
            raise Invalid("every", self.given.get("every", ""), f"Choose one of {', '.join(EVERY)}.")
        known = {name: self.given.get(name, "") for name in RHYTHMS[every]}
        ticked = filter(None, known.get("weekdays", "").split(","))
        days = tuple(sorted(ticked, key=lambda day: WEEKDAYS.index(day) if day in WEEKDAYS else len(WEEKDAYS)))
        return Rhythm(every, known.get("time", ""), days, known.get("monthday", ""), known.get("cron", ""))

    @property
    def cron(self) -> str:
        """Raises Invalid."""
        return cron_of(self.rhythm)


def plan_of(visit: Visit) -> Plan:
    """What was posted; where nothing was, what the address carries. Raises Invalid for what no choice is as long as."""
    way: Way = next((each for each in WAYS if each == _joined(visit, "when")), "now")
    given: dict[str, str] = {"when": way} | {name: text for name in WAYS[way] if (text := _joined(visit, name))}
    for name, text in given.items():
        if len(text) > LONGEST:
            raise Invalid(name, text, f"At most {LONGEST} characters.")
    return Plan(given)


def proposed(
    visit: Visit, plan: Plan, email_id: str, segments: Sequence[str] | None, exclude: Sequence[str]
) -> Broadcast | Recurrence:
    """What would be made of it, which nobody stores. Raises as making it does, with what was typed."""
    try:
        if plan.recurs:
            return recurring.proposed(visit.world, email_id, asked(visit, plan, segments, exclude))
        return broadcasting.proposed(visit.world, email_id, segments, exclude, when(visit, plan))
    except Fault as fault:
        raise as_typed(plan, fault) from None


def when(visit: Visit, plan: Plan) -> When:
    """As a broadcast is made with it, on the workspace's wall clock. Raises Invalid."""
    given = plan.given
    if plan.way != "now" and "at" not in given:
        raise Invalid("at", "", "Give a day and a time.")
    if_gone = next((each for each in IF_GONE if each == given.get("if_gone")), IF_GONE[0])
    wanted = Timed(
        at=given.get("at"),
        timing=CLOCKS.get(plan.way, "instant"),
        if_gone=if_gone,
        until=given.get("until"),
        joiners=given.get("joiners") == YES,
        rate=plan.rate,
    )
    found, now = when_of(visit.world, wanted), visit.world.now()
    if (found.at is not None and found.at <= now) or (found.schedule is not None and is_gone(found.schedule, now)):
        raise Invalid("at", given["at"], "Give a time to come.")
    return found


def asked(visit: Visit, plan: Plan, segments: Sequence[str] | None, exclude: Sequence[str]) -> recurring.Asked:
    """On the workspace's wall clock. Raises Invalid."""
    zone, ends = visit.workspace.zone, plan.given.get("ends_at")
    ends_at = None if ends is None else moment(visit.world, "ends_at", ends, zone)
    return recurring.Asked(plan.cron, zone, segments, list(exclude), ends_at)


def occurrences(recurrence: Recurrence) -> list[int]:
    """The next few that there will be (epoch ms)."""
    found = recurring.coming(recurrence.cron, recurrence.zone, recurrence.next_at - 1, OCCURRENCES)
    return [each for each in found if recurrence.ends_at is None or each <= recurrence.ends_at]


def as_typed(plan: Plan, fault: Fault) -> Fault:
    """A fault of a moment says what was typed, and not our milliseconds."""
    if not isinstance(fault, Invalid) or fault.field not in MOMENTS or fault.hint is None:
        return fault
    return Invalid(fault.field, plan.given.get(fault.field, ""), fault.hint)


def _joined(visit: Visit, name: str) -> str:
    posted = visit.browser.form
    values = posted.get(name, ()) if posted else (visit.browser.query.get(name, ""),)
    return ",".join(filter(None, (each.strip() for each in values)))
