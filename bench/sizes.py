"""How large the benches of scale are: `python -m bench --rows 10000` makes one of them smaller."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """`rows` of a CSV, `table_rows` of a workbook and of JSON lines, `contacts` of a segment and of a plan,
    `recipients` of a whole broadcast.
    """

    rows: int = 1_000_000
    table_rows: int = 100_000
    contacts: int = 1_000_000
    recipients: int = 100_000


def sizes(arguments: Sequence[str]) -> Sizes:
    parser = ArgumentParser(prog="bench")
    for name, size in asdict(Sizes()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=size)
    return Sizes(**vars(parser.parse_args(arguments)))
