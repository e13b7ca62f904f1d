"""The overview: does everything that must run, run, and does everything add up?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from tipline.doors.portals.staff.shell import show, staff_page
from tipline.ground.audit.queries import unsealed
from tipline.ground.audit.services import current_head
from tipline.ground.custody.queries import is_settled
from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.entities.history.queries import standing
from tipline.pipeline.jobs import job_counts
from tipline.record.evidence.checking.queries import finding_count, newest_end
from tipline.record.intake.queries import books


@staff_page(Permission.ACCOUNTS_MANAGE)
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Jobs by state, the ledger's end, the sum of the books, the vault, its keys, the links."""
    counts = job_counts(actor)
    sequence, digest = current_head()
    found = books(actor)
    context = {
        "current": "overview",
        "jobs": {name: counts.get(name, 0) for name in ("queued", "running", "dead")},
        "sequence": sequence,
        "digest": digest,
        "unsealed": unsealed(),
        "balanced": found.balanced,
        "sums": found.sums(),
        "findings": finding_count(),
        "checked": newest_end(),
        "settled": is_settled(),
        "links": standing(),
    }
    return show(request, "staff/overview.html", context)
