"""Reads of reports, always for a named actor. Not visible means not found."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from tipline.ground.foundation import sealing
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.keys import open_data_key
from tipline.record.reports.errors import NoSuchReport
from tipline.record.reports.models import Note, Report, ReportDocument, SealedReporter


def reports_for(actor: Actor) -> QuerySet[Report]:
    """Analysts see every filed report, an ESP its own in any state, others none.

    Agencies do not read reports here: they see what was referred to them, through cases.
    """
    rows = Report.objects.select_related("sender", "profile")
    if actor.may(Permission.REPORTS_READ_ALL):
        return rows.filter(state=Report.State.FINISHED)
    if actor.may(Permission.REPORTS_READ_OWN) and actor.organisation_id is not None:
        return rows.filter(sender_id=actor.organisation_id)
    return rows.none()


def report_for(actor: Actor, number: int) -> Report:
    report = reports_for(actor).filter(pk=number).first()
    if report is None:
        raise NotVisible("There is no such report.")
    return report


def own_report(actor: Actor, number: int) -> Report:
    """The report that a sender wants to change; 5001 when it is not theirs."""
    report = Report.objects.filter(pk=number, sender_id=actor.organisation_id).first()
    if report is None or actor.organisation_id is None:
        raise NoSuchReport
    return report


def document_of(number: int) -> dict[str, Any]:
    """Section A of a report. The caller has made sure that its actor may see the report."""
    document: dict[str, Any] = ReportDocument.objects.values_list("document", flat=True).get(
        report_id=number
    )
    return document


def identity_of(report: Report) -> dict[str, Any]:
    """Who reported from the public, unsealed; empty when nothing is sealed, or nothing any more.

    The ``reporter`` block's elements as they were told. The caller has made sure that its
    actor may know them.
    """
    row = _sealed(report.pk).select_related("report__key").first()
    if row is None:
        return {}
    plain = sealing.unseal(bytes(row.sealed), open_data_key(row.report.key))
    identity: dict[str, Any] = json.loads(plain)
    return identity


def has_identity(number: int) -> bool:
    """Whether somebody from the public reported who can still be unsealed."""
    return _sealed(number).exists()


def _sealed(number: int) -> QuerySet[SealedReporter]:
    rows = SealedReporter.objects.filter(report_id=number)
    return rows.filter(report__key__destroyed_at__isnull=True)


def warnings_of(number: int) -> list[dict[str, Any]]:
    warnings: list[dict[str, Any]] = ReportDocument.objects.values_list("warnings", flat=True).get(
        report_id=number
    )
    return warnings


def warning_counts(numbers: Iterable[int]) -> dict[int, int]:
    """How many oddities the reader noted in each of these reports. The caller has checked."""
    rows = ReportDocument.objects.filter(report_id__in=list(numbers))
    return {number: len(found) for number, found in rows.values_list("report_id", "warnings")}


def notes_of(number: int) -> list[Note]:
    return list(Note.objects.select_related("author").filter(report_id=number).order_by("pk"))


def of_same_kind(report: Report) -> Q:
    """Narrows rows with a ``report``: real ones are compared with real ones, tests with tests."""
    tests = Q(report__sender__test_only=True)
    return tests if report.is_test else ~tests


def lanes_of(numbers: Iterable[int]) -> dict[int, str]:
    """The lane of each of these reports, see :attr:`Report.lane`; unknown numbers are absent.

    In the order of their numbers: who writes something for each takes the rows in one order.
    """
    rows = Report.objects.filter(pk__in=list(numbers)).only("pk", "door", "sender")
    return {row.pk: row.lane for row in rows.order_by("pk")}


def reports_filed(numbers: Iterable[int]) -> list[Report]:
    """Those of these reports that were filed, with their senders."""
    rows = Report.objects.select_related("sender").filter(pk__in=list(numbers))
    return list(rows.filter(state=Report.State.FINISHED).order_by("pk"))


def filed_reports() -> int:
    """How many reports have been filed."""
    return Report.objects.filter(state=Report.State.FINISHED).count()
