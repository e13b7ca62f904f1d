"""The link model by which links are made now, and the frequencies that are frozen beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tipline.ground.foundation.policy import Policy
from tipline.insight.entities.frequencies import queries
from tipline.insight.entities.frequencies.queries import NOTHING_FROZEN, Snapshot
from tipline.insight.entities.scoring.rules import Frequencies
from tipline.insight.entities.scoring.rules_model import LinkModel, shipped
from tipline.insight.entities.scoring.rules_subject import Subject


@dataclass(frozen=True, slots=True)
class InForce:
    """``frequencies``: of the terms of those subjects only that :meth:`of` was asked for."""

    model: Policy[LinkModel]
    snapshot: Snapshot = NOTHING_FROZEN
    frequencies: Frequencies = field(default_factory=Frequencies)

    @property
    def version(self) -> str:
        """What stands in every link that they made: the model, and the snapshot if there is one."""
        return " ".join(filter(None, (self.model.stamp, self.snapshot.stamp)))

    def of(self, subjects: Iterable[Subject]) -> InForce:
        """With how often the terms of these subjects were seen: they can be scored with anybody.

        One statement; none while nothing is frozen.
        """
        return replace(self, frequencies=queries.known(self.snapshot, subjects))


def in_force() -> InForce:
    """The model that comes with the program, and the newest snapshot: one small statement."""
    return InForce(shipped(), queries.in_force())
