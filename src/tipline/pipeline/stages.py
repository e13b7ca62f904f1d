"""The stages of a report, in order. This page is the pipeline.

======== =========== ========================================================= =============
stage    room        makes                                                     again when
======== =========== ========================================================= =============
print    matching    a fingerprint per distinct content (PDQ of pictures),     more is open
                     and those that senders declare
match    matching    files seen before: the same bytes, or near by eye         more is open
lists    lists       files on lists: by digest, declared digest, or by eye     a list changes
enrich   enrichment  places of addresses, phones and postal codes, with trust  data changes
link     entities    identifiers, also from free text, and links by them       forms change
assess   triage      disposition, three scores, deadline, summary, the queue   any fact changes
review   review      the places of contents that wait for a person's look      any fact changes
route    routing     the agencies that get the report, and why                 facts change
effects  entities    the order of its proposed links                           any fact changes
======== =========== ========================================================= =============

Each stage may run any number of times: it asks what is there already. A stage whose version
and inputs are those of its last run is skipped. What another report brings later is no input:
the later one writes the match or link to both, and has this one assessed again. No stage
decodes a picture or talks to a network inside a transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from tipline.delivery.cases.tips import open_cases_with
from tipline.delivery.routing import evidence as routing_evidence
from tipline.delivery.routing import rules as routing_rules
from tipline.delivery.routing import services as routing
from tipline.ground.accounts.queries import esp_facts
from tipline.ground.foundation import clock
from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.reasons import Reason, Source
from tipline.ground.foundation.transactions import derived_tx, write_tx
from tipline.insight.enrichment import rules as enrichment_rules
from tipline.insight.enrichment.queries import evidence_of
from tipline.insight.enrichment.services import keep_whereabouts
from tipline.insight.entities import linking
from tipline.insight.entities import rules as link_rules
from tipline.insight.entities.blocking import rules as blocking_rules
from tipline.insight.entities.forms import rules as entity_forms
from tipline.insight.entities.queries import counted_neighbours
from tipline.insight.entities.reading import read as read_identifiers
from tipline.insight.entities.scoring.rules_model import shipped as link_model
from tipline.insight.lists import matching as lists
from tipline.insight.lists import own as own_lists
from tipline.insight.lists.series.alerts import alert_holders, holders_of
from tipline.insight.matching import declaring
from tipline.insight.matching import services as matching
from tipline.insight.review import keeping
from tipline.insight.triage import services as triage
from tipline.insight.triage.models import BAND_RANK
from tipline.insight.triage.queue import newest_assessment
from tipline.pipeline import effects
from tipline.pipeline.models import StageRun
from tipline.record.evidence.contents import Contents
from tipline.record.reports.facts import Role, incident_time
from tipline.record.reports.models import Report
from tipline.record.reports.queries import identity_of
from tipline.record.reports.rules_reporter import put_back
from tipline.record.reports.services import hold

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its name, the version of what it does, its inputs and the doing."""

    name: str
    version: Callable[[], str]
    inputs: Callable[[Contents], Any]
    run: Callable[[Contents], None]


def _bytes(held: Contents) -> list[list[str]]:
    """What there is, and what of it may be fingerprinted: an opening may let more of it be."""
    allowed = matching.may_be_fingerprinted(held.files, held.gate)
    return [sorted(file.sha256 for file in held.files), sorted(file.sha256 for file in allowed)]


def _bytes_and_details(held: Contents) -> Any:
    return [_bytes(held), held.details]


def _said(held: Contents) -> Any:
    return [held.document, held.details]


def _fingerprint(held: Contents) -> None:
    declaring.keep_declared(held.files, held.details, held.versions)
    matching.fingerprint(held.files, held.gate)
    kill_point("stage.fingerprinted")


def _match(held: Contents) -> None:
    matching.match(held.files)
    kill_point("stage.matched")


def _lists(held: Contents) -> None:
    """Entries of ours first get the fingerprints that were made of these bytes since."""
    own_lists.refresh(file.sha256 for file in held.files)
    lists.match_files(held.files)
    alert_holders(held.report)
    kill_point("stage.listed")


def _enrich(held: Contents) -> None:
    """Of a reporter from the public, who is unsealed in memory for it, a state is kept at most."""
    report = held.report
    if not report.by_public:
        keep_whereabouts(report, enrichment_rules.derive(held.document, held.details))
        return
    whole = put_back(held.document, identity_of(report))
    evidence = enrichment_rules.derive(whole, held.details)
    keep_whereabouts(report, enrichment_rules.without_reporter(evidence))


def _link(held: Contents) -> None:
    contents = [file.sha256 for file in held.files if file.size]
    read_identifiers(held.report, held.document, held.details, contents)
    linking.link(held.report)


def link_version() -> str:
    """What identifiers and links are made by: any of it changes, all are made again.

    Not by new frequencies: these come with a run over all history.
    """
    versions = (entity_forms, blocking_rules, link_rules)
    return " ".join((*(one.VERSION for one in versions), link_model().stamp))


def _assess(held: Contents) -> None:
    triage.assess(held.report, held)
    kill_point("stage.assessed")


def _review(held: Contents) -> None:
    keeping.keep_places(held)
    kill_point("stage.reviewed")


def _route(held: Contents) -> None:
    report = held.report
    if report.is_test:
        return
    policy = routing_evidence.policy()
    route = routing_rules.route(
        _evidence(report), routing.agency_areas(), policy, _incident_at(held)
    )
    with write_tx():
        hold(report)  # what is delivered is the assessment in force, not one from before
        assessment = newest_assessment(report.pk)
        if assessment is None:
            raise RuntimeError("a report is routed after it was assessed")
        cases = _to_open_cases(report)
        routing.deliver(
            report,
            [*route.deliveries, *_to_holders(report), *cases],
            disposition=assessment.result["disposition"],
            band_rank=BAND_RANK[assessment.result["danger"]["band"]],
            policy=policy.stamp,
        )
    if not route.deliveries and not holders_of(report.pk):
        log.warning("no agency is responsible", report=report.pk)
    kill_point("stage.routed")


def _order_proposals(held: Contents) -> None:
    effects.keep_effects(held.report.pk)


def _to_holders(report: Report) -> list[routing_rules.Delivery]:
    """Agencies that hold a series of which a file was found here, whatever the place."""
    return [
        routing_rules.Delivery(
            str(agency), (Reason("routing.holds_series", {"series": name}, source=Source.ROUTER),)
        )
        for agency, name in holders_of(report.pk)
    ]


def _to_open_cases(report: Report) -> list[routing_rules.Delivery]:
    """Agencies that work a linked report in an open case, whatever the place."""
    return [
        routing_rules.Delivery(
            str(one.agency),
            (Reason("routing.open_case", {"report": one.member}, source=Source.ROUTER),),
        )
        for one in open_cases_with(counted_neighbours(report.pk))
    ]


def _evidence(report: Report) -> list[routing_rules.LocationEvidence]:
    """Where the people are. Where an ESP's own staff sit says nothing of them."""
    pieces = evidence_of(report.pk)
    return routing_evidence.location_evidence(
        piece for piece in pieces if report.by_public or piece.role is not Role.REPORTER
    )


def _incident_at(held: Contents) -> datetime | None:
    """When it happened; None without a zone, or where the ESP writes when it found it."""
    if esp_facts(held.report.profile).incident_time_means == "detection":
        return None
    return incident_time(held.document).instant


def _always(_held: Contents) -> Any:
    """For stages that compare their own inputs: they are asked each time."""
    return None


STAGES: tuple[Stage, ...] = (
    Stage("fingerprint", lambda: matching.VERSION, _bytes, _fingerprint),
    Stage("match", lambda: matching.VERSION, _bytes, _match),
    Stage("lists", lambda: lists.VERSION, _bytes_and_details, _lists),
    Stage("enrich", lambda: enrichment_rules.VERSION, _said, _enrich),
    Stage("link", link_version, _said, _link),
    Stage("assess", lambda: triage.policy().stamp, _always, _assess),
    Stage("review", lambda: keeping.VERSION, _always, _review),
    Stage("route", lambda: routing_evidence.policy().stamp, _always, _route),
    Stage("effects", lambda: effects.VERSION, _always, _order_proposals),
)


def run(number: int) -> None:
    """Bring everything derived of a report up to date. Safe to repeat, at any point."""
    report = (
        Report.objects.select_related("sender", "profile", "key")
        .filter(pk=number, state=Report.State.FINISHED)
        .first()
    )
    if report is not None:
        run_stages(report, STAGES)


def run_stages(report: Report, wanted: Sequence[Stage]) -> None:
    """These stages in turn, those left out whose version and inputs are those of their last run.

    What ran is noted in one commit at the end, when a stage failed, too. Whoever is killed before
    it runs those stages once more, which changes nothing.
    """
    held, digests = Contents(report), _Digests()
    done = {row.stage: row for row in StageRun.objects.filter(report=report)}
    ran: list[StageRun] = []
    try:
        for stage in wanted:
            row = _run_stage(stage, held, digests, done.get(stage.name))
            if row is not None:
                ran.append(row)
    finally:
        _note(ran)


def _note(ran: Sequence[StageRun]) -> None:
    if not ran:
        return
    with derived_tx():
        StageRun.objects.bulk_create(
            ran,
            update_conflicts=True,
            unique_fields=["report", "stage"],
            update_fields=["version", "input_digest", "at"],
        )


class _Digests:
    """The digest of each kind of input, worked out once a run."""

    def __init__(self) -> None:
        self._known: dict[Callable[[Contents], Any], str] = {}

    def of(self, stage: Stage, held: Contents) -> str:
        """Empty for a stage that compares its own inputs."""
        if stage.inputs not in self._known:
            inputs = stage.inputs(held)
            self._known[stage.inputs] = "" if inputs is None else _digest(inputs)
        return self._known[stage.inputs]


def _run_stage(
    stage: Stage, held: Contents, digests: _Digests, done: StageRun | None
) -> StageRun | None:
    """Run it when it has to; what is to be noted, None when that stands there already."""
    digest, version = digests.of(stage, held), stage.version()
    same = done is not None and (done.version, done.input_digest) == (version, digest)
    if same and digest:
        return None
    stage.run(held)
    if same:
        return None
    return StageRun(
        report=held.report,
        stage=stage.name,
        version=version,
        input_digest=digest,
        at=clock.now(),
    )


def _digest(inputs: Any) -> str:
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def stage_times(number: int) -> dict[str, Any]:
    """When each stage was last run for a report."""
    return dict(StageRun.objects.filter(report_id=number).values_list("stage", "at"))
