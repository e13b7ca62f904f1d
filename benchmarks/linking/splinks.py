"""Splink's own incremental path over the same records: one new record at a time, and all at once.

A process of its own; needs ``requirements/train.txt``. It is given our model with its m and u, our
ladders as its levels, and equal values to block on, its fastest way. Values of more than
:data:`MOST` records bring nothing together, as with us. Term frequencies are left out on both
sides: none are frozen in the store that is measured.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from splink import block_on

from benchmarks.linking.inside import made, percentile
from tipline.insight.entities.blocking.rules import MOST
from tipline.insight.entities.scoring.rules_model import Comparison, shipped
from tipline.insight.entities.training.engine import Engine
from tipline.insight.entities.training.rules_rows import PASSES

_TOGETHER: Final = 20_000
#: As likely as not: what Splink gives as a pair's weight is then the sum of its levels' alone.
_EVEN: Final = 0.5


def plain() -> dict[str, Comparison]:
    """Our model, whose neutral levels count nothing here either."""
    return {
        name: replace(
            one,
            weights={
                level: replace(weight, m=weight.u) if weight.neutral else weight
                for level, weight in one.weights.items()
            },
        )
        for name, one in shipped().rules.comparisons.items()
    }


class Peer(Engine):
    """The table of subjects parted into what is known and what comes."""

    def part(self, reports: int) -> None:
        """The first so many are known; a key on more than :data:`MOST` of them is none."""
        self._duck.execute(
            f"create table known as select * from subjects where unique_id < {reports}"
        )
        for key in PASSES:
            self._duck.execute(
                f"update known set {key} = null where {key} in (select {key} from known"
                f" group by {key} having count(*) > {MOST})"
            )
        self.splink = self._linker("known", plain(), [block_on(key) for key in PASSES], _EVEN)
        self.known = self.splink._db_api.register("known", table_name="known_again")  # noqa: SLF001

    def ask(self, place: int) -> tuple[float, list[dict[str, Any]]]:
        """The pairs of one new record, and how many milliseconds they took."""
        self._duck.execute(
            f"create table fresh_{place} as select * from subjects where unique_id = {place}"
        )
        api = self.splink._db_api  # noqa: SLF001 - the linker's own connection
        fresh = api.register(f"fresh_{place}", table_name=f"asked_{place}")
        begun = time.perf_counter()
        found = self.splink.inference.predict_between(self.known, fresh).as_record_list()
        return 1000 * (time.perf_counter() - begun), found

    def predicted(self) -> tuple[float, int]:
        """Seconds for all pairs of what is known, and how many there are."""
        begun = time.perf_counter()
        table = self.splink.inference.predict().physical_name
        took = time.perf_counter() - begun
        return took, self._one_number(f"select count(*) from {table}")


def measure(reports: int, new: int, seed: int, asked: int, file: str) -> dict[str, Any]:
    """Milliseconds for each of so many new records; their pairs go into a file as JSON."""
    known, later = made(reports, new, seed)
    with Peer() as peer:
        started = time.perf_counter()
        while page := [one.subject.whole for one in islice(known, _TOGETHER)]:
            peer.add(page)
        peer.add([one.subject.whole for one in later])
        peer.part(reports)
        built = time.perf_counter() - started
        answers = [peer.ask(reports + place) for place in range(min(asked, len(later)))]
        times = [took for took, _found in answers]
        pairs = [_pair(row) for _took, found in answers for row in found]
        predicted, whole = peer.predicted()
    Path(file).write_text(json.dumps(pairs))
    return {
        "build_s": round(built, 1),
        "p50_ms": round(percentile(times, 0.5), 1),
        "p99_ms": round(percentile(times, 0.99), 1),
        "asked": asked,
        "pairs": len(pairs),
        "predict_pairs": whole,
        "predict_s": round(predicted, 2),
        "predict_per_s": round(whole / predicted),
    }


def _pair(row: Mapping[str, Any]) -> tuple[int, int, float]:
    """Numbers of the new report and of the other, and the weight; rows count from 0."""
    low, high = sorted((int(row["unique_id_l"]) + 1, int(row["unique_id_r"]) + 1))
    return high, low, float(row["match_weight"])


if __name__ == "__main__":
    _reports, _new, _seed, _asked = map(int, sys.argv[1:5])
    print(json.dumps(measure(_reports, _new, _seed, _asked, sys.argv[5])))
