"""`make run`, `make demo` and `make stop` as a person meets them, in a directory of their own."""

import json
import signal
import socket
import urllib.request

import pytest

from local import run
from local.children import listens

pytestmark = pytest.mark.real


def test_it_runs_keeps_everything_and_goes_on_from_there(person):
    first, said = person.runs("--recipients", "60")
    announced = person.announced
    assert "Importing contacts" in said
    assert "messages a second" in said
    contacts = person.asks("/v1/contacts?limit=100")["items"]
    assert len(contacts) == 60
    # a second one says where the first one is, in one line
    again = person.types("local.run")
    assert again.wait(30) == 1
    assert again.stderr.read().count("\n") == 1
    # Ctrl-C
    first.send_signal(signal.SIGINT)
    assert first.wait(60) == 0
    assert not any(listens(person.port + n) for n in range(3))

    _, said = person.runs()
    assert "Importing contacts" not in said
    assert person.announced == announced
    assert person.asks("/v1/contacts?limit=100")["items"] == contacts
    with urllib.request.urlopen(f"{announced['ses_url']}/messages?limit=100", timeout=30) as answer:  # noqa: S310
        # everyone's newsletter but one's, who unsubscribed by one of the three receipts
        assert len(json.load(answer)["items"]) == 60 - 1 + 3
    assert "everything is kept" in person.stops()
    assert not any(listens(person.port + n) for n in range(3))
    assert person.stops() == "Nothing was running.\n"


def test_a_port_in_use_is_one_line(person):
    with socket.create_server(("127.0.0.1", person.port + 1)):
        running = person.types("local.run", "--port", str(person.port))
        assert running.wait(30) == 1
    said = running.stderr.read()
    assert said.count("\n") == 1
    assert f"Port {person.port + 1} (SES simulator) is in use" in said


def test_the_demo_succeeds_where_everything_holds_and_stops_everything(person):
    demo = person.types("local.run", "--demo", "--port", str(person.port), "--recipients", "250")
    said, trouble = demo.communicate(timeout=240)
    assert demo.returncode == 0, said + trouble
    assert said.count("  holds ") == 8
    assert "BROKEN" not in said
    assert not any(listens(person.port + n) for n in range(3))


@pytest.mark.parametrize(
    ("argument", "value", "range_"),
    [
        ("--port", "99999", "from 1024 to 65533"),
        ("--port", "80", "from 1024 to 65533"),
        ("--port", "abc", "from 1024 to 65533"),
        ("--recipients", "x", "from 1 to 1000000"),
        ("--recipients", "0", "from 1 to 1000000"),
        ("--recipients", "20000000", "from 1 to 1000000"),
    ],
)
def test_a_wrong_argument_is_one_line_that_says_what_to_do(argument, value, range_, capsys):
    assert run.main([argument, value]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("envoi: ")
    assert repr(value) in line
    assert range_ in line
