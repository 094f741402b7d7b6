from __future__ import annotations

import io

import pytest

from local.showing import Show


def test_without_a_terminal_there_are_plain_lines():
    output = io.StringIO()
    with Show(output).working("Sending") as bar:
        for number in range(1, 1001):
            bar.at(number, 1000, "sending")
    # the start and the end; what lies between is said only every few seconds
    assert output.getvalue().splitlines() == ["Sending ...", "Sending: 1000 of 1000 (sending)"]


def test_work_that_fails_says_how_far_it_came():
    output = io.StringIO()

    def fails():
        with Show(output).working("Sending") as bar:
            bar.at(3, 0)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert output.getvalue().splitlines() == ["Sending ...", "Sending: 3"]


def test_square_brackets_are_no_markup():
    output = io.StringIO()
    Show(output).say("[bold]a[/bold] " + "x" * 300)
    assert output.getvalue() == "[bold]a[/bold] " + "x" * 300 + "\n"
