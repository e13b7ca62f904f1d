"""What a download is made of, and the small pieces that people and files have in common. Pure.

The shape is the one that agencies' tools index directly: a key that is absent stops them, so
every key stands, null where the report says nothing. Lists that tools iterate without asking
are empty instead of null. Two published tools were read for it (reference "domain", section
1): one loops over ``sourceCaptures`` and takes ``tags[0]`` of every group, the other takes all
tags of the first group; both fail on a group without tags, so a file without tags has null.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tipline.ground.foundation.times import read_time
from tipline.ground.taxonomy.contacts import CaptureType
from tipline.record.reports.document import Document, entries, text

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """One received file: its row, what the ESP says of it, our labels and the gate's answer.

    ``tags``: the words of labels, the most important first. ``labels``: every statement as plain
    JSON values, withdrawn ones too; ``values``: open classification. ``gate``: plain JSON values,
    see :func:`tipline.delivery.cases.downloads.gate_json`.
    """

    file_id: str
    name: str
    md5: str
    sha1: str
    sha256: str
    size: int
    content_type: str = ""
    details: Document = field(default_factory=dict)
    tags: Sequence[str] = ()
    labels: Sequence[Mapping[str, Any]] = ()
    children: int = 0
    values: Sequence[Mapping[str, Any]] = ()
    gate: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One report as an agency may have it.

    ``received``: aware. ``sender``: the name of the ESP, or a word for the public.
    ``reporter_sealed``: the reporter is a member of the public, who is sealed from this agency.
    ``reporter_released``: since when it may know them, aware; then the document says who it is.
    ``additions``: plain JSON for our own key ``tipline``.
    """

    number: int
    received: datetime
    sender: str
    document: Document
    files: Sequence[FilePart] = ()
    reporter_sealed: bool = False
    reporter_released: datetime | None = None
    additions: Mapping[str, Any] = field(default_factory=dict)


def wire_time(instant: datetime | None) -> str | None:
    """``YYYY-MM-DDTHH:MM:SSZ``, or None: a time without a zone has no instant."""
    if instant is None:
        return None
    return instant.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def moment(key: str, written: str) -> Json:
    """A time under ``key`` and, beside it, as it was written. An absent zone is never UTC."""
    return {
        key: wire_time(read_time(written).instant) if written else None,
        f"{key}AsWritten": written or None,
    }


def said(document: Document, *names: str) -> str | None:
    """The text under these names; None where there is none."""
    return text(document, *names) or None


def capture(kind: CaptureType, value: str, entry: Document | None = None) -> Json:
    """One source capture; ``entry`` is the ``ipCaptureEvent`` that it was read from."""
    found = entry or {}
    return {
        "captureType": kind.value,
        "value": value,
        **moment("dateTime", text(found, "dateTime")),
        "port": found.get("port"),
        "eventName": said(found, "eventName"),
        "possibleProxy": found.get("possibleProxy"),
    }


def source_information(captures: Iterable[Json]) -> Json | None:
    """The captures in their box; null when there is none."""
    found = list(captures)
    return {"sourceCaptures": found} if found else None


def ip_captures(element: Document) -> Iterator[Json]:
    """Every IP address captured for a person or a file, in the order of the report."""
    for _path, entry in entries(element, "ipCaptureEvent", ""):
        if isinstance(entry, Mapping):
            yield capture(CaptureType.IP_ADDRESS, text(entry, "ipAddress"), entry)


def url_captures(element: Document, name: str, kind: CaptureType) -> Iterator[Json]:
    for _path, written in entries(element, name, ""):
        yield capture(kind, str(written))


def contacts(element: Document, name: str, box: str) -> Json | None:
    """E-mail addresses or phone numbers with whether they are verified; null when none."""
    found = [
        {"value": text(entry, "value"), "verified": entry.get("verified")}
        for _path, entry in entries(element, name, "")
        if isinstance(entry, Mapping)
    ]
    return {box: found} if found else None


def informations(texts: Iterable[str]) -> list[Json]:
    """Free text in the field's shape; the reporter's own words come first."""
    return [{"value": each} for each in texts if each.strip()]


def texts_of(element: Document, name: str) -> Iterator[str]:
    for _path, written in entries(element, name, ""):
        yield str(written)


def unplaced(element: Document, placed: Iterable[str]) -> Iterator[str]:
    """What the shape has no key for, one line each: tools that read nothing else show it."""
    for name, value in element.items():
        if name not in placed:
            for each in value if isinstance(value, list) else [value]:
                yield f"{name}: {_line(each)}"


def _line(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_line(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_line, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
