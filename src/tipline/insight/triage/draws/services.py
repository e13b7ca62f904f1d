"""The only writer of draws: drawing each week, and what a person found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import IntegrityError
from django.db.models import Min, Q

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.bundles.acts import release
from tipline.insight.triage.draws import rules
from tipline.insight.triage.draws.rules import Drawn, Finding, Stratum
from tipline.insight.triage.models import BAND_RANK, TEST_LANE, Draw, DrawnWeek, QueueEntry
from tipline.insight.triage.queue import mark_done
from tipline.insight.triage.services import policy

MOST_NOTE = 2_000


def draw_due() -> int:
    """Draw from every week that is over and was not drawn from; how many weeks.

    Any number of workers may call it at any time: each week is drawn from once.
    """
    now = clock.now()
    last = DrawnWeek.objects.order_by("-week").values_list("week", flat=True).first()
    due = rules.weeks_due(now, last, _first_week() if last is None else None)
    return sum(_draw_from(week) for week in due)


def _first_week() -> date | None:
    oldest = QueueEntry.objects.aggregate(first=Min("received_at"))["first"]
    return rules.week_of(oldest) if oldest else None


def _draw_from(week: date) -> bool:
    """False when another worker was faster. What is drawn from is read before anything waits."""
    folded = rules.draw(_numbers(week, Stratum.FOLDED), week, Stratum.FOLDED)
    bottom = rules.draw(_numbers(week, Stratum.BOTTOM), week, Stratum.BOTTOM)
    now = clock.now()
    try:
        with write_tx():
            DrawnWeek.objects.create(
                week=week, folded=folded.population, bottom=bottom.population, at=now
            )
            rows = [*_rows(week, Stratum.FOLDED, folded), *_rows(week, Stratum.BOTTOM, bottom)]
            Draw.objects.bulk_create(rows, batch_size=500)
    except IntegrityError:
        return False
    return True


def _rows(week: date, stratum: Stratum, drawn: Drawn) -> Iterator[Draw]:
    for number in drawn.numbers:
        yield Draw(report_id=number, week=week, stratum=stratum, share=drawn.share, at=clock.now())


def _numbers(week: date, stratum: Stratum) -> Iterator[int]:
    """The reports of a week that nobody would look at, as they stand now; no tests."""
    start, end = rules.bounds(week)
    rows = QueueEntry.objects.filter(received_at__gte=start, received_at__lt=end)
    rows = rows.exclude(lane=TEST_LANE).filter(_of(stratum))
    return rows.values_list("report_id", flat=True).iterator(5_000)


def _of(stratum: Stratum) -> Q:
    """Folded; or low and hardly usable, listed still or closed together with others."""
    if stratum is Stratum.FOLDED:
        return Q(folded_under__isnull=False)
    usable = policy().rules.actionability.bands.medium
    low = Q(band_rank=BAND_RANK["low"], folded_under__isnull=True)
    poor = Q(disposition="informational") | Q(actionability__lt=usable)
    return low & poor & (Q(done_at__isnull=True) | ~Q(done_how=""))


def look(actor: Actor, draw_id: int, finding: str, note: str = "") -> Draw:
    """Say what a look found. Too low: the report is listed again, for a judgement.

    The same finding twice has one effect; another one after it is a Conflict, and so is a
    report that is done and in somebody's hands again.
    """
    actor.require(Permission.QUEUE_WORK)
    if finding not in set(Finding):
        raise Invalid("Say as_ranked, too_low or too_high.", field="finding")
    if len(note) > MOST_NOTE:
        raise Invalid(f"Write at most {MOST_NOTE} characters.", field="note")
    with write_tx():
        found = Draw.objects.filter(pk=draw_id, looked_at__isnull=True).update(
            finding=finding,
            note=note.strip(),
            looked_by_id=actor.person_key,
            looked_at=clock.now(),
        )
        row = _draw(draw_id)
        if not found and row.finding != finding:
            raise Conflict("Somebody has already said what this look found.")
        if found:
            detail = {"draw": row.pk, "finding": finding}
            record(actor, Verb.DRAW_LOOKED_AT, f"report:{row.report_id}", detail=detail)
        if row.finding == Finding.TOO_LOW:
            _list_again(actor, row.report_id)
    return row


def take_back(actor: Actor, draw_id: int) -> Draw:
    """Undo :func:`look`, by whoever looked. A report that it listed again stays listed."""
    actor.require(Permission.QUEUE_WORK)
    with write_tx():
        mine = Draw.objects.filter(pk=draw_id, looked_by_id=actor.person_key)
        taken = mine.update(finding="", note="", looked_by=None, looked_at=None)
        row = _draw(draw_id)
        if taken:
            detail = {"draw": row.pk}
            record(actor, Verb.DRAW_TAKEN_BACK, f"report:{row.report_id}", detail=detail)
        elif row.looked_at is not None:
            raise Conflict("Somebody else looked: only they can take it back.")
    return row


def _draw(draw_id: int) -> Draw:
    row = Draw.objects.filter(pk=draw_id).first()
    if row is None:
        raise NotVisible("There is no such draw.")
    return row


def _list_again(actor: Actor, number: int) -> None:
    """Out of its bundle for good, and open, if it is neither already. Safe to repeat."""
    place = QueueEntry.objects.filter(report=number).first()
    if place is None:
        return
    if place.folded_under_id is not None:
        release(actor, number)
    if place.done_at is not None:
        mark_done(actor, number, done=False)
