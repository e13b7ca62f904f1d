"""``bench matching``: the index beside faiss, the threatexchange index and a plain scan."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.matching.hashes import random_values
from benchmarks.matching.measured import (
    ACCELERATED,
    LARGE,
    MANY,
    ONE,
    PEERS,
    PLAIN,
    QUICK,
    Plan,
    Told,
    measure,
    say,
    seen_at_once,
)
from benchmarks.matching.store import Store, home
from benchmarks.result import Result, machine

#: DESIGN, section 6: how many times sooner than the best exact peer.
TO_REACH = {
    ACCELERATED: {100_000: 12.0, 1_000_000: 50.0, LARGE: 120.0},
    PLAIN: {100_000: 2.0, 1_000_000: 3.0},
}
MOST_BYTES, FROM_SIZE = 136, 1_000_000
WAYS = {ONE: "one question", MANY: "a picture's 16"}


def run(words: Sequence[str]) -> Result:
    """100,000 and a million hashes, with ``--large`` ten million (8 GB of memory, 15 minutes)."""
    options = _parser().parse_args(words)
    plan = QUICK if options.quick else _plan(options)
    with home() as folder:
        kernels = _kernels()
        told = list(measure(plan, folder, kernels))
        fresh = [
            {"name": name, **_fresh(folder, kernel, number, plan.commits)}
            for number, (name, kernel) in enumerate(kernels.items())
        ]
    return result(told, fresh)


def _plan(options: argparse.Namespace) -> Plan:
    sizes = tuple(options.size or Plan().sizes) + ((LARGE,) if options.large else ())
    return Plan(sizes=sizes, rounds=options.rounds)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bench matching", description=__doc__)
    add = parser.add_argument
    add("--large", action="store_true", help="ten million hashes as well")
    add("--size", type=int, action="append", metavar="N", help="another size; repeat it")
    add("--rounds", type=int, default=Plan().rounds, metavar="N", help="of each contender")
    add("--quick", action="store_true", help="3,000 hashes: does it run?")
    return parser


def _kernels() -> dict[str, Any]:
    from tipline.insight.matching.index import kernels  # noqa: PLC0415 - needs the settings
    from tipline.insight.matching.index.kernels_numpy import KERNEL  # noqa: PLC0415

    found: dict[str, Any] = {PLAIN: KERNEL}
    try:
        found = {ACCELERATED: kernels.compiled(None), **found}
    except ImportError:
        say(f"{ACCELERATED}: numba is not installed; see requirements/fast.txt")
    return found


def _fresh(folder: Any, kernel: Any, number: int, commits: int) -> dict[str, Any]:
    """How soon and whether what another connection has just committed is found."""
    store = Store(folder, f"fresh{number}", random_values(10_000, number))
    micros, seen = seen_at_once(store, kernel, commits)
    return {"size": 10_000, "micros_after_commit": round(micros, 1), "seen": seen}


def result(told: Sequence[Told], fresh: Sequence[Mapping[str, Any]]) -> Result:
    """The answer: rows, ratios to the best peer of each size, what was met, a text."""
    ratios, met = dict[str, float](), dict[str, bool]()
    for size, kind in sorted({(one.size, one.kind) for one in told}):
        here = {one.name: one for one in told if (one.size, one.kind) == (size, kind)}
        for name in (ACCELERATED, PLAIN):
            for way in WAYS if name in here else ():
                if (best := _best(here, way)) is None:
                    continue
                figure = f"{size:,} {kind}, {name}, {WAYS[way]}"
                ratios[figure] = best / here[name].micros[way]
                wanted = TO_REACH[name].get(size) if kind == "random" else None
                if wanted is not None:
                    met[f"{figure}: >= {wanted:.0f}x"] = ratios[figure] >= wanted
        met.update(_exact(here, size, kind))
    met.update({f"{one['name']}: finds every fresh commit": one["seen"] == 1.0 for one in fresh})
    rows = [*(one.row() for one in told), *fresh]
    return Result("matching", rows, ratios, met, _text(told, fresh, ratios, met))


def _best(here: Mapping[str, Told], way: str) -> float | None:
    """The best peer that finds everything, in this way of asking or one by one."""
    times = [
        min(here[name].micros[way], here[name].micros[ONE])
        for name in PEERS
        if name in here and here[name].micros and here[name].recall == 1.0
    ]
    return min(times, default=None)


def _exact(here: Mapping[str, Told], size: int, kind: str) -> dict[str, bool]:
    found = dict[str, bool]()
    for name in (ACCELERATED, PLAIN):
        if name in here:
            one = here[name]
            exact = one.recall == 1.0 and one.wrong == 0
            found[f"{size:,} {kind}, {name}: recall 100 %, nothing else"] = exact
            if size >= FROM_SIZE:
                small = one.bytes_each <= MOST_BYTES
                found[f"{size:,} {kind}, {name}: <= {MOST_BYTES} bytes an entry"] = small
    return found


_HEAD = (
    f"{'':<34}{'us, one':>10}{'us, of 16':>11}{'bytes':>8}{'build s':>9}{'recall':>9}{'wrong':>7}"
)


def _text(
    told: Sequence[Told],
    fresh: Sequence[Mapping[str, Any]],
    ratios: Mapping[str, float],
    met: Mapping[str, bool],
) -> str:
    lines = [f"{machine()}; CPU of one thread for each question, median of rounds in turn"]
    shown = None
    for one in told:
        if shown != (one.size, one.kind):
            shown = (one.size, one.kind)
            lines += ["", f"{one.size:,} {one.kind} hashes", _HEAD]
        lines.append(f"{one.name:<34}" + (f"  {one.note}" if one.note else _figures(one)))
    lines += [""]
    lines += [
        f"{one['name']}: {one['micros_after_commit']} us right after another's commit, "
        f"found {one['seen']:.1%}"
        for one in fresh
    ]
    lines += ["", *(f"{value:8.1f}x the best exact peer: {name}" for name, value in ratios.items())]
    lines += ["", *(f"{'met    ' if yes else 'NOT MET'} {name}" for name, yes in met.items())]
    return "\n".join(lines)


def _figures(one: Told) -> str:
    return (
        f"{one.micros[ONE]:>10.1f}{one.micros[MANY]:>11.1f}{one.bytes_each:>8.0f}"
        f"{one.build_s:>9.2f}{one.recall:>9.2%}{one.wrong:>7}"
    )
