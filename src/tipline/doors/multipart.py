"""A streaming reader of multipart/form-data: constant memory, any part order.

Django's own parser spools a large part in plain to the temporary folder and reads a chunked
body as empty; evidence must do neither. Bodies come from ``wsgi.input`` itself. Grammar:
RFC 2046 section 5.1 and RFC 7578.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Protocol

READ = 256 * 1024
MOST_HEADER = 16 * 1024
MOST_PARTS = 200
_BOUNDARY = re.compile(rb"[\x20-\x7e]{1,200}")


class MalformedMultipart(Exception):  # noqa: N818 - says what is wrong
    """The body is not what its content type promises; the message says where."""


class ByteSource(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Part:
    """The head of one part. ``filename`` is None when the part has none."""

    name: str
    filename: str | None
    content_type: str


def boundary_of(content_type: str) -> bytes:
    """The boundary named by a Content-Type header; :class:`MalformedMultipart` without one."""
    message = Message()
    message["Content-Type"] = content_type
    if message.get_content_type() != "multipart/form-data":
        raise MalformedMultipart("Send multipart/form-data.")
    value = message.get_param("boundary", header="Content-Type")
    boundary = value.encode("latin-1", "replace") if isinstance(value, str) else b""
    if not _BOUNDARY.fullmatch(boundary):
        raise MalformedMultipart("The Content-Type names no boundary.")
    return boundary


class MultipartReader:
    """Iterate :meth:`parts`; read or skip each part's :meth:`data` before the next."""

    def __init__(self, source: ByteSource, boundary: bytes, length: int | None) -> None:
        self._source = source
        self._left = length
        self._buffer = bytearray()
        # The first delimiter has no line break before it: pretend that it has.
        self._buffer += b"\r\n"
        self._delimiter = b"\r\n--" + boundary
        self._in_part = False

    def _fill(self) -> bool:
        """Read more; False at the end of the body."""
        wanted = READ if self._left is None else min(READ, self._left)
        piece = self._source.read(wanted) if wanted else b""
        if self._left is not None:
            self._left -= len(piece)
        self._buffer += piece
        return bool(piece)

    def parts(self) -> Iterator[Part]:
        for _discarded in self._until_delimiter():
            pass  # the preamble carries nothing
        for _count in range(MOST_PARTS):
            if self._at_end():
                return
            part = self._head()
            self._in_part = True
            yield part
            for _rest in self.data():
                pass  # what the caller did not read
        raise MalformedMultipart(f"More than {MOST_PARTS} parts.")

    def data(self) -> Iterator[bytes]:
        """The bytes of the present part, piece by piece."""
        if self._in_part:
            self._in_part = False
            yield from self._until_delimiter()

    def _until_delimiter(self) -> Iterator[bytes]:
        keep = len(self._delimiter) - 1
        while True:
            found = self._buffer.find(self._delimiter)
            if found >= 0:
                if found:
                    yield bytes(self._buffer[:found])
                del self._buffer[: found + len(self._delimiter)]
                return
            if len(self._buffer) > keep:
                ready = len(self._buffer) - keep
                yield bytes(self._buffer[:ready])
                del self._buffer[:ready]
            if not self._fill():
                raise MalformedMultipart("The body ends inside a part.")

    def _at_end(self) -> bool:
        """After a delimiter: ``--`` ends the body, a line break begins a part."""
        while len(self._buffer) < 2:
            if not self._fill():
                raise MalformedMultipart("The body ends after a delimiter.")
        return self._buffer[:2] == b"--"

    def _head(self) -> Part:
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > MOST_HEADER:
                raise MalformedMultipart("The headers of a part are too long.")
            if not self._fill():
                raise MalformedMultipart("The body ends inside the headers of a part.")
        if end > MOST_HEADER:
            raise MalformedMultipart("The headers of a part are too long.")
        block = bytes(self._buffer[:end])
        del self._buffer[: end + 4]
        if block and not block.lstrip(b" \t").startswith(b"\r\n"):
            raise MalformedMultipart("A delimiter is not followed by a line break.")
        return _part(block)


def _part(block: bytes) -> Part:
    disposition = content_type = ""
    for line in block.split(b"\r\n"):
        name, _, value = line.partition(b":")
        field = name.strip().lower()
        # Names of files are sent as raw UTF-8 by real clients.
        text = value.strip().decode("utf-8", "replace")
        if field == b"content-disposition":
            disposition = text
        elif field == b"content-type":
            content_type = text
    name_ = _parameter(disposition, "name")
    if name_ is None:
        raise MalformedMultipart("A part has no name.")
    return Part(name_, _parameter(disposition, "filename"), content_type)


def _parameter(disposition: str, name: str) -> str | None:
    match = re.search(
        rf';\s*{name}\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;\s]*))', disposition, re.IGNORECASE
    )
    if match is None:
        return None
    quoted, bare = match.groups()
    if quoted is None:
        return str(bare)
    return re.sub(r'\\(["\\])', r"\1", quoted)
