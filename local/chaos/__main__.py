"""`make chaos`: a broadcast on the local AWS by every transport in turn, while workers are killed and calls go wrong.

It ends with a table, and fails where anybody got two, or is unaccounted for.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import boto3

from chalicelib.store.incoming import body_of
from local import demo
from local.chaos import accounts, carriers
from local.chaos.accounts import Account
from local.chaos.carriers import WORKSPACE, Carrier
from local.chaos.killing import Killer
from local.children import Broken, claim_self, free_block
from local.client import Client
from local.home import FIRST_PORT, PREFIX, REGION, Home, opened
from local.showing import Show
from local.stack import ORDER, Stack, end_all
from local.workers import Pace

Json = dict[str, Any]
DIRECTORY = Path(".local/chaos")
QUEUES = ("outgoing", "planning", "messages", "imports", "events")
# Short, so that what a killed worker held comes back while somebody watches; one machine has one clock.
TIMING: Mapping[str, str] = {
    "ENVOI_CALL_TIMEOUT_MS": "5000",
    "ENVOI_SKEW_MS": "5000",
    "ENVOI_LEASE_MS": "20000",
    "ENVOI_EVIDENCE_WINDOW_MS": "30000",
    "ENVOI_REHINT_MS": "60000",
}
# On a busy machine each waits most of the time for its turn: more of them do more. The sweep looks at all that is held.
PACE = Pace({"deliver": 6, "record": 6}, sweep_s=10.0)
VISIBILITY_S = "20"
POLL_S = 2.0
REPLAY_S = 10.0
# As providers do that call a webhook: some events at a time, a while later.
TOLD_TOGETHER, MOST_LATE_S = 20, 15.0
# Longer than anything waits by itself: leases, windows, hints that come back, setups that are remembered.
STILL_S = 75.0
SETUPS_AGE_S = 20.0
MOST_S = 1_800.0
COMING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
UNSETTLED = ("waiting", "calling", "in_doubt")
RUNNING = ("scheduled", "planning", "sending")


@dataclass
class Chaos:
    home: Home
    client: Client
    show: Show
    rng: Random
    workers: int
    readers: str = ""
    delayed: list[tuple[float, str]] = field(default_factory=list)
    replay_at: float = 0.0
    replayed: int = 0

    def furnish(self, recipients: int, carriers_: Sequence[Carrier]) -> None:
        self.client.send("PATCH", "/workspace", b'{"name": "The Bakery", "address": "1 Baker\'s Row"}')
        self.readers = self.client.post("/segments", {"name": "Readers"})["id"]
        demo.import_audience(self.client, demo.audience_of(recipients), self.readers, self.show)
        for each in carriers_:
            made = self.client.post("/transports", {"name": each.name, "active": False} | each.setup())
            if each.secret:
                self._aws("ssm").put_parameter(Name=made["secret"], Value=each.secret, Type="SecureString")
        for queue in QUEUES:
            sqs = self._aws("sqs")
            url = sqs.get_queue_url(QueueName=f"{PREFIX}-{queue}")["QueueUrl"]
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": VISIBILITY_S})

    def turn(self, carrier: Carrier, others: Sequence[Carrier], audience: int) -> Account:
        """One broadcast by this transport alone."""
        for each in others:
            self._activate(each, active=False)
        self._activate(carrier, active=True)
        time.sleep(SETUPS_AGE_S)
        before, began = carrier.accepted(), time.monotonic()
        email = self._letter(carrier)
        broadcast = self.client.post(f"/emails/{email}/broadcasts", {"skip_preflight": True})["id"]
        killer = Killer(self.workers, self.rng, partial(carrier.trouble, self.rng))
        self.show.say(f"By {carrier.name}: workers are killed, calls go wrong ...")
        killer.start()
        try:
            self._watch(broadcast, carrier, killer)
        finally:
            killer.stop()
            carrier.calm()
        self.show.say(f"{_note(self._look(broadcast, carrier), killer)}; whatever is in doubt is being settled ...")
        said = self._settled(broadcast, carrier)
        copies = Counter(carrier.accepted())
        copies.subtract(before)
        recipients = self.client.pages(f"/broadcasts/{broadcast}/recipients", limit=100)
        found = accounts.account(carrier.name, said, recipients, +copies, audience)
        found = replace(found, killed=killer.killed, spoilt=killer.spoilt, seconds=int(time.monotonic() - began))
        for line in accounts.table([found]):
            self.show.say(line)
        if found.held:
            self._give_up(broadcast)
        return found

    def _settled(self, broadcast: str, carrier: Carrier) -> Json:
        """Until nothing about it has changed for longer than anything waits by itself."""
        began = changed_at = time.monotonic()
        said: Json = {}
        with self.show.working(f"Settling what {carrier.name} left") as bar:
            while time.monotonic() - began < MOST_S:
                now = self._look(broadcast, carrier)
                if now["state"] == "paused":
                    self.client.post(f"/broadcasts/{broadcast}/resume")
                coming = self._coming()
                if now != said or coming:
                    said, changed_at = now, time.monotonic()
                bar.at(now["sent"], now["planned"], f"{_counts(now)}; {coming} events to come")
                over = now["state"] == "finished" and not now["held"] and not now["in_doubt"]
                if over or time.monotonic() - changed_at > STILL_S:
                    return said
                time.sleep(POLL_S)
        raise Broken(f"Broadcast {broadcast} is not settled after {MOST_S:.0f} s: {said}")

    def _watch(self, broadcast: str, carrier: Carrier, killer: Killer) -> None:
        """Until nobody waits to be sent to."""
        began = time.monotonic()
        with self.show.working(f"Sending by {carrier.name}") as bar:
            while True:
                said = self._look(broadcast, carrier)
                bar.at(said["planned"] - sum(said[name] for name in UNSETTLED), said["planned"], _note(said, killer))
                if said["state"] == "paused":
                    self.client.post(f"/broadcasts/{broadcast}/resume")
                elif said["planned"] and (said["state"] not in RUNNING or not said["waiting"]):
                    return
                if time.monotonic() - began > MOST_S:
                    raise Broken(f"Broadcast {broadcast} does not end: {said}")
                time.sleep(POLL_S)

    def _look(self, broadcast: str, carrier: Carrier) -> Json:
        """The broadcast as the API has it; meanwhile the provider's events come, late and some of them twice."""
        now = time.monotonic()
        events = carrier.events()
        for at in range(0, len(events), TOLD_TOGETHER):
            for _ in range(self.rng.choice((1, 1, 1, 2))):
                told = body_of(WORKSPACE, events[at : at + TOLD_TOGETHER])
                self.delayed.append((now + self.rng.uniform(0, MOST_LATE_S), told))
        due = [body for at, body in self.delayed if at <= now]
        self.delayed = [(at, body) for at, body in self.delayed if at > now]
        self._tell(due)
        if now >= self.replay_at:
            self.replay_at = now + REPLAY_S
            for queue in QUEUES:
                self.replayed += self.client.post(f"/dead-letters/{queue}/replay")["replayed"]
        return self.client.get(f"/broadcasts/{broadcast}")

    def _coming(self) -> int:
        """Events, or bodies of some of them, that nobody has recorded yet: each may be the evidence that is wanted."""
        sqs = self._aws("sqs")
        url = sqs.get_queue_url(QueueName=f"{PREFIX}-events")["QueueUrl"]
        counted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(COMING))["Attributes"]
        return len(self.delayed) + sum(int(counted[name]) for name in COMING)

    def _give_up(self, broadcast: str) -> None:
        """On those who are held, when they have been counted: what is open is looked after for ever."""
        self.client.post(f"/broadcasts/{broadcast}/held", {"decision": "given_up"})

    def _tell(self, bodies: Sequence[str]) -> None:
        sqs = self._aws("sqs")
        url = sqs.get_queue_url(QueueName=f"{PREFIX}-events")["QueueUrl"]
        for at in range(0, len(bodies), 10):
            entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies[at : at + 10])]
            sqs.send_message_batch(QueueUrl=url, Entries=entries)

    def _letter(self, carrier: Carrier) -> str:
        letter = {
            "kind": "segment",
            "name": f"By {carrier.name}",
            "subject": "{contactfield=firstname|Good morning}",
            "from_address": demo.SENDER,
            "text": "The rye is back.\n{unsubscribe_text}\n",
            "segments": [self.readers],
        }
        email: str = self.client.post("/emails", letter)["id"]
        self.client.post(f"/emails/{email}/publish")
        return email

    def _activate(self, carrier: Carrier, *, active: bool) -> None:
        body = b'{"active": true}' if active else b'{"active": false}'
        self.client.send("PATCH", f"/transports/{carrier.name}", body)

    def _aws(self, service: str) -> Any:  # noqa: ANN401  # boto3 has no types
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.home.aws_url,
            aws_access_key_id="local",
            aws_secret_access_key="local",  # noqa: S106  # the local AWS takes any
        )


def main(arguments: list[str] | None = None) -> int:
    show = Show(sys.stdout)
    try:
        given = _arguments(arguments)
        return run(given, show)
    except Broken as broken:
        print(f"envoi: {broken}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(given: argparse.Namespace, show: Show) -> int:
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    if not claim_self(DIRECTORY / "run.pid"):
        raise Broken("A chaos run is under way: wait for it, or stop it.")
    end_all(DIRECTORY / "running", ORDER)
    home = opened(DIRECTORY, given.port or free_block(FIRST_PORT + 20), fresh=True)
    stack = Stack(home, more=TIMING, pace=PACE)
    show.say("Starting the local AWS, the SES simulator, the API and the workers ...")
    try:
        stack.start()
        with carriers.carriers(home, given.transports) as taking_turns:
            workers = next(each.process.pid for each in stack.children if each.name == "workers")
            chaos = Chaos(home, Client(home.url, home.api_key), show, Random(given.seed), workers)  # noqa: S311  # chances, no secrets
            chaos.furnish(given.recipients, taking_turns)
            told = [chaos.turn(each, _others(taking_turns, each), given.recipients) for each in taking_turns]
    finally:
        show.say("Stopping ...")
        stack.stop()
    for line in accounts.table(told):
        show.say(line)
    wrong = [each.transport for each in told if not each.holds]
    show.say(f"BROKEN: {', '.join(wrong)}" if wrong else "holds: nobody got two, nobody is unaccounted for")
    return 1 if wrong else 0


def _counts(said: Json) -> str:
    return f"{said['state']}: " + ", ".join(f"{said[name]} {name.replace('_', ' ')}" for name in (*UNSETTLED, "held"))


def _note(said: Json, killer: Killer) -> str:
    killed = f"{killer.killed} workers killed, {killer.delivering} of them delivering"
    return f"{_counts(said)}; {killed}; {killer.spoilt} calls spoilt"


def _others(all_of_them: Sequence[Carrier], one: Carrier) -> list[Carrier]:
    return [each for each in all_of_them if each is not one]


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--recipients", type=int, default=20_000)
    parser.add_argument("--transports", type=lambda text: text.split(","), default=list(carriers.ALL))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int)
    given = parser.parse_args(arguments)
    for name in given.transports:
        if name not in carriers.ALL:
            raise Broken(f"TRANSPORTS: {name!r} is none of {', '.join(carriers.ALL)}.")
    return given


if __name__ == "__main__":
    sys.exit(main())
