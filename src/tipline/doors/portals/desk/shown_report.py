"""The page of one report: its head, its life, its sections and what stands at the side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.delivery.routing.queries import referrals_of, releases_of
from tipline.doors.portals.desk.shown_bundles import standing_context, with_likes
from tipline.doors.portals.desk.shown_document import MOST_ENTRIES, Walk, section_a, warning_facts
from tipline.doors.portals.desk.shown_files import shown_files
from tipline.doors.portals.desk.shown_identifiers import identifiers_context
from tipline.doors.portals.desk.shown_judgements import judge_context
from tipline.doors.portals.desk.shown_ledger import shown_ledger
from tipline.doors.portals.desk.shown_links import shown_links
from tipline.doors.portals.desk.shown_places import count_facts, match_facts, place_facts
from tipline.doors.portals.desk.shown_queue import clocks_of, paned, rows_of
from tipline.doors.portals.desk.shown_reasons import reasons_of
from tipline.doors.portals.desk.shown_reporter import shown_release, shown_reporter
from tipline.doors.portals.desk.shown_roles import role_notices
from tipline.doors.portals.desk.shown_summary import summary_context
from tipline.doors.portals.desk.shown_work import (
    disposition_facts,
    label_facts,
    note_facts,
    opening_facts,
    own_papers,
    shown_referrals,
)
from tipline.doors.portals.look.parts import Moment
from tipline.ground.accounts.queries import agencies
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.annotation.looks.queries import held_by
from tipline.insight.annotation.queries import label_history
from tipline.insight.enrichment.queries import evidence_of
from tipline.insight.entities.mining.rules_standing import passages
from tipline.insight.entities.queries import (
    COUNTED,
    identifiers_of,
    judgements_of,
    links_of,
    standing_among,
)
from tipline.insight.triage.queue import assessments_of, entry_of
from tipline.pipeline.stages import stage_times
from tipline.record.evidence.queries import files_of, openings_of
from tipline.record.outcomes.queries import outcomes_of
from tipline.record.reports.facts import narratives
from tipline.record.reports.queries import document_of, has_identity, notes_of, warnings_of
from tipline.record.reports.rules_reporter import without_reporter

if TYPE_CHECKING:
    from datetime import datetime

    from tipline.delivery.routing.models import Referral
    from tipline.doors.portals.desk.forms import ReleaseForm
    from tipline.doors.portals.desk.passes import Picture
    from tipline.insight.annotation.models import LabelEvent
    from tipline.insight.triage.models import QueueEntry
    from tipline.record.outcomes.models import Outcome
    from tipline.record.reports.models import Report

#: How many entries of one list are shown before the reader asks for everything.
WHOLE = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asked for: everything of long lists, pictures by file."""

    whole: bool = False
    pictures: Mapping[str, Picture] | None = None


def report_context(actor: Actor, report: Report, asked: Asked) -> dict[str, Any]:
    """Everything that the page shows; the number of queries does not grow with it."""
    number, now = report.pk, clock.now()
    document = document_of(number)
    standing = standing_among(report, passages(narratives(document)))
    walk = Walk(WHOLE if asked.whole else MOST_ENTRIES, standing=standing)
    files = files_of(number)
    shown = shown_files(actor, files, asked.pictures or {}, walk)
    names = {file.card.digest: file.card.name for file in shown}
    held = held_by(actor)
    events = label_history({file.sha256 for file in files} - held)
    referrals, outcomes = referrals_of(number), outcomes_of(number)
    papers = openings_of(files)
    links, identifiers = links_of(number), identifiers_of(number)
    entry = entry_of(number)
    return {
        "report": report,
        **summarised(report, entry, actor, now),
        **standing_context(number),
        "moments": moments(report, events, referrals, outcomes),
        "section_a": section_a(without_reporter(document) if report.by_public else document, walk),
        "reporter": shown_reporter(actor, report, document),
        "warnings": warning_facts(warnings_of(number)),
        **identifiers_context(identifiers, walk.most),
        "role_notices": role_notices(actor, report, identifiers),
        "left_out": walk.left_out,
        "places": place_facts(evidence_of(number)),
        "counts": count_facts(shown, entry.links if entry else 0),
        "matches": match_facts(shown),
        "label_facts": label_facts(events, names),
        "openings": opening_facts(papers, names),
        "papers": own_papers(papers, actor.organisation_id),
        "files": shown,
        "joined": sum(link.state in COUNTED for link in links),
        "waiting_links": sum(link.state == "proposed" for link in links),
        "links": shown_links(actor, number, links, judgements_of(links)),
        "ledger": shown_ledger(actor, number),
        "may_record_opening": actor.may(Permission.EVIDENCE_RECORD_OPENING),
        **side(number, blind=bool(held & {file.sha256 for file in files})),
        **judge_context(actor, number),
        **notes_context(report),
        **referrals_context(actor, report, referrals, outcomes),
    }


def summarised(
    report: Report, entry: QueueEntry | None, actor: Actor, now: datetime
) -> dict[str, Any]:
    """The report's place in the queue, and its summary with the form that changes it."""
    if entry is None:
        return {"item": None}
    [row] = with_likes(rows_of([entry], actor.person_id, now))
    return {**paned(entry, row), **summary_context(report.pk, entry)}


def blind_to(actor: Actor, number: int) -> bool:
    """Whether the actor holds a blind look at one of the report's files."""
    held = held_by(actor)
    return bool(held) and not held.isdisjoint(file.sha256 for file in files_of(number))


def side(number: int, *, blind: bool = False) -> dict[str, Any]:
    """The three scores, the disposition's tests and the clocks, from the newest assessment.

    ``blind``: without reasons, which would tell the labels of what is looked at blindly.
    """
    history = assessments_of(number)
    result = history[0].result if history else None
    shown: dict[str, Any] = {"dispositions": disposition_facts(history), "scores": result}
    if result is None:
        return shown
    if blind:
        return {"dispositions": (), "scores": None, "blind": True, "clocks": clocks_of(result)}
    for score in ("danger", "actionability", "decay"):
        shown[score] = reasons_of(result[score]["reasons"])
    shown["tests"] = reasons_of(result["tests"])
    shown["would_change"] = reasons_of(result["would_help"])
    shown["clocks"] = clocks_of(result)
    shown["standing"] = reasons_of(
        one for one in result["signals"] if not one["params"].get("refuted")
    )
    return shown


def notes_context(report: Report) -> dict[str, Any]:
    """Section C's notes."""
    return {
        "notes": note_facts(notes_of(report.pk)),
        "note_url": reverse("desk:note", args=[report.pk]),
    }


def referrals_context(
    actor: Actor,
    report: Report,
    referrals: Sequence[Referral],
    outcomes: Sequence[Outcome],
    release_form: ReleaseForm | None = None,
) -> dict[str, Any]:
    """Section D: who has the report, what they may know of who reported, who could still get it.

    ``release_form``: the one that was refused, with what is wrong; it knows its referral.
    """
    sealed, releases = has_identity(report.pk), releases_of(report.pk)
    shown = {
        row.pk: shown_release(
            actor,
            row,
            releases.get(row.pk, ()),
            sealed=sealed,
            form=release_form if release_form and release_form.referral == row.pk else None,
        )
        for row in referrals
    }
    return {
        "referrals": shown_referrals(referrals, outcomes, shown),
        "refer_url": reverse("desk:refer", args=[report.pk]),
    }


def agencies_without(number: int) -> list[tuple[int, str]]:
    """The agencies that do not have the report yet, for the form."""
    have = {row.agency_id for row in referrals_of(number)}
    return [(row.pk, row.name) for row, _facts in agencies() if row.pk not in have]


def moments(
    report: Report,
    events: Sequence[LabelEvent],
    referrals: Sequence[Referral],
    outcomes: Sequence[Outcome],
) -> list[Moment]:
    """The stations of a report's life; what has not come yet has no time."""
    ran = stage_times(report.pk)
    accepted = [row.answered_at for row in referrals if row.state == "accepted"]
    # A label may be older than this report: it counted here from the moment it was filed.
    labelled = [max(event.at, report.ended_at or event.at) for event in events]
    return [
        Moment(_("Received"), report.opened_at),
        Moment(_("Finished"), report.ended_at),
        Moment(_("Fingerprinted"), ran.get("fingerprint")),
        Moment(_("Matched"), ran.get("match")),
        Moment(_("Ranked"), ran.get("assess")),
        Moment(_("Labelled"), min(labelled, default=None)),
        Moment(_("Referred"), min((row.made_at for row in referrals), default=None)),
        Moment(_("Accepted"), min((at for at in accepted if at), default=None)),
        Moment(_("Answered"), min((row.at for row in outcomes), default=None)),
    ]
