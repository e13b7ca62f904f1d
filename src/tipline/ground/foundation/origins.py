"""Web origins: scheme, host and port, compared as browsers do. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlsplit

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS: Final = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """``host`` in lower case, without brackets; ``port`` the scheme's own where none is said."""

    scheme: str
    host: str
    port: int


def origin_of(address: str) -> Origin | None:
    """The origin of an address or of an ``Origin`` header; None when it has none."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:  # a port or a host that is none
        return None
    return Origin(parts.scheme, parts.hostname, port) if parts.hostname and port else None


def answers_at(address: str, host: str) -> bool:
    """Is this ``Host`` header, with or without its port, the name of this address?"""
    wanted = origin_of(address)
    return wanted is not None and origin_of(f"{wanted.scheme}://{host}") == wanted


def second_name(address: str) -> str:
    """Another name of this machine at the same port; the address itself where it has only one.

    A browser takes ``127.0.0.1`` and ``localhost`` for two sites, and neither gets the
    other's cookies.
    """
    origin = origin_of(address)
    if origin is None or origin.host not in LOOPBACK:
        return address
    other = "127.0.0.1" if origin.host == "localhost" else "localhost"
    port = "" if origin.port == _PORTS[origin.scheme] else f":{origin.port}"
    return f"{origin.scheme}://{other}{port}"
