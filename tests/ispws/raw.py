"""Requests written byte by byte on a socket, and the answers read back."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http.client import HTTPResponse

from tests.ispws.serving import SECRET

WAIT = 20.0


@dataclass(frozen=True)
class RawAnswer:
    """A response as read from a socket, in the names that the strict clients use."""

    status_code: int
    headers: dict[str, str]
    content: bytes


class _Headers(dict[str, str]):
    """Looked up in any case."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        return super().get(name.lower(), default)


def authorization(username: str = "harborline", secret: str = SECRET) -> str:
    token = base64.b64encode(f"{username}:{secret}".encode()).decode()
    return f"Authorization: Basic {token}"


def chunked(pieces: Iterable[bytes], *, whole: bool = True) -> list[bytes]:
    """The pieces as chunks; without the last one when not ``whole``."""
    chunks = [b"%x\r\n" % len(piece) + piece + b"\r\n" for piece in pieces if piece]
    return [*chunks, b"0\r\n\r\n"] if whole else chunks


@dataclass
class Raw:
    """Opens a connection per call; the caller writes every byte."""

    address: tuple[str, int]

    def connect(self) -> socket.socket:
        connection = socket.create_connection(self.address, timeout=WAIT)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def head(
        self,
        path: str,
        content_type: str,
        length: int | None,
        extra: Sequence[str] = (),
        *,
        method: str = "POST",
        auth: str | None = None,
    ) -> bytes:
        """A request head; ``length`` None announces chunks."""
        lines = [
            f"{method} /ispws/{path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.address[1]}",
            authorization() if auth is None else auth,
            f"Content-Type: {content_type}",
            "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}",
            *extra,
        ]
        return "\r\n".join(line for line in lines if line).encode() + b"\r\n\r\n"

    def send(self, head: bytes, pieces: Iterable[bytes]) -> RawAnswer:
        """Write everything before reading anything, as the simplest clients do."""
        with self.connect() as connection:
            connection.sendall(head)
            for piece in pieces:
                connection.sendall(piece)
            return read_answer(connection)

    def cut_off(self, head: bytes, pieces: Iterable[bytes]) -> RawAnswer:
        """Write, say that nothing more will come, and read."""
        with self.connect() as connection:
            connection.sendall(head)
            for piece in pieces:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            return read_answer(connection)


def read_answer(connection: socket.socket) -> RawAnswer:
    """The next response on the connection."""
    with HTTPResponse(connection) as response:
        response.begin()
        headers = _Headers({name.lower(): value for name, value in response.getheaders()})
        return RawAnswer(response.status, headers, response.read())
