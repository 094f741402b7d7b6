"""One run, decided by its seed alone: a team at work, workers that die, providers that are late, a clock that jumps.

Everything is drawn from one `Random(seed)`: which queue message is taken, at which call of which port a worker is
killed, loses an answer or is interrupted by another one, what providers answer and when they tell of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from chalicelib.model.broadcast import ENDED
from chalicelib.model.errors import Fault
from chalicelib.model.fact import Event
from chalicelib.model.message import MessageKey
from chalicelib.model.outcome import NotSent, Refused
from chalicelib.model.schedule import Schedule, When
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.work import broadcasting, deciding, messaging, recording, recurring, retrying
from tests.fakes.faulty import Killed, LostAnswer, PortCall, Tap, kill, lose, unharmed
from tests.fakes.hints import Hint
from tests.fakes.world import numbered_id
from tests.simulation.laws import Broken, Laws
from tests.simulation.provider import HOUR, MINUTE, SECOND, TROUBLES, Provider, Watched
from tests.work.sending.house import EMAIL, LIST, LIVE, OTHER, House

RECEIPT = numbered_id(2, "email")
OLDER = numbered_id(1, "older family")
MOST_PEOPLE = 70
STEPS = (10, 45)
# The n-th port call of a worker is where it happens; a job has about so many.
CALLS = 30
# What may come before a port call's effect; the others come behind it.
AHEAD = ("killed", "interrupted")
# What keeps a worker from hearing what a call answered, or from writing it down.
UNHEARD = ("killed", "answer lost")
STALLS = (0, 500, 1_900, 2_100, 5_000, 70_000, 200_000)
# What one letter's answer takes, where they go one by one.
ANSWERS_MS = (0, 0, 40, 120, 400, 1_100)
CALMING = 30
SILENCE = 40
ENDING = 130
SETUPS = (
    (),
    (TransportSetup("relay", "smtp"),),
    (TransportSetup("apart", "mandrill"),),
    (TransportSetup("relay", "smtp", position=1), TransportSetup("ses", "ses")),
)


@dataclass
class Simulation:
    seed: int
    trace: list[str] = field(default_factory=list)
    taken: Hint | None = None
    is_calm: bool = False

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.house = House(self.rng.choice((1, 7, 20, 51, MOST_PEOPLE)))
        for setup in self.rng.choice(SETUPS):
            self.house.transports.rows[setup.id] = setup
        email, revision = self.house.tables.emails[EMAIL], self.house.tables.revisions[EMAIL, 1]
        self.house.tables.emails[RECEIPT] = replace(email, id=RECEIPT, family=RECEIPT, kind="template")
        self.house.tables.revisions[RECEIPT, 1] = replace(revision, email=RECEIPT, family=RECEIPT, kind="template")
        self.provider = Provider(self.rng, self.house.transports)
        self.laws = Laws(self.house)
        self.house.parts["transports"] = Watched(
            self.house.transports, self.laws.begins, self.laws.ends, self._between_letters
        )
        self._rate(self.rng.choice((1, 14, 60, 500)))

    def run(self) -> None:
        """Raises Broken, with the trace, where a law does not hold."""
        try:
            self._broadcast()
            for _ in range(self.rng.randint(*STEPS)):
                self.rng.choices(ACTIONS, WEIGHTS)[0](self)
                self._look()
            self._end()
        except Exception as fault:
            raise Broken(self.told(fault)) from fault

    def told(self, fault: Exception) -> str:
        lines = "\n".join(f"  {line}" for line in self.trace)
        return f"seed {self.seed}: {type(fault).__name__}: {fault}\n{lines}\nreplay: make soak SEED={self.seed}"

    # --- what happens

    def _broadcast(self) -> None:
        segments = self.rng.choice(((LIST,), (LIVE,), (OTHER, LIVE), (OTHER,)))
        when = self._when()
        try:
            exclude = self.rng.choice(((), (OTHER,)))
            made = broadcasting.create(self.house.world(), EMAIL, segments, exclude, when, skip_preflight=True)
            self._say(f"broadcast {made.id} to {len(segments)} segments, {when}")
        except Fault as fault:
            self._say(f"no broadcast: {fault.message}")

    def _when(self) -> When:
        now, kind = self.house.clock.now(), self.rng.randrange(8)
        if kind == 0:
            return When(schedule=Schedule("2025-11-26T09:00", "Europe/Paris", "local"))
        if kind == 1:
            return When(until=now + 5 * HOUR, joiners=True)
        return When(until=now + 2 * HOUR) if kind == 2 else When()

    def _work(self) -> None:
        queue = self.house.hints.queue
        if not queue:
            return self._sweep()
        self._take(queue.pop(self.rng.randrange(len(queue))))
        return None

    def _work_twice(self) -> None:
        """The queue gives one message to two workers, one after the other."""
        queue = self.house.hints.queue
        if queue:
            hint = self.rng.choice(queue)
            self._take(hint)

    def _lose_hint(self) -> None:
        queue = self.house.hints.queue
        if queue:
            self._say(f"lost on the queue: {queue.pop(self.rng.randrange(len(queue)))}")

    def _take(self, hint: Hint) -> None:
        if self.rng.randrange(3) == 0:
            self.house.clock.sleep(hint.delay_s * SECOND)
        before, after, what = self._faults()
        self.taken = hint
        done = self.house.work(hint, before, after)
        self.taken = None
        self._say(f"{hint.kind} {hint.args}{what}{'' if done else ': comes back'}")
        if not done:
            self.house.hints.queue.append(hint)

    def _sweep(self) -> None:
        before, after, what = self._faults()
        self.house.sweep(before, after)
        self._say(f"sweep{what}")

    def _time(self) -> None:
        away = self.rng.choice((1, 3, 61, 200, 1_100, 4_000)) * SECOND
        self.house.clock.sleep(away)
        self._say(f"{away // SECOND} s pass")

    def _trouble(self) -> None:
        name = self.rng.choice(sorted(TROUBLES))
        transport = self.rng.choice([each.id for each in self.house.transports.setups()])
        self.provider.trouble(name, transport)
        self._say(f"the next call by {transport}: {name}")

    def _address(self) -> None:
        """An address that is refused, or not taken now, whoever carries it."""
        address = f"person{self.rng.randrange(len(self.house.people))}@example.com"
        outcome = self.rng.choice((Refused("552 5.2.2 mailbox full"), NotSent("TRANSIENT_FAILURE"), None))
        for setup in self.house.transports.setups():
            outcomes = self.house.transports.of(setup.id).outcomes
            outcomes.pop(address, None)
            outcomes |= {} if outcome is None else {address: outcome}
        self._say(f"{address}: {outcome}")

    def _operate(self) -> None:
        broadcast, world = self._some_broadcast(), self.house.world()
        verb = self.rng.choice((broadcasting.pause, broadcasting.pause, broadcasting.resume, broadcasting.cancel))
        try:
            verb(world, broadcast)
        except Fault as fault:
            return self._say(f"{verb.__name__} {broadcast}: {fault.message}")
        if verb is broadcasting.resume:
            self.laws.stopped.pop(broadcast, None)
        else:
            self.laws.stopped[broadcast] = self.house.clock.now()
        return self._say(f"{verb.__name__} {broadcast}")

    def _decide(self) -> None:
        what = self.rng.choice(("sent", "given_up", "resend"))
        try:
            deciding.decide(self.house.world(), self._some_broadcast(), deciding.Word(what, force=True))
            self._say(f"decided: {what}")
        except Fault as fault:
            self._say(f"not decided: {fault.message}")

    def _send(self) -> None:
        """A template e-mail, perhaps for the second time under one key."""
        who, key = self.rng.choice(self.house.people), f"order {self.rng.randrange(5)}"
        mode: messaging.Mode = "immediate" if self.rng.random() < 0.5 else "queue"
        before, after, what = self._faults()
        try:
            messaging.send(self.house.world(before, after), RECEIPT, who, {}, mode, key)
            self._say(f"receipt to {who}, {mode}, {key}{what}")
        except (Fault, Killed, LostAnswer) as error:
            self._say(f"receipt to {who}, {mode}, {key}{what}: {type(error).__name__}")

    def _recur(self) -> None:
        """Every hour: each occurrence a family of its own."""
        if not list(recurring.every(self.house.world())):
            recurring.create(self.house.world(), EMAIL, recurring.Asked("0 * * * *", "Europe/Paris"))
            self._say("recurs each hour")

    def _retry(self) -> None:
        try:
            made = retrying.retry(self.house.world(), self._some_broadcast(), whatever=self.rng.random() < 0.5)
            self._say(f"retried by {made.id}")
        except Fault as fault:
            self._say(f"not retried: {fault.message}")

    def _hear(self) -> None:
        self._record(self.provider.arrived(self.house.clock.now()))

    def _leave(self) -> None:
        """By an older mail: committed now, so no call whose reads begin later may mail them."""
        who = self.rng.choice(self.house.people)
        event = Event(f"leave {who}", "unsubscribed", MessageKey(who, OLDER), EMAIL, self.house.clock.now())
        recording.record(self.house.world(), [event])
        if not self.laws.copies[MessageKey(who, EMAIL)]:
            self.laws.left.add(who)
        self._say(f"{who} unsubscribes")

    def _delete(self) -> None:
        who = self.rng.choice(self.house.people)
        self.house.tables.contacts.pop(who, None)
        self._say(f"{who} is deleted")

    # --- faults

    def _faults(self) -> tuple[Tap, Tap, str]:
        kind = self.rng.choice(("", "", "", "killed", "answer lost", "interrupted", "stalled", "stopped"))
        number, first = self.rng.randint(1, CALLS), self.rng.random() < 0.5
        if not kind:
            return unharmed, unharmed, ""
        fault = {
            "killed": kill,
            "answer lost": lose,
            "interrupted": self._interrupt,
            "stalled": self._stall,
            "stopped": self._stop,
        }[kind]
        ahead = first and kind in AHEAD

        def tap(call: PortCall) -> None:
            if call.number == number:
                self._say(f"  {kind} {'before' if ahead else 'after'} {call}")
                if kind in UNHEARD:
                    self.laws.answered.clear()
                fault(call)

        return (tap if ahead else unharmed), (unharmed if ahead else tap), f" ({kind} at {number})"

    def _interrupt(self, _call: PortCall) -> None:
        """In the middle of one job another worker does the whole of another one, or of the same."""
        queue = self.house.hints.queue
        same = self.taken is not None and self.rng.random() < 0.5
        hint = self.taken if same else self.rng.choice(queue) if queue else None
        if hint is not None:
            self._say(f"  meanwhile {hint.kind} {hint.args}")
            self.house.work(hint)

    def _stall(self, _call: PortCall) -> None:
        """The worker stands still, as a machine does that has other things to do. Never between the last look at the
        clock and the call: nothing that a worker does could prevent that.
        """
        away = self.rng.choice(STALLS)
        self.house.clock.sleep(away)
        self._say(f"  {away} ms pass")

    def _stop(self, call: PortCall) -> None:
        """In the middle of a job somebody pauses, resumes or cancels, and the job goes on a while later."""
        self._operate()
        self._stall(call)

    def _between_letters(self) -> None:
        """Of a call that takes one at a time: somebody pauses or cancels, and answers take their time."""
        if not self.is_calm and self.rng.randrange(8) == 0:
            self._operate()
        self.house.clock.sleep(self.rng.choice(ANSWERS_MS))

    def _record(self, events: list[Event]) -> None:
        before, after, what = self._faults()
        try:
            recording.record(self.house.world(before, after), events)
        except (Killed, LostAnswer):
            return self._say(f"{len(events)} events{what}: come back")
        self.provider.taken(events)
        return self._say(f"{len(events)} events{what}")

    # --- the laws

    def _look(self) -> None:
        self.laws.of_copies(self.provider.fresh(), self.provider.rejected)
        self.laws.of_calls()
        self.laws.of_broadcasts()

    def _end(self) -> None:
        """Nothing breaks any more: all that is told arrives, the paused go on, and everything comes to its end."""
        self._say("calm")
        self.is_calm = True
        self.provider.calm()
        self._rate(500)
        for each in list(recurring.every(self.house.world())):
            recurring.delete(self.house.world(), each.id)
        if self.rng.randrange(3) == 0:
            self._silence()
        self._settle()
        for each in sorted(self.house.tables.open_broadcasts):
            if self.house.tally(each).held:
                deciding.decide(self.house.world(), each, deciding.Word("given_up"))
        self._settle()
        self._hear_all()
        self._look()
        self.laws.in_the_end(self.provider.rejected)

    def _silence(self) -> None:
        """Nobody tells of anything: those in doubt are held, and what is over is looked at ever more seldom."""
        self._say("silence")
        for _ in range(SILENCE):
            self._resume()
            self.house.sweep()
            self.house.drain()
            self._look()
            self.house.clock.sleep(MINUTE)

    def _settle(self) -> None:
        """Until nothing changes any more: all is over, or somebody is held and holds up what else there is."""
        for number in range(ENDING):
            self._resume()
            heard = self._hear_all()
            self.house.sweep()
            self.house.drain()
            self._look()
            self.laws.of_evidence(heard)
            over = not self.house.tables.open_broadcasts or (number > CALMING and self._is_held_up())
            if over and not self.laws.open_messages:
                return
            self.house.clock.sleep(MINUTE if number < CALMING else HOUR)

    def _resume(self) -> None:
        """Those that are paused, by somebody or by themselves because a provider took nothing."""
        for each in list(self.house.tables.broadcasts.values()):
            if each.state == "paused":
                broadcasting.resume(self.house.world(), each.id)
                self.laws.stopped.pop(each.id, None)

    def _hear_all(self) -> list[Event]:
        events = self.provider.arrived(0, all_of_them=True)
        recording.record(self.house.world(), events)
        self.provider.taken(events)
        return events

    def _is_held_up(self) -> bool:
        open_ones = [self.house.tables.broadcasts[each] for each in self.house.tables.open_broadcasts]
        waiting = [each for each in open_ones if each.state not in ENDED]
        due = all(each.state == "scheduled" and each.at <= self.house.clock.now() for each in waiting)
        return due and len(waiting) < len(open_ones)

    def _some_broadcast(self) -> str:
        return self.rng.choice(sorted(self.house.tables.broadcasts) or [numbered_id(1, "none")])

    def _rate(self, per_second: float) -> None:
        for setup in self.house.transports.setups():
            transport = self.house.transports.of(setup.id)
            transport.limits = type(transport.limits)(per_second, -1, 0)

    def _say(self, line: str) -> None:
        self.trace.append(f"{self.house.clock.now()} {line}")


Action = Callable[[Simulation], None]
CHANCES: dict[Action, int] = {
    Simulation._work: 40,
    Simulation._work_twice: 6,
    Simulation._lose_hint: 3,
    Simulation._sweep: 10,
    Simulation._time: 12,
    Simulation._trouble: 8,
    Simulation._address: 3,
    Simulation._operate: 5,
    Simulation._decide: 4,
    Simulation._retry: 2,
    Simulation._send: 6,
    Simulation._recur: 1,
    Simulation._broadcast: 3,
    Simulation._hear: 12,
    Simulation._leave: 2,
    Simulation._delete: 1,
}
ACTIONS, WEIGHTS = list(CHANCES), list(CHANCES.values())


def simulate(seed: int) -> Simulation:
    """Raises Broken."""
    made = Simulation(seed)
    made.run()
    return made
