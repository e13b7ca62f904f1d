"""What was refused: the code in words, and each finding with its line and its fix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tipline.doors.portals.look.parts import Fact

if TYPE_CHECKING:
    from tipline.record.intake.models import RefusedCall, Submission


@dataclass(frozen=True, slots=True)
class Refused:
    """One refusal. ``number`` is the report that the call named; empty for a submission."""

    at: datetime
    code: str
    words: str
    problems: tuple[Fact, ...]
    call: str = ""
    number: str = ""
    size: int = 0
    sha256: str = ""


def refused_submission(row: Submission) -> Refused:
    return Refused(
        at=row.received_at,
        code=row.code,
        words=code_words(row.code),
        problems=_facts(row.problems),
        size=row.size,
        sha256=row.sha256,
    )


def refused_call(row: RefusedCall) -> Refused:
    return Refused(
        at=row.at,
        code=row.code,
        words=code_words(row.code),
        problems=_facts(row.problems),
        call=row.call,
        number="" if row.number == "0" else row.number,
    )


def _facts(problems: Iterable[Mapping[str, Any]]) -> tuple[Fact, ...]:
    return tuple(_fact(problem) for problem in problems)


def _fact(problem: Mapping[str, Any]) -> Fact:
    path, line = str(problem.get("path") or ""), problem.get("line")
    where = _("Line %(line)s: %(path)s") % {"line": line, "path": path} if line else path
    return Fact(where, str(problem.get("message", "")), note=str(problem.get("fix", "")))


def code_words(code: str) -> str:
    """A response code of the reporting API, and what to do about it."""
    known = {
        "3000": _("This account may not do that. Ask the clearinghouse."),
        "4000": _("The request could not be understood. Check its fields."),
        "4100": _("The document is not valid. Mend what is listed and send it again."),
        "4110": _("The XML cannot be read. Escape & and <, and close every element."),
        "4200": _("The upload was not in order. Send the bytes in a part named file."),
        "5001": _("There is no such open report of yours: unknown, or expired. Submit it again."),
        "5002": _("There is no such file in that report. Use the fileId that the upload gave."),
        "5101": _("The report had been retracted. Submit it again if it still matters."),
        "5102": _("The report had been finished already: it is filed, nothing is lost."),
    }
    return known.get(code, "")
