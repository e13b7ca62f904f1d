"""The only writer of series: their status, who holds them, and which entries belong to them."""

from __future__ import annotations

from tipline.ground.accounts.models import Organisation
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, OrganisationKind, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.entries import touch
from tipline.insight.lists.events import SeriesChanged
from tipline.insight.lists.models import Entry, Series, SeriesAct
from tipline.insight.lists.positions import turn_of

_LONGEST = 100


def series_named(name: str) -> Series:
    """The series of this name, made as one of an unidentified child where it is new."""
    row, _new = Series.objects.get_or_create(
        name=_checked(name), defaults={"created_at": clock.now()}
    )
    return row


def set_series(
    actor: Actor, name: str, *, status: str, agency: Organisation | None = None
) -> Series:
    """Say of a series, new or not, what became of the child and which agency holds it."""
    actor.require(Permission.LISTS_MANAGE)
    if status not in set(Series.Status):
        raise Invalid(f"The status is one of {', '.join(Series.Status)}.", field="status")
    if agency is not None and agency.kind != OrganisationKind.AGENCY:
        raise Invalid("Only an agency may hold a series.", field="agency")
    with write_tx():
        row = Series.objects.select_for_update().get(pk=series_named(name).pk)
        known = SeriesAct.objects.filter(series=row).exists()
        holder = None if agency is None else agency.pk
        if known and (row.status, row.agency_id) == (status, holder):
            return row
        row.status, row.agency = status, agency
        row.save(update_fields=["status", "agency"])
        SeriesAct.objects.create(
            series=row, status=status, agency=agency, by_id=actor.person_id, at=clock.now()
        )
        detail = {"status": status, "agency": holder}
        record(actor, Verb.SERIES_CHANGED, f"series:{row.pk}", detail=detail)
        announce(SeriesChanged(row.pk), lane="lists", dedup_key=str(row.pk))
    return row


def put_in_series(actor: Actor, entry: Entry, name: str) -> bool:
    """Say to which series an entry belongs; an empty name takes it out. True when that changed."""
    actor.require(Permission.LISTS_MANAGE)
    with turn_of(entry.hash_list_id) as turn:
        row = Entry.objects.get(pk=entry.pk)
        if row.removed_at is not None:
            raise Conflict("This entry has been taken off the list.")
        series = series_named(name) if name.strip() else None
        if row.series_id == (series.pk if series else None):
            return False
        row.series = series
        row.save(update_fields=["series"])
        touch(turn, row)
        detail = {"entry": row.pk, "series": row.series_id}
        record(actor, Verb.SERIES_CHANGED, f"list:{row.hash_list_id}", detail=detail)
        if series is not None:
            announce(SeriesChanged(series.pk), lane="lists", dedup_key=str(series.pk))
    return True


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST:
        raise Invalid(f"The name of a series has 1 to {_LONGEST} characters.", field="series")
    return name
