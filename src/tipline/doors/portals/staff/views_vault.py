"""The vault's checks and the master keys, as administrators see them: counts, ids and names."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tipline.doors.portals.staff.shell import done, show, staff_page
from tipline.ground.custody.queries import Part, standing
from tipline.ground.foundation.actor import Actor, Permission
from tipline.record.evidence.checking import services
from tipline.record.evidence.checking.queries import (
    has_given_up,
    open_findings,
    runs_for,
    under_way,
)

MOST = 200
KINDS = {
    "daily": gettext_lazy("Daily"),
    "full": gettext_lazy("Everything"),
    "missing": gettext_lazy("missing"),
    "damaged": gettext_lazy("damaged"),
}
PARTS = {
    Part.CURRENT: gettext_lazy("in use"),
    Part.OLDER: gettext_lazy("older: opens only"),
    Part.NEXT: gettext_lazy("prepared: seals nothing yet"),
    Part.MISSING: gettext_lazy("not in the key file, and needed"),
}


@staff_page(Permission.VAULT_CHECK)
def vault_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whether all bytes are there, what is not, and the newest runs."""
    found, runs = open_findings(actor), runs_for(actor)
    count = found.count()
    context = {
        "current": "vault",
        "findings": [(row, KINDS[row.kind]) for row in found[:MOST]],
        "count": count,
        "more": count > MOST,
        "runs": [(run.row, run.figures, KINDS[run.row.kind]) for run in runs],
        "held_back": runs[0].figures["held_back"] if runs else 0,
        "under_way": under_way(),
        "given_up": has_given_up(),
    }
    return show(request, "staff/vault.html", context)


@staff_page(Permission.VAULT_CHECK, methods=("POST",))
def check_vault(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Have a worker open everything."""
    services.ask(actor, full=True)
    words = _("A worker checks everything now. The figures grow while it does.")
    return done(request, words, reverse("staff:vault"))


@staff_page(Permission.KEYS_MANAGE)
def keys_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Which master keys there are, what each wraps, and how far wrapping anew is."""
    found = standing(actor)
    context = {
        "current": "vault",
        "found": found,
        "rows": [(line, PARTS[line.part], line.ident in found.can_go) for line in found.lines],
    }
    return show(request, "staff/keys.html", context)
