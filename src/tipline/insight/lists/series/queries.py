"""Reads of series, for a named actor."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.insight.lists.models import Entry, ListMatch, Series, SeriesAct


def series_for(actor: Actor) -> QuerySet[Series]:
    """Every series, those of unidentified children first."""
    actor.require(Permission.LISTS_READ)
    return Series.objects.select_related("agency").order_by("-status", "name")


def one_series_for(actor: Actor, series_id: int) -> Series:
    row = series_for(actor).filter(pk=series_id).first()
    if row is None:
        raise NotVisible("There is no such series.")
    return row


def acts_on(series: Series) -> list[SeriesAct]:
    """What was said of a series, the newest first."""
    rows = SeriesAct.objects.select_related("by", "agency").filter(series=series)
    return list(rows.order_by("-pk"))


def sizes_of(series: list[Series]) -> dict[int, int]:
    """How many live entries each has; series without any are absent."""
    rows = Entry.objects.filter(series__in=series, removed_at__isnull=True).order_by()
    return dict(rows.values_list("series_id").annotate(n=Count("pk")))


def reports_with_series(series_id: int) -> list[int]:
    """Numbers of reports with a file that matches an entry of this series."""
    rows = ListMatch.objects.filter(
        Q(withdrawn_at__isnull=True), entry__series_id=series_id
    ).order_by()
    return sorted(set(rows.values_list("file__report_id", flat=True)))
