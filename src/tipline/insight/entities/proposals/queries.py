"""Reads of proposed links, for a named actor."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.insight.entities.judging.walking import COUNTING, walk
from tipline.insight.entities.models import Judgement, Link
from tipline.record.reports.queries import reports_for

#: What a yes would move, then the evidence; as the partial index has it.
ORDER: Final = ("-effect", "-points", "pk")
#: The effect of a pair that others hold in one cluster already and that moves nothing: the last.
NOTHING_NEW: Final = -1
#: More that wait are not counted.
MOST_COUNTED: Final = 10_000
#: Proposals of one report that are ordered; of one with more, the strongest.
MOST_OF_ONE: Final = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """How many wait for this person, counted up to :data:`MOST_COUNTED`, and what they judged."""

    left: int
    mine: int

    @property
    def more(self) -> bool:
        return self.left >= MOST_COUNTED


class Proposal(NamedTuple):
    """A proposed link of a report, by its key, and the other report."""

    link: int
    other: int
    effect: int


def waiting(actor: Actor) -> QuerySet[Link]:
    """Proposals that are free for this person, in their order."""
    if not actor.may(Permission.LINKS_JUDGE):
        return Link.objects.none()
    rows = Link.objects.filter(free_for(actor, clock.now()), state=Link.State.PROPOSED)
    return _visible(actor, rows).order_by(*ORDER)


def free_for(actor: Actor, now: datetime) -> Q:
    """Nobody else's at this instant."""
    return Q(held_by__isnull=True) | Q(held_until__lte=now) | Q(held_by_id=actor.person_key)


def held(actor: Actor) -> Link | None:
    """The proposal that this person has before them."""
    mine = Q(held_by_id=actor.person_key, held_until__gt=clock.now())
    return waiting(actor).filter(mine).first()


def link_for(actor: Actor, key: int) -> Link:
    """A link between two reports that the actor may see, whatever its state."""
    actor.require(Permission.LINKS_JUDGE)
    rows = Link.objects.select_related("low__sender", "high__sender", "held_by", "barred_by")
    row = _visible(actor, rows).filter(pk=key).first()
    if row is None:
        raise NotVisible("There is no such link.")
    return row


def together(row: Link) -> bool:
    """Whether links that count hold the two in one cluster, by other ways than this proposal."""
    return row.high_id in walk([row.low_id], COUNTING).members


def next_ones(actor: Actor, but: Collection[int], most: int) -> list[Link]:
    """The proposals that come next, without these."""
    return list(waiting(actor).exclude(pk__in=list(but))[:most])


def standing(actor: Actor, since: datetime) -> Standing:
    """What waits, and how many this person has judged since."""
    left = waiting(actor).order_by()[:MOST_COUNTED].count()
    mine = Judgement.objects.filter(author_id=actor.person_key, at__gt=since)
    return Standing(left, mine.values("link").distinct().count())


def proposals_with(number: int) -> list[Proposal]:
    """Proposed links of a report, the strongest first; no more than :data:`MOST_OF_ONE`.

    The caller looks at reports by itself, for nobody.
    """
    rows = Link.objects.filter(Q(low_id=number) | Q(high_id=number), state=Link.State.PROPOSED)
    told = rows.order_by("-points", "pk").values_list("pk", "low_id", "high_id", "effect")
    return [
        Proposal(key, low if high == number else high, effect)
        for key, low, high, effect in told[:MOST_OF_ONE]
    ]


def _visible(actor: Actor, rows: QuerySet[Link]) -> QuerySet[Link]:
    seen = reports_for(actor)
    return rows.filter(
        Exists(seen.filter(pk=OuterRef("low_id"))), Exists(seen.filter(pk=OuterRef("high_id")))
    )
