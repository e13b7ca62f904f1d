"""All history linked again: what ingest made stays, what it would make comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import pytest
from tests.entities.related import about, between, told, verified
from tests.personas import file_report

from benchmarks.linking.filling import fill
from benchmarks.linking.records import records
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import Conflict, NotAllowed
from tipline.ground.foundation.models import Job
from tipline.insight.entities import linking
from tipline.insight.entities.frequencies.services import freeze
from tipline.insight.entities.history import reading, services
from tipline.insight.entities.history.local import Local
from tipline.insight.entities.history.rules import all_links, keys_of
from tipline.insight.entities.judging.services import judge
from tipline.insight.entities.models import BlockingKey, Identifier, Link, LinkRun, SecondLook
from tipline.insight.entities.scoring.rules import Frequencies
from tipline.insight.entities.scoring.rules_model import shipped
from tipline.pipeline import stages
from tipline.record.evidence.contents import Contents
from tipline.record.reports.models import Report

HERE = Local(processes=1, page=7, block=11)


def run(engine=HERE, tell=lambda _run: None) -> LinkRun:
    return services.run_here(services.begin(SYSTEM, LinkRun.Engine.LOCAL), engine, tell)


def table() -> set[tuple[int, str]]:
    return set(BlockingKey.objects.values_list("report_id", "key"))


def forget() -> None:
    """As if nothing had been linked, nor keys been made."""
    BlockingKey.objects.all().delete()
    SecondLook.objects.all().delete()
    Link.objects.all().delete()


def asked_again() -> list[int]:
    jobs = Job.objects.filter(kind="LinkChanged>pipeline").values_list("payload", flat=True)
    return sorted(one["report"] for one in jobs)


def link_as_they_come(numbers) -> None:
    """What ingest does with these reports, in this order."""
    for number in numbers:
        [record] = reading.records_of([number]).values()
        BlockingKey.objects.bulk_create(
            BlockingKey(report_id=number, key=key) for key in keys_of(record)
        )
        linking.link(Report.objects.select_related("sender").get(pk=number))


@pytest.fixture
def bulk(world) -> list[int]:
    """Numbers of 150 reports without any link."""
    fill(records(150, first=1000))
    return list(Report.objects.filter(pk__gte=1000).order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def linked(bulk) -> list[int]:
    """The same, linked as they came."""
    link_as_they_come(bulk)
    Job.objects.all().delete()
    return bulk


@dataclass
class Broken:
    """An engine that dies when it was asked for so many pages."""

    pages: int
    engine: Local = field(default=HERE)

    def keys(self, after: int, upto: int) -> Iterator:
        return self._until(self.engine.keys(after, upto))

    def links(self, after: int, upto: int) -> Iterator:
        return self._until(self.engine.links(after, upto))

    def _until(self, pages: Iterator) -> Iterator:
        for page in pages:
            if not self.pages:
                raise KeyboardInterrupt
            self.pages -= 1
            yield page


class TestTheSame:
    def test_what_ingest_linked_does_not_change(self, linked):
        before, keys = told(), table()
        assert len(before) > 30
        done = run()
        assert (told(), table()) == (before, keys)
        assert done.figures["reports_changed"] == 0
        assert not asked_again()

    @pytest.mark.parametrize("seed", range(2))
    def test_from_nothing_comes_what_ingest_makes_in_any_order(self, bulk, seed):
        run()
        once, keys = told(), table()
        assert once
        forget()
        link_as_they_come(Random(seed).sample(bulk, len(bulk)))
        assert (told(), table()) == (once, keys)

    def test_by_frequencies_that_are_frozen_too(self, bulk):
        subjects = [one.subject.whole for one in reading.records_between(0, 10**6)]
        freeze([subjects], shipped().stamp, lambda _what, _done: None)
        link_as_they_come(bulk)
        before = told()
        assert any(reason["code"].endswith(".seen") for row in before for reason in row[3])
        assert run().figures["reports_changed"] == 0
        forget()
        run()
        assert told() == before

    def test_of_reports_that_went_the_whole_way(self, world):
        """One account on more reports than hang on one, a name on more than are compared by it."""
        for n in range(32):
            person = verified("kite@example.org") if n % 5 == 0 else {}
            document = about(
                f"n{n}",
                espIdentifier=f"u-{n % 3}",
                screenName="everybody_here" if n % 8 else f"grass.snake{n}",
                personOrUserReportedPerson=person,
            )
            report = file_report(world, document=document, esp=("harborline", "quillnet")[n % 2])
            stages._link(Contents(report))
        before, keys = told(), table()
        run()
        assert (told(), table()) == (before, keys)
        forget()
        run()
        assert (told(), table()) == (before, keys)

    def test_the_pure_function_says_so_too(self, bulk):
        run()
        whole = all_links(reading.records_between(0, 10**6), shipped(), Frequencies())
        stored = {(low, high): reasons for low, high, _state, reasons, _version in told()}
        assert stored == {
            pair: [reason.as_json() for reason in one.reasons] for pair, one in whole.items()
        }


class TestCutOff:
    @pytest.mark.parametrize("pages", [0, 1, 24, 30])
    def test_a_run_that_died_goes_on_and_ends_the_same(self, bulk, pages):
        with pytest.raises(KeyboardInterrupt):
            run(Broken(pages))
        [cut] = LinkRun.objects.all()
        assert cut.ended_at is None
        done = run()
        assert done.pk == cut.pk
        assert done.ended_at is not None
        seen = told()
        LinkRun.objects.all().delete()
        assert run().figures["reports_changed"] == 0
        assert told() == seen
        assert len(seen) == done.figures["links"]

    def test_a_step_and_its_place_are_written_together(self, bulk, monkeypatch):
        def fail(run, cursor, write):
            raise OSError("no disk")

        monkeypatch.setattr(services, "_move", fail)
        with pytest.raises(TypeError):
            run()
        assert not BlockingKey.objects.exists()

    def test_another_model_begins_anew(self, bulk, monkeypatch):
        with pytest.raises(KeyboardInterrupt):
            run(Broken(26))
        now = f"another {services.version()}"
        monkeypatch.setattr(services, "version", lambda: now)
        done = run()
        first = LinkRun.objects.order_by("pk").first()
        assert (first.phase, done.version) == ("overtaken", now)
        assert first.pk != done.pk

    def test_a_model_that_changes_meanwhile_ends_the_run(self, bulk, monkeypatch):
        cut = services.begin(SYSTEM, "local")
        LinkRun.objects.filter(pk=cut.pk).update(version="keys-1 links-3 of before")
        monkeypatch.setattr(services, "version", lambda: "keys-1 links-3 of before")
        with pytest.raises(Conflict):
            run()
        assert not Link.objects.exists()

    def test_two_at_once_do_not_both_go_on(self, bulk):
        other = services.begin(SYSTEM, LinkRun.Engine.LOCAL)
        run()
        with pytest.raises(Conflict):
            services.run_here(other, HERE)


class TestWhatPeopleSaid:
    def test_judged_links_keep_their_judgement(self, world, linked):
        wanted = Link.objects.filter(state="proposed").order_by("pk")[:3]
        ana = world.actor("ana")
        for row, verdict in zip(wanted, ("yes", "no", "unsure"), strict=True):
            judge(ana, row, verdict)
        states = dict(Link.objects.values_list("pk", "state"))
        Identifier.objects.filter(kind="screen_name").delete()
        run()
        after = dict(Link.objects.values_list("pk", "state"))
        assert {row.pk: after[row.pk] for row in wanted} == {
            row.pk: states[row.pk] for row in wanted
        }
        assert len(after) < len(states)

    def test_proposals_that_nothing_supports_any_more_go(self, linked):
        Identifier.objects.exclude(kind="esp_user_id").delete()
        run()
        reasons = [one for row in Link.objects.values_list("reasons", flat=True) for one in row]
        assert {one["code"] for one in reasons if one["points"] > 0} == {"bits.account.same"}


class TestTold:
    def test_only_those_whose_counted_links_changed_are_assessed_again(self, linked):
        row = Link.objects.filter(state="automatic").first()
        Link.objects.filter(pk=row.pk).delete()
        Link.objects.filter(state="proposed").first().delete()
        done = run()
        assert asked_again() == [row.low_id, row.high_id]
        assert done.figures["told"] == 2
        lanes = Job.objects.filter(kind="LinkChanged>pipeline").values_list("lane", flat=True)
        assert set(lanes) == {"again:links"}

    def test_the_ledger_hears_of_a_run_once_and_of_no_value(self, bulk):
        done = run()
        [entry] = LedgerEntry.objects.filter(verb="links.made-again")
        assert entry.subject == f"link-run:{done.pk}"
        assert entry.detail["links"] == Link.objects.count()

    def test_it_is_told_how_far_it_is(self, bulk):
        steps: list[tuple[str, int]] = []
        done = run(tell=lambda run: steps.append((run.phase, run.cursor)))
        for phase in ("keys", "links"):
            cursors = [cursor for name, cursor in steps if name == phase and cursor]
            assert cursors == sorted(cursors)
            assert cursors[-1] == done.upto

    def test_who_may_not_manage_work_may_not_begin(self, world):
        with pytest.raises(NotAllowed):
            services.begin(world.actor("ana"), LinkRun.Engine.LOCAL)


class TestMeanwhile:
    def test_a_report_that_came_meanwhile_is_linked_with_those_of_before(self, world, bulk):
        """Ingest read it when the keys of the others were not there yet."""
        arrived = []

        def arrive(run):
            if run.phase == "links" and not arrived:
                [twin] = reading.records_of([bulk[0]]).values()
                fill([twin._replace(number=5000)])
                arrived.append(5000)

        done = run(tell=arrive)
        assert done.figures["late"] == 1
        assert between(Report(pk=bulk[0]), Report(pk=5000)) is not None
        LinkRun.objects.all().delete()
        assert run().figures["reports_changed"] == 0

    def test_nothing_at_all_is_a_run_too(self, world):
        done = run()
        assert (done.phase, done.upto) == ("done", 0)
