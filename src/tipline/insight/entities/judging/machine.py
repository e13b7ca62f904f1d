"""Writing the machine's word: the only way in which the link stage writes links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tipline.ground.foundation import clock
from tipline.ground.foundation.adding import add_values
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


class Said(NamedTuple):
    """What the rules of linking say of two reports. ``reasons``: as JSON; ``points``: their sum."""

    low_id: int
    high_id: int
    machine: str
    reasons: Sequence[Mapping[str, Any]]
    points: int
    version: str

    @property
    def word(self) -> tuple[object, ...]:
        """What ``SAID`` names: all but the two numbers."""
        return self[2:]


#: ``effect`` is no word of these rules: the pipeline sets it after both reports were ranked.
SAID = Said._fields[2:]
_COLUMNS = (*Said._fields, "state", "at")


def write_links(wanted: Mapping[int, Mapping[int, Said]], *, are_new: bool = False) -> set[int]:
    """Make these the links of reports to earlier ones; the numbers of all whose links changed.

    ``wanted``: by the report's number, then by that of the earlier one, what is said now. An empty
    mapping: nothing is said of that report any more. In the caller's transaction,
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
    now_counted = {(row.low_id, row.high_id) for row in kept if _counts(row)}
    now_counted |= {row[:2] for row in new if State(row.machine) in COUNTED}
    touched = {(row.low_id, row.high_id) for row in moved} | {row[:2] for row in new}
    changed = now_counted ^ (counted & touched)
    ends = {end for pair in touched for end in pair}
    told = {end for pair in changed for end in pair}
    return told | settle(ends) if near or (moved and is_near(ends)) else told


def _there(reports: Iterable[int]) -> dict[tuple[int, int], Link]:
    rows = Link.objects.select_for_update().filter(high_id__in=reports).order_by("pk")
    return {(row.low_id, row.high_id): row for row in rows}


def _counts(row: Link) -> bool:
    return State(row.state) in COUNTED


def _add(said: Sequence[Said]) -> bool:
    """Whether any of them is near a pair that was told apart."""
    now = clock.now()
    told = add_values(Link, _COLUMNS, [(*one, one.machine, now) for one in said], IS_NEAR)
    looks.draw_automatic(
        [
            looks.Pair(key, one.low_id, one.high_id)
            for one, (key, _near) in zip(said, told, strict=True)
            if one.machine == Link.Machine.AUTOMATIC
        ]
    )
    return any(near for _key, near in told)


def _bring_up(row: Link, wanted: Said | None) -> bool:
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
