"""The local AWS: ministack (MIT), in an environment of its own because it pins its own botocore.

It keeps its state when it is stopped by SIGTERM, and only then. With the stack `infra/data.yaml` in it, it is what
production finds: the same tables, queues, topic and bucket.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from local.children import Broken, Child, Command, await_port, start
from local.home import REGION

PROGRAM = Path(sys.prefix) / "ministack" / "bin" / "ministack"
TEMPLATE = Path(__file__).parent.parent / "infra" / "data.yaml"
NOTHING_NEW = "No updates are to be performed"
# What a template that is being created or changed ends in when all went well.
DONE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
STEP_S, STEPS = 0.1, 600


def command(port: int, state: Path, log: Path, *, keep: bool) -> Command:
    """Listens on loopback alone. `state` is a directory for what it writes; `keep` says whether that outlives it.

    Broken where ministack is not installed.
    """
    if not PROGRAM.exists():
        raise Broken("ministack is not installed: rm -rf .venv, and make run again.")
    state.mkdir(parents=True, exist_ok=True)
    return Command("ministack", [str(PROGRAM)], _environment(port, state, keep=keep), log=log, port=port)


def serve(command: Command, locks: Path) -> Child:
    """Started and answering; `children.stop` ends it."""
    child = start(command, locks)
    if command.port is not None:
        await_port(child, command.port)
    return child


def deploy_data(endpoint: str, prefix: str, bucket: str) -> dict[str, str]:
    """The stack `<prefix>-data`, created or brought up to date, and its outputs; Broken with AWS's reason where it
    cannot be.
    """
    client = _client(endpoint)
    name = f"{prefix}-data"
    there = _is_there(client, name)
    parameters = [_parameter("Prefix", prefix), _parameter("BucketName", bucket), _parameter("Local", "true")]
    _change(client, {"StackName": name, "TemplateBody": TEMPLATE.read_text(), "Parameters": parameters}, there=there)
    stack = _settled(client, name)
    if stack["StackStatus"] not in DONE:
        raise Broken(f"The data stack is {stack['StackStatus']}: {_reason(client, name)}; try: make run FRESH=1.")
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}


def _environment(port: int, state: Path, *, keep: bool) -> dict[str, str]:
    """Nothing of anybody's real account, and no file outside `state`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    flag = "1" if keep else "0"
    return inherited | {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": REGION,
        "MINISTACK_REGION": REGION,
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "LAMBDA_EXECUTOR": "local",
        "LOG_LEVEL": "WARNING",
        "PERSIST_STATE": flag,
        "STATE_DIR": str(state),
        "S3_PERSIST": flag,
        "S3_DATA_DIR": str(state / "s3"),
        "TMPDIR": str(state),
        "PYTHONUNBUFFERED": "1",
    }


def _client(endpoint: str) -> Any:  # noqa: ANN401  # boto3 makes its clients' classes when it runs
    import boto3  # noqa: PLC0415  # half a second that `make stop` does not need

    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return boto3.client("cloudformation", region_name=REGION, endpoint_url=endpoint, **keys)


def _change(client: Any, request: dict[str, Any], *, there: bool) -> None:  # noqa: ANN401  # the same
    from botocore.exceptions import ClientError  # noqa: PLC0415  # the same half second

    try:
        (client.update_stack if there else client.create_stack)(**request)
    except ClientError as error:
        if NOTHING_NEW not in str(error):
            raise Broken(f"The data stack cannot be made: {error}") from error


def _settled(client: Any, name: str) -> dict[str, Any]:  # noqa: ANN401  # the same
    """The stack once nothing is under way in it; Broken where that takes too long."""
    for _ in range(STEPS):
        stack: dict[str, Any] = client.describe_stacks(StackName=name)["Stacks"][0]
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            return stack
        time.sleep(STEP_S)
    raise Broken(f"The data stack is not ready after {STEP_S * STEPS:.0f} s: try make run FRESH=1.")


def _is_there(client: Any, name: str) -> bool:  # noqa: ANN401  # the same
    from botocore.exceptions import ClientError  # noqa: PLC0415  # the same half second

    try:
        client.describe_stacks(StackName=name)
    except ClientError:
        return False
    return True


def _reason(client: Any, name: str) -> str:  # noqa: ANN401  # the same
    """The first thing that failed in it."""
    events = client.describe_stack_events(StackName=name)["StackEvents"]
    failed = [each for each in events if "FAILED" in each.get("ResourceStatus", "")]
    first: dict[str, Any] = min(failed, key=lambda each: each["Timestamp"], default={})
    return f"{first.get('LogicalResourceId', 'unknown')}: {first.get('ResourceStatusReason', 'no reason given')}"


def _parameter(name: str, value: str) -> dict[str, str]:
    return {"ParameterKey": name, "ParameterValue": value}
