"""Judging a report: at once, once, by whom it takes, and never lost."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import few
from tests.filing import SEEN, document, entry, newest, picture, public_report
from tests.personas import PASSWORD, file_report, make_world
from tests.pipeline.derived import undone

from tipline.ground.accounts import services as accounts
from tipline.ground.accounts.roles import Role
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import jobs, worker
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.insight.annotation.services import set_label
from tipline.insight.triage import queue
from tipline.insight.triage.judgements import services
from tipline.insight.triage.judgements.queries import (
    judgements_of,
    standing_of,
    waiting_for,
    words_of,
)
from tipline.insight.triage.judgements.rules import Question
from tipline.insight.triage.judgements.services import Said
from tipline.insight.triage.models import BAND_RANK, Judgement, QueueEntry
from tipline.pipeline import stages
from tipline.record.evidence.queries import files_of

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ESCALATED = {
    "incidentSummary": {
        "incidentType": "Child Pornography (possession, manufacture, and distribution)",
        "incidentDateTime": "2026-11-20T10:00:00Z",
        "escalateToHighPriority": "please look first",
    }
}
SADISTIC = {
    "incidentSummary": {
        "incidentType": "Child Pornography (possession, manufacture, and distribution)",
        "incidentDateTime": "2026-11-20T10:00:00Z",
        "reportAnnotations": {"sadisticOnlineExploitation": True},
    }
}


def say(actor, report, question, answer, reason="I read it all.", *, seen=None):
    seen = standing_of(report.pk).seen if seen is None else seen
    return services.judge(actor, report, Said(Question(question), answer, reason, seen))


def urgency(report) -> str:
    return entry(report).urgency


@pytest.fixture
def otto(world):
    """A third analyst."""
    world.people["otto"] = accounts.add_person(
        SYSTEM,
        username="otto",
        name="Otto",
        role=Role.ANALYST,
        organisation=world.organisations["Clearinghouse"],
        password=PASSWORD,
    )
    return world.actor("otto")


@pytest.fixture
def ana(world):
    return world.actor("ana")


@pytest.fixture
def sofia(world):
    return world.actor("sofia")


@pytest.fixture
def escalated(filed):
    return filed(document=document(**ESCALATED))


@pytest.fixture
def sadistic(filed):
    return filed(document=document(**SADISTIC))


class TestUrgency:
    def test_confirming_is_in_force_at_once_and_asks_for_no_reason(self, ana, escalated):
        assert urgency(escalated) == "unconfirmed"
        say(ana, escalated, "urgency", "confirmed", "")
        assert urgency(escalated) == "confirmed"

    def test_one_person_refutes_with_a_reason(self, ana, sadistic):
        assert entry(sadistic).band_rank == BAND_RANK["urgent"]
        with pytest.raises(Invalid) as refused:
            say(ana, sadistic, "urgency", "refuted", "  ")
        assert refused.value.field == "reason"
        row = say(ana, sadistic, "urgency", "refuted", "A game, as its name says.")
        assert [one["code"] for one in row.signals] == ["sadistic"]
        assert urgency(sadistic) == "refuted"
        assert entry(sadistic).band_rank > BAND_RANK["urgent"]

    def test_where_the_esp_escalated_it_takes_another_person(self, ana, sofia, escalated):
        row = say(ana, escalated, "urgency", "refuted")
        assert row.needs_second
        assert urgency(escalated) == "unconfirmed"
        with pytest.raises(NotAllowed):
            services.second(ana, escalated, row.pk)
        assert urgency(escalated) == "unconfirmed"
        services.second(sofia, escalated, row.pk)
        assert urgency(escalated) == "refuted"

    def test_nobody_refutes_where_nothing_is_urgent(self, ana, filed):
        report = filed()
        with pytest.raises(Conflict):
            say(ana, report, "urgency", "refuted")

    def test_a_signal_that_came_meanwhile_is_not_refuted_unseen(self, world, ana, filed):
        report = filed(document=document(**SADISTIC), files=[(picture(1), SEEN)])
        seen = standing_of(report.pk).seen
        say(world.actor("sofia"), report, "level", "1", "")
        with pytest.raises(Conflict):
            say(ana, report, "urgency", "refuted", seen=seen)
        assert urgency(report) == "confirmed"

    def test_a_later_signal_makes_it_urgent_again(self, ana, sofia, sadistic):
        say(ana, sadistic, "urgency", "refuted")
        say(sofia, sadistic, "level", "1", "")
        assert urgency(sadistic) == "confirmed"
        assert entry(sadistic).level == "1"
        say(ana, sadistic, "urgency", "refuted", "Both are a mistake.")
        assert urgency(sadistic) == "refuted"

    def test_the_public_word_is_refuted_by_one(self, ana, world):
        told = {"incidentSummary": {"escalateToHighPriority": "a child is in danger now"}}
        report = public_report(told)
        assert urgency(report) == "unconfirmed"
        say(ana, report, "urgency", "refuted")
        assert urgency(report) == "refuted"


class TestDispositionAndLevel:
    def test_a_disposition_is_set_and_taken_back(self, ana, filed):
        report = filed()
        row = say(ana, report, "disposition", "informational", "Known prank.")
        assert entry(report).disposition == "informational"
        assert newest(report).result["failing"]["code"] == "triage.test.judged_informational"
        services.withdraw(ana, report, row.pk)
        assert entry(report).disposition == "referral"

    def test_an_urgent_report_stays_a_referral(self, ana, escalated):
        say(ana, escalated, "disposition", "informational")
        assert entry(escalated).disposition == "referral"
        assert newest(escalated).result["overridden"] is True

    def test_levels(self, ana, filed):
        report = filed()
        for level in ("2", "3", "E", "1"):
            say(ana, report, "level", level)
            assert entry(report).level == level
        assert urgency(report) == "confirmed"

    def test_level_e_is_for_reports_of_esps(self, ana, world):
        report = public_report({"incidentSummary": {}})
        with pytest.raises(Invalid) as refused:
            say(ana, report, "level", "E")
        assert refused.value.field == "answer"

    def test_the_newest_word_counts_and_taking_it_back_brings_the_one_before(
        self, ana, sofia, filed
    ):
        report = filed()
        say(ana, report, "level", "3")
        later = say(sofia, report, "level", "2")
        assert entry(report).level == "2"
        services.withdraw(sofia, report, later.pk)
        assert entry(report).level == "3"

    def test_answers_of_another_question_are_refused(self, ana, filed):
        report = filed()
        for question, answer in (("level", "4"), ("disposition", "confirmed"), ("urgency", "")):
            with pytest.raises(Invalid) as refused:
                say(ana, report, question, answer)
            assert refused.value.field == "answer"

    def test_a_reason_has_an_end(self, ana, filed):
        with pytest.raises(Invalid):
            say(ana, filed(), "level", "2", "x" * (services.MOST_REASON + 1))


class TestOnce:
    def test_the_same_form_twice_has_one_effect(self, ana, escalated):
        seen = standing_of(escalated.pk).seen
        first = say(ana, escalated, "urgency", "refuted", "A test.", seen=seen)
        again = say(ana, escalated, "urgency", "refuted", "A test.", seen=seen)
        assert first.pk == again.pk
        assert Judgement.objects.count() == 1
        assert LedgerEntry.objects.filter(verb="judgement.made").count() == 1

    def test_another_reason_is_another_word(self, ana, filed):
        report = filed()
        say(ana, report, "level", "2", "First thought.")
        say(ana, report, "level", "2", "Second thought.")
        assert [row.reason for row in judgements_of(report.pk)] == [
            "Second thought.",
            "First thought.",
        ]

    def test_seconding_declining_and_withdrawing_twice(self, ana, sofia, otto, escalated):
        row = say(ana, escalated, "urgency", "refuted")
        services.second(sofia, escalated, row.pk)
        services.second(sofia, escalated, row.pk)
        with pytest.raises(Conflict):
            services.second(otto, escalated, row.pk)
        services.withdraw(ana, escalated, row.pk)
        services.withdraw(ana, escalated, row.pk)
        verbs = LedgerEntry.objects.filter(verb__startswith="judgement.").order_by("pk")
        assert [one.verb for one in verbs] == [
            "judgement.made",
            "judgement.seconded",
            "judgement.withdrawn",
        ]

    def test_an_old_form_after_an_undo_does_nothing(self, ana, sadistic):
        seen = standing_of(sadistic.pk).seen
        row = say(ana, sadistic, "urgency", "refuted", seen=seen)
        services.withdraw(ana, sadistic, row.pk)
        with pytest.raises(Conflict):
            say(ana, sadistic, "urgency", "refuted", seen=seen)
        assert urgency(sadistic) == "unconfirmed"


class TestTakenBack:
    def test_by_the_author_the_second_person_or_a_supervisor(self, ana, sofia, otto, escalated):
        row = say(ana, escalated, "urgency", "refuted")
        services.second(otto, escalated, row.pk)
        services.withdraw(otto, escalated, row.pk)
        assert urgency(escalated) == "unconfirmed"

        row = say(ana, escalated, "urgency", "refuted", "Once more.")
        with pytest.raises(NotAllowed):
            services.withdraw(otto, escalated, row.pk, "Not mine.")
        with pytest.raises(Invalid):
            services.withdraw(sofia, escalated, row.pk)
        services.withdraw(sofia, escalated, row.pk, "The ESP called back.")
        kept = Judgement.objects.get(pk=row.pk)
        assert (kept.withdrawn_by.username, kept.withdrawn_why) == (
            "sofia",
            "The ESP called back.",
        )
        assert kept.reason == "Once more."

    def test_an_older_urgent_does_not_go_without_a_reason(self, ana, filed):
        with time_machine.travel(START, tick=False) as time:
            report = filed()
            row = say(ana, report, "urgency", "confirmed", "")
            time.shift(services.UNDO + timedelta(minutes=1))
            with pytest.raises(Invalid):
                services.withdraw(ana, report, row.pk)
            services.withdraw(ana, report, row.pk, "The child is safe.")
            assert urgency(report) == "none"

    def test_declining_keeps_it_urgent_and_says_why(self, ana, sofia, escalated):
        row = say(ana, escalated, "urgency", "refuted")
        with pytest.raises(NotAllowed):
            services.decline(ana, escalated, row.pk, "Mine.")
        with pytest.raises(Invalid):
            services.decline(sofia, escalated, row.pk, " ")
        services.decline(sofia, escalated, row.pk, "The meeting is real.")
        assert urgency(escalated) == "unconfirmed"
        assert not waiting_for(ana).exists()
        with pytest.raises(Conflict):
            services.second(sofia, escalated, row.pk)

    def test_a_judgement_of_another_report_is_not_found(self, ana, sofia, escalated, sadistic):
        row = say(ana, escalated, "urgency", "refuted")
        for act in (services.second, services.withdraw):
            with pytest.raises(NotVisible):
                act(sofia, sadistic, row.pk)


class TestWaiting:
    def test_the_oldest_first_and_none_that_was_overtaken(self, ana, sofia, filed):
        first, second, third = (filed(document=document(**ESCALATED)) for _n in range(3))
        rows = [say(ana, one, "urgency", "refuted") for one in (second, first, third)]
        assert list(waiting_for(sofia)) == rows
        confirmed = say(sofia, second, "urgency", "confirmed", "")
        services.second(sofia, first, rows[1].pk)
        assert list(waiting_for(sofia)) == [rows[2]]
        with pytest.raises(Conflict):
            services.second(sofia, second, rows[0].pk)
        services.withdraw(sofia, second, confirmed.pk)
        assert list(waiting_for(sofia)) == [rows[0], rows[2]]

    def test_only_for_those_who_judge(self, world, ana, escalated):
        say(ana, escalated, "urgency", "refuted")
        for name in ("adam", "enzo", "ines"):
            assert not waiting_for(world.actor(name)).exists()


class TestFollows:
    def test_only_those_who_may(self, world, escalated):
        for name in ("adam", "enzo", "ines"):
            with pytest.raises(NotAllowed):
                say(world.actor(name), escalated, "urgency", "confirmed")
        assert not Judgement.objects.exists()

    def test_the_pipeline_brings_it_up_to_date_urgently(self, ana, escalated):
        worker.run_ready("one")
        say(ana, escalated, "urgency", "confirmed", "")
        [job] = jobs.Job.objects.filter(kind="Judged>pipeline")
        assert (job.priority, job.payload) == (jobs.URGENT, {"report": escalated.pk})
        worker.run_ready("one")
        assert jobs.counts() == {}

    def test_the_ledger_holds_no_reason(self, ana, sofia, escalated):
        row = say(ana, escalated, "urgency", "refuted", "Jo Doe is her own mother.")
        services.decline(sofia, escalated, row.pk, "Jo Doe is not.")
        told = list(LedgerEntry.objects.filter(verb__startswith="judgement."))
        assert len(told) == 2
        assert "Doe" not in "".join(f"{one.purpose}{one.detail}" for one in told)
        assert told[1].detail["declined"] is True

    def test_what_is_judged_costs_one_query_where_nothing_was(
        self, filed, django_assert_max_num_queries
    ):
        report = filed()
        with django_assert_max_num_queries(1):
            assert words_of(report.pk) == []


class TestReopened:
    """Done is done, until something urgent comes that nobody had seen."""

    def test_a_signal_that_comes_later_brings_it_back(self, ana, sofia, filed):
        report = filed(files=[(picture(1), SEEN)])
        queue.mark_done(ana, report.pk, done=True)
        set_label(ana, files_of(report.pk)[0], "violence", present=True)
        worker.run_ready("one")
        assert entry(report).done_at is not None

        say(sofia, report, "level", "1", "")
        row = entry(report)
        assert (row.done_at, row.done_by, row.reopened_for) == (None, None, ["level_1"])
        [told] = LedgerEntry.objects.filter(verb="queue.reopened")
        assert (told.actor, told.detail) == ("system", {"urgent": ["level_1"]})
        queue.mark_done(ana, report.pk, done=True)
        assert (entry(report).reopened_at, entry(report).reopened_for) == (None, [])

    def test_what_was_urgent_when_it_was_closed_stays_closed(self, ana, escalated):
        queue.mark_done(ana, escalated.pk, done=True)
        stages.run(escalated.pk)
        say(ana, escalated, "level", "2")
        assert entry(escalated).done_at is not None

    def test_a_refutation_that_is_taken_back_brings_it_back(self, ana, sofia, escalated):
        row = say(ana, escalated, "urgency", "refuted")
        services.second(sofia, escalated, row.pk)
        queue.mark_done(ana, escalated.pk, done=True)
        services.withdraw(sofia, escalated, row.pk)
        assert entry(escalated).done_at is None
        assert entry(escalated).reopened_for == ["escalated"]

    def test_confirming_what_was_closed_brings_it_back(self, ana, sofia, filed):
        report = filed()
        queue.mark_done(ana, report.pk, done=True)
        say(sofia, report, "urgency", "confirmed", "")
        assert entry(report).done_at is None


ACTS = st.lists(
    st.sampled_from(
        ["confirm", "refute", "level 3", "level 1", "informational", "second", "decline", "undo"]
    ),
    max_size=8,
)


def act(actor, report, deed: str, number: int) -> None:
    """One press of a button; what is refused changes nothing."""
    said = {
        "confirm": ("urgency", "confirmed"),
        "refute": ("urgency", "refuted"),
        "level 3": ("level", "3"),
        "level 1": ("level", "1"),
        "informational": ("disposition", "informational"),
    }
    try:
        if deed in said:
            say(actor, report, *said[deed], f"Reason {number}.")
            return
        last = judgements_of(report.pk)[0].pk if judgements_of(report.pk) else 0
        if deed == "undo":
            services.withdraw(actor, report, last, "So.")
        elif deed == "second":
            services.second(actor, report, last)
        else:
            services.decline(actor, report, last, "No.")
    except (Conflict, NotAllowed, NotVisible):
        pass


@few(8)
@given(deeds=ACTS)
def test_whatever_one_person_presses_an_escalated_report_stays_urgent(sofia, escalated, deeds):
    """A supervisor, who may do the most."""
    with undone():
        for number, deed in enumerate(deeds):
            act(sofia, escalated, deed, number)
            assert entry(escalated).band_rank == BAND_RANK["urgent"], deeds[: number + 1]


@pytest.mark.django_db(transaction=True)
def test_two_who_second_at_once_are_one_second(transactional_db, tipline_home):
    world = make_world()
    report = file_report(world, document=document(**ESCALATED))
    stages.run(report.pk)
    row = say(world.actor("ana"), report, "urgency", "refuted")
    others = [world.actor("sofia")] * 4
    errors: list[BaseException] = []

    def press(actor) -> None:
        try:
            services.second(actor, report, row.pk)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test tells
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(actor,)) for actor in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert LedgerEntry.objects.filter(verb="judgement.seconded").count() == 1
    assert QueueEntry.objects.get(report=report).urgency == "refuted"
