"""Every way into Envoi: the API's addresses, what the queues bring, what the clock calls.

Event handlers stand here and in no blueprint, where they would pass by the app's middleware.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from chalice import Rate
from chalice.app import CloudWatchEvent, DynamoDBEvent, SQSEvent

from chalicelib.api import (
    api_keys,
    assets,
    audit,
    broadcasts,
    bulk,
    categories,
    companies,
    contacts,
    contents,
    dead_letters,
    email_versions,
    emails,
    erasures,
    exports,
    fates,
    fields,
    forms,
    imports,
    leaving,
    members,
    messages,
    owners,
    preferences,
    preflights,
    previews,
    recurrences,
    relabellings,
    renamings,
    segments,
    signup,
    suppressions,
    tags,
    themes,
    transports,
    workspace,
)
from chalicelib.api.console.parts import PARTS as CONSOLE
from chalicelib.api.console.signing_in import letter
from chalicelib.api.hits import blueprint as pixel_and_click
from chalicelib.api.http_api import Envoi
from chalicelib.api.recipients import recipients
from chalicelib.api.webhooks import webhooks
from chalicelib.consuming import Answer, contacts_of, each, log_lines, together
from chalicelib.model.fact import Event
from chalicelib.model.message import message_key
from chalicelib.settings import Settings
from chalicelib.store import incoming
from chalicelib.store.hint import (
    Count,
    Deliver,
    Erase,
    Fill,
    Hint,
    Plan,
    Relabel,
    Rename,
    RunExport,
    RunImport,
    RunMerge,
    RunPreflight,
    SendMessage,
    SignIn,
    Tend,
    hint_of,
)
from chalicelib.transports import ses_events
from chalicelib.wiring import Wiring
from chalicelib.work import (
    delivering,
    erasing,
    exporting,
    filling,
    following,
    hits,
    importing,
    merging,
    messaging,
    pending,
    planning,
    preflight,
    recording,
    relabelling,
    renaming,
    signing_in,
    sweeping,
    tending,
)
from chalicelib.work.world import World

settings = Settings.from_env()
queue = f"{settings.prefix}-{{}}".format
app = Envoi("envoi", Wiring(settings))

# HTTP. The public addresses (/o /c /w /u /d /r /p /a /f, /hooks) need no key, those under /v1 do.
app.register_blueprint(pixel_and_click)
app.register_blueprint(recipients)
for pages in (leaving, preferences, signup):
    app.register_blueprint(pages.blueprint)
app.register_blueprint(webhooks)
for resource in (
    workspace,
    members,
    api_keys,
    audit,
    owners,
    companies,
    categories,
    forms,
    fields,
    bulk,
    contacts,
    erasures,
    exports,
    tags,
    imports,
    segments,
    assets,
    emails,
    email_versions,
    contents,
    previews,
    preflights,
    relabellings,
    renamings,
    broadcasts,
    fates,
    recurrences,
    dead_letters,
    messages,
    suppressions,
    themes,
    transports,
):
    app.register_blueprint(resource.blueprint, url_prefix="/v1")

# The console, for whoever is signed in.
for part in CONSOLE:
    app.register_blueprint(part.blueprint, url_prefix="/console")

# What a hint on a queue asks for.
WORK: Mapping[type[Hint], Callable[[World, Any], None]] = {
    Plan: lambda world, hint: planning.plan(world, hint.broadcast, hint.walker),
    Tend: lambda world, hint: tending.tend(world, hint.broadcast),
    Deliver: lambda world, hint: delivering.deliver(world, hint.broadcast, hint.walker, hint.number),
    SendMessage: lambda world, hint: messaging.deliver_message(world, message_key(hint.message)),
    RunImport: lambda world, hint: importing.run(world, hint.id),
    Count: lambda world, hint: pending.run_count(world, hint.id),
    RunPreflight: lambda world, hint: preflight.run(world, hint.id),
    RunMerge: lambda world, hint: merging.run(world, hint.id),
    Erase: lambda world, hint: erasing.run(world, hint.id),
    RunExport: lambda world, hint: exporting.run(world, hint.id),
    Relabel: lambda world, hint: relabelling.run(world, hint.id),
    Rename: lambda world, hint: renaming.run(world, hint.id),
    Fill: lambda world, hint: filling.run(world, hint.id),
    SignIn: lambda world, hint: signing_in.write(world, hint.member, hint.ask, hint.at, letter(hint.language), hint.to),
}


def work(event: SQSEvent) -> Answer:
    world = app.world(event.context)
    return each(event, hint_of, lambda hint: WORK[type(hint)](world, hint))


@app.on_sqs_message(queue=queue("planning"), maximum_concurrency=10)
def plan(event: SQSEvent) -> Answer:
    """The walk over an audience, page by page; and the care for a broadcast until it is over."""
    return work(event)


@app.on_sqs_message(queue=queue("outgoing"), batch_size=10, maximum_concurrency=50)
def deliver(event: SQSEvent) -> Answer:
    """The calls of a broadcast, a chunk at a time."""
    return work(event)


@app.on_sqs_message(queue=queue("messages"), batch_size=10, maximum_concurrency=20)
def send_messages(event: SQSEvent) -> Answer:
    """Template e-mails that wait for their turn, or whose fate is to be settled."""
    return work(event)


@app.on_sqs_message(queue=queue("imports"), maximum_concurrency=5)
def run_imports(event: SQSEvent) -> Answer:
    """Contacts on their way in, exact counts of who is pending, hits judged anew."""
    return work(event)


@app.on_sqs_message(queue=queue("events"), batch_size=100, maximum_batching_window_in_seconds=1, maximum_concurrency=20)
def record(event: SQSEvent) -> Answer:
    """What SES told SNS about messages, and other providers our webhooks: delivered, bounced, complained..."""
    return together(event, told, partial(recording.record, app.world(event.context)))


def told(body: str) -> list[Event]:
    events = incoming.events_of(body, settings.workspace)
    return ses_events.events(body, settings.workspace) if events is None else events


# One mapping each, and a light one: what a record brings is whose row changed, and nothing of the row.
follows = partial(app.on_dynamodb_record, batch_size=500, maximum_batching_window_in_seconds=1)


@follows(stream_arn=f"{settings.prefix}-contacts")
def follow_contacts(event: DynamoDBEvent) -> None:
    """Live segments, behind whoever was changed: table `contacts`, its stream."""
    following.follow(app.world(event.context), contacts_of(event, settings.workspace))


@follows(stream_arn=f"{settings.prefix}-messages")
def follow_deeds(event: DynamoDBEvent) -> None:
    """Live segments that ask what somebody did: table `messages`, its stream."""
    following.follow_deeds(app.world(event.context), contacts_of(event, settings.workspace))


@app.lambda_function()
def record_hits(event: dict[str, Any], context: Any) -> None:  # noqa: ANN401  # Lambda's context has no type
    """Opens and clicks: lines of the API's log, brought by a log subscription (`infra/merge.json`)."""
    world = app.world(context)
    recording.record(world, hits.events_of(world, log_lines(event)))


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> None:
    """Starts what is due and hints again whatever stands still."""
    sweeping.sweep(app.world(event.context))
