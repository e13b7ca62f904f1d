"""Bundles as the desk shows them: the badge of a row, the page of a bundle, a member's line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.shown_queue import Row, row_of
from tipline.doors.portals.desk.shown_reasons import sentences
from tipline.doors.portals.look.parts import Series
from tipline.ground.foundation import clock
from tipline.insight.triage.bundles.queries import (
    arrivals_of,
    leads_of,
    likes_of,
    reasons_of_members,
    standing_of,
)
from tipline.insight.triage.draws.queries import draws_of
from tipline.insight.triage.queue import entries_of

if TYPE_CHECKING:
    from tipline.insight.triage.models import Bundle, BundleMember


@dataclass(frozen=True, slots=True)
class ShownMember:
    """One row of a bundle's table. ``row`` is None for a report that is not ranked yet."""

    number: int
    row: Row | None
    filed: datetime | None
    folded: bool
    stands: str
    released: bool


def with_likes(rows: Sequence[Row]) -> list[Row]:
    """The rows with how many reports are folded under each, and the bundle's page."""
    likes = likes_of(row.number for row in rows)
    return [
        replace(row, more=found.count, bundle_url=reverse("desk:bundle", args=[found.bundle]))
        if (found := likes.get(row.number))
        else row
        for row in rows
    ]


def done_words(number: int) -> str:
    """What "done" did: never silently more than the report that was named."""
    likes = likes_of([number]).get(number)
    if likes is None:
        return _("Report %(number)s is done.") % {"number": number}
    return ngettext(
        "Report %(number)s is done, and %(count)s more like it with it.",
        "Report %(number)s is done, and %(count)s more like it with it.",
        likes.count,
    ) % {"number": number, "count": likes.count}


def kind_words(kind: str) -> str:
    """Why the reports are gathered."""
    known = {
        "viral": _("the same files, sender, address and week"),
        "flood": _("the same form from one sender, within a short time"),
    }
    return known.get(kind, kind)


def shown_members(
    bundle: Bundle, members: Sequence[BundleMember], me: int | None
) -> list[ShownMember]:
    """A page of members: what each is like, or why it stands out."""
    places = entries_of(member.report_id for member in members)
    reasons = reasons_of_members(bundle, members)
    leads = leads_of(members)
    now = clock.now()
    return [
        ShownMember(
            number=(number := member.report_id),
            row=row_of(places[number], me, now) if number in places else None,
            filed=member.report.ended_at,
            folded=member.folded,
            stands=_stands(bundle, member, leads.get(number), sentences(reasons[number])),
            released=member.released_at is not None,
        )
        for member in members
    ]


def _stands(bundle: Bundle, member: BundleMember, lead: int | None, why: str) -> str:
    if member.report_id == bundle.head_id:
        return _("The head.")
    if lead == bundle.head_id:
        return _("Like the head.")
    if lead is not None:
        return _("Like report %(number)s.") % {"number": lead}
    return why or _("Like the head; listed by itself.")


def arrivals(bundle: Bundle) -> list[Series]:
    """When its reports were filed, in UTC."""
    found = arrivals_of(bundle)
    per = {
        timedelta(minutes=1): (_("Reports per minute"), "%H:%M"),
        timedelta(hours=1): (_("Reports per hour"), "%m-%d %H:%M"),
        timedelta(days=1): (_("Reports per day"), "%Y-%m-%d"),
    }
    words, form = per[found.step]
    counts = tuple((at.strftime(form), float(n)) for at, n in found.counts)
    return [Series(words, counts)] if counts else []


def head_row(bundle: Bundle, me: int | None) -> Row | None:
    """The head as the queue shows it."""
    place = entries_of([bundle.head_id]).get(bundle.head_id)
    return with_likes([row_of(place, me, clock.now())])[0] if place else None


def standing_context(number: int) -> dict[str, Any]:
    """For the report's page: its bundle and draws, absent when it has none."""
    standing = standing_of(number)
    why = sentences(standing.differs) if standing else ""
    return {"in_bundle": standing, "stands_out": why, "drawn": draws_of(number)[:1]}
