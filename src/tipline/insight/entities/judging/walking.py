"""Reads of what stands around a report: the ties that may hold a cluster, step by step."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from tipline.insight.entities.judging.rules import State, Tie
from tipline.insight.entities.models import Judgement, Link

#: A walk ends here. What hangs on a cluster of more reports is no longer looked at.
MOST_WALKED = 2_000
#: Links that count, and those that would if nothing barred them.
HOLDING = Q(state__in=[Link.State.AUTOMATIC, Link.State.CONFIRMED]) | Q(
    machine=Link.Machine.AUTOMATIC, state=Link.State.PROPOSED, barred_by__isnull=False
)
COUNTING = Q(state__in=[Link.State.AUTOMATIC, Link.State.CONFIRMED])


@dataclass(slots=True)
class Region:
    """Reports that hang together. ``whole``: False where the walk was cut short."""

    members: set[int] = field(default_factory=set)
    whole: bool = True


def walk(start: Iterable[int], along: Q = HOLDING, most: int = MOST_WALKED) -> Region:
    """Everything that hangs on these reports; one statement for each step away from them."""
    region = Region(set(start))
    edge = set(region.members)
    while edge:
        rows = Link.objects.filter(along & (Q(low__in=edge) | Q(high__in=edge)))
        pairs = list(rows.order_by("pk").values_list("low_id", "high_id")[: most + 1])
        edge = {number for pair in pairs for number in pair} - region.members
        if len(pairs) > most or len(region.members) + len(edge) > most:
            region.whole = False
            region.members |= set(sorted(edge)[: max(0, most - len(region.members))])
            break
        region.members |= edge
    return region


def told_apart(numbers: Collection[int]) -> list[Link]:
    """Pairs that people told apart, of which either is among these."""
    rows = Link.objects.filter(Q(low__in=numbers) | Q(high__in=numbers), apart=True)
    return list(rows.order_by("pk"))


def ties_among(numbers: Collection[int]) -> list[Link]:
    """All links of which both ends are among these."""
    rows = Link.objects.filter(low__in=numbers, high__in=numbers)
    return list(rows.order_by("pk"))


def tie_of(link: Link) -> Tie:
    """A stored link as the rules see it, without what stands around it."""
    state = State(link.state)
    if link.news:
        return Tie(link.pk, link.low_id, link.high_id, state, link.points, link.apart, True)
    if state in (State.AUTOMATIC, State.PROPOSED, State.BARRED):
        state = State(link.machine)
    return Tie(link.pk, link.low_id, link.high_id, state, link.points, link.apart)


def ledger_of(links: Iterable[Link]) -> dict[int, list[Judgement]]:
    """The rows of the ledger by link, the oldest first."""
    found: dict[int, list[Judgement]] = {}
    for row in Judgement.objects.filter(link__in=[link.pk for link in links]).order_by("pk"):
        found.setdefault(row.link_id, []).append(row)
    return found
