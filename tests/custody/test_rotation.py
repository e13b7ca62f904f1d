"""Rotation while everything runs: noticed, wrapped anew, resumable, nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from tests.filing import SEEN
from tests.personas import SECRET, basic, file_report

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.custody import rewrapping, services
from tipline.ground.custody.queries import KIND, Part, is_settled, standing
from tipline.ground.foundation import clock, jobs, keys, sealing, worker
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import Conflict, NotAllowed, NotVisible
from tipline.ground.foundation.models import DataKey, MasterKey, RetiredKey
from tipline.record.evidence import vault
from tipline.record.evidence.queries import files_of
from tipline.record.intake import services as intake

pytestmark = pytest.mark.usefixtures("world")


def data_keys(count: int) -> dict[int, bytes]:
    """Data keys with their plain bytes."""
    made = [keys.new_data_key() for _each in range(count)]
    return {row.pk: plain for row, plain in made}


def opened(wanted: dict[int, bytes]) -> bool:
    rows = DataKey.objects.in_bulk(wanted)
    return all(keys.open_data_key(rows[pk]) == plain for pk, plain in wanted.items())


def masters() -> set[str | None]:
    return set(DataKey.objects.filter(wrapped__isnull=False).values_list("master_id", flat=True))


def run_out(monkeypatch, most: int = 50) -> None:
    """Let the workers do all there is, the second round's waiting time included."""
    later = clock.now()
    for _each in range(most):
        later += timedelta(seconds=61)
        monkeypatch.setattr(clock, "now", lambda at=later: at)
        worker.run_ready("one")
        if not jobs.payloads(KIND):
            return
    raise AssertionError("the wrapping anew does not end")


def test_everything_opens_before_during_and_after(rotate, world, monkeypatch):
    monkeypatch.setattr(rewrapping, "PAGE", 3)
    report = file_report(world, files=[(b"some bytes", SEEN)])
    wanted = data_keys(10)
    old, new = rotate()
    assert opened(wanted)
    wanted |= data_keys(4)  # at once under the new one
    assert masters() == {old.ident, new.ident}
    jobs_before = jobs.payloads(KIND)
    worker.run_round("one")
    assert opened(wanted)
    assert jobs.payloads(KIND) != jobs_before
    run_out(monkeypatch)

    assert masters() == {new.ident}
    assert opened(wanted)
    assert is_settled()
    [file] = files_of(report.pk)
    assert b"".join(vault.read(file)) == b"some bytes"


def test_the_ledger_names_keys_and_never_holds_one(rotate, monkeypatch):
    data_keys(2)
    old, _new = rotate()
    run_out(monkeypatch)
    services.retire(SYSTEM, old.ident)
    services.prepare(SYSTEM)

    entries = LedgerEntry.objects.filter(subject__startswith="master-key:")
    assert [row.verb.rpartition(".")[2] for row in entries.order_by("pk")] == [
        "rotated", "data-keys-rewrapped", "retired", "prepared",
    ]  # fmt: skip
    text = str(list(entries.values()))
    assert old.ident in text
    for one in (old, *keys.ring().masters):
        assert one.secret.hex() not in text
        assert str(one.secret) not in text


def test_a_page_that_is_cut_off_goes_on_where_it_was(rotate, monkeypatch):
    monkeypatch.setattr(rewrapping, "PAGE", 4)
    wanted = data_keys(10)
    rotate()

    def cut(name):
        if name == "rewrap.before_commit":
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rewrapping, "kill_point", cut)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            rewrapping.step(jobs.payloads(KIND)[0][1])
    assert len(masters()) == 1  # nothing of the page
    [(_state, payload)] = jobs.payloads(KIND)
    rewrapping.step(payload)
    rewrapping.step(payload)  # delivered twice
    run_out(monkeypatch)
    assert opened(wanted)
    assert is_settled()


def test_a_key_that_is_destroyed_meanwhile_stays_so(rotate, monkeypatch):
    wanted = data_keys(3)
    gone = min(wanted)
    rotate()
    write = rewrapping._write

    def destroyed_first(*given):
        assert keys.destroy_data_key(gone)
        return write(*given)

    monkeypatch.setattr(rewrapping, "_write", destroyed_first)
    rewrapping.run_here(lambda _count: None)
    row = DataKey.objects.get(pk=gone)
    assert (row.wrapped, row.master_id) == (None, None)
    assert is_settled()


def test_a_rotation_during_a_rotation_ends_in_the_newest(rotate, monkeypatch):
    wanted = data_keys(3)
    rotate()
    _old, newest = rotate()
    assert len(jobs.payloads(KIND)) == 2
    run_out(monkeypatch)
    assert masters() == {newest.ident}
    assert opened(wanted)


def test_what_an_operator_writes_into_the_file_is_caught_up_with(settings, monkeypatch):
    wanted = data_keys(2)
    path = settings.TIPLINE_KEY_FILE
    path.write_text(f"{sealing.new_key().hex()}\n{path.read_text()}")
    assert services.catch_up()
    assert not services.catch_up()  # asked for once
    run_out(monkeypatch)
    assert masters() == {keys.ring().current.ident}
    assert opened(wanted)
    subject = f"master-key:{keys.ring().current.ident}"
    assert LedgerEntry.objects.filter(subject=subject, verb="master-key.rotated").count() == 1


def test_rows_of_before_are_opened_and_named(rotate, monkeypatch):
    wanted = data_keys(3)
    DataKey.objects.filter(pk__in=wanted).update(master=None)
    assert opened(wanted)
    old, _new = rotate()
    assert opened(wanted)
    assert standing(SYSTEM).unnamed == 3
    with pytest.raises(Conflict, match="still need this key"):
        services.retire(SYSTEM, old.ident)
    run_out(monkeypatch)
    assert opened(wanted)
    assert standing(SYSTEM).unnamed == 0


def test_secrets_of_machine_accounts_outlive_their_master_key(world, client, rotate, monkeypatch):
    old, _new = rotate()
    run_out(monkeypatch)
    services.retire(SYSTEM, old.ident)
    answer = client.get("/ispws/status", headers=basic("harborline", SECRET))
    assert answer.status_code == 200
    wrong = client.get("/ispws/status", headers=basic("harborline", SECRET + "x"))
    assert wrong.status_code == 401


class TestRetiring:
    def test_a_key_goes_only_when_nothing_needs_it(self, rotate, settings, monkeypatch):
        wanted = data_keys(2)
        old, new = rotate()
        for ident in (old.ident, new.ident):
            with pytest.raises(Conflict):
                services.retire(SYSTEM, ident)
        run_out(monkeypatch)
        assert standing(SYSTEM).can_go == (old.ident,)
        services.retire(SYSTEM, old.ident)
        with pytest.raises(NotVisible):
            services.retire(SYSTEM, old.ident)

        assert keys.ring().masters == (new,)
        assert old.secret.hex() not in settings.TIPLINE_KEY_FILE.read_text()
        assert RetiredKey.objects.filter(pk=old.ident).exists()
        assert opened(wanted)

    def test_killed_before_the_file_was_changed_it_is_done_again(self, rotate, monkeypatch):
        old, new = rotate()
        run_out(monkeypatch)

        def cut(*_given):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(keys.master_file(), "change", cut)
            with pytest.raises(KeyboardInterrupt):
                services.retire(SYSTEM, old.ident)
        assert keys.ring().find(old.ident)
        services.retire(SYSTEM, old.ident)
        assert keys.ring().masters == (new,)
        verb = "master-key.retired"
        assert LedgerEntry.objects.filter(verb=verb).count() == 1

    def test_a_destroyed_data_key_needs_no_master_key(self, rotate):
        [pk] = data_keys(1)
        DataKey.objects.exclude(pk=pk).update(wrapped=None, master=None, destroyed_at=clock.now())
        old, _new = rotate()
        keys.destroy_data_key(pk)
        services.retire(SYSTEM, old.ident)
        assert keys.ring().find(old.ident) is None

    def test_what_is_unknown_is_not_found(self):
        with pytest.raises(NotVisible):
            services.retire(SYSTEM, "0" * 12)

    def test_a_prepared_key_can_be_given_up(self):
        ident = services.prepare(SYSTEM)
        services.retire(SYSTEM, ident)
        assert keys.ring().next is None

    def test_a_stale_machine_is_told_and_seals_nothing(self, rotate, settings, monkeypatch):
        text = settings.TIPLINE_KEY_FILE.read_text()
        old, _new = rotate()
        run_out(monkeypatch)
        services.retire(SYSTEM, old.ident)
        settings.TIPLINE_KEY_FILE.write_text(text)  # a machine with its own, forgotten file
        with pytest.raises(keys.MasterKeyMissing, match="copy the present key file here"):
            keys.new_data_key()
        with pytest.raises(keys.MasterKeyMissing, match="does not hold"):
            keys.open_data_key(DataKey.objects.filter(wrapped__isnull=False).first())


def test_a_master_key_that_is_missing_is_an_answer_and_no_fault(world, client, settings):
    """503 with a sentence; nothing is taken for damaged; the key comes back and all is well."""
    report = file_report(world, files=[(b"some bytes", SEEN)])
    text = settings.TIPLINE_KEY_FILE.read_text()
    settings.TIPLINE_KEY_FILE.write_text(f"{sealing.new_key().hex()}\n")
    answer = client.get("/ispws/status", headers=basic("harborline", SECRET))
    assert answer.status_code == 503
    found = standing(SYSTEM)
    assert [line.part for line in found.lines] == [Part.CURRENT, Part.MISSING]
    assert rewrapping.run_here(lambda _count: None) == 0
    settings.TIPLINE_KEY_FILE.write_text(text)
    assert b"".join(vault.read(files_of(report.pk)[0])) == b"some bytes"


@pytest.mark.parametrize("name", ["ana", "sofia", "enzo"])
def test_only_administrators_and_the_house_look_after_keys(world, name):
    actor = world.actor(name)
    for deed in (services.prepare, services.rotate, standing):
        with pytest.raises(NotAllowed):
            deed(actor)
    with pytest.raises(NotAllowed):
        services.retire(actor, "0" * 12)
    assert not MasterKey.objects.exclude(pk=keys.ring().current.ident).exists()


def test_an_open_report_goes_on_through_a_rotation(world, rotate, monkeypatch):
    report = file_report(world, files=[(b"one", SEEN)], finished=False)
    old, _new = rotate()
    actor = world.machine("harborline")
    report.key.refresh_from_db()
    for content in (b"two", b"three"):
        incoming = intake.Incoming([content])
        intake.receive_file(actor, report, incoming, intake.deposit(incoming))
        run_out(monkeypatch)
    services.retire(SYSTEM, old.ident)
    read = [b"".join(vault.read(file)) for file in files_of(report.pk)]
    assert read == [b"one", b"two", b"three"]
