"""Second looks at links as the desk shows them: a blind one without what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_reasons import reasons_of
from tipline.doors.portals.desk.shown_said import verdict_words
from tipline.doors.portals.look.parts import Fact, NavItem
from tipline.doors.portals.look.pictures.bars import figure
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.reasons import Reason
from tipline.insight.entities.judging.queries_seconds import offered, waiting_merges
from tipline.insight.entities.roles.queries import conflicts_for

if TYPE_CHECKING:
    from tipline.insight.entities.judging.queries_seconds import Figures
    from tipline.insight.entities.models import SecondLook


@dataclass(frozen=True, slots=True)
class ShownMerge:
    """A large merge that waits. ``url`` is empty where the reader was the first person."""

    id: int
    low: int
    high: int
    who: str
    at: datetime
    note: str
    reasons: list[Reason]
    url: str


def merges(actor: Actor, rows: Iterable[SecondLook]) -> list[ShownMerge]:
    """What waits for a second person, openly: the first one's word is shown."""
    found = []
    for row in rows:
        first = row.judgement
        if first is None:
            continue
        mine = first.author_id == actor.person_id
        found.append(
            ShownMerge(
                row.pk,
                row.link.low_id,
                row.link.high_id,
                first.author.name,
                first.at,
                first.note,
                reasons_of(first.reasons),
                "" if mine else reverse("desk:link-second", args=[row.pk]),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """Two people who judged one pair otherwise; a senior judges it anew on a report's page."""

    low: int
    high: int
    url: str
    first: str
    second: str


def differences(rows: Iterable[SecondLook]) -> list[Difference]:
    return [
        Difference(
            row.link.low_id,
            row.link.high_id,
            reverse("desk:report", args=[row.link.low_id]) + f"#link-{row.link_id}",
            f"{row.judgement.author.name}: {verdict_words(row.judgement.verdict)}",
            f"{row.answer.author.name}: {verdict_words(row.answer.verdict)}",
        )
        for row in rows
        if row.judgement is not None and row.answer is not None
    ]


def other_waits(actor: Actor) -> tuple[NavItem, ...]:
    """What waits for this person beside judgements on reports: links, and values in two roles."""
    found = []
    if actor.may(Permission.LINKS_JUDGE):
        count = len(offered(actor)) + waiting_merges(actor).count()
        url = reverse("desk:link-seconds")
        found.append(NavItem(_("Links that wait for a second person"), url, "1", count=count))
    if actor.may(Permission.JUDGEMENTS_OVERSEE):
        count, url = conflicts_for(actor).count(), reverse("desk:roles")
        found.append(NavItem(_("Values in two roles"), url, "2", count=count))
    return tuple(found)


def figure_facts(found: Figures) -> tuple[Fact, ...]:
    """How well two people agree on links, and how often those of the policy hold."""
    facts = [
        Fact(_("Links that wait for a second person"), figure(found.waiting)),
        Fact(_("Pairs judged twice"), figure(found.people.pairs)),
        Fact(_("Of these alike"), figure(found.people.same)),
    ]
    if found.people.ac1 is not None:
        facts.append(Fact(_("Agreement (AC1)"), f"{found.people.ac1:.2f}", note=_interval(found)))
    facts.append(Fact(_("Automatic links looked at"), figure(found.automatic)))
    if found.automatic:
        low, high = (100 * end for end in found.interval)
        note = _("%(low).0f to %(high).0f %% of all, at 95 %%") % {"low": low, "high": high}
        facts.append(Fact(_("Of these confirmed"), figure(found.held), note=note))
    return tuple(facts)


def _interval(found: Figures) -> str:
    if found.people.interval is None:
        return _("too few pairs for an interval")
    low, high = found.people.interval
    return _("%(low).2f to %(high).2f at 95 %%") % {"low": low, "high": high}
