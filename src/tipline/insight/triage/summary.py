"""One calm sentence about a report, for the queue's row and the delivered header.

Pure: facts in, a code with plain parameters out; :func:`tipline.insight.triage.words.sentence`
puts it into words. It states what is on record and never describes what a file shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tipline.ground.foundation.reasons import Source
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.insight.triage.rules_types import NOT_URGENT, UrgencyResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """What a summary may mention. ``place``: a short code or name, empty when unknown.

    ``files``: all files of the report; ``known_files`` and ``new_files`` are None until
    matching is done. ``urgency``: what :func:`tipline.insight.triage.rules.urgency` said.
    """

    incident_type: IncidentType | None = None
    files: int = 0
    known_files: int | None = None
    new_files: int | None = None
    place: str = ""
    urgency: UrgencyResult = NOT_URGENT


@dataclass(frozen=True, slots=True)
class Summary:
    """``params`` are plain JSON values, so that a summary can be stored and translated later."""

    code: str
    params: Mapping[str, Any]


def summarise(facts: ReportFacts) -> Summary:
    """The report in one line: how urgent and why, what kind, which files, where."""
    matched = facts.known_files is not None and facts.new_files is not None
    return Summary(
        code="summary.report",
        params={
            "urgency": facts.urgency.urgency.value,
            "why": _why(facts.urgency),
            "incident": facts.incident_type.value if facts.incident_type else "",
            "files": facts.files,
            "known": facts.known_files if matched else None,
            "new": facts.new_files if matched else None,
            "place": " ".join(facts.place.split()),
        },
    )


def _why(urgency: UrgencyResult) -> str:
    """The code of the signal to name: a person's word before a sender's."""
    if not urgency.urgent:
        return ""
    standing = [signal for signal in urgency.signals if not signal.params.get("refuted")]
    standing.sort(key=lambda signal: signal.source is not Source.ANALYST)
    return standing[0].code.removeprefix("triage.") if standing else ""
