"""Two clients as strangers would write them: they know the wire notes and nothing of the product.

:class:`Ordered` parses in schema order and breaks on everything that real clients break on: a
wrong root, a namespace, an empty description, a missing ``reportId``, a wrong order.
:class:`Guessing` turns whatever looks like a number into one, as a JavaScript parser does, and
breaks where a text was expected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
LARGEST_NUMBER = 2**53 - 1
RESPONSE = ("responseCode", "responseDescription", "reportId", "fileId", "hash")
DONE = ("responseCode", "reportId", "files")


class WireError(Exception):
    """The answer cannot be parsed: to this client the call is lost, whatever it said."""


class ApiError(Exception):
    """The server's own refusal, as a client sees it."""

    def __init__(self, code: int, description: str = "", report_id: int = 0) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.report_id = report_id


@dataclass
class Element:
    name: str
    children: list[Element] = field(default_factory=list)
    text: str = ""


@dataclass(frozen=True)
class Answer:
    """What a client makes of a successful call."""

    code: int
    description: str = ""
    report_id: int = 0
    file_id: str = ""
    digest: str = ""
    files: tuple[str, ...] = ()


def parse(body: bytes) -> Element:
    """Expat, without namespaces: an attribute or a colon anywhere is refused."""
    top = Element("")
    stack = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if attributes or ":" in name:
            raise WireError(f"attributes or namespace on {name}")
        stack[-1].children.append(Element(name))
        stack.append(stack[-1].children[-1])

    def text(data: str) -> None:
        stack[-1].text += data

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: stack.pop()
    parser.CharacterDataHandler = text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise WireError("not well-formed") from error
    return top.children[0]


def _leaf(element: Element) -> str:
    if element.children:
        raise WireError(f"{element.name} has children")
    return element.text


class Ordered:
    """Strict about everything; speaks over anything with ``request(method, path, ...)``."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self.request_ids: list[str] = []

    # --- the seven calls -------------------------------------------------------------------

    def status(self) -> Answer:
        return self._response("GET", "status", number=False)

    def xsd(self) -> Element:
        """The schema; its root is a schema and nothing is asked of its attributes."""
        response = self._transport.request("GET", "xsd")
        self.check_frame(response, 200)
        if b"<xs:schema" not in response.content[:300]:
            raise WireError("not a schema")
        return Element("schema", text=response.content.decode())

    def submit(self, xml: bytes, **options: Any) -> Answer:
        return self._response("POST", "submit", xml=xml, **options)

    def upload(self, report_id: int, content: bytes, name: str = "a.png", **options: Any) -> Answer:
        fields = {"id": str(report_id)}
        answer = self._response(
            "POST", "upload", form=fields, file=(name, content, "image/png"), **options
        )
        if not answer.file_id or not answer.digest:
            raise WireError("an upload without fileId or hash")
        return answer

    def fileinfo(self, xml: bytes) -> Answer:
        return self._response("POST", "fileinfo", xml=xml)

    def retract(self, report_id: int) -> Answer:
        return self._response("POST", "retract", form={"id": str(report_id)})

    def finish(self, report_id: int) -> Answer:
        response = self._transport.request("POST", "finish", form={"id": str(report_id)})
        return self.read_done(self._checked(response))

    # --- reading ---------------------------------------------------------------------------

    def _response(self, method: str, path: str, *, number: bool = True, **sent: Any) -> Answer:
        return self.read_response(
            self._checked(self._transport.request(method, path, **sent)), number=number
        )

    def check_frame(self, response: Any, status: int) -> None:
        if response.status_code != status:
            raise WireError(f"HTTP {response.status_code}")
        if "application/xml" not in response.headers["Content-Type"]:
            raise WireError(f"content type {response.headers['Content-Type']}")
        if not response.headers.get("Request-ID"):
            raise WireError("no Request-ID")
        self.request_ids.append(response.headers["Request-ID"])

    def _checked(self, response: Any) -> Element:
        if response.status_code == 401:
            if not response.headers.get("WWW-Authenticate", "").startswith("Basic "):
                raise WireError("401 without a challenge")
            raise ApiError(401)
        self.check_frame(response, 200)
        if not response.content.startswith(DECLARATION + b"<"):
            raise WireError("declaration")
        return parse(response.content)

    def read_response(self, root: Element, *, number: bool = True) -> Answer:
        values = self._in_order(root, "reportResponse", RESPONSE)
        code = self._number(values, "responseCode")
        description = values.get("responseDescription", "")
        if not description.strip():
            raise WireError("empty responseDescription")
        if number and "reportId" not in values:
            raise WireError("missing reportId")
        report_id = self._number(values, "reportId") if number else 0
        if code:
            raise ApiError(code, description, report_id)
        if number and not 0 < report_id <= LARGEST_NUMBER:
            raise WireError(f"reportId {report_id}")
        file_id = values.get("fileId", "")
        self._opaque(file_id)
        return Answer(code, description, report_id, file_id, values.get("hash", ""))

    def read_done(self, root: Element) -> Answer:
        values = self._in_order(root, "reportDoneResponse", DONE)
        code, number = self._number(values, "responseCode"), self._number(values, "reportId")
        files = next((child for child in root.children if child.name == "files"), None)
        if files is None:
            raise WireError("missing files")
        if code:
            words = [_leaf(e) for e in root.children if e.name == "responseDescription"]
            if words and not words[0].strip():
                raise WireError("empty responseDescription")
            raise ApiError(code, words[0] if words else "", number)
        ids = tuple(_leaf(child) for child in files.children if child.name == "fileId")
        if len(ids) != len(files.children) or not 0 < number <= LARGEST_NUMBER:
            raise WireError("files or reportId")
        for file_id in ids:
            self._opaque(file_id)
        return Answer(code, "", number, files=ids)

    def _in_order(self, root: Element, name: str, known: tuple[str, ...]) -> dict[str, str]:
        """Known children in schema order; a stranger may only come after all of them."""
        if root.name != name:
            raise WireError(f"root {root.name} instead of {name}")
        if root.text.strip() != root.text or root.text:
            raise WireError("white space between elements")
        values: dict[str, str] = {}
        last, stranger = -1, False
        for child in root.children:
            if child.name not in known:
                stranger = True
                continue
            order = known.index(child.name)
            if stranger or order <= last:
                raise WireError(f"{child.name} out of order")
            last = order
            values[child.name] = "" if child.name == "files" else _leaf(child)
        return values

    @staticmethod
    def _number(values: dict[str, str], name: str) -> int:
        text = values.get(name)
        if text is None or not re.fullmatch(r"0|[1-9][0-9]{0,15}", text):
            raise WireError(f"{name} is {text!r}")
        return int(text)

    @staticmethod
    def _opaque(file_id: str) -> None:
        if file_id and guess(file_id) != file_id:
            raise WireError(f"fileId {file_id} looks like a number")


# --- the JavaScript one --------------------------------------------------------------------

_HEX = re.compile(r"[-+]?0[xX][0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


def guess(text: str) -> str | float:
    """The text, or the number that a guessing JavaScript parser makes of it."""
    word = text.strip()
    if _HEX.fullmatch(word):
        return float(int(word, 16))
    if _DECIMAL.fullmatch(word):
        return float(word)
    return {"Infinity": float("inf"), "-Infinity": float("-inf")}.get(word, word)


class Guessing(Ordered):
    """Values are guessed first; then a text that became a number is an error."""

    def read_response(self, root: Element, *, number: bool = True) -> Answer:
        values = {child.name: guess(_leaf(child)) for child in root.children}
        if root.name != "reportResponse":
            raise WireError("missing reportResponse")
        description = values.get("responseDescription", "")
        if not isinstance(description, str) or not isinstance(values.get("responseCode"), float):
            raise WireError("responseCode or responseDescription")
        if number and not isinstance(values.get("reportId"), float):
            raise WireError("missing reportId")
        code, report_id = int(values["responseCode"]), int(values.get("reportId", 0.0))
        if code:
            raise ApiError(code, description, report_id)
        file_id, digest = values.get("fileId", ""), values.get("hash", "")
        if not isinstance(file_id, str) or not isinstance(digest, str):
            raise WireError("fileId or hash became a number")
        return Answer(code, description, report_id, file_id, digest)

    def read_done(self, root: Element) -> Answer:
        if root.name != "reportDoneResponse":
            raise WireError("missing reportDoneResponse")
        values = {child.name: child for child in root.children}
        code = guess(_leaf(values["responseCode"]))
        if code:
            raise ApiError(int(code), values["responseDescription"].text)
        ids = [guess(_leaf(child)) for child in values["files"].children]
        if not all(isinstance(file_id, str) for file_id in ids):
            raise WireError("a fileId became a number")
        return Answer(0, "", int(values["reportId"].text), files=tuple(map(str, ids)))
