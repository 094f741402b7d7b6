import boto3
import pytest
from botocore.config import Config

from bench.sink import Json, calls, sink, write_units


def found(operation: str, request: Json) -> Json | None:
    """Every key that is asked for has a row."""
    if operation != "BatchGetItem":
        return None
    rows = {
        table: [key | {"kept": {"S": "x"}} for key in asked["Keys"]] for table, asked in request["RequestItems"].items()
    }
    return {"Responses": rows, "UnprocessedKeys": {}}


@pytest.fixture(scope="module")
def url():
    with sink(found) as running:
        yield running


def client(service: str, url: str):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="sink",
        aws_secret_access_key="sink",
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_dynamodb_is_answered(url):
    dynamodb = client("dynamodb", url)
    keys = [{"id": {"S": str(n)}} for n in range(3)]
    rows = dynamodb.batch_get_item(RequestItems={"rows": {"Keys": keys}})["Responses"]["rows"]
    assert [row["id"]["S"] for row in rows] == ["0", "1", "2"]
    assert rows[0]["kept"] == {"S": "x"}
    put = {"Put": {"TableName": "rows", "Item": keys[0]}}
    dynamodb.transact_write_items(TransactItems=[put, put])
    dynamodb.put_item(TableName="rows", Item=keys[0])
    dynamodb.update_item(TableName="rows", Key=keys[0])
    query = dynamodb.query(
        TableName="rows", KeyConditionExpression="#i = :i", ExpressionAttributeValues={":i": {"S": "1"}}
    )
    assert query["Items"] == []


def test_ses_is_answered(url):
    ses = client("sesv2", url)
    entries = [{"Destination": {"ToAddresses": [f"{n}@example.com"]}} for n in range(3)]
    template = {"Template": {"TemplateContent": {"Subject": "x", "Text": "x"}, "TemplateData": "{}"}}
    sent = ses.send_bulk_email(FromEmailAddress="a@example.com", DefaultContent=template, BulkEmailEntries=entries)
    assert [each["Status"] for each in sent["BulkEmailEntryResults"]] == ["SUCCESS"] * 3
    assert len({each["MessageId"] for each in sent["BulkEmailEntryResults"]}) == 3
    assert ses.send_email(Content={"Raw": {"Data": b"x" * 100_000}})["MessageId"]
    assert ses.get_account()["SendQuota"]["MaxSendRate"] > 0


def test_it_counts_calls_and_what_they_carried(url):
    before = calls(url)
    client("dynamodb", url).batch_get_item(RequestItems={"rows": {"Keys": [{"id": {"S": "1"}}, {"id": {"S": "2"}}]}})
    after = calls(url) - before
    assert after == {"BatchGetItem": 1, "BatchGetItem.items": 2, "read units": 1}


@pytest.mark.parametrize(
    ("operation", "request_", "units", "why"),
    [
        ("PutItem", {"Item": {"pk": {"S": "a" * 1_021}}}, 1, "1,023 bytes with the name"),
        ("PutItem", {"Item": {"pk": {"S": "a" * 1_023}}}, 2, "1,025 bytes: a second unit"),
        ("BatchWriteItem", {"RequestItems": {"t": [{"PutRequest": {"Item": {"pk": {"S": "a"}}}}] * 3}}, 3, "one each"),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"Item": {"pk": {"S": "a"}}}}, {"Update": {}}]}, 4, "twice"),
        ("UpdateItem", {}, 1, "a small row"),
        ("PutItem", {"Item": {"pk": {"S": "a"}, "ka": {"S": "b"}, "kn": {"S": "c"}}}, 3, "and in two indexes"),
        (
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"Item": {"pk": {"S": "a"}, "ka": {"S": "b"}}}}]},
            3,
            "twice, and once in the index",
        ),
        ("Query", {}, 0, "a read"),
    ],
)
def test_write_units_are_what_dynamodb_charges(operation, request_, units, why):
    assert write_units(operation, request_) == units, why


def test_only_what_was_asked_for_is_answered(url):
    """And paid for whole, as DynamoDB has it."""
    dynamodb = client("dynamodb", url)
    asked = {"Keys": [{"id": {"S": "1"}}], "ProjectionExpression": "#a", "ExpressionAttributeNames": {"#a": "kept"}}
    before = calls(url)["read units"]
    assert dynamodb.batch_get_item(RequestItems={"rows": asked})["Responses"]["rows"] == [{"kept": {"S": "x"}}]
    assert calls(url)["read units"] - before == 0.5
