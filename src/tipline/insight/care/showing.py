"""The picture that a pass is for: made anew by the confined child, as its person wishes it."""

from __future__ import annotations

from tipline.ground.accounts.queries import actor_for
from tipline.insight.care.queries import policy, wishes_of
from tipline.insight.care.rules_wishes import Wishes
from tipline.insight.matching.pictures import Preview, Unreadable
from tipline.insight.matching.services import picture_child
from tipline.record.evidence import vault
from tipline.record.evidence.models import EvidenceFile, FilePass
from tipline.record.evidence.rules_passes import Kind


def picture_for(row: FilePass) -> Preview | Unreadable:
    """The JPEG for a pass; never kept. Only for callers that have asked the gate."""
    wishes = wishes_of(actor_for(row.person))
    if row.kind == Kind.REVEAL:
        return _revealed(row.file, wishes)
    return _preview(row.file, wishes)


def can_be_shown(file: EvidenceFile) -> Unreadable | None:
    """Why no picture can be made of this file; None when one can."""
    made = _preview(file, Wishes())
    return made if isinstance(made, Unreadable) else None


def _preview(file: EvidenceFile, wishes: Wishes) -> Preview | Unreadable:
    blur = policy().more_blur if wishes.more_blur else policy().blur
    return picture_child().preview(vault.read(file), file.size, blur=blur)


def _revealed(file: EvidenceFile, wishes: Wishes) -> Preview | Unreadable:
    return picture_child().revealed(vault.read(file), file.size, grey=wishes.stay_grey)
