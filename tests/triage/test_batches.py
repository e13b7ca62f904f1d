"""Acts on many reports: what was previewed happens once, survives a kill, and comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.personas import file_report

from tipline.ground.accounts import services as accounts
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.insight.triage import queue
from tipline.insight.triage.batches import queries, services
from tipline.insight.triage.batches.rules import MOST_AT_ONCE, Act
from tipline.insight.triage.batches.services import Plan
from tipline.insight.triage.models import Assessment, BatchAct, QueueEntry
from tipline.insight.triage.queue_filter import QueueFilter
from tipline.insight.triage.services import assess


@pytest.fixture
def ana(world):
    return world.actor("ana")


@pytest.fixture
def sofia(world):
    return world.actor("sofia")


@pytest.fixture
def ranked(world):
    def make(count: int) -> list[int]:
        made = [file_report(world) for _ in range(count)]
        for report in made:
            assess(report)
        return [report.pk for report in made]

    return make


def place(number: int, **values) -> None:
    QueueEntry.objects.filter(report_id=number).update(**values)


def held() -> dict[int, tuple[object, ...]]:
    """Everything of each place that a batch act may change."""
    rows = QueueEntry.objects.order_by("pk").values_list(
        "pk", "claimed_by", "claimed_until", "done_at", "done_by", "done_how"
    )
    return {row[0]: row[1:] for row in rows}


def why(row: BatchAct) -> dict[int, str]:
    return {int(n): reasons[0]["code"] for n, reasons in row.skipped.items()}


def plan(act: Act, numbers, token: str = "t", reason: str = "All alike.") -> Plan:
    return Plan(token, act, tuple(numbers), reason)


class TestPreview:
    def test_it_says_what_happens_to_which_and_why_not(self, world, ana, sofia, ranked):
        plain, urgent, anothers, closed, mine = ranked(5)
        place(urgent, band_rank=0)
        queue.claim(sofia, anothers)
        queue.mark_done(ana, closed, done=True)
        queue.claim(ana, mine)
        asked = [mine, plain, urgent, anothers, closed, 424242]
        before = held()

        found = queries.preview(ana, Act.DONE, asked)

        assert [one.number for one in found] == asked
        assert [one.why_not[0].code if one.why_not else "" for one in found] == [
            "", "", "triage.batch.urgent", "triage.batch.claimed", "triage.batch.done",
            "triage.batch.gone",
        ]  # fmt: skip
        assert held() == before

    def test_what_it_shows_is_what_happens(self, ana, sofia, ranked):
        made = ranked(4)
        place(made[0], urgency="unconfirmed")
        queue.claim(sofia, made[1])
        for act in Act:
            shown = {
                one.number: [r.code for r in one.why_not] for one in queries.preview(ana, act, made)
            }
            row = services.do(ana, plan(act, made, token=act))
            left = {n: reasons for n, reasons in shown.items() if reasons}
            assert set(map(int, row.before)) == set(made) - set(left)
            assert {int(n): [r["code"] for r in rs] for n, rs in row.skipped.items()} == left
            services.undo(ana, row.pk)

    def test_it_is_one_query_however_many_are_asked_for(self, ana, ranked):
        made = ranked(4)
        with CaptureQueriesContext(connection) as caught:
            queries.preview(ana, Act.DONE, made)
        assert len(caught) == 1

    def test_all_that_match_ends_at_a_thousand(self, ana, ranked, monkeypatch):
        made = ranked(3)
        monkeypatch.setattr(queries, "MOST_AT_ONCE", 2)
        assert queries.first_numbers(queue.queue_for(ana, QueueFilter())) == made[:2]


class TestActing:
    def test_done_claim_release_and_meme_do_what_they_say(self, world, ana, ranked):
        made = ranked(2)
        Assessment.objects.update(facts={"incident_type": "csam", "all_files_on_viral_list": True})
        services.do(ana, plan(Act.CLAIM, made, "1"))
        assert {row[0] for row in held().values()} == {world.people["ana"].pk}
        services.do(ana, plan(Act.RELEASE, made, "2"))
        assert {row[0] for row in held().values()} == {None}
        services.do(ana, plan(Act.MEME, made[:1], "3"))
        services.do(ana, plan(Act.DONE, made, "4"))
        rows = QueueEntry.objects.order_by("pk")
        assert [row.done_how for row in rows] == ["meme", "batch"]

    def test_the_same_form_twice_is_one_act(self, ana, ranked):
        made = ranked(3)
        first = services.do(ana, plan(Act.DONE, made))
        queue.mark_done(ana, made[0], done=False)
        again = services.do(ana, plan(Act.DONE, made))
        assert first.pk == again.pk
        assert BatchAct.objects.count() == 1
        assert queue.entry_of(made[0]).done_at is None  # what a person did since stays

    def test_an_entry_for_each_report_and_one_for_the_act(self, ana, ranked):
        made = ranked(3)
        place(made[2], band_rank=0)
        row = services.do(ana, plan(Act.DONE, made, reason="Ana's words stay off the ledger."))
        entries = LedgerEntry.objects.filter(verb__in=["queue.done", "batch.done"]).order_by("pk")
        assert [(e.verb, e.subject) for e in entries] == [
            *(("queue.done", f"report:{n}") for n in made[:2]),
            ("batch.done", f"batch:{row.pk}"),
        ]
        assert [e.detail for e in entries] == [
            {"batch": row.pk}, {"batch": row.pk}, {"act": "done", "changed": 2, "left": 1},
        ]  # fmt: skip
        assert {entry.purpose for entry in entries} == {""}

    def test_what_became_urgent_after_the_preview_is_left_alone(self, ana, ranked):
        made = ranked(2)
        assert all(not one.why_not for one in queries.preview(ana, Act.DONE, made))
        place(made[1], urgency="unconfirmed", band_rank=0)
        row = services.do(ana, plan(Act.DONE, made))
        assert why(row) == {made[1]: "triage.batch.urgent"}
        assert queue.entry_of(made[1]).done_at is None

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"numbers": ()}, "number"),
            ({"numbers": tuple(range(MOST_AT_ONCE + 1))}, "number"),
            ({"reason": " "}, "reason"),
            ({"reason": "x" * 301}, "reason"),
        ],
        ids=["none", "too many", "no reason", "endless reason"],
    )
    def test_a_plan_that_is_none_is_refused_and_nothing_is_begun(self, ana, ranked, change, field):
        made = ranked(1)
        said = {"numbers": tuple(made), "reason": "All alike.", **change}
        with pytest.raises(Invalid) as caught:
            services.do(ana, Plan("t", Act.DONE, said["numbers"], said["reason"]))
        assert caught.value.field == field
        assert BatchAct.objects.count() == 0

    def test_a_form_of_one_person_is_of_no_use_to_another(self, ana, sofia, ranked):
        made = ranked(1)
        services.do(ana, plan(Act.CLAIM, made))
        with pytest.raises(NotVisible):
            services.do(sofia, plan(Act.CLAIM, made))

    def test_it_is_for_who_works_the_queue(self, world, ana, ranked):
        made = ranked(1)
        row = services.do(ana, plan(Act.CLAIM, made))
        for name in ("adam", "ines", "enzo"):
            actor = world.actor(name)
            for deed in (
                lambda a=actor: services.do(a, plan(Act.CLAIM, made, "x")),
                lambda a=actor: services.undo(a, row.pk),
                lambda a=actor: queries.preview(a, Act.CLAIM, made),
            ):
                with pytest.raises(NotAllowed):
                    deed()
            with pytest.raises(NotVisible):
                queries.act_for(actor, row.pk)
            assert queries.acts_since(actor, clock.now() - timedelta(days=1)) == []


class TestUndo:
    @pytest.mark.parametrize("act", list(Act))
    def test_it_restores_exactly_what_was(self, world, ana, sofia, ranked, act):
        made = ranked(4)
        Assessment.objects.update(facts={"incident_type": "csam", "all_files_on_viral_list": True})
        queue.claim(ana, made[0])
        ended = clock.now() - timedelta(hours=1)
        place(made[1], claimed_by=world.people["sofia"], claimed_until=ended)
        before = held()
        row = services.do(ana, plan(act, made))
        assert held() != before
        services.undo(sofia, row.pk)
        assert held() == before
        services.undo(sofia, row.pk)  # pressed twice
        assert held() == before
        row.refresh_from_db()
        assert (row.state, row.undone_by.name, row.kept) == ("undone", "Sofia", {})
        assert LedgerEntry.objects.filter(verb="batch.undone").count() == 1

    def test_what_somebody_changed_since_stays_and_is_said(self, ana, sofia, ranked):
        made = ranked(3)
        row = services.do(ana, plan(Act.DONE, made))
        queue.mark_done(sofia, made[0], done=False)
        queue.claim(sofia, made[0])
        row = services.undo(ana, row.pk)
        assert row.restored == made[1:]
        assert [codes[0]["code"] for codes in row.kept.values()] == ["triage.batch.changed_since"]
        assert queue.entry_of(made[0]).claimed_by.name == "Sofia"

    def test_a_claim_that_was_lengthened_since_stays(self, ana, ranked):
        made = ranked(2)
        row = services.do(ana, plan(Act.CLAIM, made))
        with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
            queue.claim(ana, made[0])
            services.undo(ana, row.pk)
        assert queue.entry_of(made[0]).claimed_by.name == "Ana"
        assert queue.entry_of(made[1]).claimed_by is None

    def test_there_is_nothing_to_undo_of_what_never_was(self, ana):
        with pytest.raises(NotVisible):
            services.undo(ana, 424242)


class TestCutOff:
    """An act that a process left behind says itself what is left, and is gone on with."""

    @pytest.fixture
    def cut(self, ana, ranked, monkeypatch):
        """``cut(act, after)``: the act, ended by a crash after so many steps of two reports."""
        monkeypatch.setattr(services, "STEP", 2)

        def begin(act: Act, after: int) -> tuple[BatchAct, list[int]]:
            made = ranked(5)
            steps = iter(range(after))
            step = services._step

            def fails(row: BatchAct) -> bool:
                if next(steps, None) is None:
                    step(row)  # the whole step is rolled back with its transaction
                    raise SystemExit
                return step(row)

            with monkeypatch.context() as patched:
                patched.setattr(services, "_step", fails)
                with pytest.raises(SystemExit):
                    services.do(ana, plan(act, made))
            return BatchAct.objects.get(), made

        return begin

    @pytest.mark.parametrize("steps", [0, 1, 2])
    def test_no_report_is_half_done_and_the_rest_follows(self, ana, cut, steps):
        row, made = cut(Act.DONE, steps)
        ready = made[: steps * 2]
        assert row.state == "doing"
        assert sorted(map(int, row.before)) == ready
        assert [n for n in made if queue.entry_of(n).done_at] == ready
        assert LedgerEntry.objects.filter(verb="queue.done").count() == len(ready)

        with pytest.raises(Conflict, match="still being done"):
            services.undo(ana, row.pk)
        services.do(ana, plan(Act.DONE, made))  # the same form once more
        row.refresh_from_db()
        assert (row.state, sorted(map(int, row.before))) == ("done", made)
        assert LedgerEntry.objects.filter(verb="queue.done").count() == 5
        assert LedgerEntry.objects.filter(verb="batch.done").count() == 1

    def test_a_worker_goes_on_after_a_minute(self, cut):
        row, _made = cut(Act.CLAIM, 1)
        assert services.resume_due() == 0
        with time_machine.travel(clock.now() + services.LEFT_BEHIND, tick=False):
            assert services.resume_due() == 1
            assert services.resume_due() == 0
        row.refresh_from_db()
        assert (row.state, len(row.before)) == ("done", 5)

    def test_whoever_may_no_longer_work_the_queue_does_no_more(self, world, cut):
        row, made = cut(Act.DONE, 1)
        accounts.suspend_person(SYSTEM, world.people["ana"])
        services.go_on(row.pk)
        row.refresh_from_db()
        assert row.state == "done"
        assert set(why(row).values()) == {"triage.batch.stopped"}
        assert [n for n in made if queue.entry_of(n).done_at] == made[:2]

    def test_an_undo_is_gone_on_with_too(self, ana, ranked, monkeypatch):
        monkeypatch.setattr(services, "STEP", 2)
        made = ranked(5)
        before = held()
        row = services.do(ana, plan(Act.DONE, made))
        steps = iter([True])
        undo_step = services._undo_step
        with monkeypatch.context() as patched:
            patched.setattr(
                services, "_undo_step",
                lambda act: undo_step(act) if next(steps, None) else pytest.exit("cut off"),
            )  # fmt: skip
            with pytest.raises(pytest.exit.Exception):
                services.undo(ana, row.pk)
        row.refresh_from_db()
        assert (row.state, row.restored) == ("undoing", made[:2])
        with time_machine.travel(clock.now() + services.LEFT_BEHIND, tick=False):
            services.resume_due()
        assert held() == before
