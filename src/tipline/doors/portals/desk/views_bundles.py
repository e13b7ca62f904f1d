"""A bundle's page, and taking a report out of it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.shell import Deed, back_to, done, show
from tipline.doors.portals.desk.shown_bundles import (
    arrivals,
    head_row,
    kind_words,
    shown_members,
)
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.triage.bundles import acts
from tipline.insight.triage.bundles.queries import bundle_for, counts_of, members_of
from tipline.record.reports.queries import report_for

PER_PAGE = 50


@page(Permission.QUEUE_WORK)
def bundle_page(request: HttpRequest, actor: Actor, bundle_id: int) -> HttpResponse:
    """The head, when its reports came, and all members: those that stand out first."""
    bundle = bundle_for(actor, bundle_id)
    counts = counts_of(bundle)
    shown = Paginator(members_of(bundle), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "current": "queue",
        "bundle": bundle,
        "kind": kind_words(bundle.kind),
        "counts": counts,
        "out": counts.members - counts.folded - 1,
        "head": head_row(bundle, actor.person_id),
        "arrivals": arrivals(bundle),
        "page": shown,
        "rows": shown_members(bundle, list(shown), actor.person_id),
        "count": counts.members,
        "noun": ngettext("report", "reports", counts.members),
        "here": request.get_full_path(),
    }
    return show(request, actor, "desk/bundle.html", context)


@page(Permission.QUEUE_WORK, methods=("POST",))
def leave(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Take a report out of its bundle for good; the undo lets the rules decide again."""
    report_for(actor, number)
    acts.release(actor, number)
    words = _("Report %(number)s is listed by itself now.") % {"number": number}
    undo = reverse("desk:bundle-return", args=[number])
    back = back_to(request, reverse("desk:report", args=[number]))
    return done(request, Deed(words, undo), back)


@page(Permission.QUEUE_WORK, methods=("POST",))
def come_back(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Put a report back among those that it is like, where nothing else keeps it out."""
    report_for(actor, number)
    acts.put_back(actor, number)
    words = _("Report %(number)s is back in its bundle.") % {"number": number}
    return done(request, Deed(words), back_to(request, reverse("desk:report", args=[number])))
