"""Published networks whose addresses say little about where a person is.

Short lists of what operators publish themselves. They cannot be complete: Tor exits, VPNs
and hosting change daily and are not listed here; an ESP's own ``possibleProxy`` says more.

ANYCAST: one address answered in many places at once.
- Root servers and public resolvers: the /24 and /48 around each published service address,
  the smallest networks that the global routing table carries, so that the whole network
  moves with the service. Sources: IANA root hints (A to M, with B's addresses before and
  after its change of November 2023) and each operator's own page on its resolver.
- Cloudflare's edge, by its own list of networks. A report holds such an address when the
  ESP stands behind that edge and logged it in place of the person's.

RELAY: people's traffic leaves here on behalf of a privacy service (Cloudflare WARP, Apple's
iCloud Private Relay with Akamai, Cloudflare and Fastly as exits). The place is at best the
region that the service chose to show. Sources: the exit lists that Cloudflare and Apple
publish, by the networks that enclose their entries.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Final

from tipline.ground.places.networks import Address, Networks
from tipline.ground.places.place import Note

_ROOT_SERVERS: Final = """
198.41.0.4 2001:503:ba3e::2:30
170.247.170.2 2801:1b8:10::b 199.9.14.201 2001:500:200::b
192.33.4.12 2001:500:2::c
199.7.91.13 2001:500:2d::d
192.203.230.10 2001:500:a8::e
192.5.5.241 2001:500:2f::f
192.112.36.4 2001:500:12::d0d
198.97.190.53 2001:500:1::53
192.36.148.17 2001:7fe::53
192.58.128.30 2001:503:c27::2:30
193.0.14.129 2001:7fd::1
199.7.83.42 2001:500:9f::42
202.12.27.33 2001:dc3::35
"""

_RESOLVERS: Final = """
1.1.1.1 1.0.0.1
8.8.8.8 8.8.4.4 2001:4860:4860::8888
9.9.9.9 149.112.112.112 2620:fe::fe
208.67.222.222 208.67.220.220 2620:119:35::35 2620:119:53::53 2620:0:ccc::2 2620:0:ccd::2
94.140.14.14 94.140.15.15 2a10:50c0::ad1:ff
185.228.168.9 185.228.169.9
64.6.64.6 64.6.65.6
4.2.2.2
"""

_CLOUDFLARE_EDGE: Final = """
103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 104.16.0.0/13 104.24.0.0/14
108.162.192.0/18 131.0.72.0/22 141.101.64.0/18 162.158.0.0/15 172.64.0.0/13
173.245.48.0/20 188.114.96.0/20 190.93.240.0/20 197.234.240.0/22 198.41.128.0/17
2400:cb00::/32 2405:8100::/32 2405:b500::/32 2606:4700::/32
2803:f800::/32 2a06:98c0::/29 2c0f:f248::/32
"""

_RELAYS: Final = """
104.28.0.0/14 2606:54c0::/30 2a09:bac0::/29
140.248.0.0/16 146.75.128.0/17 2a04:4e41::/32
172.224.0.0/14 2a02:26f7::/32
"""


def _networks_around(addresses: Iterable[str]) -> Iterator[str]:
    for text in addresses:
        size = 48 if ":" in text else 24
        yield str(ipaddress.ip_network(f"{text}/{size}", strict=False))


_SHARED: Final[Networks[Note]] = Networks(
    {
        Note.ANYCAST: (
            *_networks_around((_ROOT_SERVERS + _RESOLVERS).split()),
            *_CLOUDFLARE_EDGE.split(),
        ),
        Note.RELAY: _RELAYS.split(),
    }
)


def shared_by_many(address: Address) -> Note:
    """ANYCAST or RELAY when the address is on a published list, else NONE."""
    return _SHARED.label_of(address) or Note.NONE
