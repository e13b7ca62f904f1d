"""Reads of looks, wishes, limits and breaks: each person's own, and what supervisors may know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from tipline.ground.accounts.models import Person
from tipline.ground.accounts.queries import lookers_of
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.queries import labels_of
from tipline.insight.care import rules, rules_wishes
from tipline.insight.care.models import Break, Limit, Look
from tipline.insight.care.models import Wishes as WishesRow
from tipline.insight.care.policy import CareRules, default_policy
from tipline.insight.care.rules import Allowed, BreakDue, Limits, Near, Stopped
from tipline.insight.care.rules_wishes import Wishes
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.queries import details_of
from tipline.record.evidence.rules_passes import Kind
from tipline.record.reports.facts import file_facts

WEEK = timedelta(days=7)
#: Of fewer people sums would tell what one of them looked at.
LEAST_TEAM = 3


def policy() -> CareRules:
    return default_policy().rules


def wishes_of(actor: Actor) -> Wishes:
    """What this person wishes for their own work; what nobody wished is none."""
    row = WishesRow.objects.filter(person_id=actor.person_key).order_by("-pk").first()
    return Wishes.from_json(row.content) if row else Wishes()


def may_look(actor: Actor, kind: Kind = Kind.PREVIEW) -> Allowed | Stopped:
    """May this person look once more, as far as limits go? The gate is another question."""
    return rules.may_look(
        _looks_since(actor.person_key, rules.DAY),
        limits_of(actor),
        clock.now(),
        reveal=kind is Kind.REVEAL,
        near_percent=policy().near_percent,
    )


def limits_of(actor: Actor) -> Limits:
    """What holds for this person: the lowest of the team's, their own and what they wish."""
    mine = in_force(actor.organisation_key, actor.person_key)
    return rules.lowest(
        _terms(in_force(actor.organisation_key)),
        Limits(mine.looks, mine.reveals) if mine else Limits(),
        wishes_of(actor).limits,
    )


def in_force(organisation_id: int, person_id: int | None = None) -> Limit | None:
    """The newest limit that was set for this person, or without one for the team."""
    team = Limit.objects.filter(organisation_id=organisation_id).select_related("set_by")
    whose = Q(person__isnull=True) if person_id is None else Q(person_id=person_id)
    return team.filter(whose).order_by("-pk").first()


def _terms(team: Limit | None) -> Limits:
    return Limits(team.looks, team.reveals) if team else policy().limits


def _looks_since(person_id: int, ago: timedelta) -> list[rules.Look]:
    """Oldest first."""
    rows = _rows_since([person_id], ago).order_by("at", "pk").values_list("at", "kind")
    return [rules.Look(at, kind == Kind.REVEAL) for at, kind in rows]


def _rows_since(people: Iterable[int], ago: timedelta) -> QuerySet[Look]:
    return Look.objects.filter(person_id__in=list(people), at__gt=clock.now() - ago)


def break_due(actor: Actor) -> BreakDue | None:
    """Whether a break should be offered to this person now."""
    since = clock.now() - rules.DAY
    answers = Break.objects.filter(person_id=actor.person_key, at__gt=since).order_by("at")
    told = list(answers.values_list("at", "taken"))
    return rules.break_due(
        _looks_since(actor.person_key, rules.DAY),
        policy().breaks,
        clock.now(),
        rested=max((at for at, taken in told if taken), default=None),
        put_off=max((at for at, taken in told if not taken), default=None),
    )


def break_now(actor: Actor) -> datetime | None:
    """When the break that this person has begun is over; None when they are in none."""
    row = Break.objects.filter(person_id=actor.person_key, taken=True).order_by("-at").first()
    if row is None or row.ends_at is None or row.ends_at <= clock.now():
        return None
    return row.ends_at


@dataclass(frozen=True, slots=True)
class Sums:
    """Looks, and reveals among them; ``seconds`` as far as they were told."""

    looks: int = 0
    reveals: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Own:
    """What a person sees of themselves: the last 24 hours, the last 7 days, breaks in them."""

    day: Sums
    week: Sums
    breaks: int


def own_looks(actor: Actor) -> Own:
    """A person's own looks. Nobody else can ask for them."""
    me = [actor.person_key]
    breaks = Break.objects.filter(person_id=actor.person_key, taken=True, at__gt=clock.now() - WEEK)
    return Own(_sums(_rows_since(me, rules.DAY)), _sums(_rows_since(me, WEEK)), breaks.count())


def _sums(rows: QuerySet[Look]) -> Sums:
    told = list(rows.values_list("kind", "seconds"))
    reveals = sum(kind == Kind.REVEAL for kind, _seconds in told)
    return Sums(len(told), reveals, sum(seconds or 0 for _kind, seconds in told))


@dataclass(frozen=True, slots=True)
class Standing:
    """What a supervisor may know of a person: how near a limit is, and which was set for them."""

    person: Person
    near: Near
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class Team:
    """People by name, never by what they looked at; sums of all of them, where they are enough."""

    limits: Limits
    set: Limit | None
    people: tuple[Standing, ...]
    day: Sums | None
    week: Sums | None


def team_of(actor: Actor) -> Team:
    """The supervisor's page: :class:`NotAllowed` for others."""
    actor.require(Permission.CARE_LIMITS_SET)
    organisation = actor.organisation_key
    people = lookers_of(organisation)
    keys = [person.pk for person in people]
    team = in_force(organisation)
    own = _newest_limits(organisation)
    enough = len(people) >= LEAST_TEAM
    return Team(
        limits=_terms(team),
        set=team,
        people=_standings(people, _terms(team), own),
        day=_sums(_rows_since(keys, rules.DAY)) if enough else None,
        week=_sums(_rows_since(keys, WEEK)) if enough else None,
    )


def _newest_limits(organisation_id: int) -> dict[int, Limit]:
    rows = Limit.objects.filter(organisation_id=organisation_id, person__isnull=False)
    return {row.person_id: row for row in rows.order_by("pk") if row.person_id is not None}


def _standings(
    people: Sequence[Person], team: Limits, own: dict[int, Limit]
) -> tuple[Standing, ...]:
    """A person's own wish for fewer looks is theirs: it is not counted here."""
    keys = [person.pk for person in people]
    told = _rows_since(keys, rules.DAY).values_list("person_id", "kind")
    counted = Counter(told)
    return tuple(
        Standing(person, _near(counted, person.pk, team, own.get(person.pk)), own.get(person.pk))
        for person in people
    )


def _near(counted: Counter[tuple[int, str]], key: int, team: Limits, own: Limit | None) -> Near:
    reveals = counted[key, Kind.REVEAL.value]
    looks = reveals + counted[key, Kind.PREVIEW.value]
    mine = Limits(own.looks, own.reveals) if own else Limits()
    return rules.nearness(looks, reveals, rules.lowest(team, mine), policy().near_percent)


def unwished(actor: Actor, files: Sequence[EvidenceFile]) -> dict[int, frozenset[str]]:
    """Per file key what of it this person wishes not to see; files that may be offered are absent.

    For whoever offers files: three statements, whatever their number.
    """
    wishes = wishes_of(actor)
    if not wishes.off or not files:
        return {}
    labels = labels_of(file.sha256 for file in files)
    details = details_of(files)
    found = {}
    for file in files:
        said = file_facts(details.get(file.pk, {}))
        flags = {*said.annotations, said.classification}
        known = _with_successors(labels.get(file.sha256, frozenset()))
        found[file.pk] = rules_wishes.against(wishes, known, flags)
    return {key: codes for key, codes in found.items() if codes}


def _with_successors(codes: frozenset[str]) -> frozenset[str]:
    """These labels, and of retired ones what replaces them."""
    by_code = vocabulary.own().by_code
    known = (by_code[code] for code in codes if code in by_code)
    return codes.union(*(label.successors for label in known))
