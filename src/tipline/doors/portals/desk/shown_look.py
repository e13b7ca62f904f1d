"""A file's card around a look: the picture, what may be asked for next, a break that is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tipline.doors.portals.desk.shown_document import Walk
from tipline.doors.portals.desk.shown_files import shown_files
from tipline.insight.care.queries import break_due, policy

if TYPE_CHECKING:
    from tipline.doors.portals.desk.passes import Picture
    from tipline.ground.foundation.actor import Actor
    from tipline.record.evidence.models import EvidenceFile


def card_context(
    actor: Actor, file: EvidenceFile, picture: Picture | None = None, **more: Any
) -> dict[str, Any]:
    """What ``desk/file.html`` needs; with a picture whether a break is due, too."""
    pictures = {file.file_id: picture} if picture else {}
    [shown] = shown_files(actor, [file], pictures, Walk())
    return {"file": shown, **(break_context(actor) if picture else {}), **more}


def break_context(actor: Actor) -> dict[str, Any]:
    """Whether to offer a break, and of how many minutes."""
    minutes = int(policy().breaks.lasts.total_seconds()) // 60
    return {"break_due": break_due(actor), "break_minutes": minutes}
