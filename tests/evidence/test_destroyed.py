"""After a destruction nothing that is left opens the bytes, for whoever kept what there is."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.crash.canary import Canary
from tests.filing import SEEN
from tests.personas import DOCUMENT, file_report, make_world

from tipline.ground.custody import rewrapping
from tipline.ground.custody.services import retire, rotate
from tipline.ground.foundation import forgetting, keys, sealing, worker
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.models import DataKey
from tipline.record.evidence.models import EvidenceFile
from tipline.record.intake import services as intake
from tipline.record.intake.models import Submission

CONTENT = b"harmless shapes " * 40_000


@pytest.fixture
def world(transactional_db, tipline_home):
    return make_world()


class Kept:
    """What somebody kept who can read the store, the database and the master key."""

    def __init__(self, report) -> None:
        file = EvidenceFile.objects.select_related("report__key").get(report=report)
        self.file, self.object = file, b"".join(keys.store().read(file.object_name))
        self.data_key, self.file_key = bytes(file.report.key.wrapped), bytes(file.wrapped_key)
        self.raw = bytes(Submission.objects.get(report=report).raw)

    def opened(self, masters, data_keys) -> bool:
        """Whether any of these keys opens the object or the document."""
        found = set(data_keys)
        for master in masters:
            for wrapped in (self.data_key, self.file_key):
                found |= _tried(wrapped, master.secret, "data-key")
        for key in list(found):
            found |= _tried(self.file_key, key, self.file.object_name)
        return any(_opens(self.object, key) or _opens(self.raw, key) for key in found)


def _tried(wrapped: bytes, under: bytes, purpose: str) -> set[bytes]:
    try:
        return {sealing.unwrap(wrapped, under, purpose)}
    except sealing.Tampered:
        return set()


def _opens(sealed: bytes, key: bytes) -> bool:
    try:
        return bool(sealing.unseal(sealed, key))
    except sealing.Tampered:
        return False


def live_keys() -> set[bytes]:
    return {keys.open_data_key(row) for row in DataKey.objects.filter(wrapped__isnull=False)}


def opened_report(world, document=DOCUMENT):
    return file_report(world, document=document, files=[(CONTENT, SEEN)], finished=False)


def test_the_search_for_a_way_in_finds_one_before(world):
    kept = Kept(opened_report(world))
    assert kept.opened(keys.ring().masters, set())
    assert kept.opened([], live_keys())


def test_who_kept_the_object_and_what_the_database_holds_afterwards_opens_nothing(world):
    """From the moment of the retraction on, before any job has run."""
    report = opened_report(world)
    kept = Kept(report)
    intake.retract(world.machine("harborline"), report)
    report.key.refresh_from_db()
    kept.data_key = bytes(report.key.wrapped or b"")
    assert kept.data_key == b""
    assert keys.store().exists(kept.file.object_name)
    assert not kept.opened(keys.ring().masters, live_keys())


def test_an_old_copy_of_everything_opens_nothing_once_its_master_key_is_gone(world):
    """What closes backups, replicas and PostgreSQL's dead rows."""
    report = opened_report(world)
    kept = Kept(report)
    intake.retract(world.machine("harborline"), report)
    old = keys.ring().current
    assert kept.opened([old], set())  # an old backup with the old key: said in the docs
    rotate(SYSTEM)
    rewrapping.run_here(lambda _count: None)
    retire(SYSTEM, old.ident)
    assert not kept.opened(keys.ring().masters, live_keys())


def _database() -> list[Path]:
    connection.ensure_connection()
    name = str(connection.settings_dict["NAME"])
    return [path for end in ("", "-wal") if (path := Path(name + end)).exists()]


def _on_disk(*wanted: bytes) -> list[bool]:
    found = b"".join(path.read_bytes() for path in _database())
    return [one in found for one in wanted]


@pytest.mark.sqlite_only
def test_keys_and_words_leave_sqlites_files(world, tmp_path):
    canary = Canary()
    suspect = [{"screenName": canary.text.decode(), "email": [{"value": "s@example.org"}]}]
    report = opened_report(world, {**DOCUMENT, "personOrUserReported": suspect})
    kept = Kept(report)
    wanted = (kept.data_key, kept.file_key, canary.text)
    assert _on_disk(*wanted) == [True, True, True]
    intake.retract(world.machine("harborline"), report)
    worker.run_ready("one")
    assert forgetting.forget_if_asked()
    assert _on_disk(*wanted) == [False, False, False]
    assert not forgetting.forget_if_asked()  # nothing was destroyed since

    copy = tmp_path / "kept.sqlite3"
    shutil.copy(_database()[0], copy)
    reading = sqlite3.connect(copy)
    [[wrapped]] = reading.execute(
        "SELECT wrapped FROM foundation_datakey WHERE id = ?", [report.key_id]
    )
    reading.close()
    assert wrapped is None


@pytest.mark.sqlite_only
def test_a_reader_that_holds_on_is_not_waited_for_long_and_the_cut_is_made_up_for(world):
    report = opened_report(world)
    kept = Kept(report)
    began, end = threading.Event(), threading.Event()

    def read() -> None:
        with transaction.atomic(durable=True):
            DataKey.objects.count()
            began.set()
            end.wait(20)
        connection.close()

    connection.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
    try:
        reader = threading.Thread(target=read)
        reader.start()
        assert began.wait(20)
        intake.retract(world.machine("harborline"), report)
        worker.run_ready("one")
        assert not forgetting.forget_if_asked()
        assert _on_disk(kept.data_key) == [True]
        end.set()
        reader.join()
    finally:
        connection.settings_dict["OPTIONS"]["transaction_mode"] = "IMMEDIATE"
    assert forgetting.forget_if_asked()
    assert _on_disk(kept.data_key) == [False]


@pytest.mark.sqlite_only
def test_sqlite_overwrites_what_it_deletes(world):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)
