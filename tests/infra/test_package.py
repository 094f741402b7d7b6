"""SAM's shorthands spelt out: what CloudFormation is told must be what SAM would have made of it."""

from __future__ import annotations

import json

import pytest

from infra.package import ROOT, spelt_out

ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {"Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [{"Sid": "Own"}]}}]},
}


def sam(**events: object) -> dict[str, object]:
    function = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Handler": "app.work",
            "CodeUri": "./deployment.zip",
            "Tracing": "PassThrough",
            "Tags": {"a": "b"},
            "RecursiveLoop": "Allow",
            "Environment": {"Variables": {"OWN": "1", "BOTH": "own"}},
            "Events": events,
        },
    }
    return {
        "Transform": "AWS::Serverless-2016-10-31",
        "Globals": {"Function": {"Environment": {"Variables": {"BOTH": "common", "COMMON": "2"}}}},
        "Resources": {"WorkRole": json.loads(json.dumps(ROLE)), "Work": function, "RestAPI": {"Type": "x"}},
        "Outputs": {"RestAPIId": {}, "EndpointURL": {}, "Url": {"Value": "u"}},
    }


def test_no_transform_and_no_rest_api_is_left():
    made = spelt_out(sam())
    assert set(made) == {"Resources", "Outputs"}
    assert set(made["Resources"]) == {"WorkRole", "Work", "WorkLogs"}
    assert set(made["Outputs"]) == {"Url"}


def test_a_function_has_its_code_its_log_group_and_the_common_environment():
    properties = spelt_out(sam())["Resources"]["Work"]["Properties"]
    assert properties == {
        "Handler": "app.work",
        "Code": "./deployment.zip",
        "TracingConfig": {"Mode": "PassThrough"},
        "Tags": [{"Key": "a", "Value": "b"}],
        "RecursiveLoop": "Allow",
        "Environment": {"Variables": {"OWN": "1", "BOTH": "own", "COMMON": "2"}},
        "LoggingConfig": {"LogGroup": {"Ref": "WorkLogs"}},
    }


def test_a_role_may_write_to_its_functions_log_alone():
    (policy,) = spelt_out(sam())["Resources"]["WorkRole"]["Properties"]["Policies"]
    own, logs = policy["PolicyDocument"]["Statement"]
    assert own == {"Sid": "Own"}
    assert logs["Resource"] == {"Fn::GetAtt": ["WorkLogs", "Arn"]}


def test_a_queue_becomes_a_mapping_with_everything_it_said():
    queue = {"Fn::Sub": "arn:aws:sqs:r:a:prefix-to-be-outgoing"}
    said = {"Queue": queue, "BatchSize": 10, "FunctionResponseTypes": ["x"], "ScalingConfig": {"MaximumConcurrency": 5}}
    mapping = spelt_out(sam(WorkSource={"Type": "SQS", "Properties": said}))["Resources"]["WorkSource"]
    assert mapping == {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "FunctionName": {"Ref": "Work"},
            "EventSourceArn": {"Fn::Sub": "arn:aws:sqs:r:a:${Prefix}-outgoing"},
            "BatchSize": 10,
            "FunctionResponseTypes": ["x"],
            "ScalingConfig": {"MaximumConcurrency": 5},
        },
    }


def test_a_schedule_becomes_a_rule_that_may_call_the_function():
    made = spelt_out(sam(Tick={"Type": "Schedule", "Properties": {"Schedule": "rate(1 minute)"}}))["Resources"]
    assert made["Tick"]["Properties"]["ScheduleExpression"] == "rate(1 minute)"
    assert made["Tick"]["Properties"]["Targets"] == [{"Id": "Work", "Arn": {"Fn::GetAtt": ["Work", "Arn"]}}]
    assert made["TickPermission"]["Properties"]["SourceArn"] == {"Fn::GetAtt": ["Tick", "Arn"]}


def test_an_event_that_nobody_thought_of_is_refused():
    with pytest.raises(KeyError, match="S3"):
        spelt_out(sam(Upload={"Type": "S3", "Properties": {}}))


def test_every_function_has_its_own_policy_and_time():
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    functions = config["stages"]["production"]["lambda_functions"]
    policies = [each["iam_policy_file"] for each in functions.values()]
    assert len(set(policies)) == len(policies)
    assert all((ROOT / ".chalice" / each).exists() for each in policies)
    assert all(each["lambda_timeout"] <= 900 for each in functions.values())


OF_THE_ACCOUNT = {
    "ses:GetAccount",
    "ses:ListSuppressedDestinations",
    "ses:PutSuppressedDestination",
    "ses:DeleteSuppressedDestination",
}


def test_no_policy_allows_everything():
    """`*` stands only where AWS knows no resource: the account's own quota and its list of suppressed addresses."""
    for path in (ROOT / ".chalice").glob("policy-*.json"):
        for statement in json.loads(path.read_text())["Statement"]:
            assert not [action for action in statement["Action"] if "*" in action], path.name
            assert statement["Resource"] != "*" or set(statement["Action"]) <= OF_THE_ACCOUNT, path.name


def granted(function: str, action: str) -> list[str]:
    """The ends of the resources for which this function's policy allows this action."""
    policy = json.loads((ROOT / ".chalice" / f"policy-{function}.json").read_text())
    resources = [each for said in policy["Statement"] if action in said["Action"] for each in said["Resource"]]
    texts = [each["Fn::Sub"] for each in resources]
    return [(text if isinstance(text, str) else text[0]).rpartition("}/")[2] for text in texts]


@pytest.mark.parametrize("function", ["api", "plan", "deliver", "send-messages", "run-imports"])
def test_whoever_asks_a_transport_for_its_quota_may_read_its_secret(function):
    assert granted(function, "ssm:GetParameter") == ["*"]


@pytest.mark.parametrize("function", ["api", "run-imports"])
def test_whoever_looks_at_a_senders_domain_may_ask_ses_about_it(function):
    assert granted(function, "ses:GetEmailIdentity")


@pytest.mark.parametrize("function", ["api", "record", "record-hits"])
def test_whoever_records_evidence_may_wake_the_broadcast_that_waits_for_it(function):
    tables = {each.rpartition("-")[2] for each in granted(function, "dynamodb:PutItem")}
    assert {"messages", "counters", "broadcasts"} <= tables


def test_whoever_cancels_an_export_may_give_up_its_upload_and_delete_its_file():
    assert granted("api", "s3:AbortMultipartUpload") == ["uploads/*"]
    assert "uploads/*" in granted("api", "s3:DeleteObject")


def test_the_api_cannot_write_the_consoles_own_scripts():
    public = {each for each in granted("api", "s3:PutObject") if each.startswith("public/")}
    assert public == {"public/assets/*", "public/themes/*"}
