"""Faults at every port call: a worker killed before or after its effect, an answer lost.

world = intercepted(fake_world(), *killed_before(7))
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from itertools import count
from typing import Any

from chalicelib.model.outcome import CallInDoubt
from chalicelib.work.world import World

NOT_PORTS = frozenset({"actor", "signer", "base_url", "timing", "now", "sleep", "new_id", "time_left"})


PORTS = tuple(each.name for each in fields(World) if each.name not in NOT_PORTS)


class Killed(BaseException):
    """The worker is gone: no `except Exception` runs in a dead process."""


class LostAnswer(Exception):
    """The effect happened and the answer did not come, as a client's own time-out or reset would say."""


@dataclass(frozen=True)
class PortCall:
    """`number` counts the calls of all ports of one world, from 1."""

    number: int
    port: str
    method: str
    args: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.number}: {self.port}.{self.method}"


Tap = Callable[[PortCall], None]


@dataclass(slots=True)
class TappedPort:
    """A port whose methods report to `before`, do their work, then report to `after`. All else passes through."""

    port: Any
    name: str
    numbers: "count[int]"
    before: Tap
    after: Tap

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self.port, attribute)
        return self._tapped(attribute, value) if callable(value) else value

    def _tapped(self, method: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def tapped(*args: Any, **named: Any) -> Any:
            call = PortCall(next(self.numbers), self.name, method, (*args, *named.values()))
            self.before(call)
            answer = function(*args, **named)
            self.after(call)
            return answer

        return tapped


def unharmed(_call: PortCall) -> None:
    """A tap that lets the call be."""


def intercepted(world: World, before: Tap = unharmed, after: Tap = unharmed) -> World:
    """The same world, each of whose port calls is reported before and after its effect.

    An exception raised by a tap reaches the work: `before` prevents the effect, `after` loses the answer.
    """
    numbers = count(1)
    ports: dict[str, Any] = {name: TappedPort(getattr(world, name), name, numbers, before, after) for name in PORTS}
    return replace(world, **ports)


def at(number: int, fault: Tap) -> Tap:
    """A tap that acts on the n-th call alone."""

    def tap(call: PortCall) -> None:
        if call.number == number:
            fault(call)

    return tap


def kill(call: PortCall) -> None:
    raise Killed(str(call))


def lose(call: PortCall) -> None:
    """What the real client's time-out becomes: a call in doubt where mail goes out, an exception elsewhere."""
    if call.port == "transports" and call.method == "send":
        raise CallInDoubt(f"the answer was lost ({call})")
    raise LostAnswer(str(call))


def killed_before(number: int) -> tuple[Tap, Tap]:
    return at(number, kill), unharmed


def killed_after(number: int) -> tuple[Tap, Tap]:
    return unharmed, at(number, kill)


def answer_lost(number: int) -> tuple[Tap, Tap]:
    return unharmed, at(number, lose)


def counted(calls: list[PortCall]) -> tuple[Tap, Tap]:
    """Taps that keep every call: how many there are to be killed at."""
    return calls.append, unharmed
