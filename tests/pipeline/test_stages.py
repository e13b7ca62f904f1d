"""The stages: safe to repeat, to stop anywhere, and to do in any order of reports."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from itertools import permutations
from random import Random

import pytest
from tests.filing import SEEN, document, entry, picture, suspect
from tests.personas import file_report
from tests.pipeline.derived import forget, snapshot, undone

from tipline.ground.foundation import clock, jobs, worker
from tipline.insight.entities.models import Identifier, Link
from tipline.insight.matching import hashes
from tipline.insight.matching import services as matching
from tipline.insight.matching.models import FileMatch, Fingerprint
from tipline.insight.triage.models import Assessment
from tipline.pipeline import stages
from tipline.pipeline.models import StageRun
from tipline.record.evidence import access
from tipline.record.evidence.contents import Contents
from tipline.record.evidence.queries import files_of
from tipline.record.evidence.services import OpeningTerms, record_opening
from tipline.record.intake import services as intake
from tipline.record.reports.models import Report

NAMES = [stage.name for stage in stages.STAGES]


@pytest.fixture
def three(world):
    """Filed, not read yet: a picture, its exact copy, and one like it.

    An account and a verified mailbox in common, and for all three an address at one moment.
    """
    other = suspect(personOrUserReportedPerson=None, screenName="another")
    return [
        file_report(world, files=[(picture(1), SEEN), (picture(7), {})]),
        file_report(world, files=[(picture(1), {})], document=document(personOrUserReported=other)),
        file_report(world, files=[(picture(1, quality=80), SEEN)], esp="quillnet"),
    ]


def settle() -> None:
    """Do what waits, which is to read each report and whatever that asks for."""
    worker.run_ready("one")
    assert jobs.counts() == {}


def read(report: Report) -> Report:
    return Report.objects.select_related("sender", "profile", "key").get(pk=report.pk)


def test_the_three_have_something_in_common(three):
    for report in three:
        stages.run(report.pk)
    layers = FileMatch.objects.order_by("pk").values_list("file__report_id", "layer")
    first, copy, like = (report.pk for report in three)
    assert list(layers) == [(copy, "exact"), (like, "near")]
    pairs = {(link.low_id, link.high_id): link.state for link in Link.objects.all()}
    assert pairs == {
        (first, copy): "automatic",
        (first, like): "automatic",
        (copy, like): "proposed",
    }
    assert [entry(report).known_files for report in three] == [0, 1, 0]


def test_twice_is_as_once(three):
    settle()
    once, made = snapshot(), Assessment.objects.count()
    runs = dict(StageRun.objects.values_list("pk", "at"))
    for report in three:
        stages.run(report.pk)
    assert snapshot() == once
    assert dict(StageRun.objects.values_list("pk", "at")) == runs
    assert Assessment.objects.count() == made


@pytest.mark.parametrize("name", NAMES)
def test_each_stage_done_again_changes_nothing(three, name):
    settle()
    once = snapshot()
    [stage] = [stage for stage in stages.STAGES if stage.name == name]
    for report in three:
        stage.run(Contents(read(report)))
        stage.run(Contents(read(report)))
    assert snapshot() == once


def test_everything_derived_can_be_computed_again(three):
    settle()
    once = snapshot()
    forget()
    assert snapshot()["QueueEntry"] == []
    for report in three:
        stages.run(report.pk)
    settle()
    assert snapshot() == once


def test_stopped_anywhere_it_goes_on_to_the_same_end(three):
    """As if killed after so many stages, before and after the last one was noted as done."""
    *earlier, last = three
    for report in earlier:
        stages.run(report.pk)
    with undone():
        stages.run(last.pk)
        expected = snapshot()
    for done in range(len(stages.STAGES)):
        for noted in (True, False):
            with undone():
                for stage in stages.STAGES[:done]:
                    stages.run_stages(read(last), [stage])
                if not noted:
                    stages.STAGES[done].run(Contents(read(last)))
                stages.run(last.pk)
                assert snapshot() == expected, (done, noted)


def test_the_order_of_reading_makes_no_difference(three):
    found = []
    for order in permutations(three):
        with undone():
            jobs.Job.objects.all().delete()
            for report in order:
                stages.run(report.pk)
            settle()  # what one tells another
            found.append(snapshot())
    assert all(one == found[0] for one in found[1:])
    assert len(found[0]["FileMatch"]) == 2
    assert len(found[0]["Link"]) == 3


def test_copies_in_one_report_are_one_to_those_who_come_later(world):
    twice = [(picture(1), SEEN), (picture(1), {})]
    first = file_report(world, files=twice)
    for files in ([(picture(1), {})], [(picture(1, quality=80), {})], twice):
        file_report(world, files=files)
    settle()
    before = sorted(FileMatch.objects.values_list("file", "other"))
    lead, second = sorted(file.pk for file in files_of(first.pk))
    others = {other for _file, other in before}
    assert lead in others
    assert second not in others
    for report in Report.objects.order_by("pk"):
        matching.match(files_of(report.pk))
    assert sorted(FileMatch.objects.values_list("file", "other")) == before


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(2, 12))]
)
def test_a_crowd_of_like_pictures_is_matched_once_and_for_all(world, monkeypatch, seed):
    """Each is like more than it may match; read in any order, reading again adds nothing."""
    monkeypatch.setattr(matching, "MOST_NEAR", 2)
    dice = Random(seed)
    reports = [file_report(world, files=[(picture(n), {})]) for n in range(8)]
    for report in dice.sample(reports, len(reports)):
        [file] = files_of(report.pk)
        value = dice.getrandbits(14).to_bytes(32, "big")  # 14 bits apart at most
        Fingerprint.objects.create(
            sha256=file.sha256, hasher=hashes.HASHER, version=hashes.VERSION,
            value=value, quality=100, made_at=clock.now(),
        )  # fmt: skip
        stages.run(report.pk)
    settle()
    before = sorted(FileMatch.objects.values_list("file", "other"))
    assert before
    for report in dice.sample(reports, len(reports)):
        matching.match(files_of(report.pk))
    assert sorted(FileMatch.objects.values_list("file", "other")) == before


def test_who_was_read_before_hears_of_what_makes_its_file_known(three):
    """Commits may come in another order than the times that they carry."""
    first, copy, _like = three
    Report.objects.filter(pk=first.pk).update(state=Report.State.OPEN)  # not to be seen yet
    stages.run(copy.pk)
    assert entry(copy).known_files == 0
    Report.objects.filter(pk=first.pk).update(state=Report.State.FINISHED)
    stages.run(first.pk)
    settle()
    assert (entry(first).known_files, entry(copy).known_files) == (0, 1)


def test_reports_filed_at_one_instant_are_not_both_known(three):
    first, copy, _like = three
    Report.objects.filter(pk=copy.pk).update(ended_at=first.ended_at)
    settle()
    assert (entry(first).known_files, entry(copy).known_files) == (0, 1)


class TestSkipping:
    #: Those that compare their own inputs.
    ALWAYS = ("assess", "review", "route", "effects")

    @pytest.fixture
    def report(self, filed):
        return filed(files=[(picture(1), {})])

    def counted(self, monkeypatch, **changes):
        """The stages, each counting how often it really runs."""
        runs: list[str] = []

        def counting(stage):
            def run(report):
                runs.append(stage.name)
                stage.run(report)

            return dataclasses.replace(stage, run=run, **changes.get(stage.name, {}))

        monkeypatch.setattr(stages, "STAGES", tuple(map(counting, stages.STAGES)))
        return runs

    def test_what_compares_its_own_inputs_is_asked_each_time(self, report, monkeypatch):
        runs = self.counted(monkeypatch)
        stages.run(report.pk)
        assert runs == [*self.ALWAYS]

    @pytest.mark.parametrize("name", NAMES[:4])
    def test_another_version_runs_again_once(self, report, monkeypatch, name):
        runs = self.counted(monkeypatch, **{name: {"version": lambda: "next"}})
        stages.run(report.pk)
        stages.run(report.pk)
        assert runs == [name, *self.ALWAYS, *self.ALWAYS]

    def test_what_an_opening_opens_is_fingerprinted_then(self, world, monkeypatch):
        """Where policy keeps blocked files from being fingerprinted."""
        policy = access.policy()
        rules = dataclasses.replace(policy.rules, fingerprint_blocked_files=False)
        monkeypatch.setattr(access, "policy", lambda: dataclasses.replace(policy, rules=rules))
        seen = file_report(world, files=[(picture(1), SEEN)])
        report = file_report(world, files=[(picture(1, quality=80), {})])
        settle()
        assert Fingerprint.objects.filter(variant="").count() == 1
        assert not FileMatch.objects.exists()

        terms = OpeningTerms("warrant", "1", "A court", clock.now() - timedelta(days=1))
        record_opening(world.actor("sofia"), files_of(report.pk), terms)
        settle()
        assert Fingerprint.objects.filter(variant="").count() == 2
        match = FileMatch.objects.get()
        assert (match.file.report_id, match.other.report_id) == (report.pk, seen.pk)


class TestWhatIsRead:
    def test_only_what_was_filed(self, world):
        report = file_report(world, files=[(picture(1), SEEN)], finished=False)
        stages.run(report.pk)
        stages.run(report.pk + 1)
        assert all(rows == [] for rows in snapshot().values())

    def test_nothing_of_what_was_retracted(self, world):
        report = file_report(world, files=[(picture(1), SEEN)], finished=False)
        intake.retract(world.machine("harborline"), report)
        stages.run(report.pk)
        assert all(rows == [] for rows in snapshot().values())

    def test_a_report_of_nothing_is_ranked_and_goes_to_somebody(self, filed):
        report = filed(document={"incidentSummary": {}})
        assert entry(report).band_rank >= 0
        assert len(snapshot()["Referral"]) == 1
        assert not Identifier.objects.exists()

    def test_an_empty_and_an_unreadable_file_stop_nothing(self, filed):
        report = filed(files=[(b"", SEEN), (b"no picture at all", SEEN)])
        assert entry(report).new_files == 1
        assert Fingerprint.objects.get().reason
