"""Agencies are told when a report has a file of a series of an unidentified child that they hold.

Told at once where the bytes were read here and are on a list whose word is trusted; where the
match only suggests, once an analyst has confirmed it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM, Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.jobs import URGENT
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.events import SeriesAlerted
from tipline.insight.lists.models import ListMatch, Series, SeriesAlert
from tipline.insight.lists.standing import Stands, standing
from tipline.record.reports.models import Report


def alert_holders(report: Report) -> int:
    """Tell each agency once of each of its series in this report; how many were told now.

    Nobody is told of a test.
    """
    if report.is_test:
        return 0
    held = [one for one in unidentified_in(report.pk) if one.agency_id is not None]
    return sum(_alert(report, one) for one in held)


def unidentified_in(number: int) -> list[Series]:
    """The series of unidentified children of which this report has a file, by key."""
    rows = ListMatch.objects.filter(
        file__report_id=number,
        entry__series__status=Series.Status.UNIDENTIFIED,
    )
    return unidentified_among(standing(rows))


def unidentified_among(matches: Iterable[Stands]) -> list[Series]:
    """The same of matches as they stand."""
    found = {one.match.entry.series for one in matches if one.sure}
    unidentified = (row for row in found if row and row.status == Series.Status.UNIDENTIFIED)
    return sorted(unidentified, key=lambda row: row.pk)


def _alert(report: Report, series: Series) -> bool:
    with write_tx():
        _row, new = SeriesAlert.objects.get_or_create(
            report=report,
            series=series,
            agency_id=series.agency_id,
            defaults={"at": clock.now()},
        )
        if new and series.agency_id is not None:
            detail = {"series": series.pk, "agency": series.agency_id}
            record(SYSTEM, Verb.SERIES_ALERTED, f"report:{report.pk}", detail=detail)
            told = SeriesAlerted(report.pk, series.agency_id)
            announce(told, lane=report.lane, priority=URGENT)
    return new


def holders_of(number: int) -> list[tuple[int, str]]:
    """(agency, name of the series) for everybody who was told of this report."""
    rows = SeriesAlert.objects.select_related("series").filter(report_id=number)
    return [(row.agency_id, row.series.name) for row in rows.order_by("pk")]


def alerts_for(actor: Actor) -> QuerySet[SeriesAlert]:
    """What an agency was told of its series and nobody there has acknowledged, newest first."""
    if not actor.may(Permission.REFERRALS_READ):
        return SeriesAlert.objects.none()
    rows = SeriesAlert.objects.select_related("series", "report")
    return rows.filter(agency_id=actor.organisation_key, seen_at__isnull=True).order_by("-at")


def acknowledge(actor: Actor, alert_id: int) -> bool:
    """Somebody at the agency has seen it; True when this call said so."""
    actor.require(Permission.CASES_WORK)
    row = SeriesAlert.objects.filter(pk=alert_id, agency_id=actor.organisation_key).first()
    if row is None:
        raise NotVisible("There is no such word of a series.")
    with write_tx():
        seen = SeriesAlert.objects.filter(pk=row.pk, seen_at__isnull=True)
        if not seen.update(seen_at=clock.now(), seen_by_id=actor.person_key):
            return False
        record(actor, Verb.SERIES_ALERT_SEEN, f"report:{row.report_id}")
    return True
