"""The only writer of reports: opening, touching, ending, noting."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from tipline.ground.accounts.models import EspProfile, Organisation
from tipline.ground.audit.queries import recorded_since
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock, sealing
from tipline.ground.foundation.actor import SYSTEM, Actor, Permission
from tipline.ground.foundation.errors import Invalid, NotVisible
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.jobs import URGENT, USUAL
from tipline.ground.foundation.keys import destroy_data_key, new_data_key
from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.transactions import without_others, write_tx
from tipline.record.reports.document import Document
from tipline.record.reports.doors import Door
from tipline.record.reports.errors import AlreadyFinished, AlreadyRetracted, NoSuchReport
from tipline.record.reports.events import ReportDestroyed, ReportFinished
from tipline.record.reports.facts import escalation
from tipline.record.reports.models import Note, Report, ReportDocument, SealedReporter
from tipline.record.reports.queries import identity_of
from tipline.record.reports.rules import expires_at
from tipline.record.reports.rules_reporter import set_apart, without_quotes

MOST_NOTE = 10_000
LEAST_REASON, MOST_REASON = 3, 300
#: One reading of a report lasts this long on the ledger.
READING = timedelta(hours=1)
# Asked at every stage of every report: Django takes ten times as long to write it as to run it.
_ONE: Final = f"SELECT number FROM {Report._meta.db_table} WHERE number = %s"  # noqa: S608, SLF001 - our own table's name


def open_report(
    actor: Actor,
    door: Door,
    sender: Organisation | None,
    profile: EspProfile | None,
    content: tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]],
) -> tuple[Report, bytes]:
    """Open a report in the caller's transaction; the row and its plain data key.

    ``content`` is the checked document and what was odd about it.
    """
    actor.require(Permission.REPORTS_SUBMIT)
    now = clock.now()
    key, plain = new_data_key()
    report = Report.objects.create(
        door=door.value,
        sender=sender,
        profile=profile,
        key=key,
        opened_at=now,
        modified_at=now,
        expires_at=expires_at(now, now),
    )
    document, warnings = content
    if report.by_public:
        document = _seal_reporter(report, document, plain)
        warnings = without_quotes(warnings)
    ReportDocument.objects.create(
        report=report, document=dict(document), warnings=[dict(w) for w in warnings]
    )
    record(actor, Verb.REPORT_OPENED, f"report:{report.pk}", detail={"door": door})
    return report, plain


def _seal_reporter(report: Report, document: Document, key: bytes) -> Document:
    """Keep who reports sealed; the document without them."""
    apart = set_apart(document)
    if apart.identity:
        sealed = sealing.seal(json.dumps(apart.identity).encode(), key)
        SealedReporter.objects.create(report=report, sealed=sealed, at=report.opened_at)
    return apart.document


def reveal_reporter(actor: Actor, report: Report, why: str) -> dict[str, Any]:
    """Who reported from the public, for this one look; the reason stands on the ledger.

    The ``reporter`` block's elements as they were told. The caller has made sure that the
    actor may see the report.
    """
    actor.require(Permission.REPORTER_REVEAL)
    why = checked_reason(why)
    identity = identity_of(report)
    if not identity:
        raise NotVisible("Nothing is sealed of who reported this.")
    with write_tx():
        record(actor, Verb.REPORTER_REVEALED, f"report:{report.pk}", purpose=why)
    return identity


def checked_reason(why: str) -> str:
    """The reason for looking at a reporter or for passing them on, as the ledger keeps it."""
    why = why.strip()
    if not LEAST_REASON <= len(why) <= MOST_REASON:
        said = f"Say why, in {LEAST_REASON} to {MOST_REASON} characters."
        raise Invalid(said, field="why")
    return why


def touch(report: Report, now: datetime) -> None:
    """Count a change to an open report; raises what its state says when it is not open."""
    moved = Report.objects.filter(pk=report.pk, state=Report.State.OPEN, expires_at__gt=now).update(
        modified_at=now, expires_at=expires_at(report.opened_at, now)
    )
    if not moved:
        refuse_by_state(report.pk)


def refuse_by_state(number: int) -> None:
    """Raise the error that the present state of a report gives."""
    state = Report.objects.values_list("state", flat=True).filter(pk=number).first()
    if state == Report.State.FINISHED:
        raise AlreadyFinished
    if state == Report.State.RETRACTED:
        raise AlreadyRetracted
    raise NoSuchReport


def finish(actor: Actor, report: Report) -> None:
    """File the report, in the caller's transaction."""
    actor.require(Permission.REPORTS_SUBMIT)
    now = clock.now()
    moved = Report.objects.filter(pk=report.pk, state=Report.State.OPEN, expires_at__gt=now).update(
        state=Report.State.FINISHED, modified_at=now, ended_at=now
    )
    if not moved:
        refuse_by_state(report.pk)
    record(actor, Verb.REPORT_FINISHED, f"report:{report.pk}")
    document = ReportDocument.objects.values_list("document", flat=True).get(report=report)
    announce(
        ReportFinished(report.pk),
        lane=report.lane,
        dedup_key=str(report.pk),
        priority=URGENT if escalation(document) else USUAL,
    )


def retract(actor: Actor, report: Report) -> None:
    """Cancel an open report; what was sent of it is destroyed with its key."""
    actor.require(Permission.REPORTS_SUBMIT)
    now = clock.now()
    moved = Report.objects.filter(pk=report.pk, state=Report.State.OPEN, expires_at__gt=now).update(
        state=Report.State.RETRACTED, modified_at=now, ended_at=now
    )
    if not moved:
        refuse_by_state(report.pk)
    _forget(report)
    record(actor, Verb.REPORT_RETRACTED, f"report:{report.pk}")


def hold(report: Report) -> None:
    """Let nobody else derive from this report until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_ONE} {without_others()}", [report.pk])
        if cursor.fetchone() is None:
            raise Report.DoesNotExist(f"There is no report {report.pk}.")


def hold_all(numbers: Iterable[int]) -> None:
    """The same of several, taken in the order of their numbers."""
    rows = Report.objects.select_for_update(no_key=True).filter(pk__in=list(numbers))
    list(rows.order_by("pk").values_list("pk"))


def expire(number: int, now: datetime) -> bool:
    """End a report that was never finished; False when it moved meanwhile."""
    with write_tx():
        moved = Report.objects.filter(
            pk=number, state=Report.State.OPEN, expires_at__lte=now
        ).update(state=Report.State.EXPIRED, ended_at=now)
        if moved:
            _forget(Report.objects.get(pk=number))
            record(SYSTEM, Verb.REPORT_EXPIRED, f"report:{number}")
            kill_point("expiry.before_commit")
    return bool(moved)


def _forget(report: Report) -> None:
    """Nobody can read from now on what was sent; others are told, to delete what they keep."""
    destroy_data_key(report.key_id)
    ReportDocument.objects.filter(report=report).update(document={}, warnings=[])
    SealedReporter.objects.filter(report=report).delete()
    announce(ReportDestroyed(report.pk), lane=report.lane, dedup_key=str(report.pk))


def add_note(actor: Actor, report: Report, text: str) -> Note:
    """An analyst's note on a report (section C)."""
    actor.require(Permission.QUEUE_WORK)
    text = text.strip()
    if not text or len(text) > MOST_NOTE:
        raise Invalid(f"Write a note of 1 to {MOST_NOTE} characters.", field="text")
    with write_tx():
        note = Note.objects.create(
            report=report, author_id=actor.person_key, text=text, at=clock.now()
        )
        record(actor, Verb.NOTE_ADDED, f"report:{report.pk}", detail={"note": note.pk})
    return note


def note_reading(actor: Actor, report: Report, verb: Verb = Verb.REPORT_READ) -> None:
    """Put on the ledger that a person reads a report: once an hour, however often they look.

    ``verb``: what of it they read; who reported is told apart from the report.
    """
    subject = f"report:{report.pk}"
    since = clock.now() - READING
    if recorded_since(actor, verb, subject, since):
        return
    with write_tx():
        if not recorded_since(actor, verb, subject, since):
            record(actor, verb, subject)
