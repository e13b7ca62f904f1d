"""The vault's check, over a folder and over a bucket: what it finds, and what it lets be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from tests.filing import SEEN
from tests.personas import file_report, make_world
from tests.s3 import serving

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock, jobs, keys, sealing, worker
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import Conflict, NotAllowed, Unavailable
from tipline.ground.foundation.store import FileStore
from tipline.record.evidence import vault
from tipline.record.evidence.checking import findings, health, queries, rules, services, steps
from tipline.record.evidence.models import EvidenceFile, VaultFinding, VaultRun, VaultSighting
from tipline.record.intake import services as intake

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(params=["file", "s3"])
def world(request, db, tipline_home, settings, monkeypatch):
    if request.param == "file":
        yield make_world()
        return
    with serving(tipline_home / "bucket") as one:
        for name, value in one.environment.items():
            monkeypatch.setenv(name, value)
        one.bucket.faults.any_time = True
        # A place of its own: stores are kept by their address.
        settings.TIPLINE_STORE = f"s3://evidence/{tipline_home.name}-{one.port}"
        yield make_world()


@pytest.fixture
def later(monkeypatch):
    """``later(delta)``: the clock so much after now; the store's objects get older by it."""
    began = clock.now()

    def move(by):
        monkeypatch.setattr(clock, "now", lambda: began + by)

    return move


def check(*, full: bool = False, sweep_many: bool = False) -> dict[str, int]:
    """One run to its end: its figures."""
    run = services.begin(SYSTEM, full=full, sweep_many=sweep_many)
    services.run_here(run, lambda _run: None)
    assert run.ended_at is not None
    return run.figures


def some(figures: dict[str, int]) -> dict[str, int]:
    """Those that are not zero, without sizes."""
    return {name: n for name, n in figures.items() if n and not name.endswith("_bytes")}


def files(world, count: int = 1, content: bytes = b"some harmless bytes"):
    given = [(content + bytes([at]), SEEN) for at in range(count)]
    report = file_report(world, files=given)
    return list(EvidenceFile.objects.select_related("report__key").filter(report=report))


def deposited(count: int = 1) -> list[vault.Deposited]:
    """Bytes of uploads that were cut off before their row."""
    return [vault.deposit([b"bytes without a row"]) for _each in range(count)]


def replace(name: str, data: bytes) -> None:
    """Put other bytes under a name, as a fault of the store would."""
    store = keys.store()
    if isinstance(store, FileStore):
        store._path(name).parent.mkdir(parents=True, exist_ok=True)
        store._path(name).write_bytes(data)
        return
    import obstore

    obstore.put(store._bucket, store._key(name), data)


def stored(name: str) -> bytes:
    return b"".join(keys.store().read(name))


def verbs(file) -> list[str]:
    rows = LedgerEntry.objects.filter(subject=f"report:{file.report_id}", verb__contains="bytes-")
    return [row.verb for row in rows.order_by("pk") if row.detail["file"] == file.file_id]


def test_what_belongs_together_is_well(world):
    files(world, 3)
    figures = check(full=True)
    assert some(figures) == {"objects": 3, "rows": 3, "opened": 3}
    assert figures["opened_bytes"] == sum(f.size for f in EvidenceFile.objects.all())
    assert figures["object_bytes"] > figures["opened_bytes"]
    assert not queries.open_findings(SYSTEM).exists()
    assert LedgerEntry.objects.filter(verb="vault.checked").count() == 1


def test_what_no_row_names_goes_after_two_looks_a_day_apart(world, later):
    kept = files(world, 2)
    [left] = deposited()
    assert some(check()).get("unnamed") is None  # it may be an upload under way
    later(DAY + HOUR)
    assert check()["unnamed"] == 1
    later(2 * DAY)  # 23 hours after the first look
    assert some(check()).get("swept") is None
    assert keys.store().exists(left.object_name)
    later(2 * DAY + 2 * HOUR)
    figures = check()
    assert (figures["unnamed"], figures["swept"]) == (1, 1)
    assert figures["swept_bytes"] == figures["unnamed_bytes"] > 0
    assert list(keys.store().names()) == sorted(file.object_name for file in kept)
    assert some(check(full=True)) == {"objects": 2, "rows": 2, "opened": 2}
    assert VaultSighting.objects.get().swept_at
    later(40 * DAY)
    check()
    assert not VaultSighting.objects.exists()


def test_an_upload_that_slept_between_bytes_and_row_is_sent_again(world, later):
    """Stopped for days: whatever the sweep does, no row ever names bytes that are gone."""
    report = file_report(world, finished=False)
    slept, awake = deposited(2)
    later(DAY + HOUR)
    check()
    later(2 * DAY + 2 * HOUR)
    check()  # the first of the two is swept, the second, say, not yet
    VaultSighting.objects.filter(pk=awake.object_name).update(swept_at=None)
    report.expires_at = clock.now() + DAY
    report.save()
    for one in (slept, awake):
        with pytest.raises(Unavailable, match="Send the file again"):
            intake.receive_file(world.machine("harborline"), report, intake.Incoming([]), one)
    assert not EvidenceFile.objects.exists()
    assert list(keys.store().names()) == []
    check()
    assert not VaultFinding.objects.exists()


def test_a_row_that_comes_during_the_look_is_seen(world, later, monkeypatch):
    """Listed before its row was there: neither left over nor missing."""
    [file] = files(world)
    later(2 * DAY)
    monkeypatch.setattr(steps, "_rows_after", lambda _name: [])
    assert check()["unnamed"] == 0
    assert not VaultSighting.objects.exists()
    monkeypatch.undo()

    store = keys.store()
    monkeypatch.setattr(type(store), "listed", lambda _self, _after="": iter(()))
    assert check()["missing"] == 0
    assert keys.store().exists(file.object_name)


def test_missing_bytes_are_an_alarm_until_they_are_back(world):
    one, other = files(world, 2)
    data = stored(one.object_name)
    keys.store().delete(one.object_name)
    for _each in range(2):
        assert check()["missing"] == 1
    [found] = queries.open_findings(SYSTEM)
    assert (found.file, found.kind) == (one, "missing")
    assert verbs(one) == ["file.bytes-missing"]
    assert verbs(other) == []

    replace(one.object_name, data)
    check()
    found.refresh_from_db()
    assert found.ending == "found-again"
    assert queries.finding_count() == 0
    assert verbs(one) == ["file.bytes-missing", "file.bytes-found-again"]
    assert VaultFinding.objects.count() == 1  # ended, never deleted


@pytest.mark.parametrize("harm", ["flipped", "cut", "empty", "swapped", "of another key"])
def test_damaged_bytes_are_found_by_opening_them(world, harm):
    one, other = files(world, 2)
    data = stored(one.object_name)
    harmed = {
        "flipped": bytes([*data[:-1], data[-1] ^ 1]),
        "cut": data[:-3],
        "empty": b"",
        "swapped": stored(other.object_name),
        "of another key": sealing.seal(b"some harmless bytes\0", bytes(32)),
    }[harm]
    replace(one.object_name, harmed)
    figures = check(full=True)
    assert (figures["opened"], figures["damaged"], figures["missing"]) == (2, 1, 0)
    [found] = queries.open_findings(SYSTEM)
    assert (found.file, found.kind) == (one, "damaged")
    assert verbs(one) == ["file.bytes-damaged"]
    assert check()["damaged"] == 1  # it stays said
    assert queries.finding_count() == 1


def test_bytes_that_open_but_are_not_what_arrived_are_damaged(world):
    [one] = files(world)
    key = sealing.unwrap(
        bytes(one.wrapped_key), keys.open_data_key(one.report.key), one.object_name
    )
    replace(one.object_name, sealing.seal(b"other bytes under the right key", key))
    assert health.look(one) is health.Health.DAMAGED


def test_a_report_that_is_destroyed_meanwhile_is_no_finding(world):
    report = file_report(world, files=[(b"to be retracted", SEEN)], finished=False)
    file = EvidenceFile.objects.select_related("report__key").get(report=report)
    intake.retract(world.machine("harborline"), report)
    keys.store().delete(file.object_name)
    assert health.look(file) is health.Health.GONE  # its row was read before
    check(full=True)
    worker.run_ready("one")  # now the object is gone, and its row says so
    assert some(check(full=True)) == {}
    assert not VaultFinding.objects.exists()


def test_a_finding_ends_with_its_report(world):
    report = file_report(world, files=[(b"to be retracted", SEEN)], finished=False)
    file = EvidenceFile.objects.get(report=report)
    keys.store().delete(file.object_name)
    check()
    intake.retract(world.machine("harborline"), report)
    check()
    assert VaultFinding.objects.get().ending == "destroyed"


def test_bytes_of_a_tombstone_are_deleted_once_more(world):
    """As when the store was put back from a back-up."""
    report = file_report(world, files=[(b"to be retracted", SEEN)], finished=False)
    file = EvidenceFile.objects.get(report=report)
    data = stored(file.object_name)
    intake.retract(world.machine("harborline"), report)
    worker.run_ready("one")
    replace(file.object_name, data)
    assert check()["left_over"] == 1
    assert not keys.store().exists(file.object_name)


def test_so_many_without_a_row_are_held_back_until_somebody_says_so(world, later, monkeypatch):
    monkeypatch.setattr(rules, "MANY", 5)
    kept = files(world, 2)
    deposited(6)
    later(DAY + HOUR)
    check()
    later(3 * DAY)
    figures = check()
    assert (figures["held_back"], figures["swept"]) == (6, 0)
    assert len(list(keys.store().names())) == 8
    assert check(sweep_many=True)["swept"] == 6
    assert list(keys.store().names()) == sorted(file.object_name for file in kept)


def test_each_step_counts_once_wherever_it_is_cut_off(world, later, monkeypatch):
    for name, value in (("PIECE", 3), ("SWEPT_AT_ONCE", 2), ("FILES_AT_ONCE", 2)):
        monkeypatch.setattr(steps, name, value)
    kept = files(world, 7)
    deposited(5)
    keys.store().delete(kept[2].object_name)
    later(DAY + HOUR)
    check()
    later(3 * DAY)
    run = services.begin(SYSTEM, full=True)

    def cut(_name):
        raise KeyboardInterrupt

    for _step in range(100):
        with monkeypatch.context() as patch:
            patch.setattr(services, "kill_point", cut)
            with pytest.raises(KeyboardInterrupt), transaction.atomic():
                services.step(VaultRun.objects.get(pk=run.pk))
        stale = VaultRun.objects.get(pk=run.pk)
        more = services.step(run)
        if more:
            services.step(stale)  # another worker took the same step
            run.refresh_from_db()
        else:
            break
    assert run.phase == "done"
    # What was swept before the cut was swept: the second time finds fewer to delete.
    assert some(run.figures) | {"swept": 0} == {
        "objects": 11, "rows": 7, "unnamed": 5, "missing": 1, "opened": 7, "swept": 0,
    }  # fmt: skip
    assert sorted(keys.store().names()) == sorted(
        file.object_name for file in kept if file != kept[2]
    )
    assert VaultSighting.objects.filter(swept_at__isnull=False).count() == 5


def test_days_go_on_where_the_day_before_ended(world, monkeypatch):
    monkeypatch.setattr(rules, "LEAST_OPENED", 2)
    names = sorted(file.object_name for file in files(world, 5))
    looked = []
    monkeypatch.setattr(
        steps, "look", lambda file: looked.append(file.object_name) or health.Health.FINE
    )
    for _day in range(4):
        check()
    assert looked == [*names, *names[:2]]


def test_without_its_master_key_nothing_is_called_damaged(world, settings):
    files(world, 2)
    text = settings.TIPLINE_KEY_FILE.read_text()
    settings.TIPLINE_KEY_FILE.write_text(f"{sealing.new_key().hex()}\n")
    figures = check(full=True)
    assert (figures["locked"], figures["damaged"]) == (2, 0)
    assert not VaultFinding.objects.exists()
    settings.TIPLINE_KEY_FILE.write_text(text)


def test_a_lost_store_fills_no_table(world, monkeypatch):
    monkeypatch.setattr(findings, "MOST", 3)
    for file in files(world, 5):
        keys.store().delete(file.object_name)
    assert check()["missing"] == 5
    assert queries.finding_count() == 3


class TestAsJob:
    def test_a_worker_takes_it_to_its_end(self, world, monkeypatch):
        monkeypatch.setattr(steps, "PIECE", 2)
        files(world, 5)
        worker.run_ready("one")
        run = services.ask(world.actor("adam"), full=True)
        with pytest.raises(Conflict, match="under way"):
            services.ask(SYSTEM)
        worker.run_ready("one")
        run.refresh_from_db()
        assert (run.phase, run.figures["opened"]) == ("done", 5)
        assert run.asked_by == f"person:{world.people['adam'].pk}"
        assert jobs.waiting() == 0

    def test_a_store_that_is_away_is_waited_for(self, world, monkeypatch):
        files(world)
        worker.run_ready("one")
        run = services.ask(SYSTEM)

        def away(*_given):
            raise Unavailable("The store cannot be reached now. Try again later.")

        with monkeypatch.context() as patch:
            patch.setattr(type(keys.store()), "listed", away)
            worker.run_ready("one")
        [job] = jobs.Job.objects.all()
        assert (job.state, job.last_error) == ("queued", "Unavailable")
        jobs.Job.objects.update(run_at=clock.now())
        worker.run_ready("one")
        run.refresh_from_db()
        assert run.phase == "done"

    def test_there_is_one_a_day_once_there_is_something_old(self, world, later):
        assert not services.ask_daily()
        files(world)
        assert not services.ask_daily()
        later(DAY + HOUR)
        assert services.ask_daily()
        assert not services.ask_daily()
        worker.run_ready("one")
        assert not services.ask_daily()
        later(2 * DAY + 2 * HOUR)
        assert services.ask_daily()


@pytest.mark.parametrize("name", ["ana", "sofia", "enzo", "ines"])
def test_only_who_runs_the_house_may_check(world, name):
    actor = world.actor(name)
    for deed in (services.begin, services.ask, queries.open_findings, queries.runs_for):
        with pytest.raises(NotAllowed):
            deed(actor)
