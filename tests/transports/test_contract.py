"""The one contract of all transports; `contract.py` has the table of who is asked."""

import time
from collections import Counter

import pytest

from chalicelib.compose.letter import letter
from chalicelib.compose.revision import Program, Slot
from chalicelib.model.outcome import Accepted, CallNotSent, Halted, InDoubt, NotSent, Refused, SendingFault
from chalicelib.model.pacing import Quota
from tests.transports.arrived import Arrived
from tests.transports.conftest import envelope, envelopes, revision
from tests.transports.contract import SLOW_MS, STAND_INS, TIMEOUT_MS, told

# Everything that a wire may spoil: dots at the start of lines, long lines, spaces at their ends, other alphabets.
HARD = Program(
    slots=(Slot("field", "html", "name"), Slot("track", "html_url")),
    subject=("Grüße, ", 0, ": {{braces}} stay, and a subject so long that it must be folded somewhere on its way"),
    from_name=("Zoë & Co",),
    html=("<p>Hello ", 0, "</p>\n.\n..two\n" + "x" * 1_200 + ' {{ y }} <a href="https://t.example.com/c/', 1, '/0">'),
    text=("Hello ", 0, "\n.\n..two\nFrom here = there \n\nGrüße 東京 " + "long " * 300 + "\n"),
)


@pytest.fixture(params=STAND_INS)
def stand_in(request):
    with STAND_INS[request.param](TIMEOUT_MS) as started:
        yield started


def addresses(stand_in):
    return Counter(each.to for each in stand_in.arrived())


def seen(written, one):
    found = letter(written, one)
    return Arrived(one.address, found.subject, found.html, found.text)


def test_each_accepted_recipient_gets_the_letter_exactly_once(stand_in):
    written, going = revision(program=HARD), [envelope(number, name=f"Ann {number}") for number in range(50)]
    outcomes = stand_in.transport.send(written, going)
    assert [type(each) for each in outcomes] == [Accepted] * 50
    assert sorted(stand_in.arrived(), key=str) == sorted((seen(written, one) for one in going), key=str)


def test_each_acceptance_has_an_id_of_its_own(stand_in):
    outcomes = stand_in.transport.send(revision(), envelopes(20))
    assert len({each.provider_id for each in outcomes} - {""}) == 20


def test_a_template_email_arrives_as_it_was_written(stand_in):
    written, one = revision(kind="template", program=HARD), envelope(name="Zoë")
    (outcome,) = stand_in.transport.send(written, [one])
    assert isinstance(outcome, Accepted)
    assert stand_in.arrived() == [seen(written, one)]


def test_call_after_call_goes_through(stand_in):
    for number in range(3):
        assert isinstance(stand_in.transport.send(revision(), [envelope(number)])[0], Accepted)
    assert addresses(stand_in) == {f"ann{number}@example.org": 1 for number in range(3)}


@pytest.mark.parametrize("at", [0, 3, 6])
def test_a_refused_recipient_harms_no_other_and_outcomes_keep_their_order(stand_in, at):
    stand_in.trouble("refused", at)
    outcomes = told(stand_in.transport, revision(), envelopes(7))
    assert [type(each) for each in outcomes] == [Refused if number == at else Accepted for number in range(7)]
    assert outcomes[at].reason
    assert addresses(stand_in) == {f"ann{number}@example.org": 1 for number in range(7) if number != at}


def test_a_throttled_call_is_not_sent_and_may_go_later(stand_in):
    stand_in.trouble("throttled")
    assert [type(each) for each in told(stand_in.transport, revision(), envelopes(3))] == [NotSent] * 3
    assert stand_in.arrived() == []
    assert [type(each) for each in told(stand_in.transport, revision(), envelopes(3))] == [Accepted] * 3


def test_a_lost_answer_leaves_doubt_and_nothing_is_repeated(stand_in):
    stand_in.trouble("lost")
    outcomes = told(stand_in.transport, revision(), envelopes(3))
    got = addresses(stand_in)
    assert got
    assert set(got.values()) == {1}
    for one, outcome in zip(envelopes(3), outcomes, strict=True):
        assert isinstance(outcome, InDoubt if one.address in got else InDoubt | NotSent)


def test_a_halt_says_why_and_takes_nothing(stand_in):
    stand_in.trouble("halted")
    with pytest.raises(Halted) as caught:
        stand_in.transport.send(revision(), envelopes(3))
    assert "then resume" in caught.value.reason
    assert stand_in.arrived() == []


def test_where_nobody_listens_nothing_was_sent(stand_in):
    with pytest.raises(CallNotSent) as caught:
        stand_in.unreachable().send(revision(), envelopes(3))
    assert caught.value.reason


@pytest.mark.parametrize("name", STAND_INS)
def test_a_slow_provider_holds_no_call_longer_than_its_time(name):
    with STAND_INS[name](SLOW_MS) as stand_in:
        assert isinstance(stand_in.transport.send(revision(), [envelope(9)])[0], Accepted)
        stand_in.trouble("slow")
        began = time.monotonic()
        outcomes = told(stand_in.transport, revision(), envelopes(3))
        assert time.monotonic() - began < 2 * SLOW_MS / 1_000
    assert any(isinstance(each, InDoubt) for each in outcomes)
    assert all(isinstance(each, InDoubt | NotSent) for each in outcomes)


@pytest.mark.parametrize("trouble", ["refused", "throttled", "lost", "halted"])
def test_no_reason_shows_a_secret(stand_in, trouble):
    stand_in.trouble(trouble)
    try:
        said = str(stand_in.transport.send(revision(), envelopes(2)))
    except SendingFault as fault:
        said = f"{fault} {fault!r} {fault.__cause__} {fault.__context__}"
    assert said
    assert not [each for each in stand_in.secrets if each in said + repr(vars(stand_in.transport))]


@pytest.mark.parametrize("count", [0, 51])
def test_a_call_holds_one_to_fifty(stand_in, count):
    with pytest.raises(ValueError, match=str(count)):
        stand_in.transport.send(revision(), envelopes(count))


def test_the_quota_is_told_whatever_the_provider_does(stand_in):
    for transport in (stand_in.transport, stand_in.unreachable()):
        quota = transport.quota()
        assert isinstance(quota, Quota)
        assert quota.per_second > 0
