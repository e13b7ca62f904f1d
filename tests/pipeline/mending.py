"""Putting into a draft what a check has asked for, as a sender who has the fact would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from datetime import datetime
from typing import Any

from tipline.pipeline.check.rules_check import Draft
from tipline.record.reports.reading import read_file_details, read_report
from tipline.record.reports.writing import file_details_xml, report_xml

_ZONED = re.compile(r"(Z|[+-]\d\d:\d\d)$")
_TIME = "2026-11-20T09:58:00Z"
#: An address that the vendored data places in California.
_CAPTURE = {"ipAddress": "169.229.216.200", "eventName": "Login", "dateTime": _TIME}
Document = dict[str, Any]


def mended(draft: Draft, codes: Iterable[str], now: datetime) -> Draft:
    """The draft with these facts in it, written anew."""
    report = deepcopy(read_report(draft.report, strict=False, now=now).document)
    details = [
        deepcopy(read_file_details(raw, strict=False, now=now).document) for raw in draft.details
    ]
    for code in codes:
        _MENDS[code.removeprefix("triage.help.")](report, details)
    for number, one in enumerate(details):
        one.update({"reportId": 7, "fileId": one.get("fileId", f"f{number}")})
    files = max(draft.files or 0, len(details))
    return Draft(report_xml(report), [file_details_xml(one) for one in details], files)


def _suspect(report: Document) -> Document:
    people = report.setdefault("personOrUserReported", [])
    if not people:
        people.append({})
    found: Document = people[0]
    return found


def _person(report: Document) -> Document:
    found: Document = _suspect(report).setdefault("personOrUserReportedPerson", {})
    return found


def _captures(report: Document, details: list[Document]) -> Iterator[Document]:
    for element in (*report.get("personOrUserReported", []), *details):
        yield from element.get("ipCaptureEvent", [])


def _zoned(written: str) -> str:
    return written if _ZONED.search(written) else f"{written}Z"


def _user_id(report: Document, _details: list[Document]) -> None:
    _suspect(report)["espIdentifier"] = "user-4711"


def _contact(report: Document, _details: list[Document]) -> None:
    _person(report).setdefault("email", []).append({"value": "someone@example.net"})


def _verified(report: Document, _details: list[Document]) -> None:
    for person in report.get("personOrUserReported", []):
        block = person.get("personOrUserReportedPerson", {})
        for entry in (*block.get("email", []), *block.get("phone", [])):
            entry["verified"] = True


def _ip(report: Document, _details: list[Document]) -> None:
    _suspect(report).setdefault("ipCaptureEvent", []).append(dict(_CAPTURE))


def _ip_zone(report: Document, details: list[Document]) -> None:
    for capture in _captures(report, details):
        capture["dateTime"] = _zoned(capture.get("dateTime", _TIME))


def _ip_port(report: Document, details: list[Document]) -> None:
    for capture in _captures(report, details):
        capture["port"] = 50123


def _incident_zone(report: Document, _details: list[Document]) -> None:
    summary = report["incidentSummary"]
    summary["incidentDateTime"] = _zoned(summary["incidentDateTime"])


def _incident_time(report: Document, _details: list[Document]) -> None:
    report["incidentSummary"]["incidentDateTime"] = _TIME


def _chat(report: Document, _details: list[Document]) -> None:
    said = {"chatImIncident": {"chatClient": "Kites", "content": "good morning"}}
    report.setdefault("internetDetails", []).append(said)


def _one_more_file(_report: Document, details: list[Document]) -> None:
    details.append({"originalFileName": "kite.png"})


_MENDS: dict[str, Callable[[Document, list[Document]], None]] = {
    "user_id": _user_id,
    "contact": _contact,
    "verified_contact": _verified,
    "ip_with_time": _ip,
    "zone_of_ip_time": _ip_zone,
    "port_of_ip": _ip_port,
    "zone_of_incident_time": _incident_zone,
    "incident_time": _incident_time,
    "chat": _chat,
    "file": _one_more_file,
}
ALL = tuple(_MENDS)
