"""The only writer of derived places."""

from __future__ import annotations

from collections.abc import Sequence

from tipline.ground.foundation import clock
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.enrichment.models import Whereabouts
from tipline.insight.enrichment.rules import VERSION, PlaceEvidence
from tipline.record.reports.models import Report


def keep_whereabouts(report: Report, evidence: Sequence[PlaceEvidence]) -> None:
    """Make this the derived evidence of place of the report."""
    with write_tx():
        Whereabouts.objects.update_or_create(
            report=report,
            defaults={
                "version": VERSION,
                "evidence": [piece.as_json() for piece in evidence],
                "at": clock.now(),
            },
        )
