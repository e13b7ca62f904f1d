"""Reports that nothing is known of, and links between them as the machine would write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils import timezone
from tests.personas import World, file_report

from tipline.ground.foundation.transactions import write_tx
from tipline.insight.entities.judging.machine import Said, write_links
from tipline.insight.entities.judging.settling import take_turn
from tipline.insight.entities.models import Link
from tipline.record.reports.models import Report, ReportDocument


def some_reports(world: World, many: int) -> list[int]:
    """Numbers of filed reports without identifiers, in ascending order."""
    one = file_report(world, document={})
    now = timezone.now()
    rows = [
        Report.objects.create(
            door=one.door,
            sender=one.sender,
            profile=one.profile,
            key=one.key,
            state=Report.State.FINISHED,
            opened_at=now,
            modified_at=now,
            expires_at=now,
            ended_at=now,
        )
        for _number in range(many - 1)
    ]
    ReportDocument.objects.bulk_create(ReportDocument(report=row, document={}) for row in rows)
    return [one.pk, *(row.pk for row in rows)]


def machine_says(
    high: int, said: Mapping[int, tuple[str, Iterable[str]]], points: int = 1_000
) -> set[int]:
    """Write what the machine says of a report and earlier ones: automatic or proposed, and kinds
    of evidence. What is left out is gone.
    """
    wanted = {}
    for low, (machine, kinds) in said.items():
        reasons = [
            {"code": f"bits.{kind}.same", "params": {}, "points": points, "source": "system",
             "version": "link@test"}
            for kind in kinds
        ]  # fmt: skip
        total = sum(one["points"] for one in reasons)
        wanted[low] = Said(low, high, machine, reasons, total, "link@test")
    with write_tx():
        take_turn(alone=False)
        return write_links({high: wanted})


def link_of(one: int, other: int) -> Link:
    return Link.objects.get(low=min(one, other), high=max(one, other))


def states() -> dict[tuple[int, int], str]:
    rows = Link.objects.values_list("low_id", "high_id", "state")
    return {(low, high): state for low, high, state in rows}
