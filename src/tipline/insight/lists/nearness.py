"""What is near by eye: entries of lists near a file's hashes, and files near an entry's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tipline.insight.lists.models import EntryFingerprint
from tipline.insight.lists.rules_entries import PDQ, Print
from tipline.insight.matching import hashes
from tipline.insight.matching import services as matching
from tipline.insight.matching.hashes import Orientation
from tipline.insight.matching.index.index import Index
from tipline.insight.matching.index.table import TableFeed
from tipline.insight.matching.models import Fingerprint
from tipline.insight.matching.rules import QUALITY_FLOOR

Neighbour = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Probe:
    """One hash with which a file is looked for: how the picture was turned and cut for it."""

    value: bytes
    quality: int
    orientation: str = Orientation.UPRIGHT
    cut: str = ""


def fresh_index() -> Index:
    """The index of all hashes of entries; a search reads what was committed since the last."""
    return Index("entries", TableFeed(EntryFingerprint, "pdq"))


_entries = fresh_index()


def probes_of(digests: Sequence[str]) -> dict[str, list[Probe]]:
    """Per SHA-256 the hashes with which its content is looked for; none is absent."""
    rows = Fingerprint.objects.filter(
        sha256__in=set(digests),
        hasher=hashes.HASHER,
        version=hashes.VERSION,
        value__isnull=False,
        quality__gte=QUALITY_FLOOR,
    )
    found: dict[str, list[Probe]] = {}
    for digest, value, quality in rows.values_list("sha256", "value", "quality"):
        found.setdefault(digest, []).append(Probe(bytes(value or b""), quality))
    return found


def prints_of_content(sha256: str) -> list[Print]:
    """The hashes that an entry of this content gets: of all of it and of its edits."""
    found = probes_of([sha256]).get(sha256, [])
    made = [Print(PDQ, one.value.hex(), None, one.quality, one.cut) for one in found]
    return list({one.value: one for one in reversed(made)}.values())


def entries_near(probes: Sequence[Probe], radius: int) -> list[list[Neighbour]]:
    """Per probe (key of an entry's fingerprint, distance), nearest first; dead ones included."""
    return _entries.search_each([probe.value for probe in probes], radius) if probes else []


def contents_near(values: Sequence[bytes]) -> set[str]:
    """SHA-256 digests of contents that were received here and are near any of these hashes."""
    return {
        digest
        for value in values
        for digest, _distance in matching._loaded.near(value)  # noqa: SLF001 - one index serves both
    }
