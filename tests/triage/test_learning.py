"""Learning from a store: what counts as an answer there, and a proposal that only proposes."""

from __future__ import annotations

import sys

import pytest
from tests import parts
from tests.triage.answered import answered, history, ranked

from tipline.ground.foundation import clock
from tipline.ground.foundation.errors import NotAllowed, Unavailable
from tipline.insight.triage.features import Features
from tipline.insight.triage.learning import queries, services, solver
from tipline.insight.triage.models import TEST_LANE, Draw, Judgement, PolicyAct, QueueEntry
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.publication import services as publication
from tipline.insight.triage.publication import trials
from tipline.insight.triage.publication.queries import policy_of

POLICY = default_policy()


@pytest.fixture
def sofia(world):
    return world.actor("sofia")


def verdicts():
    return {number: one.verdict for number, one in queries.found_by_people().items()}


def judged(world, report, answer, **more):
    return Judgement.objects.create(
        report=report, question="urgency", answer=answer, reason="x",
        by=world.people["ana"], at=clock.now(), **more,
    )  # fmt: skip


def drawn(report, finding, share=0.02):
    day = clock.now().date()
    return Draw.objects.create(
        report=report, week=day, stratum="bottom", share=share, at=clock.now(), finding=finding
    )


class TestWhatPeopleFound:
    def test_agencies_judgements_and_draws(self, world):
        a, b, c, d, e, f = ranked(world, [Features(victim_present=True)] * 6)
        answered(world, a, status="arrest")
        answered(world, b, closing_reason="false_report")
        answered(world, c, closing_reason="subject_not_located")
        judged(world, d, "confirmed")
        drawn(e, "as_ranked")
        drawn(f, "")
        assert verdicts() == {a.pk: True, b.pk: False, d.pk: True, e.pk: False}
        made = {one.number: one for one in queries.cases(queries.found_by_people(), POLICY)}
        assert made[a.pk].signs == {"victim"}
        assert (made[a.pk].weight, made[a.pk].drawn) == (1, False)
        assert (made[e.pk].weight, made[e.pk].drawn) == (10, True)

    def test_each_agency_has_its_word(self, world):
        [report] = ranked(world, [Features(files=0)])
        answered(world, report, closing_reason="no_crime")
        answered(world, report, status="arrest", agency=world.organisations["Texas ICAC"])
        answered(world, report, closing_reason="subject_not_located")
        assert verdicts() == {report.pk: True}

    def test_a_judgement_counts_while_it_is_in_force(self, world):
        withdrawn, alone, seconded, changed = ranked(world, [Features(files=0)] * 4)
        at = clock.now()
        judged(world, withdrawn, "refuted", withdrawn_at=at)
        judged(world, alone, "refuted", needs_second=True)
        judged(world, seconded, "refuted", needs_second=True, seconded_at=at)
        judged(world, changed, "refuted")
        judged(world, changed, "confirmed")
        assert verdicts() == {seconded.pk: False, changed.pk: True}

    def test_tests_and_reports_without_kept_facts_are_left_out(self, world):
        test, bare, good = ranked(world, [Features(victim_present=True)] * 3)
        for report in (test, bare, good):
            answered(world, report, status="arrest")
        QueueEntry.objects.filter(report=test).update(lane=TEST_LANE)
        row = QueueEntry.objects.get(report=bare).assessment
        row.facts = {}
        row.save()
        made = queries.cases(queries.found_by_people(), POLICY)
        assert [one.number for one in made] == [good.pk]


@pytest.mark.usefixtures("scipy")
class TestLearning:
    @pytest.fixture
    def scipy(self):
        parts.need(parts.SCIPY)

    def test_too_few_answers_are_a_sentence(self, world, sofia):
        history(world, 30)
        lesson = services.learn(sofia)
        assert lesson.text == ""
        assert "at least 100 are needed" in lesson.sentence

    def test_what_was_found_becomes_a_proposal(self, world, sofia):
        history(world)
        lesson = services.learn(sofia)
        assert lesson.sentence == ""
        moved = {one["sign"]: (one["before"], one["after"]) for one in lesson.changes}
        assert moved["victim"][1] > 15
        assert set(moved) <= {"victim", "novel_viewed"}
        assert lesson.learned["loss"]["proposed"] < lesson.learned["loss"]["present"]
        assert lesson.learned["sampling"]["chosen_by_people"] == 240
        assert sum(a for a, _r in lesson.learned["sampling"]["answered_of_ranked"].values()) == 240
        assert not PolicyAct.objects.exists()

    def test_answers_about_evidence_change_nothing_that_is_learned(self, world, sofia):
        history(world)
        before = services.learn(sofia)
        more = ranked(world, [Features(victim_present=True)] * 120)
        reasons = (
            "subject_not_located",
            "esp_response_empty",
            "no_prosecutorial_merit",
            "deceased",
        )
        for number, report in enumerate(more):
            answered(world, report, closing_reason=reasons[number % 4], useful=False,
                     not_useful_reason="stale")  # fmt: skip
        after = services.learn(sofia)
        assert (after.text, after.changes) == (before.text, before.changes)

    def test_it_is_kept_with_how_it_was_learned_and_two_people_publish_it(self, world, sofia):
        history(world)
        lesson = services.learn(sofia)
        row = services.propose(sofia, lesson, "learned")
        assert policy_of(row).rules.danger.points["victim"] > 15
        assert row.version.endswith("-l1")
        assert row.trial["learned"]["answers"] == 240
        row = trials.try_now(sofia, row.pk)
        assert row.trial["learned"]["answers"] == 240
        assert row.trial["tried"] == 240
        with pytest.raises(NotAllowed):
            publication.publish(sofia, row.pk, "mine")
        publication.publish(world.actor("silas"), row.pk, "calibrated")

    def test_learning_again_from_the_same_answers_is_the_same_version(self, world, sofia):
        history(world)
        one = services.propose(sofia, services.learn(sofia), "learned")
        assert services.propose(sofia, services.learn(sofia), "learned") == one
        answered(world, ranked(world, [Features(novel_viewed=True)])[0], status="arrest")
        other = services.propose(sofia, services.learn(sofia), "learned")
        assert (other.pk, other.version) == (one.pk + 1, one.version[:-1] + "2")

    def test_what_was_published_is_where_learning_begins(self, world, sofia):
        history(world)
        row = services.propose(sofia, services.learn(sofia), "learned")
        trials.try_now(sofia, row.pk)
        publication.publish(world.actor("silas"), row.pk, "calibrated")
        again = services.learn(sofia)
        if again.text:
            assert again.text.count("# Points for danger learned on") == 1
        assert again.policy.digest == row.digest

    def test_answers_without_a_pattern_propose_nothing(self, world, sofia):
        facts = [Features(files=1, victim_present=n % 2 == 0 or None) for n in range(120)]
        for number, report in enumerate(ranked(world, facts)):
            said = {"status": "arrest"} if number % 4 < 2 else {"closing_reason": "no_crime"}
            answered(world, report, **said)
        lesson = services.learn(sofia)
        assert lesson.text == "" or all(
            abs(one["after"] - one["before"]) < 15 for one in lesson.changes
        )


def test_without_the_library_it_says_what_to_install(world, sofia, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(Unavailable, match=r"-r requirements/learn\.txt"):
        services.learn(sofia)
    with pytest.raises(Unavailable, match="Learning needs scipy"):
        solver.minimise_with_scipy()


def test_only_supervisors_may_learn(world):
    with pytest.raises(NotAllowed):
        services.learn(world.actor("ana"))
