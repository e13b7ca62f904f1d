"""The check of a report before it is sent. Pure: bytes in, findings out.

The same reader, the same facts and the same rules as the pipeline's. What only other reports,
lists or people can tell stays unknown.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from tipline.ground.accounts.profiles import EspFacts
from tipline.ground.foundation import xml
from tipline.ground.foundation.reasons import Reason
from tipline.ground.foundation.xml_positions import Positions, position, positions
from tipline.insight.enrichment.rules import derive
from tipline.insight.triage import facts_told
from tipline.insight.triage.facts_told import Told, ToldFile
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.rules import what_would_help
from tipline.insight.triage.rules_judge import Gathered, judge
from tipline.record.reports import facts
from tipline.record.reports.doors import Door
from tipline.record.reports.facts import Missing
from tipline.record.reports.reading import Code, Problem, Reading, read_file_details, read_report

#: What a sender says of viewing, urgency and content is theirs alone to say.
NO_ADVICE: Final = frozenset(
    {
        "fileViewedByEsp",
        "exifViewedByEsp",
        "publiclyAvailable",
        "escalateToHighPriority",
        "reportAnnotations",
        "fileAnnotations",
        "potentialMeme",
        "industryClassification",
        "fileRelevance",
        "batchedReport",
    }
)
_NO_WISH: Final = frozenset({"viewed_flag"})
_NO_LACK: Final = frozenset({Missing.OPENABLE.value, Missing.VIEWED_FLAG.value})
#: An upload gives these two; nobody has them before.
_GIVEN_LATER: Final = frozenset({"/fileDetails/reportId", "/fileDetails/fileId"})
#: What cannot be read as a report at all.
_UNREADABLE: Final = frozenset({Code.MALFORMED.value, Code.FORBIDDEN.value, Code.WRONG_ROOT.value})
#: How many files may be named without their details; more say nothing more.
MOST_FILES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be sent: the report, the details of its files, and how many files in all.

    ``files`` is None where nothing was said: then there are as many as have details.
    """

    report: bytes
    details: Sequence[bytes] = ()
    files: int | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who would send it: what its profile says, and its name."""

    esp: EspFacts = field(default_factory=EspFacts)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong or odd. ``part``: ``report`` or ``fileDetails[1]``; places from 1."""

    part: str
    code: str
    path: str
    line: int | None
    column: int | None
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. ``result`` is the judgement of triage, None where nothing can be said:
    the XML is not readable, or would be refused even by the lenient reader. ``strict`` is the
    mode of the reader whose refusals are the errors.
    """

    readable: bool
    strict: bool
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    missing: tuple[str, ...] = ()
    features: Features | None = None
    result: Mapping[str, Any] | None = None
    would_help: tuple[Reason, ...] = ()

    @property
    def valid(self) -> bool:
        return not self.errors

    @property
    def clean(self) -> bool:
        """Nothing to mend, and nothing missing."""
        return not (self.errors or self.warnings or self.missing)


def check(
    draft: Draft, sender: Sender, policy: TriagePolicy, now: datetime, *, strict: bool
) -> Checked:
    """Read and judge a draft as if it were filed at ``now``. Raises nothing for any bytes."""
    reads = _Reads(now, strict)
    report = reads.read("report", draft.report, read_report)
    details = [
        reads.read(f"fileDetails[{n}]", raw, read_file_details)
        for n, raw in enumerate(draft.details, 1)
    ]
    found = reads.found()
    if report is None or None in details:
        return found
    told = _told(report, [one or {} for one in details], draft, sender, now)
    return _judged(found, told, policy)


def check_file_details(raw: bytes, now: datetime, *, strict: bool) -> Checked:
    """Read a ``fileDetails`` alone: what is wrong with it, and nothing more."""
    reads = _Reads(now, strict)
    reads.read("fileDetails[1]", raw, read_file_details)
    return reads.found()


def unreadable(words: str, *, strict: bool) -> Checked:
    """The answer for what cannot even be looked at."""
    fix = "Give the path of a file that you may read."
    error = Finding("report", "no_file", "", None, None, words, fix)
    return Checked(readable=False, strict=strict, errors=(error,), warnings=())


class _Reads:
    """Reads the parts, and collects what is found in all of them."""

    def __init__(self, now: datetime, strict: bool) -> None:
        self._now, self._strict = now, strict
        self.readable = True
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []

    def found(self) -> Checked:
        return Checked(self.readable, self._strict, tuple(self.errors), tuple(self.warnings))

    def read(
        self, part: str, raw: bytes, reader: Callable[..., Reading]
    ) -> Mapping[str, Any] | None:
        """The document, where at least the lenient reader would take it."""
        reading: Reading = reader(raw, strict=self._strict, now=self._now)
        if any(problem.code in _UNREADABLE for problem in reading.problems):
            self.readable = False
        found = _positions(raw) if reading.problems or reading.warnings else {}
        self.errors += _findings(part, reading.problems, found)
        self.warnings += _findings(part, reading.warnings, found)
        lenient = reader(raw, strict=False, now=self._now) if self._strict else reading
        return None if any(_findings(part, lenient.problems, found)) else lenient.document


def _positions(raw: bytes) -> Positions:
    """Where elements stand; where the XML breaks off, under the path of the whole."""
    try:
        xml.read(raw)
    except xml.XmlError as error:
        return {"/": (error.line, error.column)} if error.line else {}
    return positions(raw)


def _findings(part: str, problems: Sequence[Problem], found: Positions) -> Iterator[Finding]:
    for problem in problems:
        path = problem.path
        if path in _GIVEN_LATER:
            continue
        line, column = position(found, path) or (problem.line, None)
        fix = "" if _no_advice(path) else problem.fix
        yield Finding(part, problem.code, path, line, column, problem.message, fix)


def _no_advice(path: str) -> bool:
    steps = {step.partition("[")[0].removeprefix("@") for step in path.split("/")}
    return not steps.isdisjoint(NO_ADVICE)


def _told(
    report: Mapping[str, Any],
    details: Sequence[Mapping[str, Any]],
    draft: Draft,
    sender: Sender,
    now: datetime,
) -> Told:
    more = max(0, min(draft.files or 0, MOST_FILES) - len(details))
    files = [*(_file(one) for one in details), *(_file({}) for _ in range(more))]
    return Told(
        document=report,
        files=files,
        esp=sender.esp,
        door=Door.ISPWS,
        sender=sender.name,
        filed=now,
        now=now,
        places=derive(report, [file.details for file in files]),
    )


def _file(details: Mapping[str, Any]) -> ToldFile:
    """A file that will be uploaded: it has bytes, and the type that its name promises."""
    name = str(details.get("originalFileName") or details.get("fileName") or "")
    return ToldFile("", 1, mimetypes.guess_type(name)[0] or "", details)


def _judged(found: Checked, told: Told, policy: TriagePolicy) -> Checked:
    # Whether a file is new is known only by comparing it.
    features = Features(**{**facts_told.told(told), "novel_viewed": None})
    gathered = Gathered(
        features=features,
        clocks=(),  # when evidence ends says nothing of how good the report is
        files=len(told.files),
        known_files=0,
        new_files=0,
        links=0,
        place=facts_told.place_words(told),
    )
    return replace(
        found,
        missing=tuple(_missing(told)),
        features=features,
        result=judge(gathered, told.now, policy),
        would_help=what_would_help(features, policy, without=_NO_WISH),
    )


def _missing(told: Told) -> list[str]:
    found = facts.missing(told.document, told.file_facts, told.details)
    return [code for code in found if code not in _NO_LACK]
