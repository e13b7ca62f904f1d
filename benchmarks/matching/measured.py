"""The contenders in turn, round after round, and whether they find what they must."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.matching import contenders
from benchmarks.matching.contenders import Answer, Contender, MissingError, Ours
from benchmarks.matching.hashes import (
    FARTHEST,
    Planted,
    Values,
    clustered_values,
    planted,
    questions,
    random_values,
)
from benchmarks.matching.store import Store, keep

#: One picture asks so many at once: eight ways to turn it, as it is and without its border.
PICTURE = 16
#: So many questions are asked between two readings of the clock.
PER_READING = 16
ONE, MANY = "one", "picture"

ACCELERATED, PLAIN = "ours, compiled", "ours, numpy alone"
FLAT, MULTI, PDQ, SCAN = (
    "faiss flat",
    "faiss multi-hash 16x16, 1 flip",
    "threatexchange PDQIndex",
    "plain scan, numpy",
)
PEERS = (FLAT, MULTI, PDQ)


@dataclass(frozen=True, slots=True)
class Plan:
    """``checked``: questions whose whole answers are held against a scan of all."""

    sizes: tuple[int, ...] = (100_000, 1_000_000)
    rounds: int = 30
    each: int = 48
    checked: int = 60
    clustered: int = 100_000
    commits: int = 200


QUICK = Plan((3_000,), rounds=3, each=16, checked=20, clustered=3_000, commits=20)
LARGE = 10_000_000


@dataclass(frozen=True, slots=True)
class Told:
    """One contender at one size. Microseconds of CPU for each question, by the way of asking."""

    size: int
    kind: str
    name: str
    micros: Mapping[str, float]
    bytes_each: float
    build_s: float
    recall: float
    wrong: int
    note: str = ""

    def row(self) -> dict[str, Any]:
        return {
            "size": self.size,
            "hashes": self.kind,
            "name": self.name,
            "micros_one": round(self.micros.get(ONE, float("nan")), 2),
            "micros_picture": round(self.micros.get(MANY, float("nan")), 2),
            "bytes_each": round(self.bytes_each, 1),
            "build_s": round(self.build_s, 2),
            "recall": self.recall,
            "wrong": self.wrong,
            "note": self.note,
        }


def measure(plan: Plan, folder: Path, kernels: Mapping[str, Any]) -> Iterator[Told]:
    """Every size with random hashes, then one with clusters. ``kernels``: ours, by name."""
    for size in plan.sizes:
        yield from _sized(plan, folder, kernels, "random", random_values(size, size))
    clustered = clustered_values(plan.clustered, 7)
    yield from _sized(plan, folder, kernels, "clustered", clustered)


def _sized(
    plan: Plan, folder: Path, kernels: Mapping[str, Any], kind: str, values: Values
) -> Iterator[Told]:
    say(f"{len(values):,} {kind} hashes")
    built, notes = _built(folder, kernels, kind, values)
    micros = _timed(built, plan, values, kind)
    wanted = planted(values, 99)
    whole = wanted[:: max(1, len(wanted) // plan.checked)]
    truth = [_scanned(each.value, values) for each in whole]
    for name, one in built.items():
        recall, wrong = _recall(one, wanted), _wrong(one, whole, truth)
        say(f"  {name}: {micros[name]}, recall {recall:.4f}, wrong {wrong}")
        yield Told(
            len(values), kind, name, micros[name], one.bytes_each, one.build_s, recall, wrong
        )
    for name, note in notes.items():
        yield Told(len(values), kind, name, {}, 0.0, 0.0, float("nan"), 0, note)


def _built(
    folder: Path, kernels: Mapping[str, Any], kind: str, values: Values
) -> tuple[dict[str, Contender], dict[str, str]]:
    """All that can be built, and why others cannot."""
    store = Store(folder, f"{kind}{len(values)}", values)
    makers: dict[str, Callable[[], Contender]] = {
        FLAT: lambda: contenders.Faiss(FLAT, values, "flat"),
        MULTI: lambda: contenders.Faiss(MULTI, values, "multi"),
        PDQ: lambda: contenders.PdqIndex(PDQ, values),
        SCAN: lambda: contenders.Scan(SCAN, values),
    }
    built: dict[str, Contender] = {name: Ours(name, store, kernels[name]) for name in kernels}
    notes = dict[str, str]()
    for name, make in makers.items():
        try:
            built[name] = make()
        except MissingError as error:
            notes[name] = str(error)
            say(f"  {name}: {error}")
    return built, notes


def _timed(
    built: Mapping[str, Contender], plan: Plan, values: Values, kind: str
) -> dict[str, dict[str, float]]:
    """Median over all questions. They are new in every round."""
    found: dict[str, dict[str, list[float]]] = {name: {ONE: [], MANY: []} for name in built}
    for number in range(plan.rounds):
        for name, one in built.items():
            slow = name == SCAN and number % 8
            if slow:
                continue
            asked = _questions(2 * plan.each, number, values, kind)
            single, others = asked[: plan.each], asked[plan.each :]  # none twice: it would be warm
            found[name][ONE] += _micros(one, [[value] for value in single])
            groups = [others[at : at + PICTURE] for at in range(0, len(others), PICTURE)]
            found[name][MANY] += _micros(one, groups)
    return {
        name: {way: round(median(times), 2) for way, times in ways.items()}
        for name, ways in found.items()
    }


def _questions(count: int, seed: int, values: Values, kind: str) -> list[bytes]:
    """Near to nothing; among clusters, as many as not are near to a whole cluster."""
    asked = list(questions(count, seed))
    if kind == "clustered":
        dice = np.random.default_rng(seed)
        asked[::2] = [values[row].tobytes() for row in dice.integers(0, len(values), count)[::2]]
    return asked


def _micros(one: Contender, groups: Sequence[Sequence[bytes]]) -> list[float]:
    """For each question, by a few groups at a time: to read the clock takes a microsecond."""
    found = list[float]()
    together = max(1, PER_READING // len(groups[0]))
    for at in range(0, len(groups), together):
        asked = [one.asks(group) for group in groups[at : at + together]]
        started = time.thread_time_ns()
        for each in asked:
            one.answer(each)
        taken = time.thread_time_ns() - started
        found.append(taken / sum(map(len, groups[at : at + together])) / 1000)
    return found


def _recall(one: Contender, wanted: Sequence[Planted]) -> float:
    """The share of planted rows that are found, at their distance; a slow one is asked some."""
    if isinstance(one, contenders.Scan):
        wanted = wanted[::8]
    answers = one.answers([each.value for each in wanted])
    hits = [
        answer.get(each.row) == each.distance for each, answer in zip(wanted, answers, strict=True)
    ]
    return sum(hits) / len(hits)


def _wrong(one: Contender, whole: Sequence[Planted], truth: Sequence[Answer]) -> int:
    """How many whole answers differ from what counting all bits finds."""
    answers = one.answers([each.value for each in whole])
    return sum(answer != expected for answer, expected in zip(answers, truth, strict=True))


def _scanned(value: bytes, values: Values) -> Answer:
    """By counting the bits of all, as straightforward as can be."""
    found: Answer = {}
    wanted = np.frombuffer(value, np.uint64)
    words = values.view(np.uint64)
    for start in range(0, len(words), 1 << 16):
        distances = np.bitwise_count(words[start : start + (1 << 16)] ^ wanted).sum(1, np.int64)
        (near,) = np.nonzero(distances <= FARTHEST)
        found.update(zip((near + start).tolist(), distances[near].tolist(), strict=True))
    return found


def seen_at_once(store: Store, kernel: Any, times: int) -> tuple[float, float]:
    """Microseconds of the search right after another connection's commit; share that was found."""
    store.use(kernel)
    times_taken, seen = list[float](), 0
    for number, value in enumerate(questions(times, 4_711)):
        key = len(store.values) + 1 + number
        thread = threading.Thread(target=_commit, args=(key, value))
        thread.start()
        thread.join()
        started = time.thread_time_ns()
        found = store.index.search(value)
        times_taken.append((time.thread_time_ns() - started) / 1000)
        seen += (key, 0) in found
    return median(times_taken), seen / times


def _commit(key: int, value: bytes) -> None:
    from django.db import connection  # noqa: PLC0415 - needs the settings

    try:
        keep(key, value)
    finally:
        connection.close()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
