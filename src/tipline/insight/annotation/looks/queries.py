"""Reads of second looks: what waits for whom, what differs, how well people agree."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Min, Q

from tipline.ground.audit.queries import last_recorded
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.rules_agreement import Agreement, agreement
from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.looks.policy import look_policy
from tipline.insight.annotation.looks.rules import Answer, pairs, table_of
from tipline.insight.annotation.models import LabelEvent, Look
from tipline.record.evidence.models import EvidenceFile
from tipline.record.reports.queries import reports_for
from tipline.record.reports.services import READING

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: So many of those that wait are looked through at a time, and in all, for one that the person
#: may have.
AT_ONCE = 500
FARTHEST = 5_000
#: The figures are those of the newest answers.
MOST_PAIRS = 5_000


def open_to(actor: Actor) -> QuerySet[Look]:
    """Looks that wait and that nobody else holds, those for lists first, the oldest first."""
    rows = Look.objects.filter(state=Look.State.WAITING)
    if not actor.may(Permission.LABELS_WRITE):
        return rows.none()
    lapsed = clock.now() - timedelta(hours=look_policy().rules.hours)
    free = Q(taken_by__isnull=True) | Q(taken_by=actor.person_key) | Q(taken_at__lt=lapsed)
    return rows.filter(free).order_by("-for_list", "asked_at", "pk")


Keep = Callable[[Sequence[EvidenceFile]], Collection[int]]
"""Says of files, by their keys, which of them somebody is not to be offered."""


def mine(actor: Actor) -> Look | None:
    """The look that this person holds."""
    rows = Look.objects.filter(state=Look.State.WAITING, taken_by=actor.person_key)
    return rows.order_by("pk").first()


def offered(actor: Actor, keep_away: Keep | None = None, start: int = 0) -> list[Look]:
    """Of so many that wait, those that this person may take.

    They have said nothing of the content and read nothing of it. ``keep_away``: what they wish
    not to see, or None. ``start``: where to begin among those that wait.
    """
    rows = list(open_to(actor)[start : start + AT_ONCE])
    digests = {row.sha256 for row in rows}
    barred = set(barred_from(actor, digests))
    if keep_away is not None:
        copies = _one_copy_each(actor, digests - barred)
        unwished = set(keep_away(copies))
        barred |= {file.sha256 for file in copies if file.pk in unwished}
    return [row for row in rows if row.sha256 not in barred]


def all_offered(actor: Actor, keep_away: Keep | None = None) -> Iterator[list[Look]]:
    """What this person may take, some at a time; at most :data:`FARTHEST` are looked through."""
    for start in range(0, FARTHEST, AT_ONCE):
        if rows := offered(actor, keep_away, start):
            yield rows


def _one_copy_each(actor: Actor, digests: Collection[str]) -> list[EvidenceFile]:
    rows = EvidenceFile.objects.filter(sha256__in=set(digests), report__in=reports_for(actor))
    return list({row.sha256: row for row in rows.order_by("pk")}.values())


def barred_from(actor: Actor, digests: Collection[str]) -> frozenset[str]:
    """Contents of which the actor labelled something, answered a look, or read the labels."""
    mine = LabelEvent.objects.filter(sha256__in=set(digests), author=actor.person_key)
    answered = Look.objects.filter(
        sha256__in=set(digests), taken_by=actor.person_key, answered_at__isnull=False
    )
    said = {*mine.values_list("sha256", flat=True), *answered.values_list("sha256", flat=True)}
    return frozenset(said | _read(actor, digests) | _out_of_sight(actor, digests))


def _out_of_sight(actor: Actor, digests: Collection[str]) -> set[str]:
    """Contents of which no report shows a copy to this person."""
    rows = EvidenceFile.objects.filter(sha256__in=set(digests), report__in=reports_for(actor))
    return set(digests) - set(rows.values_list("sha256", flat=True))


def _read(actor: Actor, digests: Collection[str]) -> set[str]:
    """Contents with a report that the person has opened since somebody labelled them.

    Opening a page again within the hour leaves no second entry, so an hour before counts.
    While a person holds a look the labels are hidden from them: that does not count.
    """
    labelled = _first_labelled(digests)
    holding = dict(
        Look.objects.filter(
            sha256__in=set(digests), taken_by=actor.person_key, state=Look.State.WAITING
        ).values_list("sha256", "taken_at")
    )
    rows = EvidenceFile.objects.filter(sha256__in=set(digests)).order_by()
    copies = list(rows.values_list("sha256", "report_id"))
    read = last_recorded(actor, Verb.REPORT_READ, {f"report:{number}" for _d, number in copies})
    found = set()
    for sha256, number in copies:
        at = read.get(f"report:{number}")
        since = labelled.get(sha256)
        if at is None or since is None or sha256 in holding:
            continue
        if at > since - READING:
            found.add(sha256)
    return found


def _first_labelled(digests: Iterable[str]) -> dict[str, datetime]:
    rows = LabelEvent.objects.filter(sha256__in=set(digests)).order_by()
    return dict(rows.values_list("sha256").annotate(first=Min("at")))


def held_by(actor: Actor) -> frozenset[str]:
    """Contents whose labels are hidden from this person, who holds a look at them."""
    if actor.person_id is None or not actor.may(Permission.LABELS_WRITE):
        return frozenset()
    rows = Look.objects.filter(state=Look.State.WAITING, taken_by=actor.person_id)
    return frozenset(rows.values_list("sha256", flat=True))


def look_held(actor: Actor, look_id: int) -> Look:
    """A look that this person holds; no other exists for them."""
    rows = Look.objects.filter(pk=look_id, state=Look.State.WAITING)
    row = rows.filter(taken_by=actor.person_key).first()
    if row is None:
        raise NotVisible("There is no such look.")
    return row


def disputed(actor: Actor) -> list[Look]:
    """Looks that differ and that this person may settle, the oldest first."""
    if not actor.may(Permission.JUDGEMENTS_OVERSEE):
        return []
    rows = Look.objects.select_related("taken_by").filter(state=Look.State.DISPUTED)
    found = list(rows.exclude(taken_by=actor.person_key).order_by("answered_at", "pk")[:AT_ONCE])
    mine = LabelEvent.objects.filter(
        sha256__in=[row.sha256 for row in found], author=actor.person_key
    )
    own = set(mine.values_list("sha256", flat=True))
    return [row for row in found if row.sha256 not in own]


def dispute_for(actor: Actor, look_id: int) -> Look:
    """A disagreement that this person may settle: they labelled neither way."""
    row = next((one for one in disputed(actor) if one.pk == look_id), None)
    if row is None:
        raise NotVisible("There is no such look.")
    return row


def authors_of(sha256: str) -> list[str]:
    """Names of those who labelled a content, in the order of their first word."""
    rows = LabelEvent.objects.filter(sha256=sha256).order_by("pk")
    return list(dict.fromkeys(rows.values_list("author__name", flat=True)))


def answers_by_sample() -> list[tuple[Answer, Answer]]:
    """The newest pairs of answers to looks that the sample drew: what stood, what was said."""
    rows = Look.objects.filter(drawn=True, answered_at__isnull=False).order_by("-answered_at")
    told = rows.values_list("before", "answer")[:MOST_PAIRS]
    return [(Answer.from_json(one or {}), Answer.from_json(two or {})) for one, two in told]


def agreements(actor: Actor) -> Sequence[tuple[str, Agreement]]:
    """Per label that anybody said: how well two people agree on it, in the vocabulary's order."""
    actor.require(Permission.FIGURES_READ)
    answers = answers_by_sample()
    said = frozenset(code for pair in answers for one in pair for code in one.labels)
    return [
        (label.code, agreement(table_of(pairs(answers, label.code))))
        for label in vocabulary.own().in_force
        if label.code in said
    ]


def counts() -> dict[str, int]:
    """How many looks wait, differ, and were answered or settled."""
    rows = Look.objects.all()
    return {
        "waiting": rows.filter(state=Look.State.WAITING).count(),
        "disputed": rows.filter(state=Look.State.DISPUTED).count(),
        "agreed": rows.filter(state=Look.State.AGREED).count(),
        "settled": rows.filter(state=Look.State.SETTLED).count(),
    }
