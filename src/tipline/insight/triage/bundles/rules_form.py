"""What a report is like, part by part, as digests: equal digests mean equal facts. Pure.

Everything that a report says is compared, and only what is named here may vary: the numbers
of report and files, times of events, addresses at which somebody was seen (their places are
compared), the ESP's own staff. Something new in the schema is compared without being named.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tipline.ground.foundation.times import ReportedTime
from tipline.insight.enrichment.rules import PlaceEvidence
from tipline.insight.triage.facts_told import Told
from tipline.record.reports.facts import IdentifierKind, ip_captures

PARTS = ("people", "text", "files", "names", "places", "other")
_PEOPLE = ("personOrUserReported", "intendedRecipient", "victim")
#: What somebody wrote, wherever it stands.
_TEXT_NAMES = frozenset(
    {
        "additionalInfo",
        "content",
        "escalateToHighPriority",
        "fileNames",
        "incidentDateTimeDescription",
        "profileBio",
        "vehicleDescription",
    }
)
_MAY_VARY = frozenset(
    {
        "contactPerson",
        "dateTime",
        "disabledDate",
        "fileId",
        "fileName",
        "incidentDateTime",
        "ipCaptureEvent",
        "originalFileName",
        "priorCTReports",
        "reenabledDate",
        "reportId",
        "reportingPerson",
        "timestamp",
        "uploadedToEspTimestamp",
        "userNotifiedDate",
        "verificationDate",
    }
)
#: Numbers, and the long runs of hexadecimal digits that machines name things by.
_NUMBERED = re.compile(r"[0-9a-f]{8,}|[0-9]+")
_AROUND = ".,;:!?()[]{}<>\"'"
_OWN = "\x00"
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Form:
    """One report's form.

    ``content``: digest of its reported files (of the digests it names where no byte came;
    empty when it has neither), ``held``: whether bytes of them came. ``addresses``: digest of
    where the content is found. ``template``: digest of its type and its text without numbers.
    ``parts``: digest per name of :data:`PARTS`. ``incident``: hours since 1970 with how they
    are known (``zoned``, or ``wall`` where no zone was given), None without a usable time.
    """

    content: str
    held: bool
    addresses: str
    template: str
    parts: Mapping[str, str]
    incident: tuple[str, int] | None


def digest(*values: object) -> str:
    """SHA-256 over plain values in their order."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def form_of(told: Told) -> Form:
    """The form of a report as its sender made it."""
    texts = list(_texts(told))
    contents = sorted(digest(*each) for each in _contents(told))
    urls = {one.raw.strip() for one in told.all_identifiers if one.kind is IdentifierKind.URL}
    numberless = [_NUMBERED.sub("#", text) for text in texts]
    return Form(
        content=digest(contents) if contents else "",
        held=any(file.size > 0 for file, _said in told.reported),
        addresses=digest(sorted(urls)),
        template=digest(told.summary.get("incidentType", ""), numberless),
        parts=_parts(told, texts),
        incident=_hours(told.incident),
    )


def _parts(told: Told, texts: list[str]) -> dict[str, str]:
    others = {name: part for name, part in told.document.items() if name not in _PEOPLE}
    return {
        "people": digest({name: _said(told.document.get(name, [])) for name in _PEOPLE}),
        "text": digest(texts),
        "files": digest(sorted(digest(file.sha256, _said(file.details)) for file in told.files)),
        "names": digest(sorted(_NUMBERED.sub("#", name) for name in _file_names(told))),
        "places": digest(None if told.places is None else _places(told.spoken_places)),
        "other": digest(_said(others)),
    }


def _contents(told: Told) -> Iterator[tuple[str, list[str]]]:
    """Per reported file the digest of its bytes; without bytes, those it is said to have."""
    for file, _told in told.reported:
        named = sorted(
            str(one.get("value", "")) for one in file.details.get("originalFileHash", ())
        )
        if file.size > 0:
            yield file.sha256, []
        elif named:
            yield "", named


def _said(value: Any) -> Any:
    """A copy without what may vary and without texts, which are compared by themselves."""
    if isinstance(value, Mapping):
        left_out = _MAY_VARY | _TEXT_NAMES
        return {name: _said(each) for name, each in value.items() if name not in left_out}
    return [_said(each) for each in value] if isinstance(value, list) else value


def _texts(told: Told) -> Iterator[str]:
    """What was written, in its order, each with the name of where it stands.

    The report's own addresses, times and file names are taken out of it: they may vary.
    """
    own = _own_values(told)
    for name, text in _written([told.document, *told.details]):
        words = (_OWN if word.strip(_AROUND) in own else word for word in _plain(text).split())
        yield f"{name} {' '.join(words)}"


def _written(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _written(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _written(each, name)
    elif name in _TEXT_NAMES and str(value).strip():
        yield name, str(value)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _own_values(told: Told) -> set[str]:
    """Words that differ between two tellings of one thing, and are compared in another way."""
    captures = ip_captures(told.document, told.details)
    times = [capture.time.as_written for capture in captures if capture.time]
    times.append(told.summary.get("incidentDateTime", ""))
    values = (*(capture.address for capture in captures), *times, *_file_names(told))
    return {_plain(value).strip() for value in values} - {""}


def _file_names(told: Told) -> list[str]:
    names = ("fileName", "originalFileName")
    return [_plain(str(each[name])) for each in told.details for name in names if each.get(name)]


def _places(pieces: Sequence[PlaceEvidence]) -> list[list[str]]:
    """Where, and of whom; a value without a known place stands for itself."""
    found = {
        (p.role.value, p.place.country, p.place.state, p.place.city)
        if p.place
        else (p.role.value, p.kind, p.value, "")
        for p in pieces
    }
    return sorted(map(list, found))


def _hours(time: ReportedTime | None) -> tuple[str, int] | None:
    if time is None or time.day is None:
        return None
    wall = time.instant or time.naive or datetime.combine(time.day, datetime.min.time())
    hours = int(wall.replace(tzinfo=UTC).timestamp() // _HOUR)
    return ("zoned" if time.instant else "wall", hours)
