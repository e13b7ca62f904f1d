"""Proposing, publishing and taking back triage policies."""

from __future__ import annotations

from tipline.ground.publication.rules import LONGEST_NOTE
from tipline.ground.publication.services import Publication
from tipline.insight.triage.publication.events import LANE
from tipline.insight.triage.publication.queries import READING
from tipline.insight.triage.publication.trials import TRIALS

__all__ = ["LANE", "LONGEST_NOTE", "PUBLICATION", "propose", "publish", "take_back"]
PUBLICATION = Publication(READING, TRIALS)
propose = PUBLICATION.propose
publish = PUBLICATION.publish
take_back = PUBLICATION.take_back
