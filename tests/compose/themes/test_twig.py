"""What Twig means, and what is refused; each row a fact of https://twig.symfony.com/doc/3.x/ or of Mautic's themes."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.compose.themes.refusal import Refusal
from chalicelib.compose.themes.twig.template import jinja_of
from chalicelib.model.errors import Invalid
from tests.compose.themes.rendered import sheet, text_of

# Template, values, result, why.
MEANT = [
    ("{{ a }}", {"a": "<b>"}, "&lt;b&gt;", "values are escaped"),
    ("{{ a|raw }}", {"a": "<b>"}, "<b>", "raw is safe"),
    ("{{ a|default('x') }}", {}, "x", "not there"),
    ("{{ a|default('x') }}", {"a": ""}, "x", "empty"),
    ("{{ a|default('x') }}", {"a": 0}, "0", "0 is not empty"),
    ("{{ a.b.c|default('x') }}", {}, "x", "nothing inside nothing"),
    ("{{ a ?? 'x' }}", {"a": None}, "x", "null coalescing"),
    ("{{ a.b ?? 'x' }}", {"a": {"b": ""}}, "", "an empty text is there"),
    ("{{ a ? 'y' : 'n' }}", {"a": True}, "y", "ternary"),
    ("{{ a ?: 'n' }}", {"a": ""}, "n", "short ternary"),
    ("{{ 1 + 2 * 3 }}", {}, "7", "precedence"),
    ("{{ 'a' ~ 1 ~ b }}", {"b": "<"}, "a1&lt;", "concatenation escapes"),
    ("{{ (1..4)|join('-') }}", {}, "1-2-3-4", "a range has both ends"),
    ("{{ (3..1)|join }}{{ ('a'..'c')|join }}", {}, "321abc", "downwards, and letters"),
    ("{% for i in 0..2 %}{{ i }}{% endfor %}", {}, "012", "a range in a loop"),
    ("{{ not a }}{{ a is defined ? 1 : 2 }}", {}, "12", "not, is defined"),
    ("{{ a is not empty ? 'full' : 'empty' }}", {"a": []}, "empty", "is not empty"),
    ("{{ 4 is divisible by(2) and 3 is odd ? 1 : 0 }}", {}, "1", "tests of two words"),
    ("{{ a is same as(1) ? 1 : 0 }}", {"a": "1"}, "0", "same as compares kinds"),
    ("{{ a is null ? 1 : 0 }}", {"a": None}, "1", "null"),
    ("{{ 'Spring' starts with 'Sp' and 'x' not in 'abc' ? 1 : 0 }}", {}, "1", "operators of two words"),
    ("{{ a.items.0 }}{{ a['items'][1] }}", {"a": {"items": ["p", "q"]}}, "pq", "items is a key, not a method"),
    ("{{ a.name }}", {"a": "text"}, "", "a text has no items"),
    ("{% for k, v in {a: 1, 'b': 2} %}{{ k }}{{ v }}{% endfor %}", {}, "a1b2", "keys and values"),
    ("{% for v in {a: 1, b: 2} %}{{ v }}{% endfor %}", {}, "12", "one name: the values of a hash"),
    ("{% for v in a %}{{ v }}{% else %}none{% endfor %}", {"a": []}, "none", "else of a loop"),
    ("{% for v in a %}{{ loop.index }}{{ loop.last ? '.' : ',' }}{% endfor %}", {"a": [7, 8]}, "1,2.", "loop"),
    ("{% if a == 1 %}x{% elseif a == 2 %}y{% else %}z{% endif %}", {"a": 2}, "y", "elseif"),
    ("{% set a, b = 1, 'x' %}{{ a }}{{ b }}", {}, "1x", "two at once"),
    ("{% set a %}<i>{% endset %}{{ a }}", {}, "<i>", "a captured text is safe"),
    ("{% block a %}x{% endblock a %}{% block b 'y' %}{{ block('a') }}", {}, "xyx", "blocks"),
    ("{% apply upper %}x{% endapply %}{% spaceless %}<a> <b>{% endspaceless %}", {}, "X<a><b>", "apply, spaceless"),
    ("{% verbatim %}{{ a }}{% endverbatim %}", {}, "{{ a }}", "verbatim"),
    ("{% autoescape false %}{{ a }}{% endautoescape %}", {"a": "<"}, "<", "escaping switched off"),
    ("{% with {b: 2} %}{{ b }}{% endwith %}", {}, "2", "with"),
    ("a{# no #}b{%- if 1 -%} c {%- endif %}", {}, "abc", "comments, trimming"),
    ("{% trans %}Hello{% endtrans %} {{ 'Hi %n%'|trans({'%n%': a}) }}", {"a": "Ann"}, "Hello Hi Ann", "trans"),
    ("{{ 'a-b'|replace({'a': 'b', 'b': 'a'}) }}", {}, "b-a", "replace is done at once"),
    ("{{ '%s: %.2f'|format('x', 2) }}{{ 1234.5|number_format(2, ',', '.') }}", {}, "x: 2.001.234,50", "format"),
    ("{{ [3,1,2]|sort|join }}{{ 'abc'|slice(1) }}{{ 'abc'[:2] }}{{ 'abc'|slice(-2, 1) }}", {}, "123bcabb", "slice"),
    ("{{ [1]|merge([2])|length }}{{ {a: 1}|keys|first }}{{ 'ab'|last }}{{ 'a,b'|split(',')|join }}", {}, "2abab", ""),
    ("{{ ' x '|trim }}{{ 'ab'|reverse }}{{ 'a b'|url_encode }}{{ 'x'|capitalize }}", {}, "xbaa%20bX", "texts"),
    ('{{ "a\\nb"|nl2br }}', {}, "a<br />\nb", "nl2br"),
    ("{{ true }}{{ false }}{{ null }}{{ 3.0 }}", {}, "13", "printed as PHP prints"),
    ("{{ 'now'|date('j M Y, g:ia') }}", {}, "4 May 2026, 9:30am", "the moment of beginning"),
    ("{{ '2026-01-02'|date('jS F') }}", {}, "2nd January", "PHP's letters"),
    ("{{ max(1, 3) }}{{ min([4, 2]) }}{{ cycle(['a', 'b'], 3) }}{{ range(1, 5, 2)|join }}", {}, "32b135", "functions"),
    ("{{ outputHeadDeclarations() }}{{ outputHeadDeclarations }}{{ content }}|", {}, "|", "Mautic's own say nothing"),
    (
        "{{ subject }} {contactfield=firstname|x} {unsubscribe_url}",
        {},
        "{subject} {contactfield=firstname|x} {unsubscribe_url}",
        "tokens pass",
    ),
    ("{contactfield=a} {{ '{ownerfield=email}' }}", {}, "{contactfield=a} {ownerfield=email}", "tokens"),
]


@pytest.mark.parametrize(("source", "values", "wanted", "why"), MEANT)
def test_it_means_what_it_means_in_twig(source, values, wanted, why):
    assert text_of(source, **values) == wanted, why


INHERITED = {
    "html/base.html.twig": "<b>{% block a %}base{% endblock %}</b>",
    "html/parts.twig": "{% macro button(label, url='#') %}<a href=\"{{ url }}\">{{ label }}</a>{% endmacro %}",
    "html/part.twig": "{{ x }}{{ y }}",
}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("{% extends '@themes/'~template~'/html/base.html.twig' %}{% block a %}{{ parent() }}!{% endblock %}", "base!"),
        ("{% extends 'html/base.html.twig' %}{% block a %}x{% endblock %}", "x"),
    ],
)
def test_a_theme_extends_its_own_files(source, wanted):
    assert text_of(source, INHERITED) == f"<b>{wanted}</b>"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("{% import 'html/parts.twig' as p %}{{ p.button('<x>') }}", '<a href="#">&lt;x&gt;</a>'),
        ("{% from 'html/parts.twig' import button as b %}{{ b('x', url='/') }}", '<a href="/">x</a>'),
        ("{% macro m(a) %}[{{ a }}]{% endmacro %}{% import _self as s %}{{ s.m(1) }}{{ _self.m(2) }}", "[1][2]"),
        ("{% include 'html/part.twig' with {y: 2} %}", "12"),
        ("{% include 'html/part.twig' only %}", ""),
        ("{% include 'none.twig' ignore missing %}x", "x"),
    ],
)
def test_macros_and_includes(source, wanted):
    assert text_of(source, INHERITED, x=1) == wanted


REFUSED = [
    ("\n{{ 'x'.center(10**9) }}", 2, "no methods"),
    ("{{ a|filtre }}", 1, "no filter filtre"),
    ("{{ a|lenght }}", 1, "Did you mean length"),
    ("{{ a|map(v => v) }}", 1, "{% for %}"),
    ("{{ lipsum(5) }}", 1, "no function lipsum"),
    ("{{ random() }}", 1, "rendered once"),
    ("{{ a is nice }}", 1, "no test nice"),
    ("{{ a matches '/x/' }}", 1, "matches is not taken"),
    ("{% embed 'x' %}", 1, "include"),
    ("{% nope %}", 1, "There are apply"),
    ("a\n\n{{ a", 3, "not closed"),
    ("{% if a %}\n{# x", 2, "not closed"),
    ("{% verbatim %}", 1, "endverbatim"),
    ("{{ a ~}}", 1, "with ~"),
    ('{{ "#{a}" }}', 1, "join the parts with ~"),
    ("{{ a b }}", 1, "Nothing is expected here"),
    ("{{ }}", 1, "A value is expected"),
    ("{{ __x }}", 1, "Twig's own"),
    ("{% set x = 1 %}{% for i in a %}\n{% set x = i %}{% endfor %}", 2, "inside a loop"),
    ("{% set a, b = 1 %}", 1, "as many values"),
    ("{{ " + "(" * 80 + "1" + ")" * 80 + " }}", 1, "nested more than"),
    ("{% include 'a' with x %}", 1, "A hash is expected"),
    ("{{ a ? }}", 1, "A value is expected"),
    ("{{ § }}", 1, "no such sign"),
]


@pytest.mark.parametrize(("source", "line", "mend"), REFUSED)
def test_what_has_no_like_is_refused_with_its_place(source, line, mend):
    with pytest.raises(Refusal) as refused:
        jinja_of("html/email.html.twig", source)
    assert (refused.value.file, refused.value.line) == ("html/email.html.twig", line)
    assert mend in refused.value.mend


@pytest.mark.parametrize(
    ("source", "mend"),
    [
        ("\n\n{{ 1/0 }}", "Line 3: Nothing is divided by zero"),
        ("\n{{ 'a' + 1 }}", "Line 2: Jinja2 stopped here"),
        ("a\n{% include 'html/none.twig' %}", "Line 2: There is no such file"),
        ("{% extends '../../etc/passwd' %}", "no such file"),
        ("\n{% if a %}", "Line 2: Unexpected end of template"),
        ("{% endif %}", "unknown tag 'endif'"),
    ],
)
def test_what_breaks_while_it_is_rendered_names_its_line(source, mend):
    with pytest.raises(Invalid) as refused:
        sheet(source)
    assert refused.value.field == "html/email.html.twig"
    assert mend in str(refused.value.hint)


def test_a_fault_in_a_part_names_the_part():
    with pytest.raises(Invalid) as refused:
        sheet("{% include 'html/part.twig' %}", {"html/part.twig": "\n{{ a|nope }}"})
    assert refused.value.field == "html/part.twig"
    assert str(refused.value.hint).startswith("Line 2: There is no filter nope")


def test_lines_stay_where_they_were():
    source = "a\n{# two\nlines #}{{ a\n}}\n{% verbatim %}\n{% endverbatim %}\n{% trans %}x{% endtrans %}\n{{ b }}"
    made = jinja_of("x", source)
    assert made.count("\n", 0, made.index("{{ b")) == source.count("\n", 0, source.index("{{ b"))


def test_values_with_their_defaults_and_what_stays_empty():
    found = sheet("{% set a = a|default('x') %}\n{{ b|default([1, {'c': 'd'}]) }}{{ gone }}{% if maybe %}{% endif %}")
    assert found.values == {"a": "x", "b": [1, {"c": "d"}], "gone": None, "maybe": None}
    assert [each.where for each in found.cautions] == ["html/email.html.twig, line 2"]
    assert "gone" in found.cautions[0].message


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ a.__class__.__mro__ }}",
        "{{ a['__class__'] }}",
        "{{ loop.__class__ }}",
        "{% for i in [1] %}{{ loop['__class__'] }}{{ loop['_iterable'] }}{% endfor %}",
    ],
)
def test_nothing_of_python_is_reached(source):
    assert text_of(source, a=["x"]) == ""


WORDS = (
    *"ab.,:?|()[]{}~+-*/%'\" \n1",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "..",
    "??",
    "if ",
    "for ",
    "in ",
    "is ",
    "not ",
)


@given(st.lists(st.sampled_from(WORDS), max_size=40).map("".join))
def test_whatever_is_written_is_translated_or_refused(source):
    with suppress(Refusal):
        jinja_of("html/email.html.twig", source)


@given(st.text(st.characters(exclude_characters="{", exclude_categories=["Cs"])))
def test_text_without_braces_stays_as_it_is(text):
    assert jinja_of("html/email.html.twig", text) == text


@pytest.mark.parametrize(
    "part", ["{{ a|e ", "{# ", "{% verbatim %}", "{{ '", "{{ a.b", "{{ [", "<a href='{", "{{ 1 }}"]
)
def test_it_takes_linear_time(part):
    """A quarter of a megabyte: what went over it twice for each part would take minutes."""
    begun = time.process_time()
    with suppress(Refusal):
        jinja_of("html/email.html.twig", part * (200_000 // len(part)))
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ x|e }}{{ x|escape('html') }}{{ x|e('html_attr') }}", "&lt;a&gt;&lt;a&gt;&lt;a&gt;"),
        ("{{ x|e('url') }}", "%3Ca%3E"),
    ],
)
def test_values_are_escaped_as_they_are_asked_to_be(source, text):
    assert text_of(source, x="<a>") == text


@pytest.mark.parametrize(
    ("source", "shown", "mend"),
    [
        ("\n{{ x|e('js') }}", "escape('js')", "Line 2: Values are escaped for html, html_attr or url"),
        ("{{ 1 / n }}", "division by zero", "Line 1: Nothing is divided by zero: ask before, {% if number %}."),
        ("{% for i in 1..99999 %}{% endfor %}", "1..99999 has 99999 numbers", "Line 1: A range has at most 10000"),
    ],
)
def test_what_stops_a_theme_says_how_to_mend_it(source, shown, mend):
    with pytest.raises(Invalid) as caught:
        sheet(source, x="<a>", n=0)
    assert shown in caught.value.message
    assert caught.value.hint.startswith(mend)
