"""A referral as the agency got it: sections A to D, its files, why it came, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.delivery.cases.delivered import delivered
from tipline.delivery.cases.queries import band_of, visible_numbers
from tipline.delivery.routing.queries import referrals_of
from tipline.doors.portals.agency.shown_work import work_context
from tipline.doors.portals.desk.shown_document import (
    Walk,
    reporter_facts,
    section_a,
    warning_facts,
)
from tipline.doors.portals.desk.shown_files import ShownFile, shown_files
from tipline.doors.portals.desk.shown_places import place_facts
from tipline.doors.portals.desk.shown_queue import disposition_words
from tipline.doors.portals.desk.shown_reasons import reasons_of
from tipline.doors.portals.desk.shown_report import side
from tipline.doors.portals.look.parts import Fact
from tipline.doors.portals.look.times import absolute
from tipline.ground.accounts.queries import agency_facts, esp_facts
from tipline.ground.foundation.reasons import Source
from tipline.insight.enrichment.queries import evidence_of
from tipline.insight.entities.queries import counted_neighbours
from tipline.insight.triage.summaries import told, written_for
from tipline.record.evidence.queries import files_of
from tipline.record.reports.facts import Role
from tipline.record.reports.queries import notes_of, warnings_of
from tipline.record.reports.rules_reporter import without_reporter

if TYPE_CHECKING:
    from tipline.delivery.routing.models import Referral
    from tipline.ground.foundation.actor import Actor
    from tipline.record.reports.models import Report

WHOLE = 1_000_000


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file's card and where its bytes are asked for."""

    shown: ShownFile
    url: str


def referral_context(actor: Actor, row: Referral, *, whole: bool = False) -> dict[str, Any]:
    """Everything that the page shows; the number of queries does not grow with it."""
    report, number = row.report, row.report_id
    said = delivered(row)
    document = said.document
    walk = Walk(most=WHOLE) if whole else Walk()
    scores = side(number)
    result: Mapping[str, Any] | None = scores["scores"]
    return {
        "report": report,
        "row": row,
        "band": band_of(row),
        "unconfirmed": result is not None and result["urgency"] == "unconfirmed",
        **_summary(number, result),
        "disposition": disposition_words(row.disposition),
        "section_a": section_a(without_reporter(document) if report.by_public else document, walk),
        "reporter": said.reporter.value,
        "reporter_facts": reporter_facts(document, walk) if said.released_at else (),
        "released_at": said.released_at,
        "warnings": warning_facts(warnings_of(number)),
        "left_out": walk.left_out,
        "places": place_facts(_places(report)),
        "notes": _notes(number),
        "linked": _linked(actor, number),
        "agencies": _agencies(row),
        "route": reasons_of(row.reasons),
        "contacts": _contacts(row),
        "files": cards(actor, row, walk),
        **scores,
        **work_context(actor, row),
    }


def _summary(number: int, result: Mapping[str, Any] | None) -> dict[str, Any]:
    """The summary and who says so: an analyst's words stand in the place of the draft."""
    if result is None:
        return {"summary": ""}
    words, source = told(result, written_for([number]).get(number, ""))
    return {"summary": words, "summary_by": source}


def _places(report: Report) -> list[Any]:
    sealed = Role.REPORTER if report.by_public else None
    return [piece for piece in evidence_of(report.pk) if piece.role is not sealed]


def _notes(number: int) -> tuple[Fact, ...]:
    """Notes without their authors' names: they speak for the clearinghouse."""
    return tuple(
        Fact(_("Note"), note.text, Source.ANALYST, absolute(note.at)) for note in notes_of(number)
    )


def _linked(actor: Actor, number: int) -> dict[str, Any]:
    """Numbers of linked reports: those that this agency has are links, the others only told."""
    numbers = counted_neighbours(number)
    mine = visible_numbers(actor, numbers)
    return {
        "mine": [(each, reverse("agency:report", args=[each])) for each in sorted(mine)],
        "others": [each for each in numbers if each not in mine],
    }


def _agencies(row: Referral) -> tuple[Fact, ...]:
    """Section D: everybody who has the report, and since when."""
    return tuple(
        Fact(one.agency.name, _("made available"), Source(one.source), absolute(one.made_at))
        for one in referrals_of(row.report_id)
    )


def _contacts(row: Referral) -> tuple[Fact, ...]:
    """Whom to call: the ESP as its profile stood when it reported, and the agency's own line."""
    esp = esp_facts(row.report.profile)
    facts = [
        Fact(_("Provider, in an emergency"), esp.emergency_contact, note=esp.emergency_hours),
        Fact(_("Provider, for legal process"), esp.legal_process_address),
        Fact(_("Your line for urgent reports"), agency_facts(row.agency_id).urgent_phone),
    ]
    return tuple(fact for fact in facts if fact.value)


def cards(actor: Actor, row: Referral, walk: Walk | None = None) -> list[FileShown]:
    """The files as cards with the gate's answer to this agency. No preview is ever inline."""
    found = shown_files(actor, files_of(row.report_id), {}, walk or Walk())
    return [_card(one) for one in found]


def _card(one: ShownFile) -> FileShown:
    url = reverse("agency:file", args=[one.number, one.file_id])
    card = replace(one.card, seen_before_url="", url=url, preview_url="")
    return FileShown(replace(one, card=card), url)
