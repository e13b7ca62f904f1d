"""Which triage policy is in force, and what is known of re-assessing under one."""

from __future__ import annotations

from importlib.resources import files

from tipline.ground.foundation.actor import Permission
from tipline.ground.foundation.events import announce
from tipline.ground.publication.queries import Reading, Room
from tipline.insight.triage.models import PolicyAct, PolicyVersion, QueueEntry
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.publication.events import LANE, PolicyPublished
from tipline.insight.triage.publication.rules import read

_SHIPPED_FILE = files("tipline.insight.triage").joinpath("policies/triage-us.toml")


def shipped_text() -> str:
    """The file of the program itself."""
    return _SHIPPED_FILE.read_text(encoding="utf-8")


def _announce(act: int) -> None:
    announce(PolicyPublished(act), lane=LANE, dedup_key=str(act))


READING = Reading(
    Room(
        versions=PolicyVersion.objects,
        acts=PolicyAct.objects,
        read=read,
        shipped=default_policy,
        shipped_text=shipped_text,
        subject="policy",
        announce=_announce,
        propose=Permission.POLICY_PROPOSE,
        publish=Permission.POLICY_PUBLISH,
    )
)
in_force = READING.in_force
policy_of = READING.policy_of
text_in_force = READING.text_in_force
standing = READING.standing
acts_for = READING.acts_for
versions_for = READING.versions_for
version_for = READING.version_for
newest_act_id = READING.newest_act_id


def still_under_another(stamp: str, after: int, most: int) -> list[int]:
    """Open reports above ``after`` that were assessed under another policy, in their order."""
    rows = QueueEntry.objects.filter(done_at__isnull=True, report_id__gt=after)
    rows = rows.exclude(assessment__policy=stamp).order_by("report_id")
    return list(rows.values_list("report_id", flat=True)[:most])


def open_reports() -> int:
    """Ranked reports that nobody is done with, members of bundles included."""
    return QueueEntry.objects.filter(done_at__isnull=True).count()
