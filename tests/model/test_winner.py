from math import exp, lgamma

import pytest

from chalicelib.model.winner import Result, standing


def second_is_better(first: Result, second: Result) -> float:
    """P(B > A) in closed form for Beta posteriors with whole parameters (Miller, "Formulas for Bayesian A/B testing").

    An oracle that sums up nothing in cells.
    """

    def log_beta(a: float, b: float) -> float:
        return lgamma(a) + lgamma(b) - lgamma(a + b)

    a1, b1 = 1 + first.reached, 1 + first.sent - first.reached
    a2, b2 = 1 + second.reached, 1 + second.sent - second.reached
    return sum(exp(log_beta(a1 + i, b1 + b2) - log_beta(1 + i, b2) - log_beta(a1, b1)) / (b2 + i) for i in range(a2))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Result(100, 20), Result(100, 30)),
        (Result(1000, 200), Result(1000, 260)),
        (Result(10, 3), Result(12, 3)),
        (Result(0, 0), Result(0, 0)),
        (Result(500, 0), Result(500, 4)),
    ],
)
def test_the_probability_is_that_of_the_closed_form(first, second):
    found = standing({"a": first, "b": second}, "opened").probabilities
    assert found["b"] == pytest.approx(second_is_better(first, second), abs=0.001)
    assert found["a"] + found["b"] == pytest.approx(1, abs=0.0001)


def test_fewer_is_better_where_people_leave():
    results = {"a": Result(1000, 30), "b": Result(1000, 5)}
    assert standing(results, "unsubscribed").best == "b"
    assert standing(results, "clicked").best == "a"


def test_a_tie_goes_to_the_root_and_is_called_chance():
    result = standing({"a": Result(50, 10), "b": Result(50, 10)}, "opened")
    assert result.best == "a"
    assert "chance" in result.statement


@pytest.mark.parametrize(
    ("results", "goal", "best", "reason"),
    [
        ({"a": Result(1000, 0), "b": Result(10, 0)}, "opened", "b", "little is known of it yet: it may be better"),
        ({"a": Result(10, 0), "b": Result(1000, 0)}, "unsubscribed", "b", "nobody of many left: that is surer"),
        ({"a": Result(10, 5), "b": Result(10, 5), "c": Result(1000, 500)}, "opened", "a", "the root, of its equals"),
        ({"a": Result(0, 0), "b": Result(0, 0)}, "opened", "a", "nothing is known"),
        ({"a": Result(50, 10), "b": Result(50, 10), "c": Result(50, 10)}, "clicked", "a", "the root, of three equals"),
    ],
)
def test_of_equal_rates_the_most_probable_leads(results, goal, best, reason):
    found = standing(results, goal)
    assert found.best == best, reason
    assert all(
        found.probabilities[best] >= found.probabilities[each]
        for each in results
        if results[each].rate == results[best].rate
    )


def test_certainty_is_said_as_it_is():
    sure = standing({"a": Result(5000, 500), "b": Result(5000, 1000)}, "opened")
    assert (sure.best, sure.probabilities["b"]) == ("b", 1.0)
    assert "20.0% opened of 5000 sent" in sure.statement
    probable = standing({"a": Result(200, 40), "b": Result(200, 50)}, "opened")
    assert "probably" in probable.statement


def test_the_same_counts_always_give_the_same_answer():
    results = {"a": Result(321, 45), "b": Result(300, 51), "c": Result(310, 40)}
    assert standing(results, "clicked") == standing(results, "clicked")


def test_more_reached_than_sent_is_no_error():
    """Opens of an earlier broadcast may be counted with it."""
    assert standing({"a": Result(1, 5), "b": Result(2, 0)}, "opened").best == "a"
