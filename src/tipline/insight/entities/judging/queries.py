"""Reads of clusters and of what waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.entities.judging.rules import COUNTED, State
from tipline.insight.entities.judging.rules_clusters import bridges
from tipline.insight.entities.judging.walking import COUNTING, Region, told_apart, walk
from tipline.insight.entities.models import Link
from tipline.record.reports.queries import report_for, reports_for

#: So many reports of a cluster are shown; of a larger one the nearest.
MOST_MEMBERS = 500
MOST_LINKS = 5_000


@dataclass(frozen=True, slots=True)
class Cluster:
    """What hangs together by links that count, derived from them, never stored.

    ``members``: report numbers in ascending order, at least the one asked for. ``links``: all
    between members, in whatever state (rejected and proposed ones, too), with both reports and
    their senders. ``bridges``: keys of those links without which the cluster falls into two.
    ``apart``: pairs told apart of which one is a member, the other is not. ``whole``: False when
    there are more members than :data:`MOST_MEMBERS`, or more links than :data:`MOST_LINKS`.
    """

    number: int
    members: tuple[int, ...]
    links: tuple[Link, ...]
    bridges: frozenset[int]
    apart: tuple[Link, ...]
    whole: bool


def cluster_of(actor: Actor, number: int) -> Cluster:
    """The cluster of a report that the actor may see; a report without links is one alone.

    Five statements, however many members there are.
    """
    actor.require(Permission.LINKS_JUDGE)
    report_for(actor, number)
    region = walk({number}, COUNTING, MOST_MEMBERS)
    seen = reports_for(actor).filter(pk__in=region.members)
    members = set(seen.values_list("pk", flat=True))
    rows = Link.objects.select_related("low__sender", "high__sender", "barred_by")
    links = list(rows.filter(low__in=members, high__in=members).order_by("pk")[: MOST_LINKS + 1])
    whole = region.whole and len(links) <= MOST_LINKS
    links = [one for one in links[:MOST_LINKS] if one.state != State.GONE]
    counted = {(one.low_id, one.high_id): one.pk for one in links if one.state in COUNTED}
    away = (one for one in told_apart(members) if not {one.low_id, one.high_id} <= members)
    return Cluster(
        number=number,
        members=tuple(sorted(members)),
        links=tuple(links),
        bridges=frozenset(counted[pair] for pair in bridges(counted)),
        apart=tuple(away),
        whole=whole,
    )


def cluster_members(number: int) -> Region:
    """The reports that hang on one by links that count. The caller has checked its actor."""
    return walk({number}, COUNTING)


def cannot_link(one: int, other: int, *, apart_from: int = 0) -> Link | None:
    """The pair told apart that a link between two reports would bring into one cluster.

    ``apart_from``: the key of a link that is not looked at, such as the very one in question.
    The caller has checked its actor.
    """
    first, second = cluster_members(one).members, cluster_members(other).members
    across = Q(low__in=first, high__in=second) | Q(low__in=second, high__in=first)
    rows = Link.objects.filter(across, apart=True).exclude(pk=apart_from)
    return rows.order_by("pk").first()
