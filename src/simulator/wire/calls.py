"""The requests of the API in the style of a client."""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode

from simulator.wire.connections import Call
from simulator.wire.styles import WireStyle


def xml_call(name: str, document: str, style: WireStyle) -> Call:
    """``submit`` or ``fileinfo``: a document in the client's content type."""
    return Call(name, _headers(style, style.xml_type), document.encode("utf-8"))


def id_call(name: str, report_id: str, style: WireStyle) -> Call:
    """``finish`` or ``retract``: the report's number as a form."""
    if style.form == "urlencoded":
        body = urlencode({"id": report_id}).encode()
        return Call(name, _headers(style, "application/x-www-form-urlencoded"), body)
    boundary = _boundary(style, name, report_id)
    return _multipart(name, [_id_part(report_id)], boundary, style)


def upload_call(
    report_id: str, data: bytes, file_name: str, media_type: str, style: WireStyle
) -> Call:
    """``upload``: the report's number and the file, in the client's order and detail."""
    boundary = _boundary(style, file_name, hashlib.md5(data, usedforsecurity=False).hexdigest())
    parts = [_id_part(report_id), _file_part(data, file_name, media_type, style)]
    return _multipart("upload", parts[::-1] if style.file_first else parts, boundary, style)


def _headers(style: WireStyle, content_type: str) -> tuple[tuple[str, str], ...]:
    return (("User-Agent", style.user_agent), *style.headers, ("Content-Type", content_type))


def _boundary(style: WireStyle, *seeds: str) -> str:
    return style.boundary + hashlib.sha256("/".join(seeds).encode()).hexdigest()[:24]


def _id_part(report_id: str) -> bytes:
    return b'Content-Disposition: form-data; name="id"\r\n\r\n' + report_id.encode()


def _file_part(data: bytes, file_name: str, media_type: str, style: WireStyle) -> bytes:
    head = b'Content-Disposition: form-data; name="file"'
    if style.part_name:
        quoted = file_name.replace('"', "%22")
        head += f'; filename="{quoted}"'.encode()  # raw UTF-8, as real clients send it
    if style.part_type:
        head += f"\r\nContent-Type: {media_type}".encode()
    return head + b"\r\n\r\n" + data


def _multipart(name: str, parts: list[bytes], boundary: str, style: WireStyle) -> Call:
    mark = b"--" + boundary.encode()
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
    headers = _headers(style, f"multipart/form-data; boundary={boundary}")
    return Call(name, headers, body, chunked=style.chunked and name == "upload")
