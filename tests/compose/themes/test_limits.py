"""Templates that would never end, or fill the memory: one clear error each, and soon."""

import time

import pytest

from chalicelib.compose.themes.rendering import WALL_S
from chalicelib.model.errors import Invalid
from tests.compose.themes.rendered import sheet

LOOPS = "{% for a in 1..9999 %}{% for b in 1..9999 %}{% for c in 1..9999 %}{% endfor %}{% endfor %}{% endfor %}"
GROWING = "{% set a = (1..9999)|join('xxxxxxxxxxxx') %}{% set b = (1..9999)|join(a) %}{{ b }}"

ENDLESS = [
    (LOOPS, "too much time", "loops that end after a year"),
    ("{{ 9 ** 9 ** 9 }}", "too much time", "one operation of C that no Python code interrupts"),
    (GROWING, "too much memory", "a text of a gigabyte"),
    ("{{ '%999d'|format(1)|split('')|batch(1)|length }}{{ (1..9999)|batch(99999999, 'x') }}", "memory", "filling up"),
    ("{% for i in 1..9999 %}" + "x" * 40 + "{% endfor %}", "An e-mail has at most", "more than an e-mail"),
    ("{{ range(1, 10 ** 12) }}", "A range has at most", "a huge range"),
    ("{% include 'html/email.html.twig' %}", "includes itself", "a circle"),
    ("{% macro m() %}{{ _self.m() }}{% endmacro %}{{ _self.m() }}", "includes itself", "a macro that calls itself"),
    ("{{ 1" + "|upper" * 9_000 + " }}", "nested too deeply", "a very long chain"),
]


@pytest.mark.parametrize(("source", "said", "why"), ENDLESS, ids=[why for _, _, why in ENDLESS])
def test_it_is_stopped_with_one_clear_error(source, said, why):
    begun = time.monotonic()
    with pytest.raises(Invalid, match=said) as refused:
        sheet(source)
    assert refused.value.field == "html/email.html.twig", why
    # 2 s of its own CPU; where many share the machine, the limit of the whole
    assert time.monotonic() - begun < WALL_S + 5


def test_a_long_value_is_no_way_around_it():
    with pytest.raises(Invalid, match="An e-mail has at most"):
        sheet("{% for i in 1..100 %}{{ a }}{% endfor %}", a="x" * 60_000)


def test_the_child_has_no_environment(monkeypatch):
    """Nor the credentials in it: what is inherited is nothing."""
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    assert sheet("{{ a }}", a=1).text == "1"
