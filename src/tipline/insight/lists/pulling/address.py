"""Which addresses may be pulled from: checked when a source is added and before each connection."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tipline.ground.foundation.errors import Invalid

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Root:
    """The application root of a list: everything below it is asked of this host alone."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def text(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def read_root(text: str, *, plain_http: bool = False) -> Root:
    """The address in parts; :class:`Invalid` says what is wrong with it.

    Without TLS the password would travel in the open: only on this machine, or where asked for.
    """
    parts = _parts(text.strip())
    host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    if parts.scheme not in _PORTS or not host:
        raise Invalid("Give an address such as https://HOST/npo.", field="root")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise Invalid("Give the address without a login, a query or a fragment.", field="root")
    if parts.scheme == "http" and not plain_http and not is_loopback(host):
        raise Invalid(
            "Use https: over http the password could be read on the way. On a network that is "
            "yours alone, allow plain http for this source.",
            field="root",
        )
    path = parts.path.rstrip("/").removesuffix("/v2")
    if not path.isascii() or not path.isprintable() or " " in path or ".." in path:
        raise Invalid("The path of the address has characters that are not allowed.", field="root")
    return Root(parts.scheme, host, port, path)


def _parts(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises when it is none
    except ValueError as error:
        raise Invalid("Give an address such as https://HOST/npo.", field="root") from error
    if len(text) > 400 or not text.isprintable():
        raise Invalid("The address is too long, or has characters of control.", field="root")
    return parts


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
