"""Reading an IP address as a report writes it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from tipline.ground.places.networks import Address

_LONGEST: Final = 100
_IPV4_WITH_PORT: Final = re.compile(r"([0-9.]+):[0-9]{1,5}")
_IPV6_IN_BRACKETS: Final = re.compile(r"\[([0-9A-Fa-f:.%\w]+)\](?::[0-9]{1,5})?", re.ASCII)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class ReadAddress:
    """The address whose place counts, and whether it came wrapped in a tunnel's address."""

    address: Address
    tunnelled: bool


def read_address(text: str | None) -> ReadAddress | None:
    """Read one address; None when it is none. Never raises.

    Accepts surrounding white space, a port behind it and brackets around IPv6, as real
    reports have them. An IPv4-mapped IPv6 address is its IPv4 address. 6to4 (RFC 3056),
    Teredo (RFC 4380) and NAT64 (RFC 6052) addresses stand for the IPv4 address they carry.
    """
    if not isinstance(text, str) or len(text) > _LONGEST:
        return None
    bare = text.strip()
    wrapped = _IPV4_WITH_PORT.fullmatch(bare) or _IPV6_IN_BRACKETS.fullmatch(bare)
    try:
        address = ipaddress.ip_address(wrapped.group(1) if wrapped else bare)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return _unwrapped(address)
    return ReadAddress(address, tunnelled=False)


def _unwrapped(address: ipaddress.IPv6Address) -> ReadAddress:
    if address.ipv4_mapped:
        return ReadAddress(address.ipv4_mapped, tunnelled=False)
    inner = address.sixtofour
    if address.teredo:
        inner = address.teredo[1]
    if address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner:
        return ReadAddress(inner, tunnelled=True)
    return ReadAddress(address, tunnelled=False)
