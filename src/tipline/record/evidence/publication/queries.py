"""Which decision table is in force."""

from __future__ import annotations

from importlib.resources import files

from django.conf import settings

from tipline.ground.foundation.actor import Permission
from tipline.ground.foundation.events import announce
from tipline.ground.publication import rules as shared
from tipline.ground.publication.queries import Reading, Room
from tipline.record.evidence.gate_policy import GatePolicy, default_policy, validate
from tipline.record.evidence.models import GatePolicyAct, GatePolicyVersion
from tipline.record.evidence.publication.events import LANE, GatePublished


def read(data: bytes, file: str) -> GatePolicy:
    """A table whose name and version can stand in a stamp. Raises PolicyError."""
    return shared.read(data, file, validate)


def shipped() -> GatePolicy:
    """The table that ships for this deployment's jurisdiction."""
    return default_policy(settings.TIPLINE_JURISDICTION)


def shipped_text() -> str:
    """Its file."""
    name = f"policies/gate-{settings.TIPLINE_JURISDICTION}.toml"
    return files("tipline.record.evidence").joinpath(name).read_text(encoding="utf-8")


def _announce(act: int) -> None:
    announce(GatePublished(act), lane=LANE, dedup_key=str(act))


READING = Reading(
    Room(
        versions=GatePolicyVersion.objects,
        acts=GatePolicyAct.objects,
        read=read,
        shipped=shipped,
        shipped_text=shipped_text,
        subject="gate-policy",
        announce=_announce,
        propose=Permission.GATE_PROPOSE,
        publish=Permission.GATE_PUBLISH,
    )
)
in_force = READING.in_force
