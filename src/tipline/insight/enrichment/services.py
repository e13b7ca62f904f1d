"""The only writer of derived places."""

from __future__ import annotations

from collections.abc import Sequence

from tipline.ground.foundation import clock, forgetting
from tipline.ground.foundation.transactions import derived_tx, write_tx
from tipline.insight.enrichment.models import Whereabouts
from tipline.insight.enrichment.rules import VERSION, PlaceEvidence
from tipline.record.reports.models import Report


def keep_whereabouts(report: Report, evidence: Sequence[PlaceEvidence]) -> None:
    """Make this the derived evidence of place of the report."""
    row = Whereabouts(
        report=report,
        version=VERSION,
        evidence=[piece.as_json() for piece in evidence],
        at=clock.now(),
    )
    with derived_tx():
        Whereabouts.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["report"],
            update_fields=["version", "evidence", "at"],
        )


def forget_whereabouts(number: int) -> None:
    """A report was destroyed: where its people are goes, too. Safe to repeat."""
    with write_tx():
        Whereabouts.objects.filter(report=number).delete()
    forgetting.ask()
