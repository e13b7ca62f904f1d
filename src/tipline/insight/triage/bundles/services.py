"""The only writer of bundles and members.

Everything here runs in the transaction that places the report in the queue and holds its row.
Locks are always taken in one order: report, bundle, place in the queue. While a bundle is
held its members stand still, so that of those alike exactly one leads. Each step costs a fixed
number of queries, whatever the size: a lead counts its followers, and the bundle's own count
stops where folding starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from tipline.ground.foundation.events import announce
from tipline.ground.foundation.reasons import Reason
from tipline.insight.triage.bundles import rules
from tipline.insight.triage.bundles.rules import Key
from tipline.insight.triage.events import NeighbourJoined
from tipline.insight.triage.models import Bundle, BundleMember, QueueEntry
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.rules_judge import Gathered
from tipline.record.reports.models import Report

#: Characters of a digest that are kept to say in what two members differ; what is alike is
#: decided by whole ones.
_SHORT = 16


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the rules say of a report: its key, what it is like, what keeps it out."""

    key: Key
    least: int
    parts: dict[str, str]
    reasons: tuple[Reason, ...]


def settle(
    report: Report, gathered: Gathered, result: dict[str, Any], policy: TriagePolicy, now: datetime
) -> int | None:
    """Give the report its place in its bundle; the head under which it is folded, or None.

    In the caller's transaction, which holds the report. The same again changes nothing.
    """
    seen = _look(report, gathered, result, policy)
    bundle = _hold_bundle(seen, report, now) if seen else None
    member = BundleMember.objects.select_related("bundle").filter(report=report).first()
    if member is not None and (bundle is None or member.bundle_id != bundle.pk):
        leave(member)
        member = None
    if seen is None or bundle is None:
        return None
    made = member is None
    if member is None:
        member = BundleMember(report=report, bundle=bundle, folded=False, at=now)
    _update(member, seen, _reasons(seen, member, gathered, policy), made=made)
    if made and gathered.neighbours:
        _call_neighbours(member, gathered.neighbours)
    others = BundleMember.objects.filter(bundle=bundle).exclude(report=report)
    count = 1 + others[: seen.least].count()
    if made and count == seen.least:  # the one that makes it ripe
        _fold_waiting(others.exclude(alike=""), now)
    if count >= seen.least and _foldable(member, now) and not fold(member):
        # Reports that become alike again one by one would each stay alone if the first of them
        # came last: only then are all there.
        _fold_waiting(others.filter(alike=member.alike), now)
    return bundle.head_id if member.folded else None


def _look(
    report: Report, gathered: Gathered, result: dict[str, Any], policy: TriagePolicy
) -> _Seen | None:
    if gathered.form is None:
        return None
    wanted = policy.rules.bundles
    filed = report.ended_at or report.opened_at
    key = rules.bundle_key(report.sender_id, gathered.form, filed, wanted)
    if key is None:
        return None
    return _Seen(
        key,
        rules.least(key.kind, wanted),
        rules.likeness(gathered.form, result, wanted),
        rules.keeps_out(gathered.features, result, policy),
    )


def _hold_bundle(seen: _Seen, report: Report, now: datetime) -> Bundle | None:
    """The bundle of the key, held; opened by the first report that may lead it."""
    rows = Bundle.objects.select_for_update(no_key=True).filter(key=seen.key.digest)
    bundle = rows.first()
    if bundle is not None or seen.reasons:
        return bundle
    new = Bundle(key=seen.key.digest, kind=seen.key.kind, head=report, opened_at=now)
    Bundle.objects.bulk_create([new], ignore_conflicts=True)  # another may be first: wait for it
    return rows.get()


def _reasons(
    seen: _Seen, member: BundleMember, gathered: Gathered, policy: TriagePolicy
) -> tuple[Reason, ...]:
    """What keeps the report out, with what only the bundle itself can tell."""
    found = list(seen.reasons)
    near = set(gathered.neighbours)
    if near:
        inside = BundleMember.objects.filter(bundle=member.bundle, report__in=near)
        outside = len(near - set(inside.values_list("report_id", flat=True)))
        if outside:
            found.append(Reason("triage.bundle.linked", {"count": outside}, version=policy.stamp))
    if member.released_at is not None:
        found.append(Reason("triage.bundle.released", version=policy.stamp))
    return tuple(found)


def _call_neighbours(member: BundleMember, near: Sequence[int]) -> None:
    """Have those looked at again that a link to this report kept out while it was outside."""
    kept_out = BundleMember.objects.filter(bundle=member.bundle, report__in=near, alike="")
    for number in kept_out.order_by("report_id").values_list("report_id", flat=True):
        announce(NeighbourJoined(number), dedup_key=str(number))


def _update(member: BundleMember, seen: _Seen, reasons: Sequence[Reason], *, made: bool) -> None:
    """Write what the report is like now; one that has become different leaves those it was like."""
    alike = "" if reasons else rules.alike(seen.parts)
    parts = {name: digest[:_SHORT] for name, digest in seen.parts.items()}
    differs = [reason.as_json() for reason in reasons]
    if not made and (member.alike, member.parts, member.differs) == (alike, parts, differs):
        return
    if not made and member.alike != alike:
        stand_alone(member)
    member.alike, member.parts, member.differs = alike, parts, differs
    member.save(force_insert=made)
    if alike and not member.folded:
        _lead_if_nobody_does(member)


def _lead_if_nobody_does(member: BundleMember) -> None:
    """A bundle whose head has become different gets a new one with the next report that fits."""
    head = member.bundle.head_id
    if head == member.report_id:
        return
    if (
        not BundleMember.objects.filter(report=head, bundle=member.bundle)
        .exclude(alike="")
        .exists()
    ):
        _set_head(member, member.report_id)


def _fold_waiting(members: QuerySet[BundleMember], now: datetime) -> None:
    """Fold those that were looked at before there was one to lead them."""
    waiting = members.filter(folded=False, followers=0).select_related("bundle")
    for one in waiting.order_by("report_id"):
        if _foldable(one, now) and fold(one):
            QueueEntry.objects.filter(report=one.report_id).update(folded_under=one.bundle.head)


def _foldable(member: BundleMember, now: datetime) -> bool:
    """Not folded yet, nothing keeps it out, and nobody works on it or has finished with it."""
    if member.folded or not member.alike:
        return False
    places = QueueEntry.objects.select_for_update(no_key=True).filter(report=member.report_id)
    place = places.first()
    if place is None:
        return True
    claimed = place.claimed_until is not None and place.claimed_until > now
    return place.done_at is None and not claimed


def fold(member: BundleMember) -> bool:
    """Fold a member under the one that leads those like it; False when it leads itself."""
    others = _alike(member).filter(folded=False).exclude(report=member.report_id)
    lead = others.order_by("-followers", "report_id").first()
    if lead is None or member.followers or _comes_first(member, lead):
        return False
    member.folded = True
    member.save(update_fields=["folded"])
    BundleMember.objects.filter(pk=lead.pk).update(followers=F("followers") + 1)
    return True


def _comes_first(member: BundleMember, other: BundleMember) -> bool:
    return not other.followers and member.report_id < other.report_id


def _alike(member: BundleMember) -> QuerySet[BundleMember]:
    return BundleMember.objects.filter(bundle=member.bundle_id, alike=member.alike)


def stand_alone(member: BundleMember) -> None:
    """Take a member from those it was like: it is like nobody now, and listed by itself.

    When it led, the next of them leads. The caller writes the member's place in the queue.
    """
    if member.folded:
        leads = _alike(member).filter(folded=False, followers__gt=0)
        leads.update(followers=F("followers") - 1)
    elif member.alike:
        _pass_on(member)
    member.folded, member.alike, member.followers = False, "", 0
    member.save()


def _pass_on(member: BundleMember) -> None:
    """Let the next one lead, which is listed from now on; find the bundle another head."""
    following = _alike(member).filter(folded=True).select_related("bundle")
    successor = following.order_by("report_id").first() if member.followers else None
    if successor is not None:
        successor.folded, successor.followers = False, member.followers - 1
        successor.save(update_fields=["folded", "followers"])
        QueueEntry.objects.filter(report=successor.report_id).update(folded_under=None)
    if member.bundle.head_id != member.report_id:
        return
    fitting = BundleMember.objects.filter(bundle=member.bundle_id).exclude(alike="")
    others = fitting.exclude(report=member.report_id).order_by("folded", "report_id")
    head = successor or others.first()
    if head is not None:
        _set_head(member, head.report_id)


def _set_head(member: BundleMember, head: int) -> None:
    Bundle.objects.filter(pk=member.bundle_id).update(head=head)
    member.bundle.head_id = head


def leave(member: BundleMember) -> None:
    """End a membership: the report has become one of another bundle, or of none."""
    Bundle.objects.select_for_update(no_key=True).get(pk=member.bundle_id)
    stand_alone(member)
    member.delete()
