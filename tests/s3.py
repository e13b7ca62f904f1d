"""A bucket on loopback that speaks as much S3 as the store asks for, kept in a folder.

It holds its callers to the protocol: signatures, digests of bodies and sizes of parts are
checked, an upload in parts is seen by nobody before it is complete. Faults are asked for by
name: answers that fail, connections that end in mid-answer, a server that is not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.rules_s3 import Asked, KeyPair, signed

BUCKET, REGION = "evidence", "eu-test-1"
KEYS = KeyPair("AKIDOFTESTS", "a secret of the tests, harmless")
LEAST_PART = 5 * 1024 * 1024
_SIGNED = re.compile(r"SignedHeaders=([^,]+)")


@dataclass
class Faults:
    """``answers``: statuses that the next so many requests of a kind get; ``cut``: reads that
    end in mid-body; ``shrink``: objects that are kept shorter than they came; ``any_time``: signed
    at whatever time, for callers whose clock a test has moved.
    """

    answers: dict[str, list[int]] = field(default_factory=dict)
    cut: int = 0
    shrink: bool = False
    any_time: bool = False


class Bucket:
    """Objects and uploads below a folder; what was asked is counted by kind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("objects", "uploads"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        self.faults, self.asked, self.lock = Faults(), Counter[str](), threading.Lock()
        self.most_body = 0

    def object(self, key: str) -> Path:
        return self.folder / "objects" / key.encode().hex()

    def names(self) -> list[str]:
        found = (self.folder / "objects").iterdir()
        return sorted(bytes.fromhex(path.name).decode() for path in found)

    def put(self, key: str, *pieces: bytes) -> None:
        """Whole or not at all, as a bucket does it."""
        temporary = self.folder / random_hex()
        with temporary.open("wb") as file:
            for piece in pieces:
                file.write(piece[:-1] if self.faults.shrink else piece)
        temporary.rename(self.object(key))

    def age(self, days: float) -> None:
        """Have everything in it look so much older."""
        for path in self.folder.rglob("*"):
            at = path.stat().st_mtime - days * 86_400
            os.utime(path, (at, at))

    def uploads(self) -> list[tuple[str, str, Path]]:
        """Key, id and folder of what was begun and not ended."""
        found = (self.folder / "uploads").iterdir()
        return sorted((json.loads((path / "key").read_text()), path.name, path) for path in found)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are two writes
    bucket: Bucket
    open_ends: set[Any]

    def setup(self) -> None:
        super().setup()
        self.open_ends.add(self.connection)

    def finish(self) -> None:
        self.open_ends.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def log_message(self, *_said: Any) -> None:
        return

    def _go(self) -> None:
        parts = urlsplit(self.path)
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        bucket, _slash, self.key = unquote(parts.path).lstrip("/").partition("/")
        kind = self._kind()
        with self.bucket.lock:
            self.bucket.asked[kind] += 1
            self.bucket.most_body = max(self.bucket.most_body, len(self.body))
            due = self.bucket.faults.answers.get(kind) or []
            status = due.pop(0) if due else 0
        if status == 1:
            self.close_connection = True  # without a word
        elif status:
            self._error(status, "SlowDown")
        elif not self._is_signed(parts.path):
            self._error(403, "SignatureDoesNotMatch")
        elif bucket != BUCKET:
            self._error(404, "NoSuchBucket")
        else:
            getattr(self, f"_{kind}")()

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _go  # noqa: N815 - the library's names

    def _kind(self) -> str:
        if not self.key:
            return "uploads" if "uploads" in self.query else "list"
        if self.command == "POST":
            return "begin" if "uploads" in self.query else "complete"
        if "uploadId" in self.query:
            return "part" if self.command == "PUT" else "abort"
        return {"GET": "get", "HEAD": "head", "PUT": "put", "DELETE": "delete"}[self.command]

    def _is_signed(self, path: str) -> bool:
        said = self.headers.get("Authorization", "")
        names = _SIGNED.search(said)
        at, digest = self.headers.get("x-amz-date"), self.headers.get("x-amz-content-sha256", "")
        if not names or not at or digest != hashlib.sha256(self.body).hexdigest():
            return False
        now = datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        late = abs(datetime.now(UTC) - now) > timedelta(minutes=15)
        if late and not self.bucket.faults.any_time:
            return False
        own = {"host", "x-amz-content-sha256", "x-amz-date"}
        more = {n: self.headers[n] for n in names[1].split(";") if n not in own}
        asked = Asked(self.command, self.headers["Host"], path, self.query)
        made = signed(asked, KEYS, REGION, now, headers=more, payload=digest)
        return said.replace(", ", ",") == made["authorization"]

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", headers.pop("length", str(len(body))))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _error(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code></Error>".encode())

    def _xml(self, name: str, inside: str) -> None:
        text = f'<{name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{inside}</{name}>'
        self._answer(200, text.encode(), Content_Type="application/xml")

    # -- objects -----------------------------------------------------------------------

    def _put(self) -> None:
        self.bucket.put(self.key, self.body)
        self._answer(200, ETag='"one"')

    def _head(self) -> None:
        path = self.bucket.object(self.key)
        if not path.exists():
            self._answer(404)
            return
        self.send_response(200)
        for name, value in self._facts(path).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(path.stat().st_size))
        self.end_headers()

    def _facts(self, path: Path) -> dict[str, str]:
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return {"Last-Modified": at.strftime("%a, %d %b %Y %H:%M:%S GMT"), "ETag": '"one"'}

    def _get(self) -> None:
        path = self.bucket.object(self.key)
        if not path.exists():
            self._error(404, "NoSuchKey")
            return
        size = path.stat().st_size
        first, last = 0, size - 1
        if wanted := self.headers.get("Range"):
            begin, _dash, end = wanted.removeprefix("bytes=").partition("-")
            first, last = int(begin), min(int(end or size - 1), size - 1)
            if first >= size:
                self._error(416, "InvalidRange")
                return
        with path.open("rb") as file:
            file.seek(first)
            body = file.read(last - first + 1)
        self.send_response(206 if wanted else 200)
        for name, value in self._facts(path).items():
            self.send_header(name, value)
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.bucket.faults.cut:
            self.bucket.faults.cut -= 1
            self.close_connection = True
            body = body[: len(body) // 2]
        self.wfile.write(body)

    def _delete(self) -> None:
        self.bucket.object(self.key).unlink(missing_ok=True)
        self._answer(204)

    def _list(self) -> None:
        prefix = self.query.get("prefix", "")
        after = self.query.get("continuation-token") or self.query.get("start-after", "")
        most = int(self.query.get("max-keys", 1000))
        found = [key for key in self.bucket.names() if key.startswith(prefix) and key > after]
        page, rows = found[:most], []
        for key in page:
            path = self.bucket.object(key)
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            rows.append(
                f"<Contents><Key>{escape(key)}</Key><LastModified>{at}</LastModified>"
                f"<ETag>one</ETag><Size>{path.stat().st_size}</Size></Contents>"
            )
        more = len(found) > len(page)
        token = f"<NextContinuationToken>{page[-1]}</NextContinuationToken>" if more else ""
        head = f"<IsTruncated>{str(more).lower()}</IsTruncated><KeyCount>{len(page)}</KeyCount>"
        self._xml("ListBucketResult", f"<Name>{BUCKET}</Name>{head}{token}{''.join(rows)}")

    # -- uploads in parts --------------------------------------------------------------

    def _upload(self) -> Path | None:
        path = self.bucket.folder / "uploads" / self.query["uploadId"]
        return path if path.exists() else None

    def _begin(self) -> None:
        ident = random_hex()
        path = self.bucket.folder / "uploads" / ident
        path.mkdir()
        (path / "key").write_text(json.dumps(self.key))
        self._xml(
            "InitiateMultipartUploadResult",
            f"<Bucket>{BUCKET}</Bucket><Key>{escape(self.key)}</Key><UploadId>{ident}</UploadId>",
        )

    def _part(self) -> None:
        if (path := self._upload()) is None:
            self._error(404, "NoSuchUpload")
            return
        number = int(self.query["partNumber"])
        (path / f"{number:05d}").write_bytes(self.body)
        self._answer(200, ETag=f'"{number}"')

    def _complete(self) -> None:
        if (path := self._upload()) is None:
            self._error(404, "NoSuchUpload")
            return
        named = [int(n) for n in re.findall(rb"<PartNumber>(\d+)</PartNumber>", self.body)]
        parts = [path / f"{number:05d}" for number in named]
        if any(part.stat().st_size < LEAST_PART for part in parts[:-1]):
            self._error(400, "EntityTooSmall")
            return
        self.bucket.put(self.key, *(part.read_bytes() for part in parts))
        self._end(path)
        self._xml("CompleteMultipartUploadResult", f"<Key>{escape(self.key)}</Key><ETag>x</ETag>")

    def _abort(self) -> None:
        if (path := self._upload()) is None:
            self._error(404, "NoSuchUpload")
            return
        self._end(path)
        self._answer(204)

    def _end(self, path: Path) -> None:
        for file in path.iterdir():
            file.unlink()
        path.rmdir()

    def _uploads(self) -> None:
        prefix, most = self.query.get("prefix", ""), int(self.query.get("max-uploads", 1000))
        after = (self.query.get("key-marker", ""), self.query.get("upload-id-marker", ""))
        all_of = self.bucket.uploads()
        found = [one for one in all_of if one[0].startswith(prefix) and one[:2] > after]
        rows = []
        for key, ident, path in found[:most]:
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime(
                "%Y-%m-%dT%H:%M:%S.000Z"
            )
            rows.append(
                f"<Upload><Key>{escape(key)}</Key><UploadId>{ident}</UploadId>"
                f"<Initiated>{at}</Initiated></Upload>"
            )
        more = len(found) > most
        key, ident = found[most - 1][:2] if more else ("", "")
        head = f"<IsTruncated>{str(more).lower()}</IsTruncated>"
        markers = (
            f"<NextKeyMarker>{key}</NextKeyMarker><NextUploadIdMarker>{ident}</NextUploadIdMarker>"
        )
        self._xml("ListMultipartUploadsResult", head + markers + "".join(rows))


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        return  # a caller that was killed, or that gave up


class Serving:
    """A bucket that is served; ``environment`` is what a process needs to find it."""

    def __init__(self, folder: Path) -> None:
        self.bucket = Bucket(folder)
        self.port = 0
        self._server: _Quiet | None = None
        self.start()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TIPLINE_STORE": f"s3://{BUCKET}/tips",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": KEYS.ident,
            "AWS_SECRET_ACCESS_KEY": KEYS.secret,
        }

    def start(self) -> None:
        self._ends: set[Any] = set()
        own = {"bucket": self.bucket, "open_ends": self._ends}
        self._server = _Quiet(("127.0.0.1", self.port), type("Handler", (_Handler,), own))
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        for end in list(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def serving(folder: Path) -> Iterator[Serving]:
    one = Serving(folder)
    try:
        yield one
    finally:
        one.stop()
