"""Assessing: what changes is assessed again, what does not is left, and older facts never win."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from tests.filing import SEEN, document, entry, newest, picture, suspect
from tests.personas import file_report, make_world

from tipline.delivery.cases.services import answer
from tipline.delivery.routing.models import Referral
from tipline.delivery.routing.queries import referral_for
from tipline.ground.accounts import services as accounts
from tipline.ground.foundation import clock, jobs, worker
from tipline.ground.foundation.actor import SYSTEM, OrganisationKind
from tipline.ground.foundation.reasons import Reason, total
from tipline.insight.annotation.services import set_label
from tipline.insight.entities.judging.services import judge
from tipline.insight.entities.queries import links_of
from tipline.insight.matching import services as matching
from tipline.insight.triage import services
from tipline.insight.triage.models import BAND_RANK, TEST_LANE, Assessment, QueueEntry
from tipline.record.evidence.queries import files_of
from tipline.record.evidence.services import OpeningTerms, end_opening, record_opening

URGENT = {
    "incidentSummary": {
        "incidentType": "Online Enticement of Children for Sexual Acts",
        "incidentDateTime": "2026-11-20T10:00:00Z",
        "escalateToHighPriority": "a meeting is planned",
    }
}


def settle() -> None:
    """Do everything that waits; nothing may be left over or have failed."""
    worker.run_ready("one")
    assert jobs.counts() == {}


def points(assessment: Assessment) -> dict[str, int]:
    return {r["code"]: r["points"] for r in assessment.result["danger"]["reasons"]}


@pytest.fixture
def report(filed):
    """One whose file nobody viewed."""
    made = filed(files=[(picture(1), {})])
    settle()
    return made


def test_a_filed_report_is_ranked_by_its_job(world):
    made = file_report(world, document=document(**URGENT))
    settle()
    assert entry(made).band_rank == BAND_RANK["urgent"]
    assert newest(made).result["urgency"] == "unconfirmed"


def test_the_scores_are_the_sums_of_their_reasons(filed):
    result = newest(filed(document=document(**URGENT), files=[(picture(1), SEEN)])).result
    for name in ("danger", "actionability", "decay"):
        reasons = [Reason.from_json(reason) for reason in result[name]["reasons"]]
        assert total(reasons) == result[name]["value"]
    assert json.loads(json.dumps(result)) == result


def test_unchanged_facts_make_no_new_assessment(report):
    before = newest(report)
    assert services.assess(report) == before
    assert Assessment.objects.filter(report=report).count() == 1


def test_a_lost_place_in_the_queue_is_given_again(report):
    before = entry(report)
    QueueEntry.objects.all().delete()
    services.assess(report)
    assert entry(report).assessment == before.assessment
    assert (entry(report).deadline, entry(report).danger) == (before.deadline, before.danger)


class TestAgain:
    """A label, link, opening or outcome brings what it touches up to date, by jobs."""

    def test_a_label(self, world, report):
        before = newest(report)
        set_label(world.actor("ana"), files_of(report.pk)[0], "production", present=True)
        settle()
        assert newest(report).pk > before.pk
        assert points(newest(report))["triage.production"] > 0
        assert entry(report).assessment == newest(report)

        set_label(world.actor("ana"), files_of(report.pk)[0], "production", present=False)
        settle()
        assert points(newest(report)) == points(before)

    def test_a_judged_link_and_its_undoing(self, world, filed, report):
        other = filed(
            document=document(
                personOrUserReported=suspect(
                    personOrUserReportedPerson=None, espIdentifier="another"
                )
            )
        )
        [link] = links_of(other.pk)
        assert link.state == "proposed"
        before = newest(report)
        judge(world.actor("ana"), link, "yes")
        settle()
        for one in (report, other):
            assert points(newest(one))["triage.linked_reports"] > 0
            assert entry(one).links == 1
        judge(world.actor("sofia"), link, "no")
        settle()
        assert points(newest(report)) == points(before)
        assert entry(report).links == 0

    def test_an_opening_and_its_end(self, world, report):
        files = files_of(report.pk)
        sofia = world.actor("sofia")
        before = newest(report)
        terms = OpeningTerms("warrant", "1", "A court", clock.now() - timedelta(days=1))
        opening = record_opening(sofia, files, terms)
        settle()
        codes = [r["code"] for r in newest(report).result["actionability"]["reasons"]]
        assert "triage.file_openable" in codes
        end_opening(sofia, report.pk, opening.pk)
        settle()
        assert newest(report).pk > before.pk
        assert newest(report).result["actionability"] == before.result["actionability"]

    def test_an_outcome_is_looked_at_and_moves_what_it_says_nothing_of_not(self, world, report):
        before = newest(report)
        ines = world.actor("ines")
        answer(ines, referral_for(ines, report.pk), {"status": "ongoing"})
        assert jobs.waiting() == 1
        settle()
        assert newest(report) == before
        assert entry(report).looked_at > before.at

    def test_what_rises_rises_for_the_agency_too(self, world, report):
        assert Referral.objects.get(report=report).band_rank > BAND_RANK["urgent"]
        file = files_of(report.pk)[0]
        for label in ("production", "bestiality", "violence", "live_streaming"):
            set_label(world.actor("ana"), file, label, present=True)
        settle()
        row = Referral.objects.get(report=report)
        assert row.band_rank == entry(report).band_rank == BAND_RANK["high"]
        assert row.disposition == entry(report).disposition

    def test_nothing_personal_waits_in_a_job(self, world, report):
        set_label(world.actor("ana"), files_of(report.pk)[0], "production", present=True)
        file_report(world)
        for payload in jobs.Job.objects.values_list("payload", flat=True):
            assert set(payload) <= {"report", "sha256", "organisation", "agency", "outcome"}


class TestOvertaken:
    def test_older_facts_never_replace_newer_ones(self, world, report, monkeypatch):
        """A label is set, and assessed, while another worker is still looking at the old facts."""
        gather, label = services.gather, [True]

        def slow(row, *more):
            found = gather(row, *more)
            if label:
                label.clear()
                file = files_of(row.pk)[0]
                set_label(world.actor("ana"), file, "production", present=True)
                services.assess(row)
            return found

        monkeypatch.setattr(services, "gather", slow)
        services.assess(report)

        assert points(newest(report))["triage.production"] > 0
        assert entry(report).assessment == newest(report)

    @pytest.mark.django_db(transaction=True)
    def test_workers_at_once_agree(self, tipline_home, monkeypatch):
        monkeypatch.setattr(matching, "_loaded", matching._Loaded())
        report = file_report(make_world())
        failures = []

        def run() -> None:
            try:
                services.assess(report)
            except BaseException as error:  # noqa: BLE001 - told to the test below
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        assert Assessment.objects.count() == 1
        assert QueueEntry.objects.get().assessment == Assessment.objects.get()


class TestTests:
    """Reports of a sender whose reports are tests are ranked, flagged, and go to nobody."""

    @pytest.fixture
    def trial(self, world):
        row = accounts.add_organisation(SYSTEM, OrganisationKind.ESP, "Trial", test_only=True)
        accounts.issue_credential(SYSTEM, row, "trial", "a-long-generated-secret")
        credentials = accounts.EspCredential.objects.select_related("organisation")
        world.credentials["trial"] = credentials.get(username="trial")
        return row

    def test_they_are_ranked_and_flagged_and_never_referred(self, world, trial, filed):
        made = filed(esp="trial", document=document(**URGENT))
        assert entry(made).lane == TEST_LANE
        assert entry(made).band_rank == BAND_RANK["urgent"]
        assert not Referral.objects.filter(report=made).exists()

    def test_they_make_no_real_file_known_and_no_real_file_makes_theirs(self, trial, filed):
        filed(esp="trial", files=[(picture(1), SEEN)])
        real = filed(files=[(picture(1), SEEN)])
        test = filed(esp="trial", files=[(picture(2), SEEN)])
        later = filed(files=[(picture(2), SEEN)])
        again = filed(esp="trial", files=[(picture(1), SEEN)])
        known = {one.pk: entry(one).known_files for one in (real, test, later, again)}
        assert known == {real.pk: 0, test.pk: 0, later.pk: 0, again.pk: 1}
