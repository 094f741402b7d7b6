"""The console on this machine: its files in the local bucket, and an address that signs the person here in."""

from __future__ import annotations

from typing import Any

from chalicelib.console.static_files import FOR_EVER, deployed
from local.client import Client, Refused
from local.home import REGION, Home

ADDRESS = "you@bakery.example"
DAY_MINUTES = 24 * 60
CONFLICT = 409


def publish(endpoint: str, bucket: str) -> None:
    """As a deployment does it (docs/operations.md)."""
    s3 = _client(endpoint)
    for each in deployed():
        s3.put_object(
            Bucket=bucket,
            Key=each.place,
            Body=each.body,
            ContentType=each.content_type,
            ContentEncoding="gzip",
            CacheControl=FOR_EVER,
        )


def address(home: Home) -> str:
    """Works once, within a day; the next `make run` gives another. `#now` says that a person opened it."""
    client = Client(home.url, home.api_key)
    member = _member(client)
    return f"{client.post(f'/members/{member}/link', {'minutes': DAY_MINUTES})['url']}#now"


def _member(client: Client) -> str:
    try:
        made: str = client.post("/members", {"address": ADDRESS, "name": "You", "role": "admin"})["id"]
    except Refused as refused:
        if refused.status != CONFLICT:
            raise
        made = next(each["id"] for each in client.pages("/members") if each["address"] == ADDRESS)
    return made


def _client(endpoint: str) -> Any:  # noqa: ANN401  # boto3 makes its clients' classes when it runs
    import boto3  # noqa: PLC0415  # half a second that `make stop` does not need
    from botocore.config import Config  # noqa: PLC0415  # the same

    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    config = Config(s3={"addressing_style": "path"})
    return boto3.client("s3", region_name=REGION, endpoint_url=endpoint, config=config, **keys)
