"""The picture that a pass is for: made anew by the confined child, as its person wishes it.

A film is shown as still frames, and never moves or sounds here.
"""

from __future__ import annotations

from tipline.ground.accounts.queries import actor_for
from tipline.insight.care.queries import policy, wishes_of
from tipline.insight.care.rules_stills import chosen
from tipline.insight.care.rules_wishes import Wishes
from tipline.insight.matching import videos
from tipline.insight.matching.pictures import Preview, Unreadable
from tipline.insight.matching.queries import frame_times
from tipline.insight.matching.services import picture_child, video_child
from tipline.record.evidence import vault
from tipline.record.evidence.models import EvidenceFile, FilePass
from tipline.record.evidence.rules_passes import Kind


def picture_for(row: FilePass) -> Preview | Unreadable:
    """The JPEG for a pass; never kept. Only for callers that have asked the gate."""
    wishes = wishes_of(actor_for(row.person))
    if row.kind == Kind.REVEAL:
        return _revealed(row.file, wishes, row.at_ms)
    return _preview(row.file, wishes)


def stills_of(file: EvidenceFile) -> tuple[int, ...]:
    """Which milliseconds of a film are shown as stills; empty for a picture."""
    times = frame_times([file.sha256]).get(file.sha256, []) if videos.readable() else []
    return chosen(times)


def can_be_shown(file: EvidenceFile) -> Unreadable | None:
    """Why no picture can be made of this file; None when one can.

    A film whose frames were read once is taken to be readable: to look takes as long as to show.
    """
    made = None if stills_of(file) else _preview(file, Wishes())
    return made if isinstance(made, Unreadable) else None


def _preview(file: EvidenceFile, wishes: Wishes) -> Preview | Unreadable:
    blur = policy().more_blur if wishes.more_blur else policy().blur
    if at := stills_of(file):
        return video_child().stills(vault.read(file), file.size, at, blur=blur)
    return picture_child().preview(vault.read(file), file.size, blur=blur)


def _revealed(file: EvidenceFile, wishes: Wishes, at_ms: int | None) -> Preview | Unreadable:
    grey = wishes.stay_grey
    if at := stills_of(file):
        wanted = at[0] if at_ms is None else at_ms
        return video_child().still(vault.read(file), file.size, wanted, grey=grey)
    return picture_child().revealed(vault.read(file), file.size, grey=grey)
