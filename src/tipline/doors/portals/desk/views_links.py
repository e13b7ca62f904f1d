"""Judging links: yes, no, unsure, each kept with its author and the reasons of the time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shell import Deed, done
from tipline.doors.portals.desk.shown_links import shown_links, state_words
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.insight.entities.judging import services
from tipline.insight.entities.queries import judgements_of, link_in, links_of
from tipline.record.reports.queries import report_for


@page(Permission.LINKS_JUDGE, methods=("POST",))
def judge(request: HttpRequest, actor: Actor, number: int, link_id: int) -> HttpResponse:
    """One answer, which may be changed by another one; nothing is forgotten."""
    report_for(actor, number)
    link = link_in(number, link_id)
    if link is None:
        raise NotVisible("There is no such link.")
    verdict = request.POST.get("verdict", "")
    services.judge(actor, link, verdict, request.POST.get("note", ""))
    other = link.high_id if link.low_id == number else link.low_id
    state = {"yes": "confirmed", "no": "rejected", "unsure": "unsure"}[verdict]
    words = _("Link to report %(other)s: %(state)s.") % {
        "other": other,
        "state": state_words(state),
    }

    def fragment() -> tuple[str, dict[str, object]]:
        links = [one for one in links_of(number) if one.pk == link_id]
        return "desk/link.html", {"link": shown_links(number, links, judgements_of(links))[0]}

    back = reverse("desk:report", args=[number]) + f"#link-{link_id}"
    return done(request, Deed(words), back, fragment)
