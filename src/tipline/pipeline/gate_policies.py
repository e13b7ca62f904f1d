"""Trying and publishing decision tables of the gate, and looking again at what they changed.

Here because who may ask for a file is known only above the record: our own house for every
file, and each agency that has its report. A page of a trial is some files with all their
askers; another table in force has every filed report with files looked at again, a page at a
time, in a lane of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tipline.delivery.routing.queries import agencies_with
from tipline.ground.accounts.queries import house_actors
from tipline.ground.foundation import jobs
from tipline.ground.foundation.actor import Actor, ActorKind, OrganisationKind
from tipline.ground.foundation.transactions import write_tx
from tipline.ground.publication.services import Publication
from tipline.ground.publication.trials import History, Page, Sums, Trials
from tipline.insight.annotation.queries import known_material_files
from tipline.record.evidence.access import Said, inputs_of, said_of
from tipline.record.evidence.gate import GateInputs
from tipline.record.evidence.gate_policy import GatePolicy
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.publication import rules
from tipline.record.evidence.publication.events import LANE, GatePublished
from tipline.record.evidence.publication.queries import READING
from tipline.record.evidence.publication.rules import Asked
from tipline.record.evidence.queries import filed_files, filed_reports_with_files

TRIAL = "evidence.gate-trial"
TRIAL_LANE = "gate-trial"
AGAIN = "pipeline.gate"
REPORT = "pipeline.report"
#: Files of a page: some tenths of a second of a worker's time, then it looks to other lanes.
PAGE = 100


def _count() -> int:
    return filed_files().count()


def _page(after: int) -> Page:
    rows = list(filed_files().filter(pk__gt=after).order_by("pk")[:PAGE])
    asked = _asked(rows)
    return [(row.pk, asked[row.pk]) for row in rows]


def _asked(rows: Sequence[EvidenceFile]) -> dict[int, tuple[Asked, ...]]:
    """Per file key the questions of the house and of every agency that has the report."""
    said, known = said_of(rows), known_material_files(rows)
    holders = agencies_with({row.report_id for row in rows})
    agencies = {key for keys in holders.values() for key in keys}
    found: dict[int, list[Asked]] = {row.pk: [] for row in rows}
    for actor in [*house_actors(), *map(agency_asker, sorted(agencies))]:
        key = actor.organisation_key
        mine = [row for row in rows if key not in agencies or key in holders[row.report_id]]
        asked = _inputs(actor, mine, known, said)
        for row in mine:
            found[row.pk].append(Asked(key, row.report_id, asked[row.pk]))
    return {key: tuple(asked) for key, asked in found.items()}


def _inputs(
    actor: Actor, rows: Sequence[EvidenceFile], known: frozenset[int], said: Said
) -> dict[int, GateInputs]:
    """Each file known by what came before it, whatever else stands on the page."""
    matched = [row for row in rows if row.pk in known]
    others = [row for row in rows if row.pk not in known]
    digests = frozenset(row.sha256 for row in matched)
    return {
        **inputs_of(actor, others, said=said),
        **inputs_of(actor, matched, known=digests, said=said),
    }


def agency_asker(organisation: int) -> Actor:
    """An agency itself, to ask what its people may see; it may do nothing by this."""
    return Actor(
        kind=ActorKind.SYSTEM,
        organisation_id=organisation,
        organisation_kind=OrganisationKind.AGENCY,
    )


def _add(sums: Sums, page: Page, old: GatePolicy, new: GatePolicy) -> Sums:
    return rules.add(sums, (asked for _key, asked in page), old, new)


TRIALS = Trials(READING, History(_count, _page, rules.empty, _add), kind=TRIAL, lane=TRIAL_LANE)
PUBLICATION = Publication(READING, TRIALS)


def begin(event: GatePublished) -> None:
    """Begin with the report that came first."""
    with write_tx():
        jobs.enqueue(AGAIN, {"act": event.act, "after": 0}, lane=LANE, dedup_key=str(event.act))


def again(payload: Mapping[str, Any]) -> None:
    """Ask for the next reports to be looked at, then for the page after them.

    Another act ends the round of the one before: its own begins anew.
    """
    if payload["act"] != READING.newest_act_id():
        return
    numbers = filed_reports_with_files(payload["after"], PAGE)
    with write_tx():
        for number in numbers:
            # A key of its own: a change of the report itself must not wait in this lane.
            jobs.enqueue(REPORT, {"report": number}, lane=LANE, dedup_key=f"gate:{number}")
        if numbers:
            rest = {"act": payload["act"], "after": numbers[-1]}
            jobs.enqueue(AGAIN, rest, lane=LANE, dedup_key=str(payload["act"]))
