"""Keeping the state of links what the rules make of the machine's word and the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db import connection

from tipline.insight.entities.judging import rules
from tipline.insight.entities.judging.rules import Machine, State, Tie, Verdict, Word
from tipline.insight.entities.judging.walking import (
    Region,
    ledger_of,
    tie_of,
    ties_among,
    told_apart,
    walk,
)
from tipline.insight.entities.models import Judgement, Link, NearApart

#: The first key of our advisory lock, of one list's: "link".
_LOCK = 1_818_848_875
#: So many numbers are asked about in one statement.
_AT_ONCE = 5_000
_NEAR = NearApart._meta.db_table  # noqa: SLF001 - Django's documented way
#: Of a row of links: whether either end is near a pair that was told apart.
IS_NEAR = f"EXISTS (SELECT 1 FROM {_NEAR} WHERE report_id IN (low_id, high_id))"  # noqa: S608 - our own table's name
#: The columns of a link in which the outcome of the rules is kept.
CACHED = ("state", "judged", "apart", "news", "barred_by")


def take_turn(*, alone: bool) -> None:
    """Until the caller's transaction ends: whoever judges is alone, those who link are not.

    A judgement reads whole clusters before it writes, so nobody may join any meanwhile. SQLite
    has one writer at a time anyway. Taken before any report is held: who held one and waited
    for a judgement would stand in the way of others that it waits for.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {turn(alone=alone)}")


def turn(*, alone: bool) -> str:
    """The same as an expression of SQL, for a statement that asks for something else, too."""
    if connection.vendor != "postgresql":
        return "NULL"
    return f"(SELECT pg_advisory_xact_lock{'' if alone else '_shared'}({_LOCK}, 0))"


def word_of(row: Judgement) -> Word:
    """A row of the ledger as the rules see it."""
    return Word(
        id=row.pk,
        verdict=Verdict(row.verdict),
        by=row.author_id,
        kinds=rules.kinds(row.reasons),
        act=row.act,
        undoes=row.undoes_id,
        seconds=row.seconds_id,
        needs_second=row.needs_second,
    )


def replayed(link: Link, ledger: Iterable[Judgement]) -> rules.InForce:
    """What the machine's word and these rows make of a link."""
    words = [word_of(row) for row in ledger]
    return rules.in_force(Machine(link.machine), rules.kinds(link.reasons), words)


def refresh(links: Sequence[Link]) -> None:
    """Set on judged links, which are not saved yet, what their ledger makes of them."""
    ledger = ledger_of(links)
    for link in links:
        rows = ledger.get(link.pk, [])
        found = replayed(link, rows)
        link.state, link.judged, link.apart = found.state.value, bool(rows), found.apart
        link.news, link.barred_by_id = list(found.news), None


class TornError(Exception):
    """Confirmed links hold together what somebody told apart. ``way``: by which reports."""

    def __init__(self, tie: Tie, way: Sequence[int]) -> None:
        super().__init__(tie, way)
        self.tie, self.way = tie, way


def settle(start: Collection[int], *, by_person: bool = False) -> set[int]:
    """Bring every link near these reports up to date; of which reports counted links changed.

    Near: in the clusters of these reports, in those that somebody was told apart from, and
    between any of them. Beyond ``walking.MOST_WALKED`` reports nothing is barred any more.
    :class:`TornError` where what a person says would tear a cluster that people confirmed.
    """
    core = walk(start)
    parted = told_apart(core.members)
    far = walk({end for link in parted for end in (link.low_id, link.high_id)} - core.members)
    if not (core.whole and far.whole):
        return set()
    _mark(core, near=bool(parted))
    links = ties_among(core.members | far.members)
    ties = [tie_of(link) for link in links]
    if by_person and (torn := rules.torn(ties)) is not None:
        raise TornError(*torn)
    return _write(links, rules.settle(ties))


def is_near(numbers: Collection[int]) -> bool:
    """Whether anybody in the clusters of these reports was ever told apart from anybody."""
    asked = sorted(numbers)
    return any(
        NearApart.objects.filter(report__in=asked[start : start + _AT_ONCE]).exists()
        for start in range(0, len(asked), _AT_ONCE)
    )


def _mark(region: Region, *, near: bool) -> None:
    """Note that these are near a pair told apart. One that is noted too long costs a walk."""
    if not near:
        return
    known = NearApart.objects.filter(report__in=region.members)
    new = region.members - set(known.values_list("report_id", flat=True))
    NearApart.objects.bulk_create(
        [NearApart(report_id=number) for number in sorted(new)], ignore_conflicts=True
    )


def _write(links: Sequence[Link], settled: dict[int, rules.Settled]) -> set[int]:
    moved, told = [], set()
    for link in links:
        now = settled[link.pk]
        if (link.state, link.barred_by_id) == (now.state.value, now.barred_by):
            continue
        if (State(link.state) in rules.COUNTED) != (now.state in rules.COUNTED):
            told |= {link.low_id, link.high_id}
        link.state, link.barred_by_id = now.state.value, now.barred_by
        moved.append(link)
    Link.objects.bulk_update(moved, ["state", "barred_by"], batch_size=200)
    return told
