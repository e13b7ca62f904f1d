"""Addresses that belong to no place: the IANA special-purpose registries.

Our own table, not :attr:`ipaddress.IPv4Address.is_global`, because that answer changed
between patch releases of Python 3.11 and 3.12, and because people should read why.
Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates),
RFC 5771 and RFC 4291 (multicast). Networks in 2001::/23 that are routed serve protocols,
not people, so the whole block counts as reserved. 6to4, Teredo and NAT64 are not here:
they carry an IPv4 address, see :mod:`.addresses`.
"""

from __future__ import annotations

import ipaddress
from typing import Final

from tipline.ground.places.networks import Address, Networks
from tipline.ground.places.place import NoPlace

_SPECIAL: Final[Networks[NoPlace]] = Networks(
    {
        NoPlace.PRIVATE: ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
        NoPlace.LOOPBACK: ("127.0.0.0/8", "::1/128"),
        NoPlace.LINK_LOCAL: ("169.254.0.0/16", "fe80::/10"),
        NoPlace.CARRIER: ("100.64.0.0/10",),
        NoPlace.DOCUMENTATION: (
            "192.0.2.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "2001:db8::/32",
            "3fff::/20",
        ),
        NoPlace.MULTICAST: ("224.0.0.0/4", "ff00::/8"),
        NoPlace.RESERVED: (
            "0.0.0.0/8",
            "192.0.0.0/24",  # protocol assignments
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # automatic multicast tunnelling
            "192.88.99.0/24",  # 6to4 relays, deprecated
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "240.0.0.0/4",
            "::/128",
            "64:ff9b:1::/48",  # local translation
            "100::/64",  # discard
            "100:0:0:1::/64",  # dummy prefix
            "2001::/23",  # protocol assignments
            "2620:4f:8000::/48",  # AS112
            "5f00::/16",  # segment routing
            "fec0::/10",  # site-local, deprecated
        ),
    }
)
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")


def special_purpose(address: Address) -> NoPlace | None:
    """Why nobody can be at this address, or None when somebody can."""
    label = _SPECIAL.label_of(address)
    if label is None and address.version == 6 and address not in _GLOBAL_UNICAST:
        return NoPlace.UNALLOCATED
    return label
