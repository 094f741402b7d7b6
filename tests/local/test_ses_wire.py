"""Plain boto3 against the simulator: what SES takes, and what it refuses with which words."""

import pytest
from botocore.exceptions import ClientError

from local.ses import SimulatedSes
from local.ses_simulator.account import Limits
from tests.local.ses import ask, bulk, client, entry, read, simple, template

RAW = (
    b"From: =?utf-8?b?Wm/Dqw==?= <news@example.com>\r\nTo: ann@example.org\r\nSubject: Raw\r\n one\r\n"
    b"Message-ID: <mine@example.com>\r\nX-Mine: kept\r\nContent-Type: text/html; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>=C3=A9 {{x}}</p>\r\n"
)


@pytest.fixture
def ses():
    with SimulatedSes(limits=Limits(max_send_rate=1_000)) as simulated:
        yield simulated


@pytest.fixture
def sesv2(ses):
    return client(ses)


def only(ses):
    (found,) = read(ses, "/messages")["items"]
    return found


def test_a_simple_mail_arrives_untouched(ses, sesv2):
    headers = [{"Name": "X-One", "Value": "1"}]
    asked = simple(EmailTags=[{"Name": "attempt", "Value": "a1"}], ReplyToAddresses=["back@example.com"])
    asked["Content"]["Simple"]["Headers"] = headers
    answer = sesv2.send_email(**asked)
    found = only(ses)
    assert found["message_id"] == answer["MessageId"]
    assert answer["MessageId"].endswith("-000000")
    assert (found["subject"], found["html"], found["text"]) == ("Hi {{x}}", "<p>é</p>", "é")
    assert (found["to"], found["from"], found["attempt"]) == ("ann@example.org", "news@example.com", "a1")
    assert (found["headers"]["X-One"], found["headers"]["Reply-To"]) == ("1", "back@example.com")
    assert found["received_at"].endswith("Z")


def test_a_raw_mail_arrives_as_it_is_but_for_what_ses_overwrites(ses, sesv2):
    answer = sesv2.send_email(Content={"Raw": {"Data": RAW}})
    found = only(ses)
    assert (found["subject"], found["html"], found["text"]) == ("Raw one", "<p>é {{x}}</p>\r\n", "")
    assert found["headers"]["From"] == "Zoë <news@example.com>"
    assert found["headers"]["X-Mine"] == "kept"
    assert found["headers"]["Message-ID"] == f"<{answer['MessageId']}@email.amazonses.com>"
    assert found["to"] == "ann@example.org"


def test_a_raw_mail_s_own_headers_name_tags_and_configuration_set(ses, sesv2):
    head = b"X-SES-MESSAGE-TAGS: attempt=a1, message=m1\r\nX-SES-CONFIGURATION-SET: envoi\r\n"
    sesv2.send_email(Content={"Raw": {"Data": head + RAW}})
    found = only(ses)
    assert (found["tags"], found["configuration_set"]) == ({"attempt": "a1", "message": "m1"}, "envoi")
    assert not any(name.startswith("X-SES") for name in found["headers"])


def test_an_inline_template_is_filled_and_nothing_is_escaped(ses, sesv2):
    content = {"Template": template() | {"TemplateData": '{"name": "A & <b> {{name}}"}'}}
    sesv2.send_email(**simple(Content=content))
    found = only(ses)
    assert found["html"] == "<p>A & <b> {{name}}</p>"
    assert found["subject"] == "Hi A & <b> {{name}}"


def test_bulk_entries_replace_data_headers_and_tags_of_their_own(ses, sesv2):
    default = template() | {
        "TemplateData": '{"name": "you"}',
        "Headers": [{"Name": "X-A", "Value": "default"}, {"Name": "X-B", "Value": "both"}],
    }
    first = entry("ann@example.org", {}, ReplacementHeaders=[{"Name": "x-a", "Value": "ann's"}])
    second = entry("bob@example.org", {"name": "Bob"}, ReplacementTags=[{"Name": "attempt", "Value": "b2"}])
    answer = sesv2.send_bulk_email(
        **bulk(
            first,
            second,
            DefaultContent={"Template": default},
            DefaultEmailTags=[{"Name": "attempt", "Value": "a1"}],
        )
    )
    ann, bob = read(ses, "/messages")["items"]
    assert [each["Status"] for each in answer["BulkEmailEntryResults"]] == ["SUCCESS", "SUCCESS"]
    assert [each["MessageId"] for each in answer["BulkEmailEntryResults"]] == [ann["message_id"], bob["message_id"]]
    assert (ann["subject"], bob["subject"]) == ("Hi you", "Hi Bob")
    assert (ann["headers"]["x-a"], ann["headers"]["X-B"], bob["headers"]["X-A"]) == ("ann's", "both", "default")
    assert (ann["tags"], bob["tags"]) == ({"attempt": "a1"}, {"attempt": "b2"})


@pytest.mark.parametrize(
    "part",
    [
        "{{missing}}",  # no value
        "{{#if name}}x{{/if}}",  # inline templates know no blocks
        "{{{name}}}",  # nor a third brace
        "{{ a b }}",  # nor whatever this is
        "\\{{name}}",  # Handlebars reads a backslash as an escape
    ],
)
def test_what_cannot_be_rendered_is_accepted_and_then_only_an_event(ses, sesv2, part):
    asked = bulk(entry(), DefaultContent={"Template": template(html=part)})
    (result,) = sesv2.send_bulk_email(**asked)["BulkEmailEntryResults"]
    assert result["Status"] == "SUCCESS"
    assert read(ses, "/messages")["items"] == []
    (event,) = read(ses, "/events")["items"]
    assert event["event"]["eventType"] == "Rendering Failure"
    assert event["event"]["mail"]["messageId"] == result["MessageId"]
    assert event["event"]["failure"]["errorMessage"]


LONG = "x" * 996
REFUSED = [
    # what is asked, code, words, why
    (bulk(), "BadRequestException", "between 1 and 50", "nobody"),
    (bulk(*[entry()] * 51), "BadRequestException", "between 1 and 50", "one too many"),
    (bulk(entry(), entry("not an address")), "BadRequestException", "@domain", "one refuses all"),
    (bulk(entry("é@example.org")), "BadRequestException", "non-ASCII", "no SMTPUTF8"),
    (bulk(entry("a@exämple.org")), "BadRequestException", "Domain", "punycode is needed"),
    (bulk(entry("a..b@example.org")), "BadRequestException", "Local", "two dots"),
    (bulk(entry(f"{'a' * 65}@example.org")), "BadRequestException", "Local", "65 characters"),
    (
        bulk(entry(ReplacementTags=[{"Name": "a b", "Value": "c"}])),
        "BadRequestException",
        "tag name <a b>",
        "a blank in a tag's name",
    ),
    (
        bulk(entry(ReplacementTags=[{"Name": "a", "Value": "c@d"}])),
        "BadRequestException",
        "tag value <c@d>",
        "an address as a tag",
    ),
    (bulk(entry(data={"name": "x" * 262_144})), "BadRequestException", "262144", "data too long"),
    (
        bulk(entry(ReplacementHeaders=[{"Name": "X-A", "Value": LONG}])),
        "BadRequestException",
        "X-A",
        "a header too long",
    ),
    (bulk(entry(ReplacementHeaders=[{"Name": "X-A", "Value": "é"}])), "BadRequestException", "X-A", "not ASCII"),
    (bulk(entry(ReplacementHeaders=[{"Name": "From", "Value": "x"}])), "BadRequestException", "From", "SES's own"),
    (
        bulk(entry(ReplacementHeaders=[{"Name": f"X-{n}", "Value": "x"} for n in range(16)])),
        "BadRequestException",
        "15",
        "too many headers",
    ),
    (bulk(entry(), ConfigurationSetName="none"), "NotFoundException", "<none> does not exist", "unknown set"),
    (
        bulk(entry(), FromEmailAddress="a@other.example"),
        "MessageRejected",
        "Email address is not verified.*US-EAST-1: a@other.example",
        "From not verified",
    ),
    (
        bulk(entry(), DefaultContent={"Template": {"TemplateName": "stored", "TemplateData": "{}"}}),
        "NotFoundException",
        "stored",
        "no stored templates here",
    ),
    (
        bulk(entry(), DefaultContent={"Template": template(html="", text="")}),
        "BadRequestException",
        "subject, and",
        "nothing to send",
    ),
]


@pytest.mark.parametrize(("asked", "code", "words", "why"), REFUSED, ids=[row[3] for row in REFUSED])
def test_what_ses_refuses(ses, sesv2, asked, code, words, why):
    del why
    with pytest.raises(ClientError, match=words) as caught:
        sesv2.send_bulk_email(**asked)
    assert caught.value.response["Error"]["Code"] == code
    assert read(ses, "/messages")["items"] == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (simple(FromEmailAddress="a@other.example"), "MessageRejected"),
        (simple(ConfigurationSetName="none"), "NotFoundException"),
        (simple(to="nobody"), "BadRequestException"),
        (simple(Destination={}), "BadRequestException"),
        (simple(Content={}), "BadRequestException"),
        (simple(EmailTags=[{"Name": "a", "Value": ""}]), "BadRequestException"),
        (simple(Content={"Raw": {"Data": b"To: a@example.org\r\n\r\nx"}}, FromEmailAddress=""), "BadRequestException"),
    ],
)
def test_what_ses_refuses_of_a_single_mail(ses, sesv2, asked, code):
    with pytest.raises(ClientError) as caught:
        sesv2.send_email(**asked)
    assert caught.value.response["Error"]["Code"] == code
    assert read(ses, "/messages")["items"] == []


def test_an_account_says_what_it_may(ses, sesv2):
    assert ask(ses, "POST", "/account", {"max_send_rate": 14, "max_24_hour_send": 50_000})[0] == 200
    sesv2.send_email(**simple())
    found = sesv2.get_account()
    assert found["SendQuota"] == {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 1.0}
    assert (found["SendingEnabled"], found["EnforcementStatus"]) == (True, "HEALTHY")


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"sending_enabled": False}, "SendingPausedException"),
        ({"enforcement_status": "SHUTDOWN"}, "AccountSuspendedException"),
        ({"production_access": False}, "MessageRejected"),
        ({"max_24_hour_send": 0}, "LimitExceededException"),
    ],
)
def test_what_the_account_may_not(ses, sesv2, limits, code):
    ask(ses, "POST", "/account", limits)
    for send, asked in ((sesv2.send_email, simple()), (sesv2.send_bulk_email, bulk(entry()))):
        with pytest.raises(ClientError) as caught:
            send(**asked)
        assert caught.value.response["Error"]["Code"] == code


def test_bad_limits_are_refused_and_change_nothing(ses):
    before = read(ses, "/account")
    status, text, _ = ask(ses, "POST", "/account", {"max_send_rate": "fast"})
    assert (status, read(ses, "/account")) == (400, before)
    assert "max_send_rate" in text


def test_an_identity_once_created_may_send(sesv2):
    sesv2.create_email_identity(EmailIdentity="shop.example")
    assert sesv2.get_email_identity(EmailIdentity="shop.example")["VerifiedForSendingStatus"] is True
    sesv2.send_email(**simple(FromEmailAddress="any@mail.shop.example"))
    sesv2.delete_email_identity(EmailIdentity="shop.example")
    with pytest.raises(ClientError, match="not verified"):
        sesv2.send_email(**simple(FromEmailAddress="any@mail.shop.example"))
    with pytest.raises(sesv2.exceptions.NotFoundException):
        sesv2.get_email_identity(EmailIdentity="shop.example")
    assert [each["IdentityName"] for each in sesv2.list_email_identities()["EmailIdentities"]] == ["example.com"]


def test_the_suppression_list_is_kept_and_listed(sesv2):
    sesv2.put_suppressed_destination(EmailAddress="Gone+1@example.org", Reason="BOUNCE")
    found = sesv2.get_suppressed_destination(EmailAddress="gone+1@example.org")["SuppressedDestination"]
    assert (found["EmailAddress"], found["Reason"]) == ("gone+1@example.org", "BOUNCE")
    listed = sesv2.list_suppressed_destinations()["SuppressedDestinationSummaries"]
    assert [each["EmailAddress"] for each in listed] == ["gone+1@example.org"]
    sesv2.delete_suppressed_destination(EmailAddress="gone+1@example.org")
    with pytest.raises(sesv2.exceptions.NotFoundException):
        sesv2.get_suppressed_destination(EmailAddress="gone+1@example.org")


def test_lists_come_in_pages(sesv2):
    for number in range(5):
        sesv2.put_suppressed_destination(EmailAddress=f"gone{number}@example.org", Reason="COMPLAINT")
    pages = _pages(sesv2)
    found = [each["EmailAddress"] for page in pages for each in page["SuppressedDestinationSummaries"]]
    assert found == [f"gone{number}@example.org" for number in range(5)]
    assert len(pages) == 3


def _pages(sesv2):
    pages = [sesv2.list_suppressed_destinations(PageSize=2)]
    while token := pages[-1].get("NextToken"):
        pages.append(sesv2.list_suppressed_destinations(PageSize=2, NextToken=token))
    return pages


def test_configuration_sets_and_their_destinations_are_remembered(ses, sesv2):
    sesv2.create_configuration_set(ConfigurationSetName="more")
    destination = {
        "Enabled": True,
        "MatchingEventTypes": ["BOUNCE"],
        "SnsDestination": {"TopicArn": "arn:aws:sns:us-east-1:000000000000:bounces"},
    }
    sesv2.create_configuration_set_event_destination(
        ConfigurationSetName="more", EventDestinationName="sns", EventDestination=destination
    )
    (found,) = sesv2.get_configuration_set_event_destinations(ConfigurationSetName="more")["EventDestinations"]
    assert found == destination | {"Name": "sns"}
    sesv2.send_email(**simple("bounce@simulator.amazonses.com", ConfigurationSetName="more"))
    (event,) = read(ses, "/events")["items"]
    assert (event["topic"], event["event"]["eventType"]) == ("arn:aws:sns:us-east-1:000000000000:bounces", "Bounce")
    with pytest.raises(sesv2.exceptions.AlreadyExistsException):
        sesv2.create_configuration_set(ConfigurationSetName="more")
    sesv2.delete_configuration_set(ConfigurationSetName="more")
    with pytest.raises(sesv2.exceptions.NotFoundException):
        sesv2.get_configuration_set(ConfigurationSetName="more")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v2/email/templates/x", 404),
        ("DELETE", "/v2/email/account", 405),
        ("GET", "/messages/none", 404),
        ("GET", "/inbox/none", 404),
        ("GET", "/messages?limit=0", 400),
        ("GET", "/messages?limit=1001", 400),
        ("GET", "/messages?after=-1", 400),
        ("GET", "/?before=x", 400),
        ("POST", "/v2/email/outbound-bulk-emails", 400),
    ],
)
def test_what_makes_no_sense_gets_an_error_with_a_message(ses, method, path, status):
    found, text, headers = ask(ses, method, path)
    assert found == status
    assert '"message"' in text
    assert headers["x-amzn-ErrorType"]
