"""Which events bring which reports up to date."""

from __future__ import annotations

from datetime import timedelta

from tipline.ground.audit import services as audit
from tipline.ground.foundation import clock, jobs
from tipline.ground.foundation.events import subscribe
from tipline.ground.foundation.keys import store
from tipline.ground.foundation.worker import recurring
from tipline.insight.annotation.events import ContentLabelled
from tipline.insight.annotation.queries import reports_with
from tipline.insight.entities.events import LinkChanged
from tipline.insight.triage.services import aged
from tipline.pipeline import stages
from tipline.record.evidence.events import OpeningRecorded
from tipline.record.evidence.services import sweep_destroyed
from tipline.record.intake.services import expire_due
from tipline.record.outcomes.events import OutcomeRecorded
from tipline.record.reports.events import ReportFinished

_DAY = 24 * 3600.0


def reassess(number: int) -> None:
    """Ask for a report to be brought up to date; one waiting request serves all."""
    jobs.enqueue("pipeline.report", {"report": number}, lane="again", dedup_key=str(number))


def _again(payload: dict[str, int]) -> None:
    stages.run(payload["report"])


def _labelled(event: ContentLabelled) -> None:
    for number in reports_with(event.sha256):
        reassess(number)


def _aged() -> None:
    for number in aged(clock.now()):
        reassess(number)


def register() -> None:
    """Called once per process, at start-up."""
    jobs.task("pipeline.report")(_again)
    subscribe(ReportFinished, "pipeline", lambda event: stages.run(event.report))
    subscribe(ContentLabelled, "pipeline", _labelled)
    subscribe(LinkChanged, "pipeline", lambda event: reassess(event.report))
    subscribe(OpeningRecorded, "pipeline", lambda event: reassess(event.report))
    subscribe(OutcomeRecorded, "pipeline", lambda event: reassess(event.report))
    recurring.add("look at clocks again", timedelta(minutes=5), _aged)
    recurring.add("seal the ledger", timedelta(seconds=1), audit.seal)
    recurring.add("seal what came very late", timedelta(hours=6), audit.seal_whole)
    recurring.add("end what was left unfinished", timedelta(seconds=30), expire_due)
    recurring.add("delete destroyed files", timedelta(minutes=1), sweep_destroyed)
    recurring.add("sweep temporary files", timedelta(hours=1), lambda: store().sweep(_DAY))
