"""Whether a place in the queue may be closed as a meme: the rule, asked of stored facts."""

from __future__ import annotations

from tipline.ground.foundation.reasons import Reason
from tipline.insight.triage.features import Features, from_json
from tipline.insight.triage.models import BAND_RANK, QueueEntry
from tipline.insight.triage.rules_meme import may_close_as_meme
from tipline.insight.triage.rules_types import Urgency


def why_no_meme(row: QueueEntry) -> tuple[Reason, ...]:
    """Why not; empty when it may. ``row`` has its assessment at hand.

    A policy may call more signs urgent than the rule knows, so the place is asked as well.
    """
    facts = from_json(row.assessment.facts) if row.assessment.facts else Features()
    reasons = may_close_as_meme(facts)
    if row.band_rank == BAND_RANK["urgent"] or Urgency(row.urgency).urgent:
        reasons.append(Reason("triage.meme.urgent"))
    return tuple(reasons)
