"""What the simulator's tests share: plain boto3, plain HTTP, a letter to send."""

import json
import time
import urllib.error
import urllib.request

import boto3
from botocore.config import Config


def client(ses, service="sesv2"):
    return boto3.client(
        service,
        endpoint_url=ses.url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=10),
    )


def ask(ses, method, path, body=None):
    """(status, text, headers)"""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(ses.url + path, data=data, method=method)  # noqa: S310  our own server
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  our own server
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def read(ses, path):
    status, text, _ = ask(ses, "GET", path)
    assert status == 200, text
    return json.loads(text)


def simple(to="ann@example.org", **more):
    content = {
        "Simple": {"Subject": {"Data": "Hi {{x}}"}, "Body": {"Html": {"Data": "<p>é</p>"}, "Text": {"Data": "é"}}}
    }
    asked = {"FromEmailAddress": "news@example.com", "Destination": {"ToAddresses": [to]}, "Content": content}
    return asked | {"ConfigurationSetName": "envoi"} | more


def template(subject="Hi {{name}}", html="<p>{{name}}</p>", text="{{name}}"):
    return {"TemplateContent": {"Subject": subject, "Html": html, "Text": text}, "TemplateData": "{}"}


def entry(to="ann@example.org", data=None, **more):
    values = json.dumps({"name": "Ann"} if data is None else data)
    replaced = {"ReplacementTemplate": {"ReplacementTemplateData": values}}
    return {"Destination": {"ToAddresses": [to]}, "ReplacementEmailContent": replaced} | more


def bulk(*entries, **more):
    asked = {
        "FromEmailAddress": "News <news@example.com>",
        "DefaultContent": {"Template": template()},
        "BulkEmailEntries": list(entries),
        "ConfigurationSetName": "envoi",
    }
    return asked | more


def told(ses):
    """(eventType, recipient) of all events so far, in order."""
    items = read(ses, "/events?limit=1000")["items"]
    return [(each["event"]["eventType"], each["event"]["mail"]["destination"][0]) for each in items]


def wait_for(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)
