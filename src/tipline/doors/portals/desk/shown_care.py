"""Looks, limits and the team, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.look.parts import Fact, Words
from tipline.insight.care import queries
from tipline.insight.care.rules import Limits, Near

if TYPE_CHECKING:
    from tipline.ground.foundation.actor import Actor
    from tipline.insight.care.models import Limit
    from tipline.insight.care.queries import Own, Sums, Team


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the team: a word for how near a limit is, and the limit set for them."""

    name: str
    sign: str
    near: Words
    limit: Words
    why: str


def looks_facts(own: Own) -> tuple[Fact, ...]:
    """A person's own looks."""
    return (
        Fact(_("Last 24 hours"), _looks(own.day), note=_minutes(own.day)),
        Fact(_("Last 7 days"), _looks(own.week), note=_minutes(own.week)),
        Fact(_("Breaks taken in 7 days"), own.breaks),
    )


def _looks(sums: Sums) -> str:
    looks = ngettext("%(n)s look", "%(n)s looks", sums.looks) % {"n": sums.looks}
    reveals = ngettext("%(n)s revealed", "%(n)s revealed", sums.reveals) % {"n": sums.reveals}
    return f"{looks}, {reveals}"


def _minutes(sums: Sums) -> str:
    minutes = round(sums.seconds / 60)
    said = ngettext("%(n)s minute told", "%(n)s minutes told", minutes)
    return said % {"n": minutes} if sums.seconds else ""


def limit_facts(actor: Actor) -> tuple[Fact, ...]:
    """What holds for this person in any 24 hours, who set it and why."""
    team = queries.in_force(actor.organisation_key)
    mine = queries.in_force(actor.organisation_key, actor.person_key)
    wish = queries.wishes_of(actor).looks
    shipped = queries.policy().limits
    facts = [_set(_("Team"), team) if team else Fact(_("Team"), limit_words(shipped))]
    if mine:
        facts.append(_set(_("You"), mine))
    if wish is not None:
        facts.append(Fact(_("Your own wish"), limit_words(Limits(looks=wish))))
    return tuple(facts)


def _set(label: Words, row: Limit) -> Fact:
    why = _("%(why)s (set by %(name)s)") % {"why": row.why, "name": row.set_by.name}
    return Fact(label, limit_words(Limits(row.looks, row.reveals)), note=why)


def limit_words(limits: Limits) -> str:
    """A limit in words."""
    parts = []
    if limits.looks is not None:
        parts.append(ngettext("%(n)s look", "%(n)s looks", limits.looks) % {"n": limits.looks})
    if limits.reveals is not None:
        said = ngettext("%(n)s revealed", "%(n)s revealed", limits.reveals)
        parts.append(said % {"n": limits.reveals})
    return ", ".join(parts) or _("no limit")


def team_rows(team: Team) -> list[PersonRow]:
    """By name. How much somebody looked stands nowhere here."""
    signs = {
        Near.CLEAR: ("○", _("clear")),
        Near.NEAR: ("●", _("near a limit")),
        Near.REACHED: ("■", _("limit reached")),
    }
    return [
        PersonRow(
            one.person.name,
            *signs[one.near],
            limit_words(Limits(one.limit.looks, one.limit.reveals)) if one.limit else "",
            one.limit.why if one.limit else "",
        )
        for one in team.people
    ]


def team_sums(team: Team) -> tuple[Fact, ...]:
    """Of all together, and what holds for all."""
    limits = (
        _set(_("Limit of the team"), team.set)
        if team.set
        else Fact(_("Limit of the team"), limit_words(team.limits), note=_("as shipped"))
    )
    if team.day is None or team.week is None:
        few = _("not shown: of so few people a sum would tell what one looked at")
        return (limits, Fact(_("All together"), few))
    return (
        limits,
        Fact(_("All together, last 24 hours"), _looks(team.day)),
        Fact(_("All together, last 7 days"), _looks(team.week)),
    )
