from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.networks import NETWORKS, network_of, shortened


@pytest.mark.parametrize("network", NETWORKS, ids=lambda each: each.cidr)
def test_a_network_holds_its_first_and_last_address_and_not_those_beside_it(network):
    inside = ip_network(network.cidr)
    assert network_of(str(inside[0])) == network_of(str(inside[-1])) == network.name
    assert network_of(str(inside[0] - 1)) != network.name
    assert network_of(str(inside[-1] + 1)) != network.name


def test_no_two_networks_overlap_and_each_has_a_source():
    networks = [ip_network(each.cidr) for each in NETWORKS]
    assert not any(one.overlaps(other) for one in networks for other in networks if one is not other)
    assert all(each.source for each in NETWORKS)


@pytest.mark.parametrize(
    "address", ["", "127.0.0.1", "203.0.113.7", "2001:db8::1", "::", "255.255.255.255", "x", "1.2.3"]
)
def test_all_other_addresses_are_in_no_network(address):
    assert network_of(address) == ""


@pytest.mark.parametrize(
    ("address", "short"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "::/48"),
        ("", ""),
        ("203.0.113.077", ""),
        ("ann@example.com", ""),
    ],
)
def test_an_address_is_shortened_to_its_network(address, short):
    assert shortened(address) == short


@given(st.text() | st.ip_addresses().map(str))
def test_nothing_makes_it_fail(text):
    assert isinstance(network_of(text), str)
    assert len(shortened(text)) <= 50
