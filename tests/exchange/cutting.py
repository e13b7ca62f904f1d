"""A line between a client and a server that goes dead where a test wants it to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Line:
    """``cuts``: bytes of the answer after which a connection dies, one for each connection.

    None lets a connection live; so does what comes after the last one.
    """

    port: int
    cuts: list[int | None] = field(default_factory=list)
    connections: int = 0


@contextmanager
def line_to(server: str) -> Iterator[Line]:
    """Listens on a port of its own and passes bytes on to ``server``, an address."""
    there = urlsplit(server)
    listener = socket.create_server(("127.0.0.1", 0))
    line = Line(listener.getsockname()[1])
    ended = threading.Event()

    def listen() -> None:
        while not ended.is_set():
            with suppress(TimeoutError):
                here, _address = listener.accept()
                cut = line.cuts.pop(0) if line.cuts else None
                line.connections += 1
                away = socket.create_connection((there.hostname, there.port))
                threading.Thread(target=_pass, args=(here, away, None), daemon=True).start()
                threading.Thread(target=_pass, args=(away, here, cut), daemon=True).start()

    listener.settimeout(0.1)
    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield line
    finally:
        ended.set()
        thread.join()
        listener.close()


def _pass(source: socket.socket, to: socket.socket, cut: int | None) -> None:
    left = cut
    with suppress(OSError):
        while left != 0 and (data := source.recv(65_536 if left is None else min(65_536, left))):
            to.sendall(data)
            left = None if left is None else left - len(data)
    for end in (source, to):  # the other direction may be waiting in this very socket
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
