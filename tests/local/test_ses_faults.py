"""Faults on demand, each over the wire. What they mean to Envoi is tests/transports/test_ses.py's business."""

import time

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError

from local.ses import SimulatedSes
from local.ses_simulator.account import Limits
from tests.local.ses import ask, bulk, client, entry, read, simple, told


@pytest.fixture
def ses():
    with SimulatedSes(limits=Limits(max_send_rate=1_000)) as simulated:
        yield simulated


def accepted(ses):
    return len(read(ses, "/messages")["items"])


def test_a_fault_hits_as_many_calls_as_it_says_and_then_is_gone(ses):
    ask(ses, "POST", "/faults", [{"kind": "throttle", "calls": 2}])
    sesv2 = client(ses)
    for left in (1, 0):
        with pytest.raises(sesv2.exceptions.TooManyRequestsException, match="Maximum sending rate exceeded"):
            sesv2.send_email(**simple())
        assert sum(each["calls"] for each in read(ses, "/faults")) == left
    assert sesv2.send_email(**simple())["MessageId"]


def test_a_fault_can_wait_and_be_for_one_operation(ses):
    ask(ses, "POST", "/faults", {"kind": "error_before", "skip": 1, "operation": "SendBulkEmail"})
    sesv2 = client(ses)
    sesv2.send_email(**simple())
    sesv2.send_bulk_email(**bulk(entry()))
    sesv2.send_email(**simple())
    with pytest.raises(ClientError):
        sesv2.send_bulk_email(**bulk(entry()))
    assert accepted(ses) == 3


def test_faults_hit_sending_calls_alone(ses):
    ask(ses, "POST", "/faults", {"kind": "error_before"})
    assert client(ses).get_account()["SendingEnabled"] is True
    assert len(read(ses, "/faults")) == 1


@pytest.mark.parametrize(
    ("kind", "raised", "copies"),
    [
        ("error_before", ClientError, 0),
        ("error_after", ClientError, 1),
        ("lost_answer", ConnectionClosedError, 1),
        ("reset_after", HTTPClientError, 1),
        ("reset_before", HTTPClientError, 0),
    ],
)
def test_what_is_accepted_under_each_fault(ses, kind, raised, copies):
    ask(ses, "POST", "/faults", {"kind": kind})
    with pytest.raises(raised):
        client(ses).send_email(**simple())
    assert accepted(ses) == copies
    assert [each for each, _ in told(ses)] == ["Send", "Delivery"][: 2 * copies]


def test_some_entries_fail_and_the_others_do_not(ses):
    ask(ses, "POST", "/faults", {"kind": "entry_failure", "entries": [0, 2], "status": "TRANSIENT_FAILURE"})
    answer = client(ses).send_bulk_email(**bulk(*[entry(f"u{n}@example.org") for n in range(4)]))
    statuses = [each["Status"] for each in answer["BulkEmailEntryResults"]]
    assert statuses == ["TRANSIENT_FAILURE", "SUCCESS", "TRANSIENT_FAILURE", "SUCCESS"]
    assert [each["to"] for each in read(ses, "/messages")["items"]] == ["u1@example.org", "u3@example.org"]


def test_slow_is_slow(ses):
    ask(ses, "POST", "/faults", {"kind": "slow", "ms": 100})
    began = time.monotonic()
    client(ses).send_email(**simple())
    assert time.monotonic() - began >= 0.1


@pytest.mark.parametrize(
    ("fate", "types"),
    [("delayed", ["Send", "DeliveryDelay"]), ("soft_bounced", ["Send", "Bounce"]), ("silent", [])],
)
def test_a_fate_on_demand(ses, fate, types):
    ask(ses, "POST", "/faults", {"kind": "fate", "fate": fate, "entries": [1]})
    client(ses).send_bulk_email(**bulk(entry("a@example.org"), entry("b@example.org")))
    assert [kind for kind, to in told(ses) if to == "b@example.org"] == types
    assert [kind for kind, to in told(ses) if to == "a@example.org"] == ["Send", "Delivery"]
    assert accepted(ses) == 2


def test_a_rendering_failure_on_demand_leaves_no_copy(ses):
    ask(ses, "POST", "/faults", {"kind": "fate", "fate": "rendering_failed"})
    client(ses).send_email(**simple())
    assert told(ses) == [("Rendering Failure", "ann@example.org")]
    assert accepted(ses) == 0


def test_faults_can_be_taken_back(ses):
    ask(ses, "POST", "/faults", {"kind": "throttle", "calls": 5})
    assert ask(ses, "DELETE", "/faults")[0] == 200
    assert read(ses, "/faults") == []
    assert client(ses).send_email(**simple())["MessageId"]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"kind": "throtle"}, "throtle"),
        ({"kind": "throttle", "calls": 0}, "calls"),
        ({"kind": "throttle", "times": 1}, "times"),
        ({"kind": "slow", "ms": 3_600_000}, "ms"),
        ({"kind": "fate", "fate": "lost"}, "lost"),
        ([{"kind": "throttle"}] * 1_001, "1000"),
        ("throttle", "object"),
    ],
)
def test_a_fault_that_is_none_is_refused(ses, asked, named):
    status, text, _ = ask(ses, "POST", "/faults", asked)
    assert status == 400
    assert named in text
    assert read(ses, "/faults") == []
