"""Received files: who adds them, what stays of them, what is gone when they are destroyed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.filing import SEEN
from tests.personas import file_report

from tipline.ground.accounts.services import suspend_person
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock, jobs, keys, sealing, worker
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import NotAllowed, NotVisible
from tipline.ground.foundation.store import FileStore
from tipline.insight.matching.services import may_be_fingerprinted
from tipline.record.evidence import services, vault
from tipline.record.evidence.access import decisions
from tipline.record.evidence.models import EvidenceFile, FileDetails
from tipline.record.evidence.queries import copies_for, files_of
from tipline.record.intake import services as intake
from tipline.record.intake.services import Incoming

CANARY = b"plain words that must never lie on a disk: canary-5309"


def read(file) -> bytes:
    return b"".join(vault.read(file))


def kept_bytes(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_the_bytes_come_back_and_never_lie_in_the_open(world, tipline_home):
    [file] = files_of(file_report(world, files=[(CANARY, SEEN)]).pk)

    assert read(file) == CANARY
    assert b"canary-5309" not in kept_bytes(tipline_home)


def test_a_changed_object_does_not_open(world, tipline_home):
    [file] = files_of(file_report(world, files=[(CANARY, SEEN)]).pk)
    [path] = [p for p in tipline_home.rglob(file.object_name.split("/")[1]) if p.is_file()]
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))

    with pytest.raises(sealing.Tampered):
        read(file)


def test_what_a_sender_retracts_is_destroyed_to_the_digest(world, tipline_home):
    details = {**SEEN, "additionalInfo": "a private word"}
    report = file_report(world, files=[(CANARY, details)], finished=False)
    intake.retract(world.machine("harborline"), report)
    file = EvidenceFile.objects.select_related("report__key", "report__profile").get()

    with pytest.raises(NotVisible):  # at once, before any sweeper came by
        read(file)
    assert may_be_fingerprinted([file]) == []
    assert services.sweep_destroyed() == 1

    file = EvidenceFile.objects.select_related("report__key", "report__profile").get()
    assert file.destroyed_at is not None
    assert (file.name, bytes(file.wrapped_key)) == ("", b"")
    assert file.size == len(CANARY)
    assert file.sha256
    assert FileDetails.objects.get().document == {}
    assert not keys.store().exists(file.object_name)
    with pytest.raises(NotVisible):
        read(file)
    assert may_be_fingerprinted([file]) == []
    assert services.sweep_destroyed() == 0


def retracted(world) -> EvidenceFile:
    report = file_report(world, files=[(CANARY, SEEN)], finished=False)
    intake.retract(world.machine("harborline"), report)
    return EvidenceFile.objects.get(report=report)


def test_the_bytes_of_a_retracted_report_go_with_its_own_job(world):
    file = retracted(world)
    worker.run_ready("one")

    file.refresh_from_db()
    assert file.destroyed_at is not None
    assert not keys.store().exists(file.object_name)
    assert jobs.waiting() == 0


def test_the_bytes_of_an_expired_report_go_too(world, monkeypatch):
    report = file_report(world, files=[(CANARY, SEEN)], finished=False)
    later = report.expires_at + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert intake.expire_due() == 1
    worker.run_ready("one")

    file = EvidenceFile.objects.get(report=report)
    assert not keys.store().exists(file.object_name)
    assert file.destroyed_at == later


def test_bytes_that_cannot_be_deleted_are_tried_again_and_hold_up_no_others(world, monkeypatch):
    stuck, other = retracted(world), retracted(world)
    delete = FileStore.delete

    def refuse(self, name):
        if name == stuck.object_name:
            raise PermissionError
        delete(self, name)

    monkeypatch.setattr(FileStore, "delete", refuse)
    worker.run_ready("one")
    [job] = jobs.Job.objects.all()
    assert (job.payload, job.last_error) == ({"report": stuck.report_id}, "PermissionError")
    other.refresh_from_db()
    assert other.destroyed_at is not None

    third = retracted(world)
    assert services.sweep_destroyed() == 1  # the one that can be deleted, past the first
    third.refresh_from_db()
    assert third.destroyed_at is not None
    monkeypatch.setattr(FileStore, "delete", delete)
    assert services.sweep_destroyed() == 1


def test_a_destroyed_twin_takes_nothing_from_the_other(world):
    kept = file_report(world, files=[(CANARY, SEEN)])
    gone = file_report(world, files=[(CANARY, SEEN)], finished=False)
    intake.retract(world.machine("harborline"), gone)
    services.sweep_destroyed()

    [file] = files_of(kept.pk)
    assert read(file) == CANARY
    assert decisions(world.actor("ana"), [file])[file.pk].open


@pytest.mark.parametrize("name", ["adam", "ines"])
def test_who_may_not_submit_adds_no_file_and_no_details(world, name):
    report = file_report(world, files=[(CANARY, SEEN)], finished=False)
    actor = world.actor(name)
    incoming = Incoming([b"more"])
    with pytest.raises(NotAllowed):
        intake.receive_file(actor, report, incoming, intake.deposit(incoming))
    with pytest.raises(NotAllowed):
        intake.file_details(actor, report, files_of(report.pk)[0].file_id, {"a": "b"})
    with pytest.raises(NotAllowed):
        intake.finish(actor, report)
    with pytest.raises(NotAllowed):
        intake.retract(actor, report)
    assert EvidenceFile.objects.count() == 1


def test_a_suspended_engineer_cannot_go_on(world):
    report = file_report(world, finished=False)
    suspend_person(SYSTEM, world.people["enzo"])
    world.people["enzo"].refresh_from_db()
    with pytest.raises(NotAllowed):
        intake.finish(world.actor("enzo"), report)


def test_copies_are_shown_to_those_who_see_their_reports(world):
    first = file_report(world, files=[(CANARY, SEEN)])
    file_report(world, esp="quillnet", files=[(CANARY, SEEN)])
    file_report(world, files=[(CANARY, SEEN)], finished=False)
    digest = files_of(first.pk)[0].sha256

    counts = {
        name: copies_for(world.actor(name), digest).count()
        for name in ("ana", "enzo", "qadir", "ines", "adam")
    }
    assert counts == {"ana": 2, "enzo": 2, "qadir": 1, "ines": 0, "adam": 0}


def test_the_same_details_again_are_no_new_version(world):
    report = file_report(world, files=[(CANARY, SEEN)], finished=False)
    [file] = files_of(report.pk)
    said = FileDetails.objects.get().document
    intake.file_details(world.machine("harborline"), report, file.file_id, said)
    assert FileDetails.objects.count() == 1
    intake.file_details(world.machine("harborline"), report, file.file_id, {**said, "x": "y"})
    assert sorted(FileDetails.objects.values_list("version", flat=True)) == [1, 2]


def test_the_ledger_has_digests_and_no_names(world):
    file_report(world, files=[(CANARY, {"originalFileName": "private-name.png"})])
    entries = str(list(LedgerEntry.objects.values("detail", "purpose", "subject")))
    assert files_of(EvidenceFile.objects.get().report_id)[0].sha256 in entries
    assert "private-name" not in entries
    assert "picture-1" not in entries
