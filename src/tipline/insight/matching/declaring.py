"""The only writer of declared fingerprints: what senders say of their files, kept apart from ours.

Also of files that were never sent, which have no other. Nothing is decoded and nothing decided
here: the text is read once, in its normal form, so that lists and searches can look it up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tipline.ground.foundation.transactions import derived_tx
from tipline.insight.matching.models import DeclaredFingerprint
from tipline.record.evidence.models import EvidenceFile
from tipline.record.reports.facts_digests import DeclaredDigest, declared

#: Of one file; a sender who declares more makes a list of its own.
MOST = 100


def keep_declared(
    files: Sequence[EvidenceFile], details: Sequence[Mapping[str, Any]], versions: Sequence[int]
) -> int:
    """Write what is declared of each file in its newest details; how many values there are.

    ``details`` and their ``versions``: in the order of the files. Safe to repeat: a version of
    details says the same each time.
    """
    rows = [
        _row(file, version, place, one)
        for file, words, version in zip(files, details, versions, strict=True)
        for place, one in enumerate(declared(words)[:MOST], 1)
    ]
    if not rows:
        return 0
    with derived_tx():
        DeclaredFingerprint.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _row(file: EvidenceFile, version: int, place: int, one: DeclaredDigest) -> DeclaredFingerprint:
    return DeclaredFingerprint(
        file=file,
        details_version=version,
        place=place,
        kind=one.kind,
        value=one.value,
        written_kind=one.written_kind,
        written=one.written,
        reason=one.reason or "",
    )
