"""Mail that SES put into S3: both kinds of notice, and nothing of anybody else's."""

import io
import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.transports.mail_parts import MAX_MAIL
from chalicelib.transports.s3_inbox import MAX_BODY, Malformed, S3Inbox, Stored, stored_mails
from tests.transports.returned_mails import MESSAGE, content, return_path
from tests.transports.smtp_stand_in import SIGNER

BUCKET, PREFIX, KEY = "envoi-main", "inbox/main/", "inbox/main/8ok1v7q6n3"
AT, MS = "2026-11-24T03:00:10.000Z", 1_795_489_210_000

BY_SES = {
    "notificationType": "Received",
    "mail": {
        "timestamp": AT,
        "source": "",
        "messageId": "8ok1v7q6n3",
        "destination": ["bounces@example.com"],
        "headersTruncated": False,
    },
    "receipt": {
        "timestamp": AT,
        "processingTimeMillis": 300,
        "recipients": [return_path()],
        "spamVerdict": {"status": "PASS"},
        "virusVerdict": {"status": "PASS"},
        "action": {"type": "S3", "topicArn": "arn:aws:sns:us-east-1:1:inbox", "bucketName": BUCKET, "objectKey": KEY},
    },
}
BY_S3 = {
    "Records": [
        {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "eventTime": AT,
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": BUCKET}, "object": {"key": "inbox/main/8ok1v7q6n3", "size": 4321}},
        }
    ]
}


def by_sns(record):
    return json.dumps({"Type": "Notification", "MessageId": "1", "Message": json.dumps(record)})


@pytest.mark.parametrize("wrap", [json.dumps, by_sns], ids=["raw", "by SNS"])
@pytest.mark.parametrize(
    ("record", "recipients"), [(BY_SES, (return_path(),)), (BY_S3, ())], ids=["SES's notice", "S3's notice"]
)
def test_each_notice_names_the_mail(record, recipients, wrap):
    assert stored_mails(wrap(record), BUCKET, PREFIX) == [Stored(KEY, MS, recipients)]


def test_a_key_is_written_as_in_a_url():
    record = json.loads(json.dumps(BY_S3))
    record["Records"][0]["s3"]["object"]["key"] = "inbox/main/a+b%2Bc"
    assert stored_mails(json.dumps(record), BUCKET, PREFIX)[0].key == "inbox/main/a b+c"


def changed(record, value, *path):
    found = json.loads(json.dumps(record))
    inner = found
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return json.dumps(found)


@pytest.mark.parametrize(
    "body",
    [
        changed(BY_SES, "elsewhere", "receipt", "action", "bucketName"),
        changed(BY_SES, "uploads/main/x", "receipt", "action", "objectKey"),
        changed(BY_SES, {"type": "Lambda"}, "receipt", "action"),
        changed(BY_S3, "ObjectRemoved:Delete", "Records", 0, "eventName"),
        changed(BY_S3, "uploads/main/x", "Records", 0, "s3", "object", "key"),
        '{"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "envoi-main"}',
        '{"Type": "SubscriptionConfirmation", "Message": "You have chosen to subscribe"}',
        "{}",
    ],
)
def test_what_is_not_for_us_is_no_mail(body):
    assert stored_mails(body, BUCKET, PREFIX) == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "[" * 100_000,
        " " * (MAX_BODY + 1),
        '{"Type": "Notification", "Message": "hello"}',
        changed(BY_SES, None, "receipt", "action"),
        changed(BY_SES, "2026-11-24T03:00:10", "mail", "timestamp"),
        changed(BY_SES, 5, "mail"),
        changed(BY_S3, [{}], "Records"),
        changed(BY_S3, 5, "Records"),
        changed(BY_S3, 5, "Records", 0, "s3", "object", "key"),
    ],
)
def test_what_is_malformed_gets_one_clear_error(body):
    with pytest.raises(Malformed, match="Notice of a mail: "):
        stored_mails(body, BUCKET, PREFIX)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["Records", "receipt", "mail", "action", "s3", "Message", "Type"]), inner)
        ),
        max_leaves=9,
    )
)
def test_whatever_is_told_it_is_no_mail_or_a_value_error_of_ours(found):
    with suppress(Malformed):
        assert stored_mails(json.dumps(found), BUCKET, PREFIX) == []


class S3:
    """Answers as GetObject does."""

    def __init__(self, objects):
        self.objects = objects
        self.asked = []

    def get_object(self, **parameters):
        self.asked.append(parameters)
        if parameters["Key"] not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(self.objects[parameters["Key"]])}


def inbox(s3):
    return S3Inbox(lambda: s3, BUCKET, PREFIX, SIGNER)


def test_the_mail_s_events_come_with_the_envelope_of_the_notice():
    s3 = S3({KEY: b"X-Failed-Recipients: ann@example.org\r\n\r\n550 5.1.1 no such user"})
    (event,) = inbox(s3).events(json.dumps(BY_SES))
    assert (event.kind, event.message, event.at) == ("bounced", MESSAGE, MS)
    assert s3.asked == [{"Bucket": BUCKET, "Key": KEY, "Range": f"bytes=0-{MAX_MAIL - 1}"}]


def test_without_the_envelope_the_mail_itself_says_it():
    (event,) = inbox(S3({KEY: content("postfix_unknown_user")})).events(json.dumps(BY_S3))
    assert (event.kind, event.message) == ("bounced", MESSAGE)


def test_a_mail_that_cannot_be_read_is_an_error_for_the_queue():
    with pytest.raises(ClientError):
        inbox(S3({})).events(json.dumps(BY_SES))


def test_no_client_is_made_for_what_is_not_ours():
    made = []
    S3Inbox(lambda: made.append(1), BUCKET, PREFIX, SIGNER).events("{}")
    assert not made
