"""The rows of `tipline bench pipeline` and the figures that they are held against."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.stores import Store, filled, serving

DATABASES = ("sqlite", "postgresql")
#: DESIGN, section 6, and the flood of the triage room.
RANKED_P95_S, COST_GROWTH, QUEUE_MS, FLOOD_GROWTH = 2.0, 1.5, 100.0, 2.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """Reports in the small and the large store; the stream's rate a second and its length."""

    small: int = 10_000
    large: int = 1_000_000
    pack: int = 1_000
    measured: int = 200
    rate: float = 10.0
    seconds: float = 120.0
    flood: int = 100_000
    flood_rate: float = 2.0
    job_workers: int | None = None


QUICK = Sizes(300, 2_000, 30, 20, 2.0, 10.0, 1_000, 1.0)


@dataclass(slots=True)
class Measured:
    rows: list[dict[str, Any]] = field(default_factory=list)
    ratios: dict[str, float] = field(default_factory=dict)
    met: dict[str, bool] = field(default_factory=dict)


def measure(sizes: Sizes, databases: Sequence[str] = DATABASES) -> Measured:
    """All rows for each database. A large store takes minutes to fill and gigabytes of disk."""
    told = Measured()
    for database in databases:
        small = _in_store(told, database, sizes.small, sizes, streams=True)
        if not sizes.large:
            continue
        large = _in_store(told, database, sizes.large, sizes, streams=False)
        growth = large["cpu_ms"] / small["cpu_ms"]
        told.ratios[f"{database}: cost of a report, {sizes.large} to {sizes.small}"] = growth
        told.met[f"{database}: cost <= {COST_GROWTH}"] = growth <= COST_GROWTH
    return told


def _in_store(
    told: Measured, database: str, reports: int, sizes: Sizes, *, streams: bool
) -> dict[str, Any]:
    _say(f"{database}: filling a store with {reports} reports")
    with filled(database, reports, sizes.pack) as store:
        _row(told, database, reports, "filled", store.loaded)
        pages = _row(told, database, reports, "queue", store.inside("queue", 20))
        slowest = max(value for name, value in pages.items() if name.endswith("_ms"))
        told.met[f"{database}: queue page < {QUEUE_MS:.0f} ms at {reports}"] = slowest < QUEUE_MS
        spent = _row(told, database, reports, "cost", store.inside("cost", sizes.measured, 101))
        if streams:
            _streams(told, database, store, reports, sizes)
        return spent


def _streams(told: Measured, database: str, store: Store, reports: int, sizes: Sizes) -> None:
    flooder = store.inside("largest-sender")["name"]
    with serving(store, sizes.job_workers) as base:
        words = (base, sizes.rate, sizes.seconds, 202, "")
        stream = _row(told, database, reports, "stream", store.inside("send", *words))
        name = f"{database}: p95 finished to ranked < {RANKED_P95_S:.0f} s at {sizes.rate:.0f}/s"
        told.met[name] = stream["p95_s"] < RANKED_P95_S
        words = (base, sizes.flood_rate, sizes.seconds, 303, flooder)
        calm = _row(told, database, reports, "calm", store.inside("send", *words))
    _row(told, database, reports, "flood poured", store.inside("flood", sizes.flood, 404, flooder))
    with serving(store, sizes.job_workers) as base:
        words = (base, sizes.flood_rate, sizes.seconds, 505, flooder)
        flooded = _row(told, database, reports, "flooded", store.inside("send", *words))
    growth = flooded["p95_s"] / calm["p95_s"] if calm["p95_s"] else 0.0
    told.ratios[f"{database}: others' p95 in a flood of {sizes.flood}, to without"] = growth
    told.met[f"{database}: flood < {FLOOD_GROWTH:.0f}x"] = growth < FLOOD_GROWTH


def _row(told: Measured, database: str, reports: int, what: str, found: Any) -> dict[str, Any]:
    row = {"database": database, "store": reports, "what": what, **found}
    told.rows.append(row)
    _say(f"{database}: {what}: {found}")
    return row


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
