"""Why a file is open or closed: now, for who asks, and for each decision that was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tipline.delivery.routing.queries import agencies_with
from tipline.doors.portals.desk.shell import show
from tipline.doors.portals.desk.shown_files import name_of
from tipline.doors.portals.desk.shown_gate import shown_explanation, shown_kept
from tipline.doors.portals.frame import page
from tipline.ground.accounts.queries import organisation_names
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.insight.annotation.queries import known_material
from tipline.pipeline.gate_policies import agency_asker
from tipline.record.evidence.access import inputs_of, policy
from tipline.record.evidence.publication.queries import READING
from tipline.record.evidence.queries import details_of, file_in, kept_decisions_of
from tipline.record.evidence.rules_explained import explain
from tipline.record.evidence.rules_kept import inputs_from
from tipline.record.reports.queries import report_for

if TYPE_CHECKING:
    from tipline.doors.portals.desk.shown_gate import ShownExplanation
    from tipline.record.evidence.models import EvidenceFile, KeptDecision


@page(Permission.EVIDENCE_OPEN)
def gate(request: HttpRequest, actor: Actor, number: int, file_id: str) -> HttpResponse:
    """Each row of the table for one file: ``?for=`` an agency that has it, ``?kept=`` then."""
    report_for(actor, number)
    agencies = sorted(agencies_with([number])[number])
    found = _found(number, file_id)
    pages = Pages(
        reverse("desk:gate", args=[number, file_id]), reverse("desk:report", args=[number])
    )
    context = gate_context(request, actor, found, agencies, kept_decisions_of(found), pages)
    return show(request, actor, "desk/gate.html", context)


def _found(number: int, file_id: str) -> EvidenceFile:
    file = file_in(number, file_id)
    if file is None:
        raise NotVisible("There is no such file.")
    return file


@dataclass(frozen=True, slots=True)
class Pages:
    """Where this page stands, and the report's page."""

    here: str
    report: str


def gate_context(  # noqa: PLR0917 - what two desks differ in
    request: HttpRequest,
    actor: Actor,
    file: EvidenceFile,
    agencies: Sequence[int],
    rows: Sequence[KeptDecision],
    pages: Pages,
) -> dict[str, Any]:
    """What the page shows. ``agencies``: for whom, beside the actor's own organisation, it may be
    asked; ``rows``: the kept decisions that the actor may see.
    """
    kept = _chosen(rows, request.GET.get("kept", ""))
    asker = _asker(actor, agencies, request.GET.get("for", ""))
    names = organisation_names([*agencies, actor.organisation_key])
    own = asker.organisation_id if kept is None else None
    return {
        "number": file.report_id,
        "file": file,
        "report_url": pages.report,
        "name": name_of(file, details_of([file]).get(file.pk, {})),
        "kept": kept,
        "asker": names[asker.organisation_key],
        "explained": _then(kept) if kept else _now(asker, file),
        "askers": [
            (names[key], f"{pages.here}?for={key}", key == own)
            for key in (actor.organisation_key, *agencies)
        ],
        "history": shown_kept(rows, pages.here, kept.pk if kept else 0),
    }


def _chosen(rows: Sequence[KeptDecision], said: str) -> KeptDecision | None:
    if not said:
        return None
    found = next((row for row in rows if str(row.pk) == said), None)
    if found is None:
        raise NotVisible("There is no such decision.")
    return found


def _asker(actor: Actor, agencies: Sequence[int], said: str) -> Actor:
    """The person's own house, or an agency that has the report; nobody else is asked for."""
    if not said or said == str(actor.organisation_id):
        return actor
    found = next((key for key in agencies if str(key) == said), None)
    if found is None:
        raise NotVisible("There is no such organisation here.")
    return agency_asker(found)


def _now(asker: Actor, file: EvidenceFile) -> ShownExplanation:
    inputs = inputs_of(asker, [file], known=known_material([file]))[file.pk]
    return shown_explanation(explain(inputs, policy()), inputs.now)


def _then(row: KeptDecision) -> ShownExplanation | None:
    """The decision made again of what was kept; None where its table is not here any more."""
    table = READING.policy_with(row.policy_digest)
    if table is None:
        return None
    return shown_explanation(explain(inputs_from(row.inputs, row.at), table), row.at)
