"""What has come into a list of the queue, or changed its place, since somebody looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.triage.models import BAND_RANK, Assessment, QueueEntry

MOST_ROWS = 100
"""Rows of a page that may be asked for at once."""
_URGENT = Q(band_rank=BAND_RANK["urgent"])


@dataclass(frozen=True, slots=True)
class News:
    """Reports that came, those that were assessed anew, and how many of both are urgent."""

    new: int = 0
    changed: int = 0
    urgent: int = 0

    @property
    def any(self) -> bool:
        return bool(self.new or self.changed)


def mark() -> int:
    """Where the assessments end now: what is assessed later is news to who looks now."""
    return Assessment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def news_since(rows: QuerySet[QueueEntry], since: int) -> News:
    """What this list got after the mark. Two short reads, however long the list is."""
    seen = Assessment.objects.filter(pk__lte=since).order_by("-pk").values_list("at", flat=True)
    at = seen.first()
    later = rows.order_by().filter(assessment_id__gt=since)
    if at is None:
        came = later.aggregate(new=Count("pk"), urgent=Count("pk", filter=_URGENT))
        return News(new=came["new"], urgent=came["urgent"])
    found = later.aggregate(
        new=Count("pk", filter=Q(ranked_at__gt=at)),
        changed=Count("pk", filter=Q(ranked_at__lte=at)),
        urgent=Count("pk", filter=_URGENT),
    )
    return News(**found)


def rows_now(actor: Actor, numbers: Sequence[int]) -> list[QueueEntry]:
    """The places of a page's rows as they are now, whoever has them or finished them."""
    if not actor.may(Permission.QUEUE_WORK):
        return []
    rows = QueueEntry.objects.select_related("claimed_by", "done_by")
    return list(rows.filter(report_id__in=numbers[:MOST_ROWS]).order_by("report_id"))
