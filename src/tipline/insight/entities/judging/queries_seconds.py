"""Reads of second looks at links: what waits for whom, what differs, how well people agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, Subquery

from tipline.ground.audit.queries import last_recorded
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.rules_agreement import Agreement, agreement
from tipline.ground.foundation.rules_share import wilson
from tipline.insight.entities.judging.policy import judging_policy
from tipline.insight.entities.judging.rules import Verdict, newest, table_of
from tipline.insight.entities.judging.settling import word_of
from tipline.insight.entities.judging.walking import ledger_of
from tipline.insight.entities.models import Judgement, Link, SecondLook
from tipline.record.reports.services import READING

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: The figures are those of the newest answers.
MOST_PAIRS = 5_000
#: So many of those that wait are looked through for one that the person may have.
AT_ONCE = 500
_NOT_UNDONE = ~Exists(Judgement.objects.filter(undoes=OuterRef("pk")))
_NEWER = Judgement.objects.filter(
    _NOT_UNDONE,
    link=OuterRef("link"),
    pk__gte=OuterRef("judgement"),
    undoes__isnull=True,
    seconds__isnull=True,
)


def open_looks() -> QuerySet[SecondLook]:
    """Looks that nobody has answered, at what is still in force; the oldest first."""
    of_automatic = Q(judgement__isnull=True, link__state=Link.State.AUTOMATIC)
    rows = SecondLook.objects.filter(of_automatic | _of_newest(), answer__isnull=True)
    return rows.select_related("link", "judgement").order_by("asked_at", "pk")


def _of_newest() -> Q:
    """Of the judgement in force; see ``rules.newest``."""
    return Q(judgement=Subquery(_NEWER.order_by("-pk").values("pk")[:1]))


def waits(look: SecondLook, link: Link) -> bool:
    """Whether this very look is one of those."""
    if look.answer_id is not None:
        return False
    if look.judgement_id is None:
        return link.state == Link.State.AUTOMATIC
    word, _second = newest(word_of(row) for row in ledger_of([link]).get(link.pk, []))
    return word is not None and word.id == look.judgement_id


def waiting_merges(actor: Actor) -> QuerySet[SecondLook]:
    """Large merges that wait for a second person, the actor's own among them, the oldest first.

    With their links, both reports and senders, the first judgement and its author.
    """
    if not actor.may(Permission.LINKS_JUDGE):
        return SecondLook.objects.none()
    rows = open_looks().filter(why=SecondLook.Why.MERGE)
    return rows.select_related("link__low__sender", "link__high__sender", "judgement__author")


def held(actor: Actor) -> SecondLook | None:
    """The blind look that this person holds."""
    if actor.person_id is None:
        return None
    mine = open_looks().filter(why=SecondLook.Why.SAMPLE, taken_by=actor.person_id)
    return mine.filter(taken_at__gte=_lapsed()).first()


def hidden_from(actor: Actor) -> frozenset[int]:
    """Keys of links of which this person is not shown what was said: they hold a look at them."""
    row = held(actor)
    return frozenset() if row is None else frozenset({row.link_id})


def offered(actor: Actor) -> list[SecondLook]:
    """Blind looks that this person may take: not at their own judgement, nor at one that they
    may have read on a report's page since.
    """
    if not actor.may(Permission.LINKS_JUDGE):
        return []
    free = Q(taken_by__isnull=True) | Q(taken_at__lt=_lapsed())
    rows = open_looks().filter(free, why=SecondLook.Why.SAMPLE)
    rows = rows.exclude(judgement__author=actor.person_key)
    return _unread(actor, list(rows[:AT_ONCE]))


def _lapsed() -> datetime:
    return clock.now() - timedelta(hours=judging_policy().rules.hours)


def _unread(actor: Actor, rows: Iterable[SecondLook]) -> list[SecondLook]:
    """Opening a page again within the hour leaves no second entry, so an hour before counts."""
    looks = list(rows)
    ends = {f"report:{end}" for row in looks for end in (row.link.low_id, row.link.high_id)}
    read = last_recorded(actor, Verb.REPORT_READ, ends)

    def unread(row: SecondLook) -> bool:
        if row.judgement is None:
            return True
        times = (read.get(f"report:{end}") for end in (row.link.low_id, row.link.high_id))
        since = row.judgement.at - READING
        return not any(at is not None and at > since for at in times)

    return [row for row in looks if unread(row)]


def differing(actor: Actor) -> QuerySet[SecondLook]:
    """Looks of which the second person said otherwise, while nobody judged anew; for a senior.

    A confirmed link counts nothing until then; one told apart stays so. The newest first.
    """
    if not actor.may(Permission.JUDGEMENTS_OVERSEE):
        return SecondLook.objects.none()
    rows = SecondLook.objects.filter(_of_newest(), answer__isnull=False)
    rows = rows.exclude(answer__verdict=F("judgement__verdict"))
    people = ("judgement__author", "answer__author")
    return rows.select_related("link__low__sender", "link__high__sender", *people).order_by("-pk")


@dataclass(frozen=True, slots=True)
class Figures:
    """How well two people agree on links of the sample, and how often the machine's hold.

    ``people``: first and second judged the same pair blindly. ``automatic``: so many links that
    the policy made were looked at, of which ``held`` were confirmed; ``interval`` at 95 %.
    """

    waiting: int
    people: Agreement
    automatic: int
    held: int

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.held, self.automatic)


def figures(actor: Actor) -> Figures:
    """What the newest looks of the sample have found."""
    actor.require(Permission.FIGURES_READ)
    rows = SecondLook.objects.filter(why=SecondLook.Why.SAMPLE, answer__isnull=False)
    said = rows.filter(judgement__isnull=False).order_by("-pk")
    pairs = said.values_list("judgement__verdict", "answer__verdict")[:MOST_PAIRS]
    alone = rows.filter(judgement__isnull=True).order_by("-pk")
    verdicts = list(alone.values_list("answer__verdict", flat=True)[:MOST_PAIRS])
    return Figures(
        waiting=open_looks().count(),
        people=agreement(table_of(pairs)),
        automatic=len(verdicts),
        held=verdicts.count(Verdict.YES),
    )
