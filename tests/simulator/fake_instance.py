"""A tiny instance of the ESP Reporting API on loopback, in the shape that all clients read."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import Counter
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from lxml import etree

ACCOUNT = ("harbor", "s3cret")


class FakeInstance:
    """Keeps reports in memory. ``faults``: path -> list of faults, used up one by one.

    A fault is ``drop`` (no answer, nothing done), ``drop-after`` (done, no answer),
    ``http-503``, ``garbled`` (an unreadable answer) or a response code as a number.
    """

    def __init__(self, faults=None):
        self.faults = {path: list(listed) for path, listed in (faults or {}).items()}
        self.reports, self.requests, self.seen = {}, Counter(), []
        self.lock = threading.Lock()

    def take_fault(self, path):
        with self.lock:
            left = self.faults.get(path)
            return left.pop(0) if left else None

    def __enter__(self):
        instance = self

        class Handler(_Handler):
            fake = instance

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    disable_nagle_algorithm = True  # headers and body are two writes
    protocol_version = "HTTP/1.1"
    fake: FakeInstance
    timeout = 10

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.work(b"")

    def do_POST(self):
        self.work(self.read_body())

    def read_body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"]))
        data = b""
        while size := int(self.rfile.readline(), 16):
            data += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return data

    def work(self, body):
        path = self.path.removeprefix("/ispws/")
        with self.fake.lock:
            self.fake.requests[path] += 1
            self.fake.seen.append((path, dict(self.headers), body))
        fault = self.fake.take_fault(path)
        if fault == "drop":
            self.close_connection = True
            return
        if self.headers.get("Authorization") != _basic(*ACCOUNT):
            self.answer(401, b"")
            return
        if isinstance(fault, int):
            self.answer(200, response(fault, "no", 0))
            return
        if fault == "http-503":
            self.answer(503, b"later")
            return
        text = getattr(self, f"on_{path}")(body)
        if fault == "drop-after":
            self.close_connection = True
            return
        self.answer(
            200, b"<reportResponse><hash/></reportResponse>" if fault == "garbled" else text
        )

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/xml;charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    # -- endpoints ---------------------------------------------------------------------

    def on_status(self, _):
        return response(0, "Remote User : harbor, Remote Ip : 127.0.0.1")

    def on_submit(self, body):
        root = etree.fromstring(body)
        assert root.tag == "report"
        with self.fake.lock:
            number = 1000 + len(self.fake.reports)
            self.fake.reports[number] = {"state": "open", "files": {}, "details": {}, "xml": body}
        return response(0, "Success", number)

    def on_upload(self, body):
        fields = self.form(body)
        number, data = int(fields["id"].decode()), fields["file"]
        report = self.fake.reports[number]
        with self.fake.lock:
            file_id = f"ab{len(report['files']):030x}"
            report["files"][file_id] = data
        return response(0, "Success", number, file_id, hashlib.md5(data).hexdigest())

    def on_fileinfo(self, body):
        root = etree.fromstring(body)
        number, file_id = int(root.findtext("reportId")), root.findtext("fileId")
        self.fake.reports[number]["details"][file_id] = body
        return response(0, "Success", number, file_id)

    def on_finish(self, body):
        number = int(self.form(body)["id"].decode())
        report = self.fake.reports[number]
        code = {"open": 0, "finished": 5102, "retracted": 5101}[report["state"]]
        report["state"] = "finished" if not code else report["state"]
        files = "" if code else "".join(f"<fileId>{f}</fileId>" for f in report["files"])
        tail = "<responseDescription>no</responseDescription>" if code else ""
        return wrap(
            "reportDoneResponse",
            f"<responseCode>{code}</responseCode><reportId>{number}</reportId>"
            f"<files>{files}</files>{tail}",
        )

    def on_retract(self, body):
        number = int(self.form(body)["id"].decode())
        self.fake.reports[number]["state"] = "retracted"
        return response(0, "Success", number)

    def form(self, body):
        kind = self.headers["Content-Type"]
        if kind.startswith("application/x-www-form-urlencoded"):
            return {k: v[0].encode() for k, v in parse_qs(body.decode()).items()}
        message = BytesParser(policy=HTTP).parsebytes(
            b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body
        )
        boundary = message.get_boundary().encode()
        return dict(_parts(body, boundary))


def _parts(body, boundary):
    for piece in body.split(b"--" + boundary)[1:-1]:
        head, _, data = piece.partition(b"\r\n\r\n")
        name = re.search(rb'; name="(\w+)"', head)[1].decode()
        yield name, data.removesuffix(b"\r\n")


def _basic(username, password):
    from simulator.wire.connections import Credential

    return Credential(username, password).header


def response(code, description, number=None, file_id=None, digest=None):
    text = f"<responseCode>{code}</responseCode><responseDescription>{description}"
    text += "</responseDescription>"
    for name, value in (("reportId", number), ("fileId", file_id), ("hash", digest)):
        if value is not None:
            text += f"<{name}>{value}</{name}>"
    return wrap("reportResponse", text)


def wrap(root, inside):
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f"{declaration}<{root}>{inside}</{root}>".encode()
