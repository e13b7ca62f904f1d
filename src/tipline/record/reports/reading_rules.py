"""Rules that no schema can state (API table 7): values that contradict each other.

Refused are only those that the reference says are refused with confidence A or B.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tipline.ground.foundation.times import read_time
from tipline.ground.foundation.xml import Node
from tipline.ground.taxonomy.files import FileRelevance
from tipline.record.reports.reading_findings import Findings, Place
from tipline.record.reports.reading_problems import Code

Document = Mapping[str, Any]

CLOCK_TOLERANCE = timedelta(minutes=10)  # clocks of providers run ahead a little
_FURTHEST_ZONE = timedelta(hours=14)  # a wall clock without zone may be this far ahead of UTC


def check_report(document: Document, root: Node, now: datetime, findings: Findings) -> None:
    """The rules on a whole report. ``now`` is aware."""
    _incident_time(document, root, now, findings)
    _blank_escalation(root, findings)
    _reporter_email(document, root, findings)
    _number_reported(document, root, findings)
    _process_country(document, root, findings)
    _urls(document, root, findings)


def check_file_details(document: Document, root: Node, now: datetime, findings: Findings) -> None:
    """The rules on one file. ``now`` is aware."""
    uploaded = document.get("uploadedToEspTimestamp", "")
    if is_future(uploaded, now):
        findings.find(Code.FUTURE_UPLOAD, _at(root, "uploadedToEspTimestamp"), value=uploaded)
    if document.get("exifViewedByEsp") and not document.get("fileViewedByEsp"):
        findings.find(Code.EXIF_WITHOUT_FILE, _at(root, "exifViewedByEsp"))
    if document.get("fileRelevance") != FileRelevance.SUPPLEMENTAL:
        return
    flags = document.get("fileAnnotations", {})
    if document.get("potentialMeme") or flags.get("potentialMeme"):
        name = "potentialMeme"
        findings.find(Code.SUPPLEMENTAL_CLASSIFIED, _at(root, "fileRelevance", name=name))
    if "industryClassification" in document:
        findings.find(Code.SUPPLEMENTAL_CLASSIFIED, _at(root, "industryClassification"))


def is_future(text: str, now: datetime) -> bool:
    """Whether a time lies after ``now`` beyond doubt, its zone known or not."""
    time, latest = read_time(text), now + CLOCK_TOLERANCE
    if time.instant is not None:
        return time.instant > latest
    if time.naive is not None:
        return time.naive > latest.replace(tzinfo=None) + _FURTHEST_ZONE
    if time.day is not None:
        return time.day > (latest + _FURTHEST_ZONE).date()
    return re.match(r"\d{5}", text) is not None  # a year of five digits


def _incident_time(document: Document, root: Node, now: datetime, findings: Findings) -> None:
    written = document.get("incidentSummary", {}).get("incidentDateTime", "")
    if is_future(written, now):
        place = _at(root, "incidentSummary", "incidentDateTime")
        findings.find(Code.FUTURE_INCIDENT, place, value=written)


def _blank_escalation(root: Node, findings: Findings) -> None:
    for summary in _children(root, "incidentSummary"):
        for element in _children(summary, "escalateToHighPriority"):
            if not element.text.strip():
                place = _at(root, "incidentSummary", "escalateToHighPriority")
                findings.find(Code.BLANK_ESCALATION, place)


def _reporter_email(document: Document, root: Node, findings: Findings) -> None:
    person = document.get("reporter", {}).get("reportingPerson")
    if person is not None and not person.get("email"):
        findings.find(Code.REPORTER_WITHOUT_EMAIL, _at(root, "reporter", "reportingPerson"))


def _number_reported(document: Document, root: Node, findings: Findings) -> None:
    count = len(document.get("personOrUserReported", []))
    if count > 1 and "batchedReport" not in document:
        findings.find(Code.SEVERAL_REPORTED, _at(root, "personOrUserReported"), count=count)


def _process_country(document: Document, root: Node, findings: Findings) -> None:
    block = document.get("lawEnforcement", {})
    process = block.get("servedLegalProcessInternational", {})
    if ("fleaCountry" in block or "fleaCountry" in process) and not process.get("value"):
        findings.find(Code.COUNTRY_WITHOUT_PROCESS, _at(root, "lawEnforcement"))


def _urls(document: Document, root: Node, findings: Findings) -> None:
    urls = [
        url
        for details in document.get("internetDetails", [])
        for url in details.get("webPageIncident", {}).get("url", [])
    ]
    if any(re.search(r"[\s\x00-\x1f\x7f-\x9f]", url) for url in urls):
        place = _at(root, "internetDetails", "webPageIncident", "url")
        findings.find(Code.URL_WITH_SPACE, place)


def _children(node: Node, tag: str) -> list[Node]:
    return [child for child in node.children if child.tag == tag]


def _at(root: Node, *tags: str, name: str = "") -> Place:
    """The first place of that path, with the line of as much of it as exists."""
    node, path = root, f"/{root.tag}"
    for tag in tags:
        found = _children(node, tag)
        node = found[0] if found else node
        path = f"{path}/{tag}"
    return Place(name or tags[-1], path, node.line)
