"""Why a file is open or closed to this agency: now, and for each decision kept of its people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tipline.delivery.routing.queries import referral_for
from tipline.doors.portals.agency.shell import show
from tipline.doors.portals.desk.views_gate import Pages, gate_context
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.record.evidence.queries import file_in, kept_decisions_of


@page(Permission.EVIDENCE_OPEN)
def gate(request: HttpRequest, actor: Actor, number: int, file_id: str) -> HttpResponse:
    """Each row of the table for one file, as it stands for this agency; ``?kept=`` then."""
    referral_for(actor, number)
    file = file_in(number, file_id)
    if file is None:
        raise NotVisible("There is no such file.")
    mine = kept_decisions_of(file, actor.organisation_key)
    pages = Pages(
        reverse("agency:gate", args=[number, file_id]), reverse("agency:report", args=[number])
    )
    context = gate_context(request, actor, file, (), mine, pages)
    return show(request, "agency/gate.html", {**context, "current": "morning"})
