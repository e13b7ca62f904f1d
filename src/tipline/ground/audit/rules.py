"""The chain, pure: digests of entries, and what is wrong with a chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry as the chain sees it; ``fields`` are the entry's columns as plain JSON values."""

    sequence: int
    entry_id: int
    fields: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold, and how."""

    sequence: int
    code: str


def digest(previous: str, sequence: int, fields: Mapping[str, Any]) -> str:
    """SHA-256 over the digest before, the place and the entry in canonical JSON."""
    canonical = json.dumps(
        [previous, sequence, fields], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def breaks(chain: Iterable[Sealed], expected_end: int | None = None) -> Iterator[Break]:
    """All places where the chain does not hold, in order.

    A wrong digest is reported once: the walk goes on from what stands there, so that one
    edited entry does not make every later one look wrong.
    """
    previous, place = GENESIS, 0
    for link in chain:
        place += 1
        if link.sequence != place:
            yield Break(place, "missing")
            place = link.sequence
        elif digest(previous, link.sequence, link.fields) != link.digest:
            yield Break(link.sequence, "altered")
        previous = link.digest
    if expected_end is not None and place < expected_end:
        yield Break(place + 1, "cut")
