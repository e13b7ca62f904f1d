"""What a camera wrote beside a picture, for somebody to whom the gate opens that."""

from __future__ import annotations

from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotAllowed
from tipline.record.evidence import vault
from tipline.record.evidence.gate import Access, GateDecision
from tipline.record.evidence.metadata.rules_exif import MOST_READ, Tag, exif
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.services import note_preview


def read_exif(
    actor: Actor, file: EvidenceFile, decision: GateDecision, purpose: str
) -> tuple[Tag, ...]:
    """The EXIF tags of a file that this decision opens them of; on the ledger, seen or refused.

    :class:`NotAllowed` where EXIF stays closed, although the pixels may be open.
    """
    actor.require(Permission.EVIDENCE_OPEN)
    if decision.exif is not Access.ALLOW or file.destroyed_at is not None:
        blocked = f"EXIF, rule {decision.rule}"
        note_preview(actor, file, Verb.FILE_BLOCKED, decision=decision, purpose=blocked)
        raise NotAllowed("The gate keeps the EXIF data of this file closed.")
    note_preview(actor, file, Verb.FILE_EXIF_READ, decision=decision, purpose=purpose)
    return exif(_beginning(file))


def _beginning(file: EvidenceFile) -> bytes:
    held = bytearray()
    for piece in vault.read(file):
        held += piece
        if len(held) >= MOST_READ:
            break
    return bytes(held[:MOST_READ])
