"""The evidence of a link as a sum, by the model that made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tipline.ground.foundation.reasons import Reason
from tipline.insight.entities.frequencies.queries import subjects_of
from tipline.insight.entities.publication.queries import made_by
from tipline.insight.entities.scoring.in_force import in_force
from tipline.insight.entities.scoring.rules_waterfall import Waterfall, waterfall


@dataclass(frozen=True, slots=True)
class Among:
    """``subjects``: how many the prior stands for, counted by the snapshot that the link was made
    by, else frozen with the model. ``waterfall``: the bars, with the prior where the model that
    made the reasons is here.
    """

    subjects: int
    waterfall: Waterfall


def waterfall_of(reasons: Sequence[Reason], version: str) -> Among:
    """The bars of these reasons. ``version``: of the link that they are of."""
    model = made_by(version) or in_force().model
    counted = subjects_of(version.removeprefix(model.stamp).strip())
    enough = model.rules.needed(counted) if counted else model.rules.enough
    return Among(counted or model.rules.subjects, waterfall(reasons, model, enough))
