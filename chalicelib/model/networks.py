"""Networks that hits come from, as a coarse class: the address itself is not kept unless the workspace asks.

A machine's networks change without notice, so the table is short and holds only those that their owner, or customers
who must let them in, publish as a mail gateway's own. To extend it, add a row. Apple's proxies have no row: they go
out through the same published ranges (mask-api.icloud.com/egress-ip-ranges.csv) as people's private relays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from chalicelib.model.fact import Label

# What is kept of an address where a workspace asks for it: the network, not the machine.
SHORTENED = {4: 24, 6: 48}


@dataclass(frozen=True, slots=True)
class Network:
    """`cidr` is IPv4 or IPv6; `name` is what a line says of an address in it."""

    name: str
    label: Label
    cidr: str
    source: str


GOOGLE = "_netblocks.google.com (TXT), where Gmail's image proxy fetches from"
BARRACUDA = "Barracuda Email Gateway Defense, the range its customers' mail servers let in"
PROOFPOINT = "Proofpoint Essentials, connection details: vircomhelp.freshdesk.com, solution 48000859489"

NETWORKS: Sequence[Network] = (
    Network("google-proxy", "proxy", "66.102.0.0/20", GOOGLE),
    Network("google-proxy", "proxy", "66.249.80.0/20", GOOGLE),
    Network("barracuda", "scanner", "209.222.80.0/21", BARRACUDA),
    Network("proofpoint", "scanner", "67.231.144.0/20", PROOFPOINT),
    Network("proofpoint", "scanner", "148.163.128.0/19", PROOFPOINT),
)

LABELS = {network.name: network.label for network in NETWORKS}


def network_of(address: str) -> str:
    """The name of the network that an address is in; "" for all others, and for what is no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    number, ranges = int(found), _RANGES[found.version]
    place = bisect_right(ranges, (number, 1 << 128, "")) - 1
    if place < 0 or ranges[place][1] < number:
        return ""
    return ranges[place][2]


def shortened(address: str) -> str:
    """`203.0.113.0/24`, `2001:db8:1::/48`; "" for what is no address."""
    try:
        return str(ip_network((address, SHORTENED[ip_address(address).version]), strict=False))
    except ValueError:
        return ""


def _ranges(version: int) -> list[tuple[int, int, str]]:
    """First and last address as numbers, and the name, in order."""
    parsed: list[tuple[IPv4Network | IPv6Network, str]] = [(ip_network(each.cidr), each.name) for each in NETWORKS]
    return sorted(
        (int(network.network_address), int(network.broadcast_address), name)
        for network, name in parsed
        if network.version == version
    )


_RANGES = {version: _ranges(version) for version in SHORTENED}
