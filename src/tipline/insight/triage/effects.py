"""What a yes to each proposed link of a report would move, from assessments that are stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tipline.insight.triage.features import from_json
from tipline.insight.triage.models import QueueEntry
from tipline.insight.triage.publication.queries import in_force
from tipline.insight.triage.rules_effect import Side, effect


def effects_with(
    number: int, others: Iterable[int], agencies: Mapping[int, frozenset[int]]
) -> dict[int, int]:
    """By the other report's number. ``agencies``: which have each report. One read for all."""
    wanted = {number, *others}
    rows = QueueEntry.objects.filter(report_id__in=wanted)
    told = rows.values_list("report_id", "report__sender_id", "assessment__facts")
    sides = {
        report: Side(from_json(facts) if facts else None, sender, agencies.get(report, frozenset()))
        for report, sender, facts in told
    }
    own, policy = sides.get(number), in_force()
    if own is None:
        return {}
    return {other: effect(own, sides[other], policy) for other in sides if other != number}
