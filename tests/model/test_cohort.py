from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.cohort import COUNTED, FEWEST, NAMED, OTHER, biggest, domain_of, named, tallied

RECIPIENTS = st.lists(st.integers(0, 3 * COUNTED).map(lambda n: f"d{n * n // COUNTED}.example"), max_size=900)


@given(RECIPIENTS, st.integers(1, 200))
def test_big_domains_are_found_however_many_there_are(domains, step):
    counts = {}
    for at in range(0, len(domains), step):
        counts = tallied(counts, domains[at : at + step])
    true = Counter(domains)
    assert len(counts) <= COUNTED
    for domain, number in true.items():
        assert number - len(domains) / COUNTED <= counts.get(domain, 0) <= number


@given(st.dictionaries(st.integers(0, 60).map(lambda n: f"d{n}.example"), st.integers(1, 40)))
def test_only_big_ones_have_figures_of_their_own(counts):
    found = biggest(counts)
    assert len(found) <= NAMED
    assert all(counts[each] >= FEWEST for each in found)
    left = [number for domain, number in counts.items() if domain not in found and number >= FEWEST]
    assert not left or (len(found) == NAMED and max(left) <= min(counts[each] for each in found))


def test_what_a_domain_is_called():
    assert domain_of("Ann@GMail.com") == "gmail.com"
    assert named("gmail.com", ()) == "gmail.com", "known to everybody"
    assert named("acme.example", ("acme.example",)) == "acme.example"
    assert named("ann-and-bob.example", ("acme.example",)) == OTHER
