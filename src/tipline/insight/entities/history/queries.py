"""How linking all history stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tipline.insight.entities.blocking import rules as blocking
from tipline.insight.entities.models import LinkRun
from tipline.insight.entities.publication.queries import ever_changed
from tipline.insight.entities.rules import VERSION
from tipline.insight.entities.scoring.in_force import in_force


@dataclass(frozen=True, slots=True)
class Standing:
    """``under_way``: a run that has not ended, be it cut off. ``ended_at``: of the last whole one.

    ``behind``: a model or frequencies are in force by which history was not linked yet.
    """

    under_way: LinkRun | None
    ended_at: datetime | None
    behind: bool


def version() -> str:
    """What links are made by now."""
    return f"{blocking.VERSION} {VERSION} {in_force().version}"


def standing() -> Standing:
    """For whoever looks after the house. Reports are linked by what is in force as they come."""
    runs = LinkRun.objects.order_by("-pk")
    whole = runs.filter(phase=LinkRun.Phase.DONE).first()
    by_whole = whole.version if whole else ""
    changed = bool(in_force().snapshot.number) or ever_changed()
    behind = changed and by_whole != version()
    under_way = runs.filter(ended_at__isnull=True).first()
    return Standing(under_way, whole.ended_at if whole else None, behind)
