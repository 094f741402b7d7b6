"""The pages that recipients see: plain HTML without scripts, every value escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def page(name: str, **values: object) -> str:
    """`recipients/<name>.html` with these values."""
    return _environment().get_template(f"{name}.html").render(values)


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "recipients"
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
