"""Reading what providers send: XML into a report document, with everything that is wrong.

Lenient (the default) refuses what cannot be understood and stores the rest with a warning;
strict refuses whatever the schema refuses, besides. Nothing is ever lost: text without a
place in the document is kept under ``unrecognised`` as ``{"path", "xml"}``.

=====================================================  ===========  ===========
finding                                                lenient      strict
=====================================================  ===========  ===========
XML not well-formed, DOCTYPE, too large or deep        4110         4110
another root element, or one in a namespace            4100         4100
required element or attribute missing                  4100         4100
value outside an enumeration                           4100         4100
required number, boolean or time that is none          4100         4100
``fileId`` blank                                       4100         4100
incident in the future (10 minutes of tolerance;       4100         4100
without a zone: in every zone)
``exifViewedByEsp`` without ``fileViewedByEsp``        4100         4100
supplemental file with a classification or meme flag   4100         4100
known misspelling of an incident type                  mapped       4100
optional number, boolean or time that is none          kept as text 4100
number outside its documented range (port, age,        kept as text 4100
latitude, longitude)
longer than documented                                 kept whole   4100
out of order, repeated, unknown, stray text            kept         4100
unknown flag in a group of annotations                 kept as flag 4100
flag that says false                                   not set      4100
white space around an enumerated value                 trimmed      4100
near form of a date or time                            kept         4100
several kinds in one ``internetDetails``               one each     4100
``internetDetails`` without a kind                     absent       4100
several ``ipCaptureEvent`` in one file                 all kept     4100
``potentialMeme`` beside ``fileAnnotations``           both kept    4100
blank optional number, boolean, time or enumeration    absent       4100
empty optional block that the schema wants filled      absent       4100
blank optional text, empty block that may be empty     absent       absent
blank required text (``fileId`` apart)                 kept blank   kept blank
blank text with attributes                             kept as text kept as text
blank escalation                                       not escal.   4100
white space or control characters in a ``url``         kept         4100
attribute in its other documented place                moved        moved
time without a zone, upload in the future, reporter    warned       warned
without email, several users reported, ``fleaCountry``
without process
=====================================================  ===========  ===========

Not checked here: that the caller owns the report and file, and that prior reports exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tipline.ground.foundation.xml import ForbiddenXml, Node, XmlError, read
from tipline.record.reports.reading_findings import Findings, Place
from tipline.record.reports.reading_problems import Code, Effect, Problem
from tipline.record.reports.reading_rules import check_file_details, check_report
from tipline.record.reports.reading_walk import walk
from tipline.record.reports.schema import FILE_DETAILS, REPORT, Element

__all__ = ["Code", "Problem", "Reading", "read_file_details", "read_report"]

_UNREADABLE = frozenset({Code.MALFORMED, Code.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class Reading:
    """A document, what refuses it, and what is merely worth saying.

    ``document`` is as good as could be read even when there are problems; empty when the XML
    could not be read.
    """

    document: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def accepted(self) -> bool:
        return not self.problems

    @property
    def response_code(self) -> int:
        """0, 4100 (validation failed) or 4110 (malformed XML)."""
        if not self.problems:
            return 0
        return 4110 if self.problems[0].code in _UNREADABLE else 4100


def read_report(data: bytes, *, strict: bool, now: datetime) -> Reading:
    """Read a ``report``. ``now`` is aware: incidents after it are refused. Raises nothing."""
    findings = Findings()
    root = _root(data, REPORT, findings)
    if root is None:
        return _reading({}, findings, strict=strict)
    document = walk(root, REPORT, findings)
    check_report(document, root, now, findings)
    return _reading(document, findings, strict=strict)


def read_file_details(data: bytes, *, strict: bool, now: datetime) -> Reading:
    """Read a ``fileDetails``; its document has ``reportId`` (int) and ``fileId`` (str).

    ``now`` as in :func:`read_report`. Raises nothing.
    """
    findings = Findings()
    root = _root(data, FILE_DETAILS, findings)
    if root is None:
        return _reading({}, findings, strict=strict)
    document = walk(root, FILE_DETAILS, findings)
    check_file_details(document, root, now, findings)
    return _reading(document, findings, strict=strict)


def _root(data: bytes, row: Element, findings: Findings) -> Node | None:
    place = Place(row.name, f"/{row.name}", 1)
    try:
        root = read(data)
    except XmlError as error:
        code = Code.FORBIDDEN if isinstance(error, ForbiddenXml) else Code.MALFORMED
        findings.find(code, Place("", "/", error.line), reason=error.reason)
        return None
    if root.tag != row.name:
        findings.find(Code.WRONG_ROOT, place, found=root.tag, expected=row.name)
        return None
    return root


def _reading(document: dict[str, Any], findings: Findings, *, strict: bool) -> Reading:
    if findings.unrecognised:
        document["unrecognised"] = findings.unrecognised
    return Reading(
        document,
        findings.with_effect(Effect.REFUSE, strict=strict),
        findings.with_effect(Effect.WARN, strict=strict),
    )
