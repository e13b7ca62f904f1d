"""The vault's checks and the master keys on the administrators' pages."""

from __future__ import annotations

import pytest
from tests.filing import SEEN
from tests.personas import file_report
from tests.portals_staff.conftest import verbs_about, words_of

from tipline.ground.custody import rewrapping, services
from tipline.ground.foundation import keys, sealing, worker
from tipline.ground.foundation.actor import SYSTEM
from tipline.record.evidence.checking import findings
from tipline.record.evidence.models import EvidenceFile, VaultRun


@pytest.fixture
def file(world):
    report = file_report(world, files=[(b"some harmless bytes", SEEN)])
    worker.run_ready("one")
    return EvidenceFile.objects.get(report=report)


def test_nothing_has_been_looked_at_yet(world, adam):
    assert "Nobody has looked yet." in words_of(adam.get("/staff/vault/"))
    assert "No check has ended yet." in words_of(adam.get("/staff/"))


def test_a_check_is_asked_for_done_and_shown(world, adam, file):
    answer = adam.post("/staff/vault/check/", follow=True)
    assert "A worker checks everything now." in words_of(answer)
    assert "A check is under way." in words_of(answer)
    again = adam.post("/staff/vault/check/")
    assert again.status_code == 409
    worker.run_ready("one")

    text = words_of(adam.get("/staff/vault/"))
    assert "All bytes were there at the last look." in text
    assert "Everything" in text
    assert "under way" not in text
    run = VaultRun.objects.get()
    assert (run.asked_by, run.figures["opened"]) == (f"person:{world.people['adam'].pk}", 1)
    assert verbs_about(f"vault-check:{run.pk}") == ["vault.checked"]
    assert "All bytes were there at the last look," in words_of(adam.get("/staff/"))


def test_missing_bytes_are_an_alarm_on_both_pages(world, adam, file):
    keys.store().delete(file.object_name)
    adam.post("/staff/vault/check/")
    worker.run_ready("one")

    for url in ("/staff/", "/staff/vault/"):
        assert "The bytes of 1 file are missing or damaged." in words_of(adam.get(url))
    page = adam.get("/staff/vault/")
    assert file.object_name in words_of(page)
    assert f"?q=report:{file.report_id}" in page.content.decode()
    assert "tipline_vault_findings 1.0" in adam.get("/metrics").content.decode()


def test_a_check_that_was_cut_off_and_objects_held_back_are_told(world, adam):
    from tests.portals_staff.test_overview import dead_job

    from tipline.record.evidence.checking.services import begin

    dead_job("evidence.vault-check")
    run = begin(SYSTEM)
    VaultRun.objects.filter(pk=run.pk).update(figures={"held_back": 240})
    text = words_of(adam.get("/staff/vault/"))
    assert "A check gave up." in text
    assert "240 objects that no row names are held back." in text
    assert "not yet" in text


def test_only_so_many_findings_are_shown(world, adam, file, monkeypatch):
    from tipline.doors.portals.staff import views_vault
    from tipline.record.evidence.checking.services import begin

    monkeypatch.setattr(views_vault, "MOST", 1)
    other = file_report(world, files=[(b"others", SEEN)])
    found = [file.pk, EvidenceFile.objects.get(report=other).pk]
    findings.note(begin(SYSTEM), found, "missing")
    assert "Only the oldest are shown." in words_of(adam.get("/staff/vault/"))


def test_a_rotation_is_seen_from_its_beginning_to_its_end(world, adam, file):
    old = keys.ring().current
    text = words_of(adam.get("/staff/keys/"))
    assert "The key in use wraps every data key." in text
    assert f"{old.ident} in use" in text

    services.prepare(SYSTEM)
    ring = services.rotate(SYSTEM)
    text = words_of(adam.get("/staff/keys/"))
    assert "Data keys under the key in use: 0 of" in text
    assert "Data keys are being wrapped by the key in use." in words_of(adam.get("/staff/"))
    rewrapping.run_here(lambda _count: None)
    text = words_of(adam.get("/staff/keys/"))
    assert f"{ring.current.ident} in use" in text
    assert "nothing needs it any more" in text
    assert verbs_about(f"master-key:{ring.current.ident}")[0] == "master-key.data-keys-rewrapped"

    secrets = [one.secret.hex() for one in keys.ring().masters]
    page = adam.get("/staff/keys/").content.decode()
    assert not any(secret in page for secret in secrets)


def test_a_key_that_is_missing_is_an_alarm(world, adam, file, settings):
    settings.TIPLINE_KEY_FILE.write_text(f"{sealing.new_key().hex()}\n")
    text = words_of(adam.get("/staff/keys/"))
    assert "The key file lacks a key that is needed." in text
    assert "not in the key file, and needed" in text
