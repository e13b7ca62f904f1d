"""Writing the machine's word: the only way in which the link stage writes links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tipline.ground.foundation import clock
from tipline.ground.foundation.adding import add
from tipline.insight.entities.judging import looks
from tipline.insight.entities.judging.rules import COUNTED, State
from tipline.insight.entities.judging.settling import (
    CACHED,
    IS_NEAR,
    is_near,
    refresh,
    settle,
)
from tipline.insight.entities.models import Link

#: ``effect`` is no word of these rules: the pipeline sets it after both reports were ranked.
SAID = ("machine", "reasons", "points", "version")


def write_links(wanted: Mapping[int, Mapping[int, Link]], *, are_new: bool = False) -> set[int]:
    """Make these the links of reports to earlier ones; the numbers of all whose links changed.

    ``wanted``: by the report's number, then by that of the earlier one, what the rules of linking
    say now, as rows with ``low_id``, ``high_id`` and :data:`SAID`; nothing else of them is looked
    at. An empty mapping: nothing is said of that report any more. In the caller's transaction,
    which has taken its turn and holds the reports. A judged link keeps its judgement, whatever is
    said of it now; an unjudged one of which nothing is said any more goes. What stays the same is
    not written.
    ``are_new``: the caller, who holds the reports, saw no link of any of them to an earlier one.
    """
    there = {} if are_new else _there(wanted)
    counted = {pair for pair, row in there.items() if _counts(row)}
    said = {(low, high): row for high, rows in wanted.items() for low, row in rows.items()}
    new = [row for pair, row in sorted(said.items()) if pair not in there]
    near = _add(new)
    moved = [row for pair, row in there.items() if _bring_up(row, said.get(pair))]
    kept = [row for row in moved if row.judged or row.machine != Link.Machine.GONE]
    _keep(kept)
    _forget([row for row in moved if row not in kept])
    now_counted = {(row.low_id, row.high_id) for row in [*new, *kept] if _counts(row)}
    touched = {(row.low_id, row.high_id) for row in [*new, *moved]}
    changed = now_counted ^ (counted & touched)
    ends = {end for pair in touched for end in pair}
    told = {end for pair in changed for end in pair}
    return told | settle(ends) if near or (moved and is_near(ends)) else told


def _there(reports: Iterable[int]) -> dict[tuple[int, int], Link]:
    rows = Link.objects.select_for_update().filter(high_id__in=reports).order_by("pk")
    return {(row.low_id, row.high_id): row for row in rows}


def _counts(row: Link) -> bool:
    return State(row.state) in COUNTED


def _add(rows: Sequence[Link]) -> bool:
    """Whether any of them is near a pair that was told apart."""
    now = clock.now()
    for row in rows:
        row.state, row.at = row.machine, now
    near = add(rows, IS_NEAR)
    looks.draw_automatic([row for row in rows if row.machine == Link.Machine.AUTOMATIC])
    return any(near)


def _bring_up(row: Link, wanted: Link | None) -> bool:
    """Put on a stored link what is said of it now; whether that is anything new."""
    if wanted is None:
        moved = row.machine != Link.Machine.GONE
        row.machine = Link.Machine.GONE
        return moved
    if all(getattr(row, name) == getattr(wanted, name) for name in SAID):
        return False
    for name in SAID:
        setattr(row, name, getattr(wanted, name))
    return True


def _forget(rows: Sequence[Link]) -> None:
    if rows:
        looks.forget(rows)
        Link.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _keep(rows: Sequence[Link]) -> None:
    """Save what was brought up, with the state that follows from it."""
    if not rows:
        return
    refresh([row for row in rows if row.judged])
    for row in rows:
        if not row.judged:
            row.state, row.barred_by_id = row.machine, None
    Link.objects.bulk_update(rows, [*SAID, *CACHED], batch_size=200)
    looks.draw_automatic([row for row in rows if row.state == Link.State.AUTOMATIC])
