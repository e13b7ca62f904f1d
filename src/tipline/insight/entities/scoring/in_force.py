"""The link model by which links are made now, and the frequencies that are frozen beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from tipline.ground.foundation.policy import Policy
from tipline.insight.entities.frequencies import queries
from tipline.insight.entities.frequencies.queries import NOTHING_FROZEN, Snapshot
from tipline.insight.entities.models import LinkModelAct, LinkModelVersion
from tipline.insight.entities.publication.queries import READING
from tipline.insight.entities.scoring.rules import Frequencies
from tipline.insight.entities.scoring.rules_model import LinkModel
from tipline.insight.entities.scoring.rules_subject import Subject

_ACT, _VERSION = (model._meta.db_table for model in (LinkModelAct, LinkModelVersion))  # noqa: SLF001 - Django's documented way
#: One row, for a statement that asks for something else, too; :func:`read` takes its columns.
NOW = (
    f"SELECT (SELECT v.digest FROM {_ACT} a LEFT JOIN {_VERSION} v ON v.id = a.policy_id"  # noqa: S608 - our own tables' names
    " ORDER BY a.id DESC LIMIT 1) AS digest, s.id, s.subjects, s.finished_at"
    f" FROM (SELECT 1 AS one) o LEFT JOIN ({queries.NEWEST}) s ON 1 = 1"
)


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
    """The model that two people put in force, else the shipped one, and the newest snapshot."""
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        return read(cursor.fetchone())


def read(row: Sequence[Any]) -> InForce:
    """What the row of :data:`NOW` says; the parsed model is kept by its digest."""
    digest, *snapshot = row
    frozen = queries.snapshot_of(snapshot) if snapshot[0] else NOTHING_FROZEN
    return InForce(READING.usable(digest), frozen)
