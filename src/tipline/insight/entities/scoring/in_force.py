"""The link model by which links are made now, with the frequencies frozen beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tipline.ground.foundation.policy import Policy
from tipline.insight.entities.scoring.rules import Frequencies
from tipline.insight.entities.scoring.rules_model import LinkModel, shipped


@dataclass(frozen=True, slots=True)
class InForce:
    """``version`` stands in every link that they made."""

    model: Policy[LinkModel]
    frequencies: Frequencies = field(default_factory=Frequencies)

    @property
    def version(self) -> str:
        return self.model.stamp


def in_force() -> InForce:
    """The model that comes with the program; no frequencies were counted for it."""
    return InForce(shipped())
