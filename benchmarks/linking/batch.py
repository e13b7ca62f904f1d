"""All history at once: pairs a second, of the batch in a store and of Spark over the same records.

``in_store`` runs ``links again`` in a store that is filled; ``by_spark`` gives Spark the records of
the same seed without a database. Both count every pair that is compared, from reports as they are
stored to links, keys and candidates included. ``alone`` is the scorer by itself in one process.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Final

from benchmarks.linking.records import records
from benchmarks.stores import run_inside
from tipline.insight.entities.history.blocks import Block
from tipline.insight.entities.history.rules import keys_of, sharing
from tipline.insight.entities.rules import proposals
from tipline.insight.entities.scoring.rules import Frequencies
from tipline.insight.entities.scoring.rules_model import shipped

_A_FILE: Final = 20_000


def in_store(environment: Mapping[str, str]) -> dict[str, Any]:
    """The command in the store of the environment, on all cores of this machine."""
    said = run_inside(["-m", "tipline", "links", "again", "--json"], environment)
    answer: dict[str, Any] = json.loads(said.splitlines()[-1])
    return _row("local", answer["compared"], answer["links"], answer["seconds"])


def by_spark(reports: int, seed: int, environment: Mapping[str, str]) -> dict[str, Any]:
    """In a process of its own; it needs pyspark and Java."""
    words = ["-m", __name__, "spark", str(reports), str(seed)]
    answer: dict[str, Any] = json.loads(run_inside(words, environment).splitlines()[-1])
    return answer


def spark(reports: int, seed: int) -> dict[str, Any]:
    """Keys, pairs and links of made-up records by Spark on this machine, its start apart."""
    import django  # noqa: PLC0415 - the engine reads what is in force

    django.setup()
    from tipline.insight.entities.history import arrow  # noqa: PLC0415 - an extra
    from tipline.insight.entities.history.spark import running  # noqa: PLC0415
    from tipline.insight.entities.scoring.in_force import InForce  # noqa: PLC0415

    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="tipline-bench-") as home,
        running(Path(home) / "spark", by=InForce(shipped())) as engine,
    ):
        started, made = time.perf_counter() - began, records(reports, seed)
        (engine.folder / "records").mkdir()
        while some := list(islice(made, _A_FILE)):
            file = engine.folder / "records" / f"{some[0].number}.parquet"
            arrow.write_records(file, [some], lambda _subjects: Frequencies())
        began = time.perf_counter()
        pages = list(engine.links(0, reports))
        took = time.perf_counter() - began
    compared = sum(page.compared for page in pages)
    links = sum(len(some) for page in pages for some in page.found.values())
    return {**_row("spark", compared, links, took), "start_s": round(started, 1)}


def alone(reports: int, seed: int) -> dict[str, Any]:
    """Seconds of each step in one process, with all subjects in memory."""
    made, model, nothing = list(records(reports, seed)), shipped(), Frequencies()
    times = [time.perf_counter()]
    subjects = {one.number: one.subject for one in made}
    times.append(time.perf_counter())
    entries = sorted((key, one.number) for one in made for key in keys_of(one))
    block = Block.of(sharing(entries), 0, reports)
    met = list(block.meetings())
    times.append(time.perf_counter())
    links = 0
    for one in met:
        others = {low: subjects[low] for low in one.others}
        found = proposals(subjects[one.number], others, one.near, model, nothing)
        links += sum(1 for _link in found)
    times.append(time.perf_counter())
    read, paired, scored = (b - a for a, b in pairwise(times))
    compared = sum(len(one.others) for one in met)
    return {
        **_row("alone", compared, links, scored),
        "subjects_s": round(read, 1),
        "pairs_s": round(paired, 1),
    }


def _row(engine: str, compared: int, links: int, seconds: float) -> dict[str, Any]:
    return {
        "what": "batch",
        "engine": engine,
        "compared": compared,
        "links": links,
        "seconds": round(seconds, 1),
        "per_s": round(compared / max(seconds, 1e-9)),
    }


if __name__ == "__main__":
    print(json.dumps({"spark": spark, "alone": alone}[sys.argv[1]](*map(int, sys.argv[2:4]))))
