import pytest

from chalicelib.model.deeds import Deed
from chalicelib.model.errors import Invalid
from chalicelib.model.filter import All, Any, Condition
from chalicelib.model.filter_glue import parsed_glue

ID = "0" * 16
A = {"glue": "and", "field": "a", "operator": "=", "filter": "1", "type": "text", "object": "lead", "display": ""}
B = A | {"field": "b"}
TREE_A, TREE_B = Condition("a", "=", "1"), Condition("b", "=", "1")
ROWS = [
    # list, tree, why
    ([A], TREE_A, "one condition is no group"),
    ([A, B], All((TREE_A, TREE_B)), "and holds together"),
    ([A, B | {"glue": "or"}], Any((TREE_A, TREE_B)), "or opens a group"),
    ([A | {"glue": "or"}, B], All((TREE_A, TREE_B)), "the first one's glue says nothing"),
    ([A, B, A | {"glue": "or"}, B], Any((All((TREE_A, TREE_B)),) * 2), "a group goes on until the next or"),
    ([A | {"filter": None, "properties": {"filter": "1"}}], TREE_A, "Mautic 4 and later"),
    ([A | {"operator": "!empty", "filter": ""}], Condition("a", "!empty"), "an empty value of an operator without one"),
    (
        [A | {"operator": "between", "filter": {"date_from": "2026-01-01", "date_to": "today"}}],
        Condition("a", "between", ("2026-01-01", "today")),
        "a range of dates",
    ),
    (
        [A | {"field": "date_added", "operator": "gt", "filter": "-7 days"}],
        Condition("created_at", "gt", "-7 days"),
        "Mautic's name of a built-in field",
    ),
    (
        [A | {"field": "leadlist", "operator": "!in", "filter": [ID]}],
        Condition("segment", "!in", (ID,)),
        "membership of other segments",
    ),
    (
        [A | {"field": "lead_email_received", "operator": "!in", "filter": [ID]}],
        Condition("opened", "!=", Deed((ID,))),
        "received is Mautic's word for read",
    ),
]


@pytest.mark.parametrize(("given", "tree", "why"), ROWS, ids=[row[-1] for row in ROWS])
def test_read(given, tree, why):
    assert parsed_glue(given) == tree, why


REFUSED = [
    ([], "filter", "1 to 100", "nothing"),
    ([A, 5], "filter[1]", "object", "a number"),
    ([A, B | {"glue": "xor"}], "filter[1].glue", "`or`", "an unknown glue"),
    ([A | {"operator": "~"}], "filter[0].operator", "contains", "an unknown operator"),
    ([A | {"field": "dnc_bounced"}], "filter[0].field", "do_not_contact_reason", "a built-in field of Mautic's alone"),
    ([A | {"object": "company"}], "filter[0].object", "company", "a company's field"),
]


@pytest.mark.parametrize(("given", "field", "mend", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused(given, field, mend, why):
    with pytest.raises(Invalid) as caught:
        parsed_glue(given)
    assert caught.value.field == field, why
    assert mend in caught.value.hint
