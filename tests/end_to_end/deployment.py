"""The packaged artefact as it is deployed: its zip and its template in the local AWS, its Lambdas at work there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

from chalicelib.console.static_files import FOR_EVER
from infra.package import TEMPLATE, ZIP, package
from local import children, ministack
from local.client import Client, Server
from local.ses import SimulatedSes, sns_sink
from tests.ministack import free_port

PREFIX = "shop"
REGION = "us-east-1"
API_KEY = "key-for-the-deployment"
TOPIC = f"arn:aws:sns:{REGION}:000000000000:{PREFIX}-events"
DOMAIN = "bakery.example"
SECRETS = {
    "SigningKeys": "1:" + "ab" * 32,
    "HashKey": "cd" * 32,
    "ApiKeys": hashlib.sha256(API_KEY.encode()).hexdigest(),
}


@dataclass(frozen=True)
class Deployed:
    """`url` is the local AWS; the HTTP API answers there to its own host's name."""

    url: str
    api: str
    ses: SimulatedSes
    build: Path
    aws: Any

    @property
    def host(self) -> dict[str, str]:
        return {"Host": urlsplit(self.api).netloc}

    def client(self) -> Client:
        return Client(self.url, API_KEY, self.host)

    def server(self) -> Server:
        """Without a key: what recipients reach."""
        return Server(self.url, self.host)


def clients(url: str) -> Any:
    session = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=REGION)
    return lambda service: session.client(service, endpoint_url=url)


@contextmanager
def deployed(directory: Path, architecture: str) -> Iterator[Deployed]:
    """The data stack, the simulator publishing into it, and the application's stack from the packaged files.

    The local AWS enforces the functions' policies: what they do not allow is denied.
    """
    build = package(directory / "build", architecture)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    aws = clients(url)
    with SimulatedSes(
        identities=(DOMAIN,), configuration_sets=(PREFIX,), topic=TOPIC, sink=sns_sink(aws("sns"))
    ) as ses:
        child = ministack.serve(_command(port, directory, ses.url), directory)
        try:
            outputs = ministack.deploy_data(url, PREFIX, f"{PREFIX}-data")
            yield Deployed(url, _deploy(aws, build, url, outputs["BucketName"]), ses, build, aws)
        finally:
            children.stop(child)


def _command(port: int, directory: Path, ses_url: str) -> children.Command:
    """Lambdas inherit what the local AWS has in its environment, as far as their template does not say otherwise."""
    command = ministack.command(port, directory / "state", directory / "ministack.log", keep=False)
    more = {"AUTH": "true", "AWS_ENDPOINT_URL_SESV2": ses_url}
    return replace(command, environment={**command.environment, **more})


def _packaged(template: dict[str, Any], bucket: str) -> dict[str, Any]:
    """The code's place filled in. On AWS `sqs:SendMessage` allows batches too; the local AWS wants them named."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Code"] = {"S3Bucket": bucket, "S3Key": "code/deployment.zip"}
        if resource["Type"] == "AWS::IAM::Role":
            for statement in resource["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]:
                if "sqs:SendMessage" in statement["Action"]:
                    statement["Action"].append("sqs:SendMessageBatch")
    return template


def _deploy(aws: Any, build: Path, url: str, bucket: str) -> str:
    """As `aws cloudformation package` and `deploy` do it; the API's address."""
    aws("s3").upload_file(str(build / ZIP), bucket, "code/deployment.zip")
    for path in (build / "public").rglob("*.*"):
        stored = {"ContentEncoding": "gzip", "CacheControl": FOR_EVER}
        aws("s3").put_object(Bucket=bucket, Key=str(path.relative_to(build)), Body=path.read_bytes(), **stored)
    template = _packaged(json.loads((build / TEMPLATE).read_text()), bucket)
    parameters = {"Prefix": PREFIX, "BucketUrl": f"{url}/{bucket}", **SECRETS}
    cloudformation = aws("cloudformation")
    # a template of more than 51,200 bytes is brought by the bucket, as `deploy --s3-bucket` does it
    aws("s3").put_object(Bucket=bucket, Key="code/template.json", Body=json.dumps(template).encode())
    cloudformation.create_stack(
        StackName=PREFIX,
        TemplateURL=f"{url}/{bucket}/code/template.json",
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=PREFIX, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    (stack,) = cloudformation.describe_stacks(StackName=PREFIX)["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    return str(outputs["Url"])
