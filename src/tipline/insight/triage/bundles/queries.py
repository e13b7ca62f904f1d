"""Reads of bundles. Counts of a whole bundle are for its own page; lists use the leads' counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Trunc

from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.reasons import Reason
from tipline.insight.triage.bundles.rules import differences
from tipline.insight.triage.models import Bundle, BundleMember, QueueEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: A bundle of one is no bundle to anybody.
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Likes:
    """A listed report that others are folded under: how many, and in which bundle."""

    bundle: int
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a report stands in its bundle.

    ``lead``: the one that is listed for it, where it is folded; ``closed`` whether that one is
    done, and this one with it. ``differs``: why it stands out. ``followers`` are folded under it.
    """

    bundle: Bundle
    is_head: bool
    folded: bool
    released: bool
    lead: int | None
    closed: bool
    followers: int
    differs: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """``since_closed``: folded after their head was done."""

    members: int
    folded: int
    since_closed: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many reports came in each ``step`` of time, those without any too."""

    step: timedelta
    counts: tuple[tuple[datetime, int], ...]


def likes_of(numbers: Iterable[int]) -> dict[int, Likes]:
    """Those of these reports under which others are folded. The caller has checked its actor."""
    rows = BundleMember.objects.filter(report__in=list(numbers), followers__gt=0)
    found = rows.values_list("report_id", "bundle_id", "followers")
    return {number: Likes(bundle, count) for number, bundle, count in found}


def carried(number: int) -> dict[str, int]:
    """For the ledger: what goes with this report when it is done; empty when nothing does."""
    likes = likes_of([number]).get(number)
    return {"bundle": likes.bundle, "with_it": likes.count} if likes else {}


def bundle_for(actor: Actor, bundle: int) -> Bundle:
    """A bundle of two or more; NotVisible for anybody who does not work the queue."""
    row = None
    if actor.may(Permission.QUEUE_WORK):
        row = Bundle.objects.select_related("head__sender").filter(pk=bundle).first()
    if row is None or len(members_of(row)[:_SEVERAL]) < _SEVERAL:
        raise NotVisible("There is no such bundle.")
    return row


def members_of(bundle: Bundle) -> QuerySet[BundleMember]:
    """All members, the head among them; those that are listed by themselves come first."""
    rows = BundleMember.objects.select_related("report", "released_by").filter(bundle=bundle)
    return rows.order_by("folded", "report_id")


def reasons_of_members(bundle: Bundle, members: Iterable[BundleMember]) -> dict[int, list[Reason]]:
    """Per member why it stands out: what keeps it out, or in what it differs from the head."""
    head = BundleMember.objects.filter(report=bundle.head_id).first()
    of_head = head.parts if head is not None else {}
    return {member.report_id: _why(member, of_head) for member in members}


def _why(member: BundleMember, of_head: Mapping[str, str]) -> list[Reason]:
    if member.differs:
        return [Reason.from_json(reason) for reason in member.differs]
    return list(differences(member.parts, of_head))


def standing_of(number: int) -> Standing | None:
    """None for a report that is alone. The caller has checked its actor."""
    rows = BundleMember.objects.select_related("bundle__head")
    member = rows.filter(report=number).first()
    if member is None or len(members_of(member.bundle)[:_SEVERAL]) < _SEVERAL:
        return None
    lead = leads_of([member]).get(number)
    is_head = member.bundle.head_id == number
    why = reasons_of_members(member.bundle, [member])[number]
    return Standing(
        bundle=member.bundle,
        is_head=is_head,
        folded=member.folded,
        released=member.released_at is not None,
        lead=lead,
        closed=lead is not None and _is_done(lead),
        followers=member.followers,
        differs=() if member.folded or is_head else tuple(why),
    )


def leads_of(members: Iterable[BundleMember]) -> dict[int, int]:
    """Per folded member the one that is listed for it."""
    folded = [member for member in members if member.folded]
    asked = Q()
    for bundle, alike in {(member.bundle_id, member.alike) for member in folded}:
        asked |= Q(bundle=bundle, alike=alike)
    if not folded:
        return {}
    rows = BundleMember.objects.filter(asked, folded=False, followers__gt=0)
    leads = {(row.bundle_id, row.alike): row.report_id for row in rows}
    return {member.report_id: leads[member.bundle_id, member.alike] for member in folded}


def _is_done(number: int) -> bool:
    return QueueEntry.objects.filter(report=number, done_at__isnull=False).exists()


def counts_of(bundle: Bundle) -> Counts:
    """Counted through: for the bundle's own page."""
    done = QueueEntry.objects.filter(report=bundle.head_id).values_list("done_at", flat=True)
    closed = done.first()
    since = Q(folded=True, at__gt=closed) if closed else Q(pk__in=[])
    found = BundleMember.objects.filter(bundle=bundle).aggregate(
        all_of_them=Count("pk"),
        under_a_lead=Count("pk", filter=Q(folded=True)),
        after_closing=Count("pk", filter=since),
    )
    return Counts(found["all_of_them"], found["under_a_lead"], found["after_closing"])


def arrivals_of(bundle: Bundle) -> Arrivals:
    """When its reports were filed: per minute, hour or day, as their span needs."""
    rows = BundleMember.objects.filter(bundle=bundle, report__ended_at__isnull=False)
    ends = rows.aggregate(first=Min("report__ended_at"), last=Max("report__ended_at"))
    if ends["first"] is None:
        return Arrivals(timedelta(days=1), ())
    step, kind = _step(ends["last"] - ends["first"])
    counted = (
        rows.annotate(when=Trunc("report__ended_at", kind, tzinfo=UTC))
        .values("when")
        .annotate(n=Count("pk"))
    )
    found = {row["when"]: row["n"] for row in counted}
    columns = (max(found) - min(found)) // step + 1
    times = [min(found) + n * step for n in range(columns)]
    return Arrivals(step, tuple((at, found.get(at, 0)) for at in times))


def _step(span: timedelta) -> tuple[timedelta, str]:
    """Never more columns than a small picture holds: a bundle lasts a week at most."""
    if span < timedelta(hours=1):
        return timedelta(minutes=1), "minute"
    return (timedelta(hours=1), "hour") if span < timedelta(days=2) else (timedelta(days=1), "day")
