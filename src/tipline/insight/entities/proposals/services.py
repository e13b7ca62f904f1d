"""Taking proposals one by one, and the order in which they come. Judging is done elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from django.db.models import Case, Value, When

from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict
from tipline.ground.foundation.transactions import derived_tx
from tipline.insight.entities.models import Link
from tipline.insight.entities.proposals.queries import (
    NOTHING_NEW,
    free_for,
    held,
    together,
    waiting,
)

#: How long a proposal is one person's.
LEASE: Final = timedelta(minutes=15)
#: So often another one is tried when somebody was faster.
TRIES: Final = 50


def take(actor: Actor, but: Collection[int] = ()) -> Link | None:
    """The next proposal for this person, held for them: what they hold already, else the first.

    ``but``: keys of those that they have left to others. None when nothing waits. What hangs
    together already and would move nothing goes behind everything else when it is met here: to
    know it takes a walk through a cluster, which is no work for whoever links a report.
    """
    actor.require(Permission.LINKS_JUDGE)
    mine = held(actor)
    if mine is not None and mine.pk not in but:
        hold(actor, mine)
        return mine
    for tried in range(2 * TRIES):
        first = waiting(actor).exclude(pk__in=list(but)).first()
        if first is not None and tried < TRIES and _goes_last(first):
            continue
        if first is None or _held_now(actor, first):
            return first
    return None


def _goes_last(row: Link) -> bool:
    """Put it behind the others if it tells nobody anything new; True when it was put there."""
    if row.effect != 0 or not together(row):
        return False
    set_effects({row.pk: NOTHING_NEW})
    return True


def hold(actor: Actor, row: Link) -> None:
    """Have it for a while, or for longer; Conflict when somebody else has it now."""
    actor.require(Permission.LINKS_JUDGE)
    if not _held_now(actor, row):
        raise Conflict("Somebody else has these two before them now. Nothing was changed.")


def give_back(actor: Actor) -> int:
    """Leave what this person holds to the others; how many proposals."""
    actor.require(Permission.LINKS_JUDGE)
    return Link.objects.filter(held_by_id=actor.person_key).update(held_by=None, held_until=None)


def set_effects(effects: Mapping[int, int]) -> None:
    """Write what a yes to each of these proposals would move, by key, in one statement."""
    if not effects:
        return
    cases = [When(pk=key, then=Value(effect)) for key, effect in effects.items()]
    with derived_tx():
        Link.objects.filter(pk__in=effects).update(effect=Case(*cases))


def _held_now(actor: Actor, row: Link) -> bool:
    """Compare and set: of two who reach for it, one gets it."""
    now = clock.now()
    rows = Link.objects.filter(free_for(actor, now), pk=row.pk)
    return bool(rows.update(held_by_id=actor.person_key, held_until=now + LEASE))
