"""What becomes of accepted mail, and the road of its events to SNS."""

import json

import pytest

from chalicelib.transports.ses_events import events
from local.ses import TOPIC, SimulatedSes
from local.ses_simulator.account import Limits
from local.ses_simulator.events import TOLD, mail_record, records
from local.ses_simulator.fates import FATES
from local.ses_simulator.publishing import BATCH, sns_sink
from tests.local.ses import ask, bulk, client, entry, read, simple, told, wait_for

FAST = Limits(max_send_rate=100_000)
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def ses():
    with SimulatedSes(limits=FAST) as simulated:
        yield simulated


class Topic:
    """A sink that remembers, and fails as often as it is told to."""

    def __init__(self, failures=0):
        self.calls = []
        self.failures = failures

    def __call__(self, topic, bodies):
        if self.failures:
            self.failures -= 1
            raise ConnectionError("SNS is not there yet")
        self.calls.append((topic, list(bodies)))

    @property
    def bodies(self):
        return [body for _, bodies in self.calls for body in bodies]


@pytest.mark.parametrize(
    ("address", "types"),
    [
        ("ann@example.org", ["Send", "Delivery"]),
        ("success@simulator.amazonses.com", ["Send", "Delivery"]),
        ("ooto@simulator.amazonses.com", ["Send", "Delivery"]),
        ("bounce@simulator.amazonses.com", ["Send", "Bounce"]),
        ("Bounce+Label1@simulator.amazonses.com", ["Send", "Bounce"]),
        ("complaint@simulator.amazonses.com", ["Send", "Delivery", "Complaint"]),
        ("suppressionlist@simulator.amazonses.com", ["Send", "Bounce"]),
        ("bounce@example.org", ["Send", "Delivery"]),
    ],
)
def test_an_address_s_fate(ses, address, types):
    client(ses).send_bulk_email(**bulk(entry(address)))
    assert told(ses) == [(each, address) for each in types]


def test_a_suppressed_address_is_accepted_and_bounces(ses):
    sesv2 = client(ses)
    sesv2.put_suppressed_destination(EmailAddress="ann@example.org", Reason="COMPLAINT")
    assert sesv2.send_email(**simple("Ann@example.org"))["MessageId"]
    _, bounce = (each["event"] for each in read(ses, "/events")["items"])
    assert bounce["bounce"]["bounceSubType"] == "OnAccountSuppressionList"
    assert read(ses, "/messages")["items"][0]["fate"] == "suppressed"


@pytest.mark.parametrize("where", ["content", "data"])
def test_a_virus_is_accepted_and_rejected(ses, where):
    if where == "content":
        content = {"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": EICAR}}}}
        client(ses).send_email(**simple(Content=content))
    else:
        client(ses).send_bulk_email(**bulk(entry(data={"name": EICAR})))
    assert told(ses) == [("Reject", "ann@example.org")]


def test_without_a_configuration_set_nothing_is_told(ses):
    client(ses).send_bulk_email(**bulk(entry(), ConfigurationSetName=""))
    assert told(ses) == []
    assert len(read(ses, "/messages")["items"]) == 1


def test_every_recipient_of_a_mail_has_events(ses):
    to = {"ToAddresses": ["ann@example.org"], "CcAddresses": ["bounce@simulator.amazonses.com"]}
    client(ses).send_email(**simple(Destination=to))
    found = [each["event"] for each in read(ses, "/events")["items"]]
    assert [each["eventType"] for each in found] == ["Send", "Delivery", "Send", "Bounce"]
    assert found[3]["bounce"]["bouncedRecipients"][0]["emailAddress"] == "bounce@simulator.amazonses.com"
    assert [each["to"] for each in read(ses, "/messages?to=Bounce@simulator.amazonses.com")["items"]] == [
        "ann@example.org"
    ]


def test_each_fate_but_what_is_never_rendered_has_its_events():
    assert set(TOLD) == FATES - {"rendering_failed"}


@pytest.mark.parametrize("fate", sorted(TOLD))
def test_the_product_understands_every_event_that_the_simulator_tells(fate):
    tags = {"workspace": "main", "message": "c00000000000000a_f00000000000000b", "email": "e00000000000000c"}
    envelope = {
        "from": "News <news@example.com>",
        "to": ["ann@example.org"],
        "destination": ["ann@example.org"],
        "configuration_set": "envoi",
        "operation": "SendEmail",
        "tags": tags,
    }
    mail = mail_record(envelope, "0100-id-000000", 1_700_000_000_123, "Hi")
    for record in records(fate, "ann@example.org", 1_700_000_000_123, mail):
        (event,) = events(json.dumps(record), "main")
        assert (event.at, event.provider_id) == (1_700_000_000_123, "0100-id-000000")


def test_events_are_published_in_order_ten_a_call():
    topic = Topic()
    with SimulatedSes(limits=FAST, sink=topic) as ses:
        for number in range(3):
            client(ses).send_bulk_email(**bulk(*[entry(f"u{number}-{n}@example.org") for n in range(20)]))
        assert ses.settled()
    found = [(event["eventType"], event["mail"]["destination"][0]) for event in map(json.loads, topic.bodies)]
    assert found == [
        (kind, f"u{number}-{n}@example.org") for number in range(3) for n in range(20) for kind in ("Send", "Delivery")
    ]
    assert {name for name, _ in topic.calls} == {TOPIC}
    assert max(len(bodies) for _, bodies in topic.calls) == BATCH


def test_events_wait_for_an_sns_that_is_not_there_yet():
    topic = Topic(failures=2)
    with SimulatedSes(limits=FAST, sink=topic) as ses:
        client(ses).send_bulk_email(**bulk(entry()))
        assert ses.settled()
    assert [json.loads(body)["eventType"] for body in topic.bodies] == ["Send", "Delivery"]


def test_a_stop_publishes_what_is_left():
    topic = Topic()
    ses = SimulatedSes(limits=FAST, sink=topic)
    ses.start()
    client(ses).send_bulk_email(**bulk(*[entry(f"u{n}@example.org") for n in range(50)]))
    assert ses.stop() is True
    assert len(topic.bodies) == 100


def test_what_could_not_be_published_is_published_after_the_next_start(tmp_path):
    dead, later = Topic(failures=1_000_000), Topic()
    ses = SimulatedSes(limits=FAST, state=tmp_path, sink=dead)
    ses.start()
    client(ses).send_bulk_email(**bulk(entry()))
    assert ses.stop(seconds=0.05) is False
    assert dead.bodies == []
    with SimulatedSes(limits=FAST, state=tmp_path, sink=later) as again:
        assert again.settled()
    assert [json.loads(body)["eventType"] for body in later.bodies] == ["Send", "Delivery"]


def test_by_sns_those_refused_one_by_one_are_given_again():
    class Client:
        def __init__(self):
            self.published = []

        def publish_batch(self, *, TopicArn, PublishBatchRequestEntries):  # noqa: N803  boto3's names
            self.published += [(TopicArn, each["Message"]) for each in PublishBatchRequestEntries if each["Id"] != "1"]
            return {"Failed": [{"Id": "1"}]}

        def publish(self, *, TopicArn, Message):  # noqa: N803  boto3's names
            self.published.append((TopicArn, Message))

    sns = Client()
    sns_sink(sns)("arn:topic", ["a", "b", "c"])
    assert sns.published == [("arn:topic", "a"), ("arn:topic", "c"), ("arn:topic", "b")]


def test_events_that_were_published_can_be_forgotten():
    topic = Topic()
    with SimulatedSes(limits=FAST, sink=topic) as ses:
        client(ses).send_bulk_email(**bulk(entry()))
        assert ses.settled()
        wait_for(lambda: ask(ses, "DELETE", "/events")[0] == 200 and told(ses) == [])
