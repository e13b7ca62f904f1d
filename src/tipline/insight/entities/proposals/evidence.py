"""The evidence of a link as a sum, by the model that links are made by now."""

from __future__ import annotations

from collections.abc import Sequence

from tipline.ground.foundation.reasons import Reason
from tipline.insight.entities.scoring.rules_model import shipped
from tipline.insight.entities.scoring.rules_waterfall import Waterfall, waterfall


def waterfall_of(reasons: Sequence[Reason]) -> Waterfall:
    """The bars of these reasons, with the prior where this very model made them."""
    model = shipped()
    return waterfall(reasons, model, model.rules.enough)


def subjects() -> int:
    """How many subjects the prior stands for, frozen with the model."""
    return shipped().rules.subjects
