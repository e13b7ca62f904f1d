"""What the checks found, for those who run the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tipline.ground.foundation import jobs
from tipline.ground.foundation.actor import Actor, Permission
from tipline.record.evidence.checking.rules import added
from tipline.record.evidence.models import VaultFinding, VaultRun

KIND = "evidence.vault-check"


def under_way() -> bool:
    """Whether a check waits for a worker or has one; not one that gave up."""
    return any(state != "dead" for state, _said in jobs.payloads(KIND))


def has_given_up() -> bool:
    return any(state == "dead" for state, _said in jobs.payloads(KIND))


def open_findings(actor: Actor) -> QuerySet[VaultFinding]:
    """Bytes that are to be there and were missing or damaged at the last look, oldest first."""
    actor.require(Permission.VAULT_CHECK)
    rows = VaultFinding.objects.select_related("file").filter(ended_at__isnull=True)
    return rows.order_by("pk")


def finding_count() -> int:
    """How many stand open."""
    return VaultFinding.objects.filter(ended_at__isnull=True).count()


def newest_end() -> datetime | None:
    """When the last check that came to its end did so."""
    rows = VaultRun.objects.filter(ended_at__isnull=False).order_by("-pk")
    return rows.values_list("ended_at", flat=True).first()


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run with all of its figures, also those that it has not come to."""

    row: VaultRun
    figures: dict[str, int]


def runs_for(actor: Actor, most: int = 30) -> list[ShownRun]:
    """The newest runs first."""
    actor.require(Permission.VAULT_CHECK)
    rows = VaultRun.objects.order_by("-pk")[:most]
    return [ShownRun(row, added(row.figures, {})) for row in rows]
