from __future__ import annotations

import pytest

from chalicelib.consuming import log_lines
from local.function import Departure, Function
from local.log_subscription import MAX_BYTES, Lines, Subscription


def subscription(tmp_path, handler):
    lines = Lines(tmp_path / "api.log")
    return lines, Subscription(lines, Function("record_hits", handler, 5), "envoi", "hit", 0)


def test_only_matching_lines_are_carried_and_each_once(tmp_path):
    carried = []
    lines, carrier = subscription(tmp_path, lambda event, _context: carried.extend(log_lines(event)))
    lines.file.write_text('{"envoi":"hit","id":"1"}\nplain\n{"envoi":"other"}\n[1]\n{"envoi":"hit","id":"2"}\n')
    carrier.turn(Departure())
    carrier.turn(Departure())
    assert carried == ['{"envoi":"hit","id":"1"}\n', '{"envoi":"hit","id":"2"}\n']


def test_a_line_that_is_still_being_written_waits(tmp_path):
    carried = []
    lines, carrier = subscription(tmp_path, lambda event, _context: carried.extend(log_lines(event)))
    lines.file.write_text('{"envoi":"hit"')
    carrier.turn(Departure())
    assert carried == []
    with lines.file.open("a") as file:
        file.write("}\n")
    carrier.turn(Departure())
    assert carried == ['{"envoi":"hit"}\n']


def test_what_failed_is_carried_again_with_the_same_event(tmp_path):
    events = []

    def handler(event, _context):
        events.append(log_lines(event))
        if len(events) == 1:
            raise RuntimeError("not now")

    lines, carrier = subscription(tmp_path, handler)
    lines.file.write_text('{"envoi":"hit"}\n')
    with pytest.raises(RuntimeError):
        carrier.turn(Departure())
    carrier.turn(Departure())
    assert events[0] == events[1]
    assert lines.read() == ([], lines.file.stat().st_size)


def test_a_long_file_is_carried_in_batches_of_whole_lines(tmp_path):
    lines = Lines(tmp_path / "api.log")
    written = [f"{number:01000d}" for number in range(600)]
    lines.file.write_text("".join(f"{line}\n" for line in written))
    read = []
    while (batch := lines.read())[0]:
        assert sum(len(line) + 1 for line in batch[0]) <= MAX_BYTES
        read += batch[0]
        lines.move_to(batch[1])
    assert read == written


def test_a_file_is_dropped_only_when_all_of_it_was_carried(tmp_path):
    lines = Lines(tmp_path / "api.log")
    lines.file.write_text("one\ntwo\n")
    lines.move_to(4)
    lines.trim()
    assert lines.read()[0] == ["two"]
    lines.move_to(8)
    lines.trim()
    assert not lines.file.exists()
    assert lines.position() == 0
