"""IP addresses. Pure."""

from __future__ import annotations

import ipaddress
from socket import AF_INET, inet_pton

from tipline.insight.entities.forms.rules_form import Form, Problem, form, none


def ip(raw: str) -> Form:
    """An address of the public internet in its shortest form; others belong to everybody."""
    try:
        address = ipaddress.ip_address(raw.strip())
    except ValueError:
        return none(Problem.MALFORMED)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return form(str(address)) if address.is_global else none(Problem.RESERVED)


def network(value: str) -> str:
    """The network of an address in normal form: IPv4 /24, IPv6 /64 (nearest to a household)."""
    try:
        if ":" in value:
            return str(ipaddress.ip_network(f"{value}/64", strict=False))
        inet_pton(AF_INET, value)  # strict, too, and in a tenth of the time of ``ipaddress``
    except (ValueError, OSError):
        return ""
    return f"{value.rpartition('.')[0]}.0/24"
