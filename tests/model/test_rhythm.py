import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.errors import Invalid
from chalicelib.model.rhythm import MONTH_DAYS, WEEKDAYS, Rhythm, cron_of, rhythm_of
from chalicelib.model.zones import epoch_ms, moment_at, zone_of
from chalicelib.work import recurring

times = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda at: f"{at[0]:02d}:{at[1]:02d}")
days = st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(lambda found: tuple(d for d in WEEKDAYS if d in found))
rhythms = st.one_of(
    st.builds(Rhythm, st.just("daily"), times),
    st.builds(Rhythm, st.just("weekly"), times, days),
    st.builds(Rhythm, st.just("monthly"), times, st.just(()), st.sampled_from(MONTH_DAYS)),
)


@given(rhythms)
def test_what_was_chosen_comes_back(rhythm):
    assert rhythm_of(cron_of(rhythm)) == rhythm


@given(rhythms)
def test_the_cron_does_what_was_chosen(rhythm):
    paris = zone_of("Europe/Paris")
    for at in recurring.coming(cron_of(rhythm), "Europe/Paris", 1_760_000_000_000, 3):
        there = moment_at(at, paris)
        assert epoch_ms(there) == at
        if rhythm.every == "weekly":
            assert WEEKDAYS[there.weekday()] in rhythm.weekdays
        if rhythm.monthday.isdecimal():
            assert there.day == int(rhythm.monthday)


@given(st.text(max_size=30) | st.from_regex(r"\A[0-9]{1,2} [0-9]{1,2} [0-9L*]{1,2} \* [A-Z,*]{1,9}\Z"))
def test_any_other_cron_is_itself(text):
    found = rhythm_of(text)
    assert cron_of(found) == text


@pytest.mark.parametrize(
    ("rhythm", "field"),
    [
        (Rhythm("daily", "9"), "time"),
        (Rhythm("daily", "24:00"), "time"),
        (Rhythm("weekly", "09:00"), "weekdays"),
        (Rhythm("weekly", "09:00", ("MON", "DIM")), "weekdays"),
        (Rhythm("monthly", "09:00", monthday="31"), "monthday"),
    ],
)
def test_what_cannot_be_chosen(rhythm, field):
    with pytest.raises(Invalid) as met:
        cron_of(rhythm)
    assert met.value.field == field
