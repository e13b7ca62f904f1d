"""What the arrivals of a stream add up to. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as it was met: its truth, the labels it had before anybody looked, its matches.

    ``layers``: by which a list knew it; empty when it needed a look. ``mistaken``: matches with
    entries that show another drawing.
    """

    edit: str
    again: bool
    first: bool
    labels: Sequence[str]
    truth: str
    layers: Sequence[str]
    mistaken: int


def counted(arrivals: Sequence[Arrival]) -> dict[str, Any]:
    """Per edit how many copies came and were recognised, and the sums over the stream.

    Only copies count whose drawing came before; a copy of the same bytes counts under ``again``.
    """
    came, known = Counter[str](), Counter[str]()
    for one in arrivals:
        if one.first:
            continue
        name = "again" if one.again else one.edit
        came[name] += 1
        known[name] += bool(one.layers)
    looks = sum(not one.layers for one in arrivals)
    return {
        "files": len(arrivals),
        "looks": looks,
        "by_bytes": sum("digest" in one.layers for one in arrivals),
        "saved": 1 - looks / len(arrivals) if arrivals else 0.0,
        "labelled": sum(bool(one.labels) for one in arrivals),
        "wrong_labels": sum(list(one.labels) not in ([], [one.truth]) for one in arrivals),
        "mistaken": sum(one.mistaken for one in arrivals),
        "new_but_matched": sum(one.first and bool(one.layers) for one in arrivals),
        "by_layer": dict(Counter(layer for one in arrivals for layer in one.layers)),
        "edits": {name: [came[name], known[name]] for name in sorted(came)},
    }
