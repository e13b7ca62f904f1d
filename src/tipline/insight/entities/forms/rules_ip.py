"""IP addresses. Pure."""

from __future__ import annotations

import ipaddress

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
    bits = 64 if ":" in value else 24
    try:
        return str(ipaddress.ip_network(f"{value}/{bits}", strict=False))
    except ValueError:
        return ""
