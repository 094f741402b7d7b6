"""The whole house over fakes, by its ways in alone: HTTP events, queue records, log lines, the clock's tick."""

import base64
import gzip
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from chalicelib.model.fact import Event
from chalicelib.model.message import MessageKey
from chalicelib.store.hint import Count, Deliver, Fill, Plan, RunImport, SendMessage, SignIn, Tend, body_of
from chalicelib.store.incoming import body_of as body_of_events
from tests.api.client import Client, FakeParts
from tests.api.lambda_context import FakeContext
from tests.fakes.clock import Clock
from tests.fakes.hints import Hint
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world
from tests.infra.test_package import OF_THE_ACCOUNT

ROOT = Path(__file__).parent.parent
CSV = "address,firstname\n" + "".join(f"p{n}@example.com,Person {n}\n" for n in range(60)) + "nobody,Nobody\n"
HTML = (
    "<!doctype html><html><head><title>t</title></head><body><p>Hi {contactfield=firstname|you}</p>"
    '<a href="https://example.com/a">a</a> <a href="{unsubscribe_url}">leave</a></body></html>'
)


def hints_of(hint: Hint):  # noqa: PLR0911  # a line for each kind
    """What the real queue would carry for a hint of the fake: the handler's name and the body."""
    match hint.kind, hint.args:
        case "plan", (broadcast, walker):
            return [("plan", Plan(broadcast, walker))]
        case "tend", (broadcast,):
            return [("plan", Tend(broadcast))]
        case "deliver", (broadcast, walker, numbers):
            return [("deliver", Deliver(broadcast, walker, number)) for number in numbers]
        case "message", (key,):
            return [("send_messages", SendMessage(str(key)))]
        case "run_import", (job,):
            return [("run_imports", RunImport(job))]
        case "count", (count,):
            return [("run_imports", Count(count))]
        case "fill", (job,):
            return [("run_imports", Fill(job))]
        case "sign_in", (member, language, ask, at, to):
            return [("send_messages", SignIn(member, language, ask, at, to))]
    raise AssertionError(hint)


@dataclass
class House:
    app: object
    world: object
    tables: Tables
    clock: Clock
    client: Client
    failed: list = field(default_factory=list)

    def handle(self, name, *bodies):
        records = [{"messageId": f"m{n}", "body": body, "receiptHandle": ""} for n, body in enumerate(bodies)]
        answer = self.app.handler_map[name]({"Records": records}, FakeContext(120_000))
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]

    def work_off(self, rounds=50):
        """Carries every hint to the handler of its queue, twice, until there are no more."""
        for _ in range(rounds):
            hints = self.world.hints.drain(doubled=True)
            if not hints:
                return
            for name, hint in (pair for each in hints for pair in hints_of(each)):
                assert self.handle(name, body_of(hint)) == []
        raise AssertionError("the queues never run dry")

    def tick(self):
        self.clock.at += 60_000
        event = {"source": "aws.events", "detail": {}, "detail-type": "", "version": "0", "account": "", "region": ""}
        event |= {"id": "1", "time": "", "resources": []}
        self.app.handler_map["sweep"](event, FakeContext(55_000))


@pytest.fixture
def house():
    from app import app  # noqa: PLC0415  # the one app of the process

    tables, clock = Tables(), Clock()
    world = fake_world(tables=tables, clock=clock)
    with app.using(FakeParts(world)):
        yield House(app, world, tables, clock, Client(app))


@pytest.fixture
def audience(house):
    segment = house.client("POST", "/v1/segments", {"name": "All"}).json["id"]
    headers = {"authorization": "Bearer a-key-of-this-workspace", "content-type": "text/csv"}
    job = house.client.raw("POST", "/v1/imports", CSV.encode(), headers, f"segment={segment}").json
    house.work_off()
    done = house.client("GET", f"/v1/imports/{job['id']}").json
    assert (done["state"], done["created"], done["rejected"], done["done"]) == ("finished", 60, 1, 1.0)
    return segment


def published(house, **fields):
    draft = {"kind": "segment", "name": "n", "subject": "s", "from_address": "team@example.com", "html": HTML} | fields
    email = house.client("POST", "/v1/emails", draft).json["id"]
    assert house.client("POST", f"/v1/emails/{email}/publish").status == 200
    return email


@pytest.fixture
def broadcast(house, audience):
    email = published(house, segments=[audience])
    answer = house.client("POST", f"/v1/emails/{email}/broadcasts", {"skip_preflight": True})
    assert answer.status == 201
    return answer.json


def progress(house, broadcast):
    return house.client("GET", f"/v1/broadcasts/{broadcast['id']}").json


def test_a_segment_email_reaches_everyone_once(house, broadcast):
    house.work_off()
    house.tick()
    house.work_off()
    told = progress(house, broadcast)
    assert (told["state"], told["planned"], told["sent"], told["waiting"]) == ("finished", 60, 60, 0)
    addresses = [copy.envelope.address for copy in house.world.transports.first.accepted]
    assert sorted(addresses) == sorted(f"p{n}@example.com" for n in range(60))


def test_the_sweep_starts_what_is_due_and_finds_lost_hints(house, audience):
    email = published(house, segments=[audience])
    at = "2025-11-25T12:00:30Z"
    broadcast = house.client("POST", f"/v1/emails/{email}/broadcasts", {"at": at, "skip_preflight": True}).json
    assert broadcast["state"] == "scheduled"
    house.tick()
    assert progress(house, broadcast)["state"] == "planning"
    house.world.hints.drain()  # the hints are lost
    for _ in range(12):
        house.tick()
        house.work_off()
    assert progress(house, broadcast)["state"] == "finished"
    assert len(house.world.transports.first.accepted) == 60


@pytest.mark.usefixtures("audience")
def test_a_template_email_goes_through_the_queue(house):
    email = published(house, kind="template")
    asked = {"address": "p7@example.com", "mode": "queue"}
    message = house.client("POST", f"/v1/emails/{email}/messages", asked).json
    house.work_off()
    assert house.client("GET", f"/v1/messages/{message['id']}").json["state"] == "sent"
    assert [copy.envelope.address for copy in house.world.transports.first.accepted] == ["p7@example.com"]


@pytest.mark.usefixtures("audience")
def test_an_exact_count_is_a_job(house):
    tree = {"field": "firstname", "operator": "startsWith", "value": "Person 1"}
    segment = house.client("POST", "/v1/segments", {"name": "Ones", "filter": tree}).json["id"]
    email = published(house, segments=[segment])
    job = house.client("POST", f"/v1/emails/{email}/pending").json
    house.work_off()
    done = house.client("GET", f"/v1/emails/{email}/pending/{job['id']}").json
    assert (done["state"], done["pending"], done["exact"]) == ("finished", 11, True)


def ses_event(kind, copy, workspace="main"):
    mail = {
        "messageId": copy.provider_id,
        "timestamp": "2025-11-25T12:00:00.000Z",
        "destination": [copy.envelope.address],
        "tags": {
            "workspace": [workspace],
            "message": [str(copy.envelope.message)],
            "attempt": [copy.envelope.attempt],
            "email": [copy.revision.email],
            "revision": ["1"],
        },
    }
    details = {
        "Delivery": {"timestamp": "2025-11-25T12:00:01.000Z", "recipients": [copy.envelope.address]},
        "Bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": copy.envelope.address, "status": "5.1.1"}],
            "timestamp": "2025-11-25T12:00:02.000Z",
            "feedbackId": "f-1",
        },
    }
    return json.dumps({"eventType": kind, kind.lower(): details[kind], "mail": mail})


def test_what_comes_back_is_recorded_and_suppresses(house, broadcast):
    house.work_off()
    first, second = house.world.transports.first.accepted[:2]
    bodies = [ses_event("Delivery", first), ses_event("Bounce", second), ses_event("Delivery", first)]
    assert house.handle("record", *bodies, ses_event("Bounce", first, workspace="other"), "not json") == ["m4"]
    stats = house.client("GET", f"/v1/emails/{broadcast['email']}/stats").json
    assert (stats["delivered"], stats["bounced"], stats["sent"]) == (1, 1, 60)
    hashed = house.world.signer.hashed("address", second.envelope.address)
    assert house.world.suppressions.read(hashed).reason == "bounced"


def test_what_webhooks_told_is_recorded_from_the_same_queue(house):
    told = Event("e1", "bounced", MessageKey("c" * 16, "f" * 16), "e" * 16, at=1, address="gone@example.com")
    bodies = [body_of_events("main", [told]), body_of_events("other", [told]), '{"envoi":2}']
    assert house.handle("record", *bodies) == ["m2"]
    hashed = house.world.signer.hashed("address", "gone@example.com")
    assert house.world.suppressions.read(hashed).reason == "bounced"


def test_opens_and_clicks_are_lines_of_the_log(house, broadcast, capsys):
    house.work_off()
    copy = house.world.transports.first.accepted[0]
    capsys.readouterr()
    for path in (f"/o/{copy.envelope.token}", f"/c/{copy.envelope.token}/0"):
        assert house.client.raw("GET", path).status in (200, 302)
    lines = ["START RequestId: 1\n", *capsys.readouterr().out.splitlines(keepends=True)]
    said = {"messageType": "DATA_MESSAGE", "logEvents": [{"id": str(n), "message": m} for n, m in enumerate(lines)]}
    event = {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(said).encode())).decode()}}
    for _ in range(2):
        house.app.handler_map["record_hits"](event, FakeContext(60_000))
    stats = house.client("GET", f"/v1/emails/{broadcast['email']}/stats").json
    assert stats["clicked"] == {"unique": 1, "total": 1}
    assert stats["links"][0]["total"] == 1
    assert stats["opened"]["unique"] == 1


def test_one_bad_hint_is_one_failure(house, broadcast):
    house.world.hints.drain()
    bodies = ["{}", body_of(Plan(broadcast["id"], 0)), "nonsense", body_of(SendMessage("no message"))]
    assert house.handle("plan", *bodies) == ["m0", "m2", "m3"]
    assert house.tables.chunks


QUEUES = {
    "plan": "planning",
    "deliver": "outgoing",
    "send_messages": "messages",
    "run_imports": "imports",
    "record": "events",
}


STREAMS = {"follow_contacts": "envoi-contacts", "follow_deeds": "envoi-messages"}


def stream_event(*keys):
    change = [{"Keys": {"pk": {"S": key}}, "SequenceNumber": "1", "StreamViewType": "KEYS_ONLY"} for key in keys]
    where = {"eventSource": "aws:dynamodb", "eventSourceARN": "arn:aws:dynamodb:x:y:table/t/stream/z", "awsRegion": "x"}
    return {"Records": [where | {"eventID": "1", "eventName": "MODIFY", "dynamodb": each} for each in change]}


def test_live_segments_follow_the_streams(house):
    live = house.client("POST", "/v1/segments", {"name": "Pros", "filter": "plan = 'pro'"}).json["id"]
    house.work_off()
    ann = house.client("POST", "/v1/contacts", {"address": "ann@example.com", "fields": {"plan": "pro"}}).json["id"]
    for name in STREAMS:
        house.app.handler_map[name](stream_event(f"other#{ann}", "main#claim", "main"), FakeContext(60_000))
    assert house.client("GET", f"/v1/segments/{live}").json["size"] == 0
    house.app.handler_map["follow_contacts"](stream_event(f"main#{ann}"), FakeContext(60_000))
    assert house.client("GET", f"/v1/segments/{live}").json["size"] == 1
    assert [each["id"] for each in house.client("GET", f"/v1/segments/{live}/contacts").json["items"]] == [ann]
    why = house.client("GET", f"/v1/segments/{live}/contacts/ann@example.com/why").json
    assert (why["belongs"], why["kept"], why["by_hand"], why["reason"]["kind"]) == (True, True, None, "condition")
    assert house.client("DELETE", f"/v1/segments/{live}/contacts/{ann}").status == 204
    assert house.client("GET", f"/v1/segments/{live}").json["size"] == 0
    assert house.client("DELETE", f"/v1/segments/{live}/contacts/{ann}/by-hand").status == 204
    assert house.client("GET", f"/v1/segments/{live}").json["size"] == 1
    house.tick()
    assert [each["size"] for each in house.client("GET", f"/v1/segments/{live}/sizes").json["items"]] == [1]


def test_these_are_the_ways_in(house):
    found = {source.name: source for source in house.app.event_sources}
    assert {name: source.queue for name, source in found.items() if hasattr(source, "queue")} == {
        name: f"envoi-{queue}" for name, queue in QUEUES.items()
    }
    assert {name: source.stream_arn for name, source in found.items() if hasattr(source, "stream_arn")} == STREAMS
    assert set(found) == {*QUEUES, *STREAMS, "sweep"}
    assert found["sweep"].schedule_expression.to_string() == "rate(1 minute)"
    assert [each.name for each in house.app.pure_lambda_functions] == ["record_hits"]
    # more than ten records a batch need a window (AWS::Lambda::EventSourceMapping)
    assert all(s.maximum_batching_window_in_seconds for n, s in found.items() if n != "sweep" and s.batch_size > 10)


def test_every_function_has_its_settings_and_its_policy(house):
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    assert (config["version"], config["app_name"], config["autogen_policy"]) == ("2.0", "envoi", False)
    assert config["lambda_architecture"] == "arm64"
    names = {"api_handler", "record_hits", *(source.name for source in house.app.event_sources)}
    for stage in config["stages"].values():
        functions = stage["lambda_functions"]
        assert set(functions) == names
        assert {"deliver": 120, "plan": 120, "run_imports": 300, "api_handler": 29}.items() <= {
            name: each["lambda_timeout"] for name, each in functions.items()
        }.items()
        for each in functions.values():
            statements = json.loads((ROOT / ".chalice" / each["iam_policy_file"]).read_text())["Statement"]
            assert statements
            for statement in statements:
                assert not any(action.endswith("*") for action in statement["Action"])
                wide = [resource for resource in statement["Resource"] if resource == "*"]
                assert not wide or set(statement["Action"]) <= OF_THE_ACCOUNT, "it knows no resource"


def test_the_prefix_names_the_queues():
    code = "import app; print(sorted(s.queue for s in app.app.event_sources if hasattr(s, 'queue')))"
    env = {"ENVOI_PREFIX": "other", "PATH": ""}
    done = subprocess.run(  # noqa: S603  # our own interpreter, our own code
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == str(sorted(f"other-{queue}" for queue in QUEUES.values()))


def test_malformed_settings_say_which():
    done = subprocess.run(
        [sys.executable, "-c", "import app"],
        cwd=ROOT,
        env={"ENVOI_LEASE_MS": "soon", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "ENVOI_LEASE_MS is malformed: give a whole number of milliseconds." in done.stderr


def test_a_job_knows_how_long_it_may_work(house):
    house.handle("plan")
    house.app.handler_map["deliver"]({"Records": []}, SimpleNamespace(get_remaining_time_in_millis=lambda: 9_000))
    assert house.app.parts.times == [117_000, 6_000]
