"""Reads of outcomes: in sum for senders, per report where released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Count

from tipline.ground.foundation.actor import Actor, Permission
from tipline.record.outcomes.models import Outcome, SenderRecord


def outcomes_of(number: int) -> list[Outcome]:
    """All answers to a report, oldest first. The caller has checked that its actor may see it."""
    return list(Outcome.objects.select_related("agency").filter(report_id=number).order_by("pk"))


def answers_for(actor: Actor, numbers: Iterable[int]) -> dict[int, list[Outcome]]:
    """An agency's own answers to these reports, oldest first; others' answers are not its own."""
    actor.require(Permission.OUTCOMES_RECORD)
    rows = Outcome.objects.select_related("recorded_by").filter(
        report_id__in=list(numbers), agency_id=actor.organisation_key
    )
    found: dict[int, list[Outcome]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.report_id, []).append(row)
    return found


def sums_for_sender(actor: Actor) -> dict[str, int]:
    """How many answers of each status a sender's reports have had."""
    actor.require(Permission.REPORTS_READ_OWN)
    rows = Outcome.objects.filter(report__sender_id=actor.organisation_id)
    return dict(rows.values_list("status").annotate(n=Count("pk")).order_by("status"))


def released_for_sender(actor: Actor, numbers: list[int]) -> dict[int, list[Outcome]]:
    """Released answers to these of the sender's own reports."""
    actor.require(Permission.REPORTS_READ_OWN)
    rows = Outcome.objects.filter(
        report_id__in=numbers, report__sender_id=actor.organisation_id, released_to_sender=True
    ).order_by("pk")
    found: dict[int, list[Outcome]] = {}
    for row in rows:
        found.setdefault(row.report_id, []).append(row)
    return found


def all_answers() -> Iterator[Outcome]:
    """Every answer, report by report, the oldest of each first; for figures about all of them."""
    rows = Outcome.objects.order_by("report_id", "pk")
    return rows.iterator(chunk_size=2000)


def answered_reports() -> int:
    """How many reports have at least one answer."""
    return Outcome.objects.values("report_id").distinct().count()


def record_of_sender(sender_id: int | None) -> tuple[int, int]:
    """Of how many of a sender's reports agencies said that they were of use, and of how many
    they said anything; per report and agency the newest word counts.
    """
    rows = SenderRecord.objects.filter(sender_id=sender_id).values_list("useful", "not_useful")
    useful, not_useful = rows.first() or (0, 0)
    return useful, useful + not_useful
