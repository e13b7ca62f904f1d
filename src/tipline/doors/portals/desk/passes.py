"""Pictures that were asked for: their passes, as a page names them and shows them once.

Whoever asked with a reason gets a page with the pass in its address, and on it an image of the
evidence origin. The pass is used up when the image loads: a page that is loaded again shows
none (see :mod:`tipline.record.evidence.passes`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tipline.doors.portals.evidence.addresses import evidence_url
from tipline.ground.foundation.actor import Actor
from tipline.record.evidence.passes import good_passes
from tipline.record.evidence.rules_passes import Kind


@dataclass(frozen=True, slots=True)
class Picture:
    """Where the picture of a file loads, and whether it is the whole one: large, in colour."""

    url: str
    revealed: bool = False
    at_ms: int | None = None


def picture_of(text: str, *, revealed: bool = False, at_ms: int | None = None) -> Picture:
    """The picture of a pass that was just made."""
    return Picture(evidence_url(text), revealed, at_ms)


def pictures_asked_for(texts: Iterable[str], actor: Actor, number: int) -> dict[str, Picture]:
    """By file id, for the passes in a page's address that this person can still use."""
    return {
        row.file.file_id: picture_of(text, revealed=row.kind == Kind.REVEAL, at_ms=row.at_ms)
        for text, row in good_passes(actor, number, texts).items()
    }
