"""Proposing, publishing and taking back link models."""

from __future__ import annotations

from tipline.ground.publication.services import Publication
from tipline.insight.entities.publication.queries import READING
from tipline.insight.entities.publication.trials import TRIALS

PUBLICATION = Publication(READING, TRIALS)
propose = PUBLICATION.propose
publish = PUBLICATION.publish
take_back = PUBLICATION.take_back
