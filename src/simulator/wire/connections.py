"""Keep-alive connections to one instance, one for each thread."""

from __future__ import annotations

import http.client
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

_PIECE = 32_768


class TargetError(ValueError):
    """The address of the instance cannot be used; the message says what to write."""


class ConnectionLostError(Exception):
    """The connection broke: nobody knows whether the instance carried the request out."""


@dataclass(frozen=True, slots=True)
class Credential:
    """One ESP account of an instance."""

    username: str
    password: str

    @property
    def header(self) -> str:
        return "Basic " + b64encode(f"{self.username}:{self.password}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Call:
    """One request. ``name``: the endpoint, such as ``submit``; ``chunked``: without length."""

    name: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    chunked: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. ``retry_after``: seconds that the instance asks to wait, 0 when not."""

    status: int
    media_type: str
    body: bytes
    retry_after: float


class Connections:
    """Connections to ``base``, such as ``http://127.0.0.1:8000``; paths below ``/ispws``."""

    def __init__(self, base: str, timeout: float = 120.0) -> None:
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise TargetError(f"{base!r} is no address: write http://host:port.")
        self._parts, self._timeout = parts, timeout
        self._prefix = parts.path.rstrip("/").removesuffix("/ispws") + "/ispws/"
        self._mine = threading.local()
        self._all: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()

    def send(self, call: Call, credential: Credential) -> Reply:
        """Send once. :class:`ConnectionLostError` when no whole answer came back."""
        connection = self._connection()
        headers = {**dict(call.headers), "Authorization": credential.header}
        body: bytes | Iterator[bytes] | None = call.body
        if call.chunked and call.body is not None:
            headers["Transfer-Encoding"] = "chunked"
            body = _pieces(call.body)
        try:
            connection.request(
                "GET" if call.body is None else "POST",
                self._prefix + call.name,
                body=body,
                headers=headers,
                encode_chunked=call.chunked,
            )
            response = connection.getresponse()
            return Reply(
                response.status,
                response.headers.get("Content-Type", ""),
                response.read(),
                _seconds(response.headers.get("Retry-After")),
            )
        except (OSError, http.client.HTTPException) as error:
            connection.close()  # the next request opens it anew
            words = f"{type(error).__name__} {error}".strip()
            raise ConnectionLostError(f"{call.name}: {words}") from error

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for connection in self._all:
                connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._mine, "connection"):
            secure = self._parts.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            host = self._parts.hostname or ""
            self._mine.connection = kind(host, self._parts.port, timeout=self._timeout)
            with self._lock:
                self._all.append(self._mine.connection)
        found: http.client.HTTPConnection = self._mine.connection
        return found


def _pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]


def _seconds(header: str | None) -> float:
    return min(float(header), 30.0) if header and header.isdecimal() else 0.0
