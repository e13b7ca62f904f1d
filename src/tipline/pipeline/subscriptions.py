"""Which events bring which reports up to date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tipline.delivery.cases import tips
from tipline.delivery.cases.events import CaseJoined
from tipline.delivery.cases.label_notices import tell_holders
from tipline.delivery.routing.queries import unreferred
from tipline.ground.accounts.events import AgencyChanged
from tipline.ground.audit import services as audit
from tipline.ground.custody import rewrapping
from tipline.ground.custody.services import catch_up
from tipline.ground.foundation import clock, forgetting, jobs
from tipline.ground.foundation.events import subscribe
from tipline.ground.foundation.keys import store
from tipline.ground.foundation.transactions import write_tx
from tipline.ground.foundation.worker import recurring
from tipline.insight.annotation.events import ContentLabelled
from tipline.insight.annotation.queries import reports_with
from tipline.insight.annotation.services import lists_follow
from tipline.insight.enrichment.services import forget_whereabouts
from tipline.insight.entities import forgetting as entities
from tipline.insight.entities.events import LinkChanged, TextForgotten
from tipline.insight.entities.linking import link_again
from tipline.insight.entities.publication import trials as link_models
from tipline.insight.entities.queries import counted_neighbours
from tipline.insight.lists import nearness, quarantine, sweeps
from tipline.insight.lists import own as own_lists
from tipline.insight.lists.events import ListChanged, OwnEntryMade, ReportListed, SeriesChanged
from tipline.insight.lists.pulling import services as pulling
from tipline.insight.lists.pulling import voting
from tipline.insight.lists.series.alerts import alert_holders
from tipline.insight.lists.series.queries import reports_with_series
from tipline.insight.matching import services as matching
from tipline.insight.matching.events import FileMatched
from tipline.insight.review import keeping
from tipline.insight.triage.batches.services import resume_due
from tipline.insight.triage.draws.services import draw_due
from tipline.insight.triage.events import Judged, NeighbourJoined
from tipline.insight.triage.publication import trials
from tipline.insight.triage.publication.events import PolicyPublished
from tipline.insight.triage.services import aged
from tipline.pipeline import gate_policies, stages, under_policy
from tipline.pipeline.read_before import read_before
from tipline.record.evidence.checking import services as checking
from tipline.record.evidence.events import OpeningRecorded
from tipline.record.evidence.publication.events import GatePublished
from tipline.record.evidence.services import destroy_files, sweep_destroyed
from tipline.record.intake.services import expire_due
from tipline.record.outcomes.events import OutcomeRecorded
from tipline.record.reports.events import ReportDestroyed, ReportFinished
from tipline.record.reports.queries import lanes_of, reports_filed

_DAY = 24 * 3600.0
_MINUTE = timedelta(minutes=1)
_AT_ONCE = 200


def reassess(*numbers: int) -> None:
    """Ask for reports to be brought up to date; one waiting request for each serves all.

    In a lane for each sender, so that what one sender's flood changes holds up nobody else's.
    """
    for number, lane in lanes_of(numbers).items():
        key = {"report": number}
        jobs.enqueue("pipeline.report", key, lane=f"again:{lane}", dedup_key=str(number))


def _again(payload: dict[str, int]) -> None:
    stages.run(payload["report"])


def _reassess_all(numbers: Sequence[int]) -> None:
    """A few at a time, so that thousands of copies hold nobody else's commit up."""
    for start in range(0, len(numbers), _AT_ONCE):
        with write_tx():
            reassess(*numbers[start : start + _AT_ONCE])


def _series_changed(series: int) -> None:
    """Its holder is told of the reports that have a file of it, and they are ranked anew."""
    numbers = reports_with_series(series)
    for report in reports_filed(numbers):
        alert_holders(report)
    _reassess_all(numbers)


def _labels_told(sha256: str) -> None:
    """Agencies that have these bytes hear what changed in their labels."""
    tell_holders(sha256)


def _tips_told(number: int) -> None:
    """Agencies that work an open case hear of reports that are linked to it."""
    tips.tell(number)


def _case_joined(number: int) -> None:
    """Whoever works it hears of what is linked to it already, and gets these reports."""
    tips.tell(number)
    _reassess_all(counted_neighbours(number))


def register() -> None:
    """Called once per process, at start-up."""
    jobs.task("pipeline.report")(_again)
    jobs.task(under_policy.KIND)(under_policy.page)
    jobs.task(trials.KIND)(trials.step)
    jobs.task(gate_policies.TRIAL)(gate_policies.TRIALS.step)
    jobs.task(link_models.KIND)(link_models.step)
    jobs.task(gate_policies.AGAIN)(gate_policies.again)
    jobs.task(pulling.KIND)(pulling.pull_job)
    jobs.task(voting.KIND)(voting.votes_job)
    jobs.task(sweeps.KIND)(sweeps.go_on)
    jobs.task(rewrapping.KIND)(rewrapping.step)
    jobs.task(checking.KIND)(checking.task)
    subscribe(ReportFinished, "pipeline", lambda event: stages.run(event.report))
    subscribe(ReportDestroyed, "evidence", lambda event: destroy_files(event.report))
    subscribe(ReportDestroyed, "review", lambda event: keeping.report_gone(event.report))
    subscribe(ReportDestroyed, "places", lambda event: forget_whereabouts(event.report))
    subscribe(ReportDestroyed, "links", lambda event: entities.report_gone(event.report))
    subscribe(ContentLabelled, "pipeline", lambda event: _reassess_all(reports_with(event.sha256)))
    subscribe(ContentLabelled, "agencies", lambda event: _labels_told(event.sha256))
    subscribe(Judged, "pipeline", lambda event: stages.run(event.report))
    subscribe(AgencyChanged, "pipeline", lambda _event: _reassess_all(unreferred()))
    subscribe(FileMatched, "pipeline", lambda event: reassess(event.report))
    subscribe(ListChanged, "sweep", lambda event: sweeps.sweep(event.hash_list))
    subscribe(OwnEntryMade, "variants", lambda event: own_lists.give_variants(event.sha256))
    subscribe(ReportListed, "pipeline", lambda event: reassess(event.report))
    subscribe(SeriesChanged, "pipeline", lambda event: _series_changed(event.series))
    subscribe(CaseJoined, "cases", lambda event: _case_joined(event.report))
    subscribe(LinkChanged, "cases", lambda event: _tips_told(event.report))
    subscribe(TextForgotten, "links", lambda event: link_again(event.report))
    subscribe(LinkChanged, "pipeline", lambda event: reassess(event.report))
    subscribe(NeighbourJoined, "pipeline", lambda event: reassess(event.report))
    subscribe(OpeningRecorded, "pipeline", lambda event: reassess(event.report))
    subscribe(OutcomeRecorded, "pipeline", lambda event: reassess(event.report))
    subscribe(PolicyPublished, "pipeline", under_policy.begin)
    subscribe(GatePublished, "pipeline", gate_policies.begin)
    _recur()


def _recur() -> None:
    """What a worker does again and again, whether anything happened or not."""
    recurring.add(
        "look at clocks again", timedelta(minutes=5), lambda: _reassess_all(aged(clock.now()))
    )
    recurring.add("set lists aside that flood", timedelta(minutes=5), quarantine.watch)
    recurring.add("let our own lists follow the labels", timedelta(hours=1), lists_follow)
    recurring.add("read again what an older version has read", _MINUTE, read_before.ask_again)
    recurring.add("draw reports for a look", timedelta(hours=1), draw_due)
    recurring.add("go on with acts that were cut off", timedelta(seconds=30), resume_due)
    recurring.add("pull lists that are due", timedelta(minutes=1), pulling.pull_due)
    recurring.add("send votes that wait", timedelta(seconds=30), voting.votes_due)
    recurring.add("seal the ledger", timedelta(seconds=1), audit.seal)
    recurring.add("seal what came very late", timedelta(hours=6), audit.seal_whole)
    recurring.add("end what was left unfinished", timedelta(seconds=30), expire_due)
    recurring.add("forget what was destroyed", timedelta(minutes=1), forgetting.forget_if_asked)
    recurring.add("cut the log of writes", timedelta(hours=1), forgetting.forget)
    recurring.add("join the index", timedelta(seconds=10), matching.keep_index)
    recurring.add("check the index", timedelta(hours=6), matching.check_index)
    recurring.add("join the index of lists", timedelta(seconds=10), nearness.keep_index)
    recurring.add("check the index of lists", timedelta(hours=6), nearness.check_index)
    recurring.add("delete destroyed files", timedelta(hours=1), sweep_destroyed)
    recurring.add("check the vault", timedelta(hours=1), checking.ask_daily)
    recurring.add("wrap data keys by the master key in use", timedelta(hours=1), catch_up)
    recurring.add("sweep temporary files", timedelta(hours=1), lambda: store().sweep(_DAY))
