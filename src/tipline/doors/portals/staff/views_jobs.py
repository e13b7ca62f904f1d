"""Jobs that gave up, and the way to try them again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.staff.shell import done, show, staff_page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.pipeline.jobs import dead_jobs, job_counts, requeue

_LONGEST_ID = 18


@staff_page(Permission.JOBS_MANAGE)
def jobs_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How many wait, and the newest of those that gave up."""
    counts = job_counts(actor)
    rows = dead_jobs(actor)
    context = {
        "current": "jobs",
        "counts": {name: counts.get(name, 0) for name in ("queued", "running", "dead")},
        "rows": rows,
        "count": counts.get("dead", 0),
        "noun": ngettext("dead job", "dead jobs", counts.get("dead", 0)),
        "more": counts.get("dead", 0) > len(rows),
    }
    return show(request, "staff/jobs.html", context)


@staff_page(Permission.JOBS_MANAGE, methods=("POST",))
def requeue_jobs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Try the ticked jobs again, or all that the page shows."""
    if request.POST.get("which") == "all":
        ids = [int(row["id"]) for row in dead_jobs(actor)]
    else:
        ids = [_id(text) for text in request.POST.getlist("job")]
    if not ids:
        raise Invalid(_("Tick the jobs that should run again."), field="job")
    count = requeue(actor, ids)
    words = ngettext("%d job runs again.", "%d jobs run again.", count) % count
    return done(request, words, reverse("staff:jobs"))


def _id(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > _LONGEST_ID:
        raise Invalid(_("This is no job."), field="job")
    return int(text)
