"""Reads of what waits for a look and of what people made of it, for a named actor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, NotVisible
from tipline.insight.annotation import vocabulary
from tipline.insight.review.models import WAITING, Content, Review
from tipline.insight.review.rules import LEFT_FOR, MOST_BESIDE, How
from tipline.insight.triage.models import BAND_RANK

#: Novelty, danger band and step, deadline; of those alike what came last comes first.
ORDER = ("novelty", "band_rank", "step", "deadline", "-received_at", "id")
#: The group of labels that say what a content is.
TYPES = "content"
MOST_ASKED = 50
#: More that waits is not counted.
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Standing:
    """How much waits, counted up to :data:`MOST_COUNTED`, and what this person did since."""

    to_look: int
    closed: int
    mine: int

    @property
    def more(self) -> bool:
        """Whether more waits for a look than was counted."""
        return self.to_look >= MOST_COUNTED


def content_types() -> frozenset[str]:
    """The labels that say what a content is, retired ones included."""
    return frozenset(label.code for label in vocabulary.own().labels if label.group == TYPES)


def with_files(rows: QuerySet[Content]) -> QuerySet[Content]:
    return rows.select_related(
        "file__report__key", "file__report__profile", "file__report__sender", "held_by"
    )


def waiting(actor: Actor, *, closed: bool) -> QuerySet[Content]:
    """What is offered to this person, in its order; ``closed``: what the gate closes, instead."""
    if not actor.may(Permission.LABELS_WRITE):
        return Content.objects.none()
    now = clock.now()
    rows = Content.objects.filter(WAITING, free_for(actor, now), open=not closed)
    return rows.exclude(Exists(_left_by(actor, now))).order_by(*ORDER)


def free_for(actor: Actor, now: datetime) -> Q:
    """Nobody else's at this instant."""
    return Q(held_by__isnull=True) | Q(held_until__lte=now) | Q(held_by_id=actor.person_key)


def _left_by(actor: Actor, now: datetime) -> QuerySet[Review]:
    return Review.objects.filter(
        content=OuterRef("pk"),
        by_id=actor.person_key,
        how=How.SKIPPED,
        at__gt=now - LEFT_FOR,
        taken_back_at__isnull=True,
    )


def held(actor: Actor) -> QuerySet[Content]:
    """What this person holds now and nobody has judged yet, in the queue's order."""
    mine = Q(held_by_id=actor.person_key, held_until__gt=clock.now())
    return with_files(Content.objects.filter(WAITING, mine)).order_by(*ORDER)


def content_for(actor: Actor, sha256: str) -> Content:
    """A content that this person holds or has reviewed.

    :class:`Conflict` when somebody else has it, :class:`NotVisible` when it is nobody's to see.
    """
    actor.require(Permission.LABELS_WRITE)
    row = with_files(Content.objects.filter(sha256=sha256)).first()
    if row is None:
        raise NotVisible("There is no such content.")
    if row.held_by_id == actor.person_key or reviewed(actor, row):
        return row
    if row.held_by_id is not None and row.held_until and row.held_until > clock.now():
        raise Conflict("Somebody else has this content now. Take the next one.")
    raise Conflict("You do not hold this content. Take it from the queue.")


def band_of(row: Content) -> str:
    """The danger band of the report that gives it its place."""
    return next(code for code, rank in BAND_RANK.items() if rank == row.band_rank)


def reviewed(actor: Actor, row: Content) -> bool:
    """Whether this person has made something of it that stands."""
    mine = Review.objects.filter(content=row, by_id=actor.person_key, taken_back_at__isnull=True)
    return mine.exists()


def reviewed_among(actor: Actor, rows: Iterable[Content]) -> frozenset[int]:
    """Keys of those contents of which this person has made something that stands."""
    mine = Review.objects.filter(
        content__in=[row.pk for row in rows], by_id=actor.person_key, taken_back_at__isnull=True
    )
    return frozenset(mine.values_list("content_id", flat=True))


def beside(row: Content) -> list[Content]:
    """What looks like it, waiting or not, what waits first; at most :data:`MOST_BESIDE`."""
    others = Content.objects.filter(look_alike=row.look_alike).exclude(pk=row.pk)
    return list(with_files(others).order_by("ended", *ORDER)[:MOST_BESIDE])


def last_review(actor: Actor, before: int | None = None) -> Review | None:
    """The newest that this person made and did not take back; before the one with that key."""
    rows = Review.objects.select_related("content", "file__report__key", "file__report__profile")
    mine = rows.filter(by_id=actor.person_key, taken_back_at__isnull=True)
    if before is not None:
        mine = mine.filter(pk__lt=before)
    return mine.order_by("-pk").first()


def standing(actor: Actor, since: datetime) -> Standing:
    """``since``: from when on this person's own reviews count."""
    mine = Review.objects.filter(by_id=actor.person_key, at__gte=since, taken_back_at__isnull=True)
    done = mine.exclude(how=How.SKIPPED).count()
    return Standing(_counted(closed=False), _counted(closed=True), done)


def _counted(*, closed: bool) -> int:
    """A page for each content must not count a million others."""
    return Content.objects.filter(WAITING, open=not closed)[:MOST_COUNTED].count()


def asked_to_open(actor: Actor) -> list[Review]:
    """Files for which somebody asks a paper that opens them, of reports that are listed still."""
    if not actor.may(Permission.EVIDENCE_RECORD_OPENING):
        return []
    rows = Review.objects.select_related("content", "file", "by").filter(
        how=How.ASK_OPENING, taken_back_at__isnull=True, content__open=False
    )
    return list(rows.order_by("-pk")[:MOST_ASKED])
