"""What a file holds, shown before it is imported: its format, its columns, what they would fill, some values."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from chalicelib.model.importing import Import, Wishes
from chalicelib.work import import_source
from chalicelib.work.csv_header import guessed
from chalicelib.work.world import World

SHOWN = 5
CUT = 100


@dataclass(frozen=True, slots=True)
class Column:
    """`fills` is the alias, `address`, or "" where it would be left out; `samples` are the first values, cut."""

    name: str
    fills: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inspection:
    file: str
    source: import_source.Source
    columns: tuple[Column, ...]
    size: int


def inspection(world: World, name: str, wishes: Wishes) -> Inspection:
    """Raises as the import would."""
    source = import_source.looked_at(world, name, wishes)
    size = world.files.size(name) or 0
    job = import_source.described(Import("", name, size=size), source)
    rows = [each.cells for each in islice(import_source.first_records(source, job), SHOWN) if not each.fault]
    mapping = guessed(job.columns, wishes.mapping)
    columns = (
        Column(column, mapping[column], tuple(row[at][:CUT] for row in rows if at < len(row)))
        for at, column in enumerate(job.columns)
    )
    return Inspection(name, source, tuple(columns), size)
