"""Bytes that leave the house: whole where the gate opens them whole, else without metadata."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from tipline.ground.foundation.errors import NotVisible
from tipline.record.evidence import vault
from tipline.record.evidence.gate import Access, GateDecision
from tipline.record.evidence.metadata.rules import (
    MOST_BYTES,
    OTHER_KIND,
    TOO_LARGE,
    Refused,
    can_be_cleaned,
    without_metadata,
)
from tipline.record.evidence.models import EvidenceFile

_BEGINNING = 8


@dataclass(frozen=True, slots=True)
class HandOut:
    """Bytes for somebody to whom the gate opens the pixels. ``size`` in bytes, digest hex.

    ``cleaned``: metadata was taken out, so the digest is another than the original's.
    ``decision``: what opened it.
    """

    pieces: Iterable[bytes]
    size: int
    sha256: str
    cleaned: bool
    decision: GateDecision

    def digests(self, file: EvidenceFile) -> dict[str, str]:
        """For the ledger: both digests where metadata was taken out, else nothing."""
        return {"sha256": file.sha256, "handed_out": self.sha256} if self.cleaned else {}


def hand_out(file: EvidenceFile, decision: GateDecision) -> HandOut | Refused:
    """What of this file may leave under this decision, which must open the pixels.

    Where EXIF stays closed, metadata is taken out of a copy in memory; the original in the
    vault stays as it arrived. Raises NotVisible where the decision opens nothing.
    """
    if not decision.open:
        raise NotVisible("There is no such file.")
    if decision.exif is Access.ALLOW:
        return HandOut(vault.read(file), file.size, file.sha256, cleaned=False, decision=decision)
    if file.size > MOST_BYTES:
        return TOO_LARGE
    return _cleaned(vault.read(file), decision)


def _cleaned(pieces: Iterator[bytes], decision: GateDecision) -> HandOut | Refused:
    first = b""
    for piece in pieces:
        first += piece
        if len(first) >= _BEGINNING:
            break
    if not can_be_cleaned(first):
        return OTHER_KIND
    made = without_metadata(b"".join(chain((first,), pieces)))
    if isinstance(made, Refused):
        return made
    digest = hashlib.sha256(made).hexdigest()
    return HandOut((made,), len(made), digest, cleaned=True, decision=decision)
