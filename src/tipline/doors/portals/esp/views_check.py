"""A report checked before it is sent. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tipline.doors.portals.esp.forms_check import CheckForm
from tipline.doors.portals.esp.shell import organisation_of, show
from tipline.doors.portals.frame import page
from tipline.doors.portals.look.parts import Fact
from tipline.ground.accounts.queries import esp_facts, newest_esp_profile
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.reasons import Reason
from tipline.insight.triage.services import policy
from tipline.pipeline.check.rules_check import Checked, Finding, Sender
from tipline.pipeline.check.rules_check import check as checked
from tipline.pipeline.check.shown import LATER
from tipline.record.reports.words import lack


@page(Permission.REPORTS_READ_OWN, methods=("GET", "HEAD", "POST"))
def check(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - the frame asked
    """The form; what a check found stands above it."""
    if request.method != "POST":
        return _shown(request, CheckForm())
    form = CheckForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, form, status=422)
    esp = organisation_of(request)
    sender = Sender(esp_facts(newest_esp_profile(esp.pk)), esp.name)
    strict: bool = settings.TIPLINE_ESP_STRICT
    found = checked(form.draft(), sender, policy(), clock.now(), strict=strict)
    return _shown(request, form, found)


def _shown(
    request: HttpRequest, form: CheckForm, found: Checked | None = None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "current": "check"}
    if found is not None:
        context |= {"found": found, "verdict": _verdict(found), **_judgement(found)}
        context |= {"errors": _facts(found.errors), "odd": _facts(found.warnings)}
        context |= {"lacks": [lack(code) for code in found.missing], "later": LATER.values()}
    return show(request, "esp/check.html", context, status=status)


def _verdict(found: Checked) -> str:
    if not found.readable:
        return _("This cannot be read as a report.")
    if not found.valid:
        return _("This would be refused.")
    return _("This would be accepted.")


def _facts(findings: Iterable[Finding]) -> list[Fact]:
    return [Fact(_where(one), one.message, note=one.fix) for one in findings]


def _where(one: Finding) -> str:
    values = {"part": one.part, "line": one.line, "column": one.column, "path": one.path}
    if one.line and one.column:
        return _("%(part)s, line %(line)s, column %(column)s: %(path)s") % values
    return _("%(part)s, line %(line)s: %(path)s") % values if one.line else one.path


def _judgement(found: Checked) -> dict[str, Any]:
    """What triage would make of it; empty where nothing can be said."""
    result = found.result
    if result is None:
        return {}
    scores = {name: _reasons(result[name]["reasons"]) for name in ("danger", "actionability")}
    return {
        "result": result,
        "informational": result["disposition"] == "informational",
        "tests": _reasons(result["tests"]),
        "would_help": found.would_help,
        **scores,
    }


def _reasons(stored: Iterable[dict[str, Any]]) -> list[Reason]:
    return [Reason.from_json(one) for one in stored]
