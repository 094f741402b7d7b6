import base64
import gzip
import json

import pytest

from chalicelib.consuming import each, log_lines, together
from chalicelib.log import scrubbed


class Records:
    def __init__(self, *bodies):
        self._event = {"Records": [{"messageId": f"m{i}", "body": body} for i, body in enumerate(bodies)]}

    def to_dict(self):
        return self._event


def failed(answer):
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def work(done, poison="13"):
    def do(hint):
        if hint == int(poison):
            raise RuntimeError("person@example.com is unlucky")
        done.append(hint)

    return do


def test_only_what_failed_goes_back(capsys):
    done = []
    answer = each(Records("1", "13", "not a hint", "2"), int, work(done))
    assert (failed(answer), done) == (["m1", "m2"], [1, 2])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["message_id"] for line in lines] == ["m1", "m2"]
    assert [line["error"] for line in lines] == ["RuntimeError", "ValueError"]
    assert lines[0]["said"] == "<address> is unlucky"
    assert any("test_consuming.py" in place for place in lines[0]["where"])


def test_an_empty_answer_says_that_all_went_well():
    assert each(Records("1"), int, work([])) == {"batchItemFailures": []}


def events(body):
    return [int(part) for part in body.split()]


def batch_work(batches):
    def do(batch):
        if 13 in batch:
            raise RuntimeError("13")
        batches.append(batch)

    return do


def test_a_batch_is_one_piece_of_work():
    batches = []
    answer = together(Records("1 2", "3"), events, batch_work(batches))
    assert (failed(answer), batches) == ([], [[1, 2, 3]])


def test_what_cannot_be_read_stops_nothing():
    batches = []
    answer = together(Records("1", "x", "3"), events, batch_work(batches))
    assert (failed(answer), batches) == (["m1"], [[1, 3]])


def test_a_batch_that_fails_is_done_record_by_record():
    batches = []
    answer = together(Records("1", "13", "x", "3"), events, batch_work(batches))
    assert (failed(answer), batches) == (["m2", "m1"], [[1], [3]])


def subscription(said):
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(said).encode())).decode()}}


@pytest.mark.parametrize(
    ("kind", "lines"), [("DATA_MESSAGE", ["a", "b"]), ("CONTROL_MESSAGE", [])], ids=["lines", "a probe of CloudWatch"]
)
def test_the_lines_of_a_log_subscription(kind, lines):
    said = {"messageType": kind, "logEvents": [{"id": "1", "message": "a"}, {"id": "2", "message": "b"}]}
    assert log_lines(subscription(said)) == lines


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a@b.fr", "<address>"),
        ("to <zoé.l+x@exämple.com>, twice: z@y", "to <<address>>, twice: <address>"),
        ("'o'neil@example.com'", "'o'<address>'"),
        ("no address @ all", "no address @ all"),
        ("x" * 600, "x" * 500),
        ("@" * 600, "@" * 500),
    ],
)
def test_no_address_stands_in_a_log(text, clean):
    assert scrubbed(text) == clean


def test_a_failure_is_one_line_with_the_app_loaded_too(capsys):
    import app  # noqa: F401, PLC0415  # Chalice has a logger of the same name

    for _ in range(2):
        each(Records("13"), int, work([]))
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["message"] for line in lines] == ["record failed", "record failed"]
