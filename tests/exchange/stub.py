"""A hash-sharing server that misbehaves as told, on a real port of this machine."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STATUS = b'<status><member id="4">We</member></status>'
REASONS = b'<availableFeedbackReasons><reason guid="g1" name="Wrong"/></availableFeedbackReasons>'


@dataclass(frozen=True)
class Reply:
    """``cut``: bytes after which the line goes dead; ``slow``: seconds before the first one."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None
    slow: float = 0.0


@dataclass
class Stub:
    """``answer``: from the path to a reply; status and reasons are answered unless it does.

    Its clock stands at ``date`` until told: a window of a later pull is there when a test wants it.
    """

    port: int
    date: str = "Sat, 28 Nov 2026 12:00:00 GMT"
    answer: Callable[[str], Reply | None] = lambda _path: None
    asked: list[str] = field(default_factory=list)
    logins: set[str] = field(default_factory=set)

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}/npo"

    def pages(self) -> list[str]:
        """What was asked of the entries, in order."""
        return [path for path in self.asked if "/v2/entries?" in path]

    def reply(self, path: str) -> Reply:
        if told := self.answer(path):
            return told
        if path.endswith("/status"):
            return Reply(STATUS)
        return Reply(REASONS) if path.endswith("/reasons") else Reply(status=404)


@contextmanager
def stub() -> Iterator[Stub]:
    """Serves until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True  # headers and body are two writes
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.server.stub.asked.append(self.path)
            self.server.stub.logins.add(self.headers.get("Authorization", ""))
            self._send(self.server.stub.reply(self.path))

        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.do_GET()

        def date_time_string(self, _timestamp: float | None = None) -> str:
            return self.server.stub.date

        def _send(self, reply: Reply) -> None:
            time.sleep(reply.slow)
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut])
            self.close_connection = self.close_connection or reply.cut is not None

        def log_message(self, *_words: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Stub(server.server_address[1])
    server.stub = made
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def packed(body: bytes) -> Reply:
    return Reply(gzip.compress(body), headers=(("Content-Encoding", "gzip"),))
