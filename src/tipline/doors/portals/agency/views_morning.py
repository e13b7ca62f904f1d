"""The agency's morning: what came, what is urgent, what expires, what waits for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.delivery.cases import label_notices, tips
from tipline.delivery.cases.queries import (
    ReferralFilter,
    morning_counts,
    referrals_wanted,
    sorted_referrals,
)
from tipline.doors.portals.agency.forms import ListForm
from tipline.doors.portals.agency.shell import done, show
from tipline.doors.portals.agency.shown_morning import rows_of, shown_alerts
from tipline.doors.portals.agency.shown_notices import shown_notices, shown_tips
from tipline.doors.portals.desk.exports import csv_response
from tipline.doors.portals.desk.shell import Deed
from tipline.doors.portals.frame import page
from tipline.doors.portals.look.parts import NavItem
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.lists.series.alerts import acknowledge

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tipline.delivery.routing.models import Referral

PER_PAGE = 50
MOST_ROWS = 10_000


@page(Permission.REFERRALS_READ)
def morning(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The agency's referrals, the most dangerous first."""
    form, found = _wanted(request, actor)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    count = shown.paginator.count
    context = {
        "form": form,
        "page": shown,
        "rows": rows_of(actor, list(shown)),
        "count": count,
        "noun": ngettext("referral", "referrals", count),
        "views": _views(actor, request.GET.get("view", "")),
        "csv_url": f"{reverse('agency:morning-csv')}?{request.GET.urlencode()}",
        "permalink": request.get_full_path(),
        "current": "morning",
        "series_alerts": shown_alerts(actor),
        "label_notices": shown_notices(actor),
        "case_tips": shown_tips(actor),
    }
    return show(request, "agency/morning.html", context, status=422 if form.errors else 200)


def _wanted(request: HttpRequest, actor: Actor) -> tuple[ListForm, QuerySet[Referral]]:
    form = ListForm(request.GET)
    if not form.is_valid():
        return form, referrals_wanted(actor, ReferralFilter(), clock.now()).none()
    found = referrals_wanted(actor, form.wanted(), clock.now())
    return form, sorted_referrals(found, request.GET.get("sort", ""))


def _views(actor: Actor, current: str) -> list[NavItem]:
    counts = morning_counts(actor, clock.now())
    words = (
        ("new", _("Came since yesterday"), "g n"),
        ("urgent", _("Urgent"), "g u"),
        ("expiring", _("Expires within 14 days"), "g x"),
        ("waiting", _("Waits for an answer"), "g w"),
    )
    home = reverse("agency:morning")
    return [
        NavItem(_("All"), home, "g a", current=not current),
        *(
            NavItem(label, f"{home}?view={name}", key, name == current, counts[name])
            for name, label, key in words
        ),
    ]


@page(Permission.CASES_WORK, methods=("POST",))
def series_seen(request: HttpRequest, actor: Actor, alert_id: int) -> HttpResponse:
    """Somebody here has seen that a report has a file of a series that the agency holds."""
    acknowledge(actor, alert_id)
    words = _("Seen. The report stays among your referrals.")
    return done(request, Deed(words), reverse("agency:morning"))


@page(Permission.REFERRALS_READ)
def morning_csv(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same list as CSV, at most :data:`MOST_ROWS` rows."""
    _form, found = _wanted(request, actor)
    heading = (
        "report", "danger", "disposition", "state", "came", "clock ends", "new files",
        "known files", "place", "sender", "summary", "case", "answer",
    )  # fmt: skip
    cells = [
        (
            row.number,
            row.band,
            row.disposition,
            row.state,
            row.came.isoformat(),
            row.deadline.isoformat() if row.deadline else "",
            row.new,
            row.known,
            row.place,
            row.sender,
            row.summary,
            row.case,
            row.answer,
        )
        for row in rows_of(actor, list(found[:MOST_ROWS]))
    ]
    return csv_response("referrals.csv", [heading, *cells])


@page(Permission.CASES_WORK, methods=("POST",))
def labels_seen(request: HttpRequest, actor: Actor, notice_id: int) -> HttpResponse:
    """Somebody here knows that the labels of a file have changed."""
    label_notices.acknowledge(actor, notice_id)
    return done(request, Deed(_("Seen.")), reverse("agency:morning"))


@page(Permission.CASES_WORK, methods=("POST",))
def tip_seen(request: HttpRequest, actor: Actor, tip_id: int) -> HttpResponse:
    """Somebody here knows of a report that is linked to one of a case's."""
    tips.acknowledge(actor, tip_id)
    words = _("Seen. It stays on the page of the case.")
    return done(request, Deed(words), reverse("agency:morning"))
