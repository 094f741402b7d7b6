"""`make package`: what is deployed, under build/: the zip of all functions, the template of the application's stack,
and the console's files for the bucket.

`chalice package` does it, with infra/merge.json merged in. Three things it cannot do are done here:
the zip gets compiled modules (they about halve the CPU time of a cold start), Chalice's REST API goes (an HTTP API
stands in its place), and SAM's shorthands are spelt out, so that CloudFormation needs no transform.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import py_compile
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalicelib.console.static_files import deployed

Json = dict[str, Any]

ROOT = Path(__file__).parent.parent
SOURCES = ("app.py", "chalicelib", ".chalice")
MERGE = ROOT / "infra" / "merge.json"
ZIP, TEMPLATE = "deployment.zip", "template.json"
# The zip format's first day: the same content gives the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)
MOST_UNZIPPED = 250 * 1024 * 1024
ARCHITECTURES = {"aarch64": "arm64", "arm64": "arm64", "x86_64": "x86_64", "AMD64": "x86_64"}
# Chalice puts the part of itself that runs into the zip; the rest of it, and what that needs, stays at home.
NOT_PACKAGED = ("chalice",)
PREFIX = "prefix-to-be"
REST = ("RestAPI",)
REST_OUTPUTS = ("RestAPIId", "EndpointURL")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.package", description=__doc__)
    parser.add_argument("--architecture", choices=("arm64", "x86_64", "here"), help="Lambda's (arm64)", default="arm64")
    parser.add_argument("--to", type=Path, default=ROOT / "build", help="where it goes (build/)")
    given = parser.parse_args(arguments)
    architecture = ARCHITECTURES[platform.machine()] if given.architecture == "here" else given.architecture
    made = package(given.to, architecture)
    sys.stdout.write(f"{made / ZIP}: {(made / ZIP).stat().st_size / 1e6:.1f} MB for {architecture}\n")
    sys.stdout.write(f"{made / TEMPLATE}: docs/operations.md says how to deploy it\n")
    return 0


def package(build: Path, architecture: str) -> Path:
    """The directory that holds the zip and the template. Needs PyPI (or pip's cache of it), and no AWS."""
    shutil.rmtree(build, ignore_errors=True)
    source = _staged(build / "source", architecture)
    _chalice(source, build / "chalice")
    _zip(build / "chalice" / ZIP, build / "unzipped", build / ZIP)
    sam = json.loads((build / "chalice" / "sam.json").read_text())
    (build / TEMPLATE).write_text(json.dumps(spelt_out(sam), indent=2) + "\n")
    lay_out_console(build)
    for name in ("source", "chalice", "unzipped"):
        shutil.rmtree(build / name)
    return build


def _staged(source: Path, architecture: str) -> Path:
    """A copy of what is packaged, with the architecture that is wanted."""
    source.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__", "deployed", "deployments")
    for name in SOURCES:
        origin = ROOT / name
        if origin.is_dir():
            shutil.copytree(origin, source / name, ignore=ignored)
        else:
            shutil.copy(origin, source / name)
    requirements = (ROOT / "requirements.txt").read_text().splitlines()
    kept = [line for line in requirements if line.partition("==")[0] not in NOT_PACKAGED]
    (source / "requirements.txt").write_text("\n".join(kept) + "\n")
    path = source / ".chalice" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"lambda_architecture": architecture}))
    return source


def _chalice(source: Path, output: Path) -> None:
    """Queue names begin with the prefix: a placeholder here, a parameter in the template."""
    program = Path(sys.prefix) / "bin" / "chalice"
    command = [str(program), "--project-dir", str(source), "package", "--stage", "production"]
    options = ["--pkg-format", "cloudformation", "--merge-template", str(MERGE), str(output)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ENVOI_"))}
    environment = inherited | {"AWS_DEFAULT_REGION": "us-east-1", "ENVOI_PREFIX": PREFIX}
    # stdout says only where things are; a failure is on stderr
    subprocess.run([*command, *options], env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def _zip(packed: Path, directory: Path, target: Path) -> None:
    """The zip again with compiled modules; their validity does not hang on times (PEP 552)."""
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(directory)
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(directory, quiet=2, workers=0, invalidation_mode=mode, stripdir=str(directory))
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in files)
    if size > MOST_UNZIPPED:
        raise SystemExit(f"The zip would unpack to {size / 1e6:.0f} MB; Lambda takes {MOST_UNZIPPED / 1e6:.0f} MB.")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files:
            entry = zipfile.ZipInfo(str(path.relative_to(directory)), EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


def lay_out_console(build: Path) -> None:
    """The console's files, compressed, under the names that they have in the bucket."""
    for each in deployed():
        target = build / each.place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(each.body)


def spelt_out(sam: Json) -> Json:
    """SAM's template without SAM: no transform, no REST API, each function with its log group and its sources."""
    template = {name: part for name, part in sam.items() if name not in ("Transform", "Globals")}
    resources: Json = {}
    for name, resource in sam["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            resources |= dict(_function(name, resource["Properties"], sam["Globals"]["Function"]))
        elif name not in REST:
            resources[name] = _logged(name, resource) if resource["Type"] == "AWS::IAM::Role" else resource
    outputs = {name: output for name, output in sam["Outputs"].items() if name not in REST_OUTPUTS}
    return template | {"Resources": resources, "Outputs": outputs}


def _function(name: str, properties: Json, common: Json) -> Iterator[tuple[str, Json]]:
    own = _under(dict(properties), common)
    events = own.pop("Events", {})
    own["Code"] = own.pop("CodeUri")
    own["TracingConfig"] = {"Mode": own.pop("Tracing")}
    own["Tags"] = [{"Key": key, "Value": value} for key, value in own["Tags"].items()]
    own["LoggingConfig"] = {"LogGroup": {"Ref": f"{name}Logs"}}
    yield f"{name}Logs", _logs(name)
    yield name, {"Type": "AWS::Lambda::Function", "Properties": own}
    for event, source in events.items():
        yield from SOURCES_OF[source["Type"]](name, event, source["Properties"])


def _under(own: Json, common: Json) -> Json:
    """As SAM's Globals: what the function says itself goes before."""
    both = {name for name in own if isinstance(own[name], dict) and isinstance(common.get(name), dict)}
    return common | own | {name: _under(own[name], common[name]) for name in both}


def _logs(name: str) -> Json:
    """A group of its own name: the one that Lambda would make by itself is kept for ever."""
    group = {"Fn::Sub": f"/aws/lambda/${{Prefix}}-{name}"}
    return {
        "Type": "AWS::Logs::LogGroup",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {"LogGroupName": group, "RetentionInDays": {"Ref": "LogDays"}},
    }


def _logged(name: str, role: Json) -> Json:
    """Chalice calls a function's role by the function's name; the API's is spelt otherwise."""
    function = "APIHandler" if name == "ApiHandlerRole" else name.removesuffix("Role")
    statement = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": {"Fn::GetAtt": [f"{function}Logs", "Arn"]},
    }
    (policy,) = role["Properties"]["Policies"]
    policy["PolicyDocument"]["Statement"].append(statement)
    return role


def _queue(function: str, event: str, properties: Json) -> Iterator[tuple[str, Json]]:
    own = dict(properties)
    queue = {"Fn::Sub": own.pop("Queue")["Fn::Sub"].replace(f":{PREFIX}-", ":${Prefix}-")}
    mapping = {"FunctionName": {"Ref": function}, "EventSourceArn": queue, **own}
    yield event, {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping}


def _stream(function: str, event: str, properties: Json) -> Iterator[tuple[str, Json]]:
    """app.py names the table alone: its stream's address is told by the data stack."""
    own = dict(properties)
    table = own.pop("Stream").removeprefix(f"{PREFIX}-")
    stream = {"Fn::ImportValue": {"Fn::Sub": f"${{Prefix}}-{table}-stream"}}
    mapping = {"FunctionName": {"Ref": function}, "EventSourceArn": stream, **own}
    yield event, {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping}


def _schedule(function: str, event: str, properties: Json) -> Iterator[tuple[str, Json]]:
    target = {"Id": function, "Arn": {"Fn::GetAtt": [function, "Arn"]}}
    rule = {"ScheduleExpression": properties["Schedule"], "State": "ENABLED", "Targets": [target]}
    yield event, {"Type": "AWS::Events::Rule", "Properties": rule}
    permission = {
        "FunctionName": {"Ref": function},
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": [event, "Arn"]},
    }
    yield f"{event}Permission", {"Type": "AWS::Lambda::Permission", "Properties": permission}


SOURCES_OF = {"SQS": _queue, "DynamoDB": _stream, "Schedule": _schedule}


if __name__ == "__main__":
    sys.exit(main())
