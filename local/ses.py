"""The SES simulator: a program (`python -m local.ses`) and, for tests, a context (`with SimulatedSes() as ses`)."""

from __future__ import annotations

import argparse
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from local.ses_simulator.account import DAY, Account, Limits
from local.ses_simulator.application import Application, answering
from local.ses_simulator.database import Database
from local.ses_simulator.events import MATCHING
from local.ses_simulator.faults import Faults
from local.ses_simulator.inbox import Inbox
from local.ses_simulator.ledger import BOUND, Ledger
from local.ses_simulator.office import Office
from local.ses_simulator.outbox import Outbox
from local.ses_simulator.publishing import Publisher, Sink, sns_sink
from local.ses_simulator.register import CONFIGURATION_SET, IDENTITY, SUPPRESSED, Register
from local.ses_simulator.server import Server

# How soon a stop is noticed, in seconds.
POLL = 0.02
# A made-up topic for tests whose sink is a function.
TOPIC = "arn:aws:sns:us-east-1:000000000000:events"


@dataclass(frozen=True, slots=True)
class Options:
    """`state` None keeps everything in memory; `sink` None keeps events to be read, and publishes none.

    `topic` is where the events of `configuration_sets` go. `clock` gives epoch seconds.
    """

    host: str = "127.0.0.1"
    port: int = 0
    state: Path | None = None
    limits: Limits = field(default_factory=Limits)
    identities: Sequence[str] = ("example.com",)
    configuration_sets: Sequence[str] = ("envoi",)
    topic: str = TOPIC
    sink: Sink | None = None
    bound: int = BOUND
    clock: Callable[[], float] = time.time


class SimulatedSes:
    """`url` is the endpoint for boto3's `sesv2`, and the inbox. Give `Options` or its fields by name."""

    def __init__(self, options: Options | None = None, **fields: Any) -> None:  # noqa: ANN401  Options checks them
        self.options = options or Options(**fields)
        self._database = Database(self.options.state)
        self.faults = Faults()
        self.office = self._office()
        self._publisher = Publisher(self.office.outbox, self.options.sink) if self.options.sink else None
        application = Application(self.office, self.faults, Inbox(self.office.ledger, self.office.now))
        self._server = Server(self.options.host, self.options.port, answering(application))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL,), name="ses-http", daemon=True)

    @property
    def url(self) -> str:
        return self._server.url

    def start(self) -> None:
        self._thread.start()
        if self._publisher:
            self._publisher.start()

    def stop(self, seconds: float = 20.0) -> bool:
        """Takes no more calls and publishes what is left, for so long at most; whether all of it went out."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        done = self._publisher.stop(seconds) if self._publisher else True
        self._database.close()
        return done

    def settled(self, seconds: float = 10.0) -> bool:
        """Waits until all events so far are published; whether they are."""
        return self._publisher.wait_until_idle(seconds) if self._publisher else True

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _office(self) -> Office:
        options = self.options
        account = Account(options.limits, options.clock)
        office = Office(
            account=account,
            identities=Register(self._database, IDENTITY),
            configuration_sets=Register(self._database, CONFIGURATION_SET),
            suppressed=Register(self._database, SUPPRESSED),
            database=self._database,
            ledger=Ledger(self._database, options.bound),
            outbox=Outbox(self._database),
            now=lambda: int(options.clock() * 1_000),
            wake=self._wake,
        )
        account.remember(office.ledger.per_minute(office.now() - DAY * 1_000))
        _furnish(office, options)
        return office

    def _wake(self) -> None:
        if self._publisher:
            self._publisher.wake()


def _furnish(office: Office, options: Options) -> None:
    """The identities and configuration sets that are there from the start; their topic may have changed."""
    for name in options.identities:
        office.identities.put(name.lower(), {})
    destination = {
        "Name": "events",
        "Enabled": True,
        "MatchingEventTypes": sorted(MATCHING.values()),
        "SnsDestination": {"TopicArn": options.topic},
    }
    for name in options.configuration_sets:
        destinations = [destination] if options.sink else []
        office.configuration_sets.put(name, {"options": {}, "destinations": destinations})


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.ses", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--sns-endpoint", help="where events are published; without it they are only kept")
    parser.add_argument("--topic-arn", default=TOPIC, help="the topic that events are published to")
    parser.add_argument("--region", default="us-east-1", help="region of the topic (%(default)s)")
    parser.add_argument("--state", type=Path, help="directory to keep everything in; without it, memory")
    parser.add_argument("--max-send-rate", type=float, default=Limits().max_send_rate, help="recipients a second")
    parser.add_argument("--max-24-hour-send", type=float, default=Limits().max_24_hour_send, help="-1: no limit")
    parser.add_argument("--sandbox", action="store_true", help="no production access: recipients must be verified")
    parser.add_argument("--identity", action="append", help="verified domain or address (example.com); repeatable")
    parser.add_argument("--configuration-set", action="append", help="that exists (envoi); repeatable")
    return parser.parse_args(arguments)


def options_of(given: argparse.Namespace) -> Options:
    limits = Limits(
        max_send_rate=given.max_send_rate,
        max_24_hour_send=given.max_24_hour_send,
        production_access=not given.sandbox,
    )
    return Options(
        host=given.host,
        port=given.port,
        state=given.state,
        limits=limits,
        identities=given.identity or ("example.com",),
        configuration_sets=given.configuration_set or ("envoi",),
        topic=given.topic_arn,
        sink=_sink(given.sns_endpoint, given.region) if given.sns_endpoint else None,
    )


def _sink(endpoint: str, region: str) -> Sink:
    import boto3  # noqa: PLC0415  a third of a second that only a publishing simulator needs
    from botocore.config import Config  # noqa: PLC0415

    client = boto3.client(
        "sns",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106  the local AWS takes any
        config=Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 1}),
    )
    return sns_sink(client)


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        ses = SimulatedSes(options_of(_arguments(arguments)))
    except OSError as error:
        print(f"ses: cannot start: {error.strerror or error}. Is the port in use? Give another by --port.", flush=True)
        return 1
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with ses:
        print(f"ses: listening on {ses.url}", flush=True)
        stopping.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
