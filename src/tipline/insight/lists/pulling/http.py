"""Asking a source over HTTP, with the standard library: bounded in time, bytes and tries.

One host, the source's own: a redirect is an error that says where it leads, never a second
request. The login goes out with every request and stands in no message and no log.
"""

from __future__ import annotations

import base64
import http.client
import random
import ssl
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from tipline.insight.lists.pulling.address import Root

TRIES = 5
_BACKOFF = 0.5
_LONGEST_WAIT = 30.0
_AGAIN = frozenset({429, 500, 502, 503, 504})
_PIECE = 64 * 1024


class PullError(Exception):
    """A request came to nothing. ``code`` is what people see; ``where`` is never a secret."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.where = where


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    date: datetime | None


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to connect and between two pieces, for a whole answer, and bytes of one."""

    pause: float = 60.0
    whole: float = 300.0
    most_bytes: int = 16 * 1024 * 1024
    tries: int = TRIES
    sleep: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class Wire:
    """One connection to one source, opened when first used; use it as a context manager."""

    root: Root
    username: str
    secret: str = field(repr=False)
    patience: Patience = field(default_factory=Patience)
    _open: http.client.HTTPConnection | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def get(self, path: str) -> Answer:
        """An answer of status 200, tried again while the server is busy or the line is cut."""
        for tried in range(1, self.patience.tries + 1):
            try:
                return self._once("GET", path)
            except _Passing as error:
                self.close()
                if tried == self.patience.tries:
                    raise PullError(error.code, error.where) from error
                self.patience.sleep(_wait(tried, error.wait))
        raise AssertionError("there is at least one try")

    def put(self, path: str, body: bytes) -> Answer:
        """Once. Whoever calls tries again later: a vote sent twice is one vote."""
        try:
            return self._once("PUT", path, body)
        except _Passing as error:
            self.close()
            raise PullError(error.code, error.where) from error

    def _once(self, method: str, path: str, body: bytes | None = None) -> Answer:
        until = time.monotonic() + self.patience.whole
        try:
            connection = self._connection()
            connection.request(method, f"{self.root.path}{path}", body, self._headers(body))
            response = connection.getresponse()
            content = _Body(response, self.patience.most_bytes, until).read()
        except TimeoutError as error:
            raise _Passing("timed_out") from error
        except (http.client.IncompleteRead, ConnectionResetError) as error:
            raise _Passing("cut_off") from error
        except ssl.SSLCertVerificationError as error:
            raise PullError("certificate") from error
        except (http.client.HTTPException, OSError) as error:
            raise _Passing("unreachable") from error
        _refuse(response)
        return Answer(response.status, content, _date(response))

    def _connection(self) -> http.client.HTTPConnection:
        if self._open is None:
            root, pause = self.root, self.patience.pause
            self._open = (
                http.client.HTTPSConnection(
                    root.host, root.port, timeout=pause, context=ssl.create_default_context()
                )
                if root.scheme == "https"
                else http.client.HTTPConnection(root.host, root.port, timeout=pause)
            )
        return self._open

    def _headers(self, body: bytes | None) -> dict[str, str]:
        login = base64.b64encode(f"{self.username}:{self.secret}".encode()).decode()
        headers = {
            "Authorization": f"Basic {login}",
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            "User-Agent": "tipline",
        }
        return headers if body is None else {
            **headers, "Content-Type": "application/xml; charset=utf-8",
        }  # fmt: skip


class _Passing(Exception):  # noqa: N818 - it may pass by itself
    """Worth another try, after ``wait`` seconds if the server said so."""

    def __init__(self, code: str, where: str = "", wait: float = 0.0) -> None:
        super().__init__(code)
        self.code = code
        self.where = where
        self.wait = wait


def _wait(tried: int, asked: float) -> float:
    jitter = 0.75 + random.random() / 2  # noqa: S311 - spreads tries only
    return min(_LONGEST_WAIT, max(asked, _BACKOFF * float(2 ** (tried - 1)) * jitter))


_REFUSALS = {401: "not_signed_in", 403: "not_allowed", 404: "not_there", 410: "not_there"}


def _refuse(response: http.client.HTTPResponse) -> None:
    """Raise unless the status is 200."""
    status = response.status
    if status in _AGAIN:
        asked = response.headers.get("Retry-After", "").strip()[:6]
        wait = float(asked) if asked.isascii() and asked.isdecimal() else 0.0
        raise _Passing("busy" if status == 429 else "their_fault", str(status), wait)
    if 300 <= status < 400:
        raise PullError("redirected", response.headers.get("Location", "")[:200])
    if status != 200:
        raise PullError(_REFUSALS.get(status, "refused"), str(status))


@dataclass(slots=True)
class _Body:
    """The body of a response, unpacked, with its promised length checked."""

    response: http.client.HTTPResponse
    most: int
    until: float

    def read(self) -> bytes:
        packed = self.response.headers.get("Content-Encoding", "").strip().lower()
        if packed not in {"", "identity", "gzip"}:
            raise PullError("encoding", packed[:20])
        unpack = zlib.decompressobj(31) if packed == "gzip" else None
        body, promised, came = bytearray(), self.response.length, 0
        while piece := self.response.read(_PIECE):
            came += len(piece)
            body += self._unpacked(unpack, piece, len(body)) if unpack else piece
            if len(body) > self.most:
                raise PullError("too_large")
            if time.monotonic() > self.until:
                raise TimeoutError
        if promised is not None and came < promised:
            raise _Passing("cut_off")
        if unpack is not None and came and not unpack.eof:
            raise _Passing("cut_off")
        return bytes(body)

    def _unpacked(self, unpack: zlib._Decompress, piece: bytes, held: int) -> bytes:
        try:
            made = unpack.decompress(piece, self.most - held + 1)
        except zlib.error as error:
            raise PullError("encoding", "gzip") from error
        if unpack.unconsumed_tail:
            raise PullError("too_large")
        return made


def _date(response: http.client.HTTPResponse) -> datetime | None:
    """The server's own clock, as it says it with every answer."""
    with suppress(ValueError, TypeError):
        return parsedate_to_datetime(response.headers.get("Date", "")).astimezone(UTC)
    return None
