"""The local AWS keeps what it was given, over a stop and a start."""

from pathlib import Path
from typing import Any

import boto3
import pytest

from local import children, ministack
from tests.ministack import free_port

pytestmark = pytest.mark.real


def client(service: str, url: str) -> Any:
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return boto3.client(service, region_name="us-east-1", endpoint_url=url, **keys)


def test_tables_queues_and_objects_are_kept_and_the_stack_is_deployed_again(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = ministack.command(port, tmp_path / "state", tmp_path / "ministack.log", keep=True)
    row = {"pk": {"S": "main#somebody"}, "f": {"N": "1"}}

    first = ministack.serve(command, tmp_path)
    try:
        outputs = ministack.deploy_data(url, "kept", "kept-bucket")
        assert outputs["BucketName"] == "kept-bucket"
        client("dynamodb", url).put_item(TableName="kept-contacts", Item=row)
        client("s3", url).put_object(Bucket="kept-bucket", Key="revisions/x", Body=b"bytes")
        queue = client("sqs", url).get_queue_url(QueueName="kept-outgoing")["QueueUrl"]
        client("sqs", url).send_message(QueueUrl=queue, MessageBody="hint")
    finally:
        assert children.stop(first), "it went by itself"

    second = ministack.serve(command, tmp_path)
    try:
        assert ministack.deploy_data(url, "kept", "kept-bucket") == outputs
        assert client("dynamodb", url).get_item(TableName="kept-contacts", Key={"pk": row["pk"]})["Item"] == row
        assert client("s3", url).get_object(Bucket="kept-bucket", Key="revisions/x")["Body"].read() == b"bytes"
        [message] = client("sqs", url).receive_message(QueueUrl=queue)["Messages"]
        assert message["Body"] == "hint"
    finally:
        assert children.stop(second)


def test_a_stack_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    port = free_port()
    command = ministack.command(port, tmp_path / "state", tmp_path / "ministack.log", keep=False)
    running = ministack.serve(command, tmp_path)
    try:
        with pytest.raises(children.Broken, match="data stack cannot be made"):
            ministack.deploy_data(f"http://127.0.0.1:{port}", "Not A Prefix!", "kept-bucket")
    finally:
        assert children.stop(running)


def test_it_listens_on_loopback_alone(tmp_path: Path) -> None:
    command = ministack.command(free_port(), tmp_path / "state", tmp_path / "ministack.log", keep=False)
    assert command.environment["BIND_HOST"] == "127.0.0.1"
    assert command.environment["AWS_ACCESS_KEY_ID"] == "local"
    assert not [name for name in command.environment if name.startswith("AWS_SESSION")]
