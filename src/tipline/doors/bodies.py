"""Reading request bodies: whole and capped for XML and forms, streamed for files."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.http import HttpRequest

from tipline.doors.multipart import (
    ByteSource,
    MalformedMultipart,
    MultipartReader,
    boundary_of,
)

MOST_FORM = 64 * 1024
_PIECE = 256 * 1024
_MOST_DRAINED = 128 * 1024 * 1024
_DRAIN_SECONDS = 30.0
_SOURCE = "tipline.body"


class BodyTooLarge(Exception):  # noqa: N818 - says what is wrong
    """The body is larger than the limit, in bytes."""

    def __init__(self, limit: int, begun: bytes) -> None:
        super().__init__(f"The body is larger than {limit} bytes.")
        self.begun = begun


class BodyCutOff(Exception):  # noqa: N818
    """The body ended before the length that its header promised."""

    def __init__(self, begun: bytes = b"") -> None:
        super().__init__("The body was cut off.")
        self.begun = begun


@dataclass(slots=True)
class _Counted:
    """A body: ends with :class:`BodyCutOff` when the sender goes or promised bytes are missing."""

    source: ByteSource
    left: int | None
    begun: bool = False

    def read(self, size: int, /) -> bytes:
        self.begun = True
        if self.left is None:
            return self._read(size)
        piece = self._read(min(size, self.left)) if self.left else b""
        if not piece and self.left:
            raise BodyCutOff
        self.left -= len(piece)
        return piece

    def _read(self, size: int) -> bytes:
        try:
            return self.source.read(size)
        except OSError as error:  # some servers raise where others end the body
            raise BodyCutOff from error


def source_of(request: HttpRequest) -> _Counted:
    """The raw body, one per request: whoever asks again reads on.

    Django reads a chunked one as empty, so we ask the server itself.
    """
    environ: dict[str, Any] = request.META
    source: _Counted = environ.setdefault(_SOURCE, _counted(environ))
    return source


def _counted(environ: dict[str, Any]) -> _Counted:
    length = environ.get("CONTENT_LENGTH") or ""
    chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    promised = None if chunked else int(length) if length.isdecimal() else 0
    return _Counted(environ["wsgi.input"], promised)


def whole(request: HttpRequest, limit: int) -> bytes:
    """The body, at most ``limit`` bytes.

    :class:`BodyTooLarge` and :class:`BodyCutOff` keep what had been read.
    """
    source = source_of(request)
    body = bytearray()
    try:
        while piece := source.read(_PIECE):
            body += piece
            if len(body) > limit:
                raise BodyTooLarge(limit, bytes(body[:limit]))
    except BodyCutOff as error:
        raise BodyCutOff(bytes(body)) from error
    return bytes(body)


def drain(request: HttpRequest) -> None:
    """Read and forget what the sender still sends, so that it comes to read the answer.

    A client that is writing when the connection closes sees a reset instead of an answer.
    Bounded in bytes and in time: whoever sends more than that is cut off. Who asks before
    sending (``Expect: 100-continue``) and was refused without a look is not made to send.
    """
    source, read, until = source_of(request), 0, time.monotonic() + _DRAIN_SECONDS
    if request.META.get("HTTP_EXPECT") and not source.begun:
        return
    try:
        while read < _MOST_DRAINED and time.monotonic() < until and (piece := source.read(_PIECE)):
            read += len(piece)
    except BodyCutOff:
        return  # nobody is waiting for an answer any more


def multipart(request: HttpRequest) -> MultipartReader:
    """A streaming reader over the body; :class:`MalformedMultipart` when it is none."""
    content_type = request.META.get("CONTENT_TYPE", "")
    return MultipartReader(source_of(request), boundary_of(content_type), None)


def form_value(request: HttpRequest, name: str) -> str:
    """One short field of a form body, urlencoded or multipart; empty when absent."""
    if request.META.get("CONTENT_TYPE", "").lower().lstrip().startswith("multipart/"):
        found = ""
        reader = multipart(request)
        for part in reader.parts():
            if part.name == name:
                found = short(reader)
        return found
    body = whole(request, MOST_FORM)
    values = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
    return values.get(name, [""])[0]


def short(reader: MultipartReader) -> str:
    """The value of the present part, which must be short."""
    value = bytearray()
    for piece in reader.data():
        value += piece
        if len(value) > MOST_FORM:
            raise MalformedMultipart("A form field is too long.")
    return value.decode("utf-8", "replace")
