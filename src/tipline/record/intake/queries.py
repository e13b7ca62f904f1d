"""The books: what came in and what became of it, per door and day."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.keys import store
from tipline.record.evidence.models import EvidenceFile
from tipline.record.intake.models import RefusedCall, Submission
from tipline.record.reports.models import Report


@dataclass(frozen=True, slots=True)
class BookLine:
    """One door on one day. ``received`` is counted by itself, not as the sum of the others."""

    day: date
    door: str
    received: int
    accepted: int
    duplicate: int
    refused: int
    expired: int
    retracted: int
    open: int
    refused_calls: int

    @property
    def difference(self) -> int:
        found = (
            self.accepted
            + self.duplicate
            + self.refused
            + self.expired
            + self.retracted
            + self.open
        )
        return self.received - found


@dataclass(slots=True)
class Books:
    """All lines, and the ids of whatever does not add up."""

    lines: list[BookLine] = field(default_factory=list)
    reports_without_submission: list[int] = field(default_factory=list)
    submissions_without_report: list[int] = field(default_factory=list)
    files_without_bytes: list[str] = field(default_factory=list)

    @property
    def balanced(self) -> bool:
        return not (
            any(line.difference for line in self.lines)
            or self.reports_without_submission
            or self.submissions_without_report
            or self.files_without_bytes
        )

    def sums(self) -> dict[str, int]:
        """What was received and what became of it, over all doors and days."""
        names = ("received", "accepted", "duplicate", "refused", "expired", "retracted", "open")
        return {name: sum(getattr(line, name) for line in self.lines) for name in names}

    def as_json(self) -> dict[str, Any]:
        lines = [
            {**asdict(line), "day": line.day.isoformat(), "difference": line.difference}
            for line in self.lines
        ]
        return {
            "balanced": self.balanced,
            "lines": lines,
            "reports_without_submission": self.reports_without_submission,
            "submissions_without_report": self.submissions_without_report,
            "files_without_bytes": self.files_without_bytes,
        }


def books(actor: Actor, *, check_files: bool = False) -> Books:
    """Add up everything. ``check_files`` also looks for the bytes of every file."""
    actor.require(Permission.BOOKS_READ)
    result = Books(lines=_lines())
    opened = Submission.objects.filter(answer=Submission.Answer.OPENED)
    # Without the filter one NULL among the keys would make NOT IN find nothing at all.
    booked = opened.filter(report__isnull=False).values("report_id")
    result.reports_without_submission = list(
        Report.objects.exclude(pk__in=booked).values_list("pk", flat=True)
    )
    result.submissions_without_report = list(
        opened.filter(report__isnull=True).values_list("pk", flat=True)
    )
    if check_files:
        result.files_without_bytes = _files_without_bytes()
    return result


def _lines() -> list[BookLine]:
    opened = Q(answer=Submission.Answer.OPENED)
    rows = (
        Submission.objects.values("day", "door")
        .annotate(
            received=Count("pk"),
            duplicate=Count("pk", filter=Q(answer=Submission.Answer.DUPLICATE)),
            refused=Count("pk", filter=Q(answer=Submission.Answer.REFUSED)),
            accepted=Count("pk", filter=opened & Q(report__state=Report.State.FINISHED)),
            expired=Count("pk", filter=opened & Q(report__state=Report.State.EXPIRED)),
            retracted=Count("pk", filter=opened & Q(report__state=Report.State.RETRACTED)),
            open=Count("pk", filter=opened & Q(report__state=Report.State.OPEN)),
        )
        .order_by("day", "door")
    )
    calls = {
        (row["day"], row["door"]): row["n"]
        for row in RefusedCall.objects.values("day", "door").annotate(n=Count("pk"))
    }
    lines = [BookLine(**row, refused_calls=calls.pop((row["day"], row["door"]), 0)) for row in rows]
    lines += [BookLine(day, door, 0, 0, 0, 0, 0, 0, 0, n) for (day, door), n in calls.items()]
    return sorted(lines, key=lambda line: (line.day, line.door))


def _files_without_bytes() -> list[str]:
    """Files that are to be there and are not; those of a destroyed report may go any moment."""
    kept = EvidenceFile.objects.filter(
        destroyed_at__isnull=True, report__key__destroyed_at__isnull=True
    )
    names = kept.values_list("file_id", "object_name").iterator(2_000)
    return [file_id for file_id, name in names if not store().exists(name)]


def submissions_for(actor: Actor) -> QuerySet[Submission]:
    """A sender's own submissions, newest first."""
    actor.require(Permission.REPORTS_READ_OWN)
    return Submission.objects.filter(sender_id=actor.organisation_id).order_by("-pk")


def refused_calls_for(actor: Actor) -> QuerySet[RefusedCall]:
    actor.require(Permission.REPORTS_READ_OWN)
    return RefusedCall.objects.filter(sender_id=actor.organisation_id).order_by("-pk")
