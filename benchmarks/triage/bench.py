"""``bench triage``: the shipped policy beside others, on simulated months of several profiles."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.result import Result, machine
from benchmarks.triage import orders, picture
from benchmarks.triage.compared import Compared, Plan, compare
from simulator.population.files import SHIPPED
from simulator.population.population import Population
from simulator.world.profile_files import profile_named
from tipline.insight.triage.policy import TriagePolicy, default_policy

#: Never used for choosing points: those were chosen on random:101 and its followers.
RANDOM = tuple(f"random:{seed}" for seed in range(1, 6))


def run(words: Sequence[str]) -> Result:
    """All shipped and five random profiles, or the one that is named."""
    options = _parser().parse_args(words)
    populations = [_population(name) for name in options.profile or (*SHIPPED, *RANDOM)]
    plan = Plan(
        seeds=tuple(range(1, options.seeds + 1)),
        reports=options.reports,
        workers=options.workers,
    )
    policy = default_policy()
    compared = [_told(compare(one, plan, policy, _say)) for one in populations]
    if options.picture:
        Path(options.picture).write_text(picture.svg(compared), encoding="utf-8")
    return result(compared, plan, policy)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bench triage", description=__doc__)
    add = parser.add_argument
    add("--profile", action="append", metavar="FILE|NAME|random:SEED", help="several: repeat it")
    add("--seeds", type=_positive, default=10, metavar="N", help="months a profile (default 10)")
    add("--reports", type=_positive, metavar="N", help="fewer a month, for a quick look")
    add("--workers", type=_positive, default=os.cpu_count() or 1, metavar="W", help="processes")
    add("--picture", metavar="FILE", help="write the picture (SVG) there")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a number from 1")
    return number


def _population(name: str) -> Population:
    found = profile_named(name)
    if isinstance(found, Population):
        return found
    raise ValueError(f"{name} has no latent truth: choose from {', '.join(SHIPPED)}.")


def _told(compared: Compared) -> Compared:
    _say(_table(compared))
    return compared


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def result(compared: Sequence[Compared], plan: Plan, policy: TriagePolicy) -> Result:
    """The answer: rows, ratios to the oracle, what was met, and a text for people."""
    ratios = {
        f"{one.profile}: {order} to oracle, {measure}": one.ratio(order, measure)
        for one in compared
        for order in (orders.OURS, orders.BANDS, orders.LOOKED, orders.LOGISTIC)
        if order in one.reached
        for measure in ("first", "on_list")
    }
    met = {figure: yes for one in compared for figure, yes in one.met().items()}
    head = (
        f"{policy.stamp}, {len(plan.seeds)} seeds a profile, {machine()}\n"
        f"met: {sum(met.values())} of {len(met)}; not met: "
        + ("; ".join(figure for figure, yes in met.items() if not yes) or "none")
    )
    rows = [row for one in compared for row in one.rows()]
    return Result("triage", rows, ratios, met, "\n\n".join([head, *map(_table, compared)]))


_HEAD = (
    f"{'order':<26}{'first 5 %':>10}{'on list':>9}{'median h':>10}{'p95 h':>8}{'never':>7}"
    f"{'wasted':>8}{'expired':>9}   ours above it, 95 %"
)


def _table(one: Compared) -> str:
    head = (
        f"{one.profile}: {one.reports} reports a month, {one.endangered:.0f} of endangered "
        f"children; {one.ratio():.3f} of the oracle"
    )
    lines = [head, _HEAD]
    for row in one.rows():
        gap = "{:+.3f} [{:+.3f}, {:+.3f}]".format(*row["ours_above"])
        lines.append(
            f"{row['order']:<26}{row['first']:>10.3f}{row['on_list']:>9.3f}"
            f"{row['median_hours']:>10.2f}{row['p95_hours']:>8.1f}{row['never']:>7.3f}"
            f"{row['wasted']:>8.3f}{row['expired']:>9.3f}   "
            + (gap if row["order"] != orders.OURS else "")
        )
    return "\n".join(lines)
