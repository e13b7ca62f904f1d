"""The stages of a report, in order. This page is the pipeline.

======== =========== ========================================================= =============
stage    room        makes                                                     again when
======== =========== ========================================================= =============
print    matching    a fingerprint per distinct content (PDQ of pictures)      more is open
match    matching    files seen before: the same bytes, or near by eye         more is open
enrich   enrichment  places of addresses, phones and postal codes, with trust  data changes
link     entities    normal forms of identifiers, links between reports        forms change
assess   triage      disposition, three scores, deadline, summary, the queue   any fact changes
route    routing     the agencies that get the report, and why                 facts change
======== =========== ========================================================= =============

Each stage may run any number of times: it asks what is there already. A stage whose version
and inputs are those of its last run is skipped. What another report brings later is no input:
the later one writes the match or link to both, and has this one assessed again. No stage
decodes a picture or talks to a network inside a transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from tipline.delivery.routing import evidence as routing_evidence
from tipline.delivery.routing import rules as routing_rules
from tipline.delivery.routing import services as routing
from tipline.ground.accounts.queries import esp_facts
from tipline.ground.foundation import clock
from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.enrichment import rules as enrichment_rules
from tipline.insight.enrichment.queries import evidence_of
from tipline.insight.enrichment.services import keep_whereabouts
from tipline.insight.entities import rules as entity_rules
from tipline.insight.entities import services as entities
from tipline.insight.matching import services as matching
from tipline.insight.triage import services as triage
from tipline.insight.triage.models import BAND_RANK
from tipline.insight.triage.queue import newest_assessment
from tipline.pipeline.models import StageRun
from tipline.record.evidence.queries import details_of, files_of
from tipline.record.reports.facts import Role, identifiers, incident_time
from tipline.record.reports.models import Report
from tipline.record.reports.queries import document_of, identity_of
from tipline.record.reports.rules_reporter import put_back
from tipline.record.reports.services import hold

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its name, the version of what it does, its inputs and the doing."""

    name: str
    version: Callable[[], str]
    inputs: Callable[[Report], Any]
    run: Callable[[Report], None]


def _contents(report: Report) -> list[list[str]]:
    """What there is, and what of it may be fingerprinted: an opening may let more of it be."""
    files = files_of(report.pk)
    allowed = matching.may_be_fingerprinted(files)
    return [sorted(file.sha256 for file in files), sorted(file.sha256 for file in allowed)]


def _said(report: Report) -> Any:
    files = files_of(report.pk)
    details = details_of(files)
    return [document_of(report.pk), [details.get(file.pk, {}) for file in files]]


def _fingerprint(report: Report) -> None:
    matching.fingerprint(files_of(report.pk))
    kill_point("stage.fingerprinted")


def _match(report: Report) -> None:
    matching.match(files_of(report.pk))
    kill_point("stage.matched")


def _enrich(report: Report) -> None:
    """Of a reporter from the public, who is unsealed in memory for it, a state is kept at most."""
    document, details = _said(report)
    if not report.by_public:
        keep_whereabouts(report, enrichment_rules.derive(document, details))
        return
    whole = put_back(document, identity_of(report))
    evidence = enrichment_rules.derive(whole, details)
    keep_whereabouts(report, enrichment_rules.without_reporter(evidence))


def _link(report: Report) -> None:
    document, details = _said(report)
    sender = report.sender.name if report.sender else ""
    found = identifiers(document, details)
    entities.keep_identifiers(report, entity_rules.normal_forms(found, sender))
    entities.link(report)


def _assess(report: Report) -> None:
    triage.assess(report)
    kill_point("stage.assessed")


def _route(report: Report) -> None:
    if report.is_test:
        return
    policy = routing_evidence.policy()
    route = routing_rules.route(
        _evidence(report), routing.agency_areas(), policy, _incident_at(report)
    )
    with write_tx():
        hold(report)  # what is delivered is the assessment in force, not one from before
        assessment = newest_assessment(report.pk)
        if assessment is None:
            raise RuntimeError("a report is routed after it was assessed")
        routing.deliver(
            report,
            route.deliveries,
            disposition=assessment.result["disposition"],
            band_rank=BAND_RANK[assessment.result["danger"]["band"]],
            policy=policy.stamp,
        )
    if not route.deliveries:
        log.warning("no agency is responsible", report=report.pk)
    kill_point("stage.routed")


def _evidence(report: Report) -> list[routing_rules.LocationEvidence]:
    """Where the people are. Where an ESP's own staff sit says nothing of them."""
    pieces = evidence_of(report.pk)
    return routing_evidence.location_evidence(
        piece for piece in pieces if report.by_public or piece.role is not Role.REPORTER
    )


def _incident_at(report: Report) -> datetime | None:
    """When it happened; None without a zone, or where the ESP writes when it found it."""
    if esp_facts(report.profile).incident_time_means == "detection":
        return None
    return incident_time(document_of(report.pk)).instant


def _always(_report: Report) -> Any:
    """For stages that compare their own inputs: they are asked each time."""
    return None


STAGES: tuple[Stage, ...] = (
    Stage("fingerprint", lambda: matching.VERSION, _contents, _fingerprint),
    Stage("match", lambda: matching.VERSION, _contents, _match),
    Stage("enrich", lambda: enrichment_rules.VERSION, _said, _enrich),
    Stage("link", lambda: entity_rules.VERSION, _said, _link),
    Stage("assess", lambda: triage.policy().stamp, _always, _assess),
    Stage("route", lambda: routing_evidence.policy().stamp, _always, _route),
)


def run(number: int) -> None:
    """Bring everything derived of a report up to date. Safe to repeat, at any point."""
    report = (
        Report.objects.select_related("sender", "profile", "key")
        .filter(pk=number, state=Report.State.FINISHED)
        .first()
    )
    if report is None:
        return
    for stage in STAGES:
        _run_stage(stage, report)


def _run_stage(stage: Stage, report: Report) -> None:
    inputs = stage.inputs(report)
    digest = "" if inputs is None else _digest(inputs)
    version = stage.version()
    done = StageRun.objects.filter(report=report, stage=stage.name).first()
    if done is not None and digest and (done.version, done.input_digest) == (version, digest):
        return
    stage.run(report)
    if done is not None and (done.version, done.input_digest) == (version, digest):
        return
    with write_tx():
        StageRun.objects.update_or_create(
            report=report,
            stage=stage.name,
            defaults={"version": version, "input_digest": digest, "at": clock.now()},
        )


def _digest(inputs: Any) -> str:
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def stage_times(number: int) -> dict[str, Any]:
    """When each stage was last run for a report."""
    return dict(StageRun.objects.filter(report_id=number).values_list("stage", "at"))
