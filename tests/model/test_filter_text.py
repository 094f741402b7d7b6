import pytest

from chalicelib.model.deeds import Deed
from chalicelib.model.errors import Invalid
from chalicelib.model.filter import All, Any, Condition, Not, as_json
from chalicelib.model.filter_forms import read_filter
from chalicelib.model.filter_reading import parsed_text
from chalicelib.model.filter_text import as_text

SPRING, VIP = "0" * 16, "1" * 16


class Names:
    def id_of(self, kind, name):
        return {("email", "Spring"): SPRING, ("segment", "VIP"): VIP}.get((kind, name))

    def name_of(self, kind, identifier):
        return {("email", SPRING): "Spring", ("segment", VIP): "VIP", ("email", "2" * 16): "Twice"}.get(
            (kind, identifier)
        )


A, B, C = (Condition(name, "=", 1) for name in "abc")
PRINTED = [
    # tree, its text, why
    (
        All((Condition("country", "in", ("FR", "BE")), Condition("opened", "=", Deed((SPRING,), days=30)))),
        "country is in FR, BE and opened 'Spring' within 30 days",
        "the usual",
    ),
    (Any((All((A, B)), C)), "(a is 1 and b is 1) or c is 1", "parentheses even where they could go"),
    (All((Any((A, B)), C)), "(a is 1 or b is 1) and c is 1", "or within and"),
    (All((All((A, B)), C)), "(a is 1 and b is 1) and c is 1", "a group in a group of its kind stays one"),
    (Not(Any((A, B))), "not (a is 1 or b is 1)", "not of a group"),
    (Not(Not(A)), "not not a is 1", "not of not"),
    (All((A,)), "all (a is 1)", "a group of one"),
    (Any((All((A, B)),)), "any (a is 1 and b is 1)", "a group of one group"),
    (Condition("a", "=", "it's"), "a is 'it''s'", "a quote is doubled"),
    (Condition("a", "=", "two\nlines"), "a is 'two\nlines'", "a line break stays"),
    (Condition("a", "=", "and"), "a is 'and'", "a word of the form as a value"),
    (Condition("a", "=", "5"), "a is '5'", "text that looks like a number"),
    (Condition("a", "=", "true"), "a is 'true'", "text that looks like a boolean"),
    (Condition("a", "=", True), "a is true", "a boolean"),
    (Condition("a", "=", 1e20), "a is 1e+20", "a large number"),
    (Condition("a", "=", -0.5), "a is -0.5", "a negative number"),
    (Condition("is", "=", 1), '"is" is 1', "a word of the form as a field"),
    (Condition("a", "gt", "2026-11-24"), "a is after 2026-11-24", "a day needs no quotes"),
    (Condition("a", "lte", "30 days ago"), "a is on or before '30 days ago'", "several words do"),
    (Condition("a", "gt", 5), "a is more than 5", "a number is not after another"),
    (Condition("a", "!between", (1, 2)), "a is not between 1 and 2", "the and of between"),
    (Condition("a", "!regexp", r"^\d+$"), r"a does not match '^\d+$'", "backslashes are plain"),
    (Condition("segment", "!in", (VIP,)), "segment is not in 'VIP'", "a segment by its name"),
    (
        Condition("opened", "!=", Deed(("2" * 16,))),
        f"did not open '{'2' * 16}'",
        "a name that leads elsewhere is not used",
    ),
    (Condition("sent", "!=", Deed()), "was not sent any e-mail", "no e-mail named"),
    (
        Condition("clicked", "=", Deed((), 2, 7, "x.example/a b")),
        "clicked any e-mail on 'x.example/a b' at least 2 times within 7 days",
        "all that a deed has",
    ),
]


@pytest.mark.parametrize(("tree", "text", "why"), PRINTED, ids=[row[-1] for row in PRINTED])
def test_printed_and_read_back(tree, text, why):
    assert as_text(tree, Names()) == text, why
    assert repr(parsed_text(text, Names())) == repr(tree)


READ = [
    # text, the same as, why
    ("a = 1 OR b=1 AND c=1", Any((A, All((B, C)))), "and binds closer; signs need no spaces"),
    ("NOT a is 1 and b is 1", All((Not(A), B)), "not binds closest"),
    ("((a is 1))", A, "parentheses around one"),
    ("a in ('x', \"y\")", Condition("a", "in", ("x", "y")), "a list in parentheses, either quotes"),
    ("a !in x", Condition("a", "!in", ("x",)), "Mautic's spelling"),
    ("a is\n  on or after\ttoday", Condition("a", "gte", "today"), "any white space"),
    ("opened 'Spring' at least 1 time within 1 day", Condition("opened", "=", Deed((SPRING,), 1, 1)), "one of each"),
]


@pytest.mark.parametrize(("text", "tree", "why"), READ, ids=[row[-1] for row in READ])
def test_also_read(text, tree, why):
    assert parsed_text(text, Names()) == tree, why


REFUSED = [
    # text, place, part of the mend, why
    ("", "line 1, column 1", "a condition was expected", "nothing"),
    ("a is 1 and", "line 1, column 11", "a condition was expected", "nothing behind and"),
    ("a is 1\nand b contians x", "line 2, column 7", "Perhaps 'contains'?", "nearly an operator, on the second line"),
    ("a is", "line 1, column 5", "a value was expected", "no value"),
    ("a is in x,", "line 1, column 11", "a value was expected", "a comma too many"),
    ("a is two words", "line 1, column 10", "stands in quotes", "text without quotes"),
    ("a is 'open", "line 1, column 6", "Close this quote", "an open quote"),
    ("(a is 1", "line 1, column 8", "`)`", "an open parenthesis"),
    ("a is between 1 or 2", "line 1, column 16", "`and`", "or in between"),
    ("A is 1", "line 1, column 1", "alias", "no alias"),
    ("opened Spring", "line 1, column 8", "in quotes", "a name without quotes"),
    ("opened 'Winter'", "line 1, column 8", "exactly one email", "an unknown name"),
    ("segment is Gold", "line 1, column 12", "exactly one segment", "an unknown segment"),
    ("opened any e-mail within two days", "line 1, column 26", "whole number", "a number as a word"),
    ("a matches '('", "line 1, column 3).value", "RE2", "a broken pattern"),
    ("not " * 50 + "a is 1", "line 1", "At most 40", "too many nots"),
    ("(" * 100_000, "line 1", "At most 40", "a deep nest"),
]


@pytest.mark.parametrize(("text", "place", "mend", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused_at_its_place(text, place, mend, why):
    with pytest.raises(Invalid) as caught:
        parsed_text(text, Names())
    assert place in caught.value.field, why
    assert mend in caught.value.hint


def test_limits_are_those_of_the_tree():
    parsed_text(" and ".join(["a is 1"] * 100))
    for text in (" and ".join(["a is 1"] * 101), "not " * 10 + "a is 1", "a is 1" + " " * 400_000):
        with pytest.raises(Invalid):
            parsed_text(text)


def test_the_longest_tree_has_a_text_that_is_read():
    tree = All(tuple(Condition("a" * 50, "in", ("'",) * 500) for _ in range(100)))
    assert parsed_text(as_text(tree)) == tree


def test_each_form_gives_the_same_tree():
    tree = All((A, Condition("plan", "=", "pro")))
    glue = [
        {"field": "a", "operator": "=", "filter": 1},
        {"glue": "and", "field": "plan", "operator": "=", "value": "pro"},
    ]
    assert read_filter(as_json(tree)) == read_filter(as_text(tree)) == read_filter(glue) == tree
