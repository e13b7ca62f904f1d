"""Bytes to send: reports, file details and multipart bodies, each as small as its test allows."""

from __future__ import annotations

from collections.abc import Sequence

TYPE = "Child Sex Trafficking"


def report(summary: str = "", after: str = "", *, kind: str = TYPE, time: str = "") -> bytes:
    """A valid small report; ``summary`` stands between type and time, ``after`` at the end."""
    written = time or "2026-02-03T04:05:06Z"
    return (
        f"<report><incidentSummary><incidentType>{kind}</incidentType>{summary}"
        f"<incidentDateTime>{written}</incidentDateTime></incidentSummary>"
        "<reporter><reportingPerson><email>desk@esp.example</email></reportingPerson></reporter>"
        f"{after}</report>"
    ).encode()


def suspect(inner: str) -> bytes:
    return report(after=f"<personOrUserReported>{inner}</personOrUserReported>")


def details(report_id: int, file_id: str, inner: str = "") -> bytes:
    return (
        f"<fileDetails><reportId>{report_id}</reportId><fileId>{file_id}</fileId>"
        f"{inner}</fileDetails>"
    ).encode()


Parts = Sequence[tuple[str, str]]


def field_part(name: str, value: str) -> bytes:
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()


def file_part(content: bytes, name: str | None = "a.png", content_type: str = "image/png") -> bytes:
    """A file part; without a name, and without a type, where those are None and empty."""
    head = 'Content-Disposition: form-data; name="file"'
    head += "" if name is None else f'; filename="{name}"'
    head += f"\r\nContent-Type: {content_type}" if content_type else ""
    return f"{head}\r\n\r\n".encode() + content


def joined(boundary: str, parts: Sequence[bytes]) -> bytes:
    """A multipart body of these parts."""
    mark = f"--{boundary}".encode()
    return b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def multipart(
    boundary: str,
    fields: Sequence[tuple[str, str]] = (),
    file: tuple[str | None, bytes, str] | None = None,
) -> bytes:
    """Fields first, then the file (name, bytes, type)."""
    parts = [field_part(name, value) for name, value in fields]
    if file is not None:
        name, content, content_type = file
        parts.append(file_part(content, name, content_type))
    return joined(boundary, parts)
