"""The ledger: entries commit with their change, and tampering shows."""

from __future__ import annotations

import pytest
from django.db import transaction

from tipline.ground.audit import queries, rules, services
from tipline.ground.audit.models import Checkpoint, LedgerEntry, Seal, SealHead
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(tipline_home):
    return tipline_home


def entries(count: int) -> None:
    for number in range(count):
        services.record(SYSTEM, Verb.REPORT_OPENED, f"report:{number}", detail={"n": number})


def sealed(count: int = 12) -> queries.Head:
    entries(count)
    assert services.seal() == count
    return queries.Head(*services.current_head())


def codes(kept: queries.Head | None = None) -> list[str]:
    return [problem.code for problem in queries.verify(kept).problems]


def test_a_whole_chain_verifies_and_its_tail_is_counted() -> None:
    head = sealed()
    entries(2)
    found = queries.verify(head)
    assert found.ok
    assert (found.entries, found.unsealed) == (12, 2)


def test_a_rolled_back_change_leaves_no_entry() -> None:
    with transaction.atomic():
        entries(1)
        transaction.set_rollback(True)
    assert LedgerEntry.objects.count() == 0


def test_sealing_twice_seals_once() -> None:
    sealed()
    assert services.seal() == 0
    entries(3)
    assert services.seal() == 3
    assert queries.verify().ok


def test_two_sealers_at_once_make_one_chain() -> None:
    entries(4)
    stale = SealHead.objects.first()
    assert services.seal() == 4
    assert not services._move_head(stale, 4, "f" * 64)
    assert queries.verify().ok


@pytest.mark.parametrize("column", ["verb", "subject", "actor", "purpose"])
def test_an_edited_entry_shows(column: str) -> None:
    sealed()
    row = LedgerEntry.objects.order_by("pk")[5]
    LedgerEntry.objects.filter(pk=row.pk).update(**{column: "forged"})
    assert codes() == ["altered"]


def test_a_removed_entry_shows() -> None:
    sealed()
    seal = Seal.objects.get(sequence=6)
    seal.delete()
    LedgerEntry.objects.filter(pk=seal.entry_id).delete()
    assert "missing" in codes()


def test_swapped_entries_show() -> None:
    sealed()
    one, two = Seal.objects.get(sequence=4), Seal.objects.get(sequence=5)
    one_id, two_id = one.entry_id, two.entry_id
    spare = LedgerEntry.objects.create(at=one.entry.at, actor="x", verb="x", subject="x", detail={})
    Seal.objects.filter(pk=4).update(entry=spare.pk)
    Seal.objects.filter(pk=5).update(entry=one_id)
    Seal.objects.filter(pk=4).update(entry=two_id)
    assert codes() == ["altered", "altered"]


def test_a_cut_tail_shows_only_against_a_head_kept_elsewhere() -> None:
    head = sealed()
    for seal in Seal.objects.filter(sequence__gt=9):
        seal.delete()
        LedgerEntry.objects.filter(pk=seal.entry_id).delete()
    assert codes() == []
    assert codes(head) == ["cut"]


def test_a_relinked_chain_shows_against_a_head_kept_elsewhere() -> None:
    head = sealed()
    relink()
    assert codes() == []
    assert codes(head) == ["rewritten"]


def test_a_relinked_chain_shows_against_a_signed_checkpoint() -> None:
    head = sealed()
    services.sign_head(head.sequence, head.digest)
    relink()
    assert codes() == ["not what was signed"]


def test_a_forged_checkpoint_shows() -> None:
    head = sealed()
    services.sign_head(head.sequence, head.digest)
    relink()
    digest = Seal.objects.get(sequence=12).digest
    Checkpoint.objects.update(digest=digest)
    assert codes() == ["wrong signature"]


def relink() -> None:
    """What somebody with the database, but not the signing key, would do."""
    first = LedgerEntry.objects.order_by("pk")[3]
    LedgerEntry.objects.filter(pk=first.pk).update(subject="report:999")
    previous = rules.GENESIS
    for seal in Seal.objects.select_related("entry").order_by("sequence"):
        previous = rules.digest(previous, seal.sequence, services.fields_of(seal.entry))
        Seal.objects.filter(pk=seal.pk).update(digest=previous)
    SealHead.objects.update(digest=previous)


def test_a_checkpoint_is_signed_when_enough_entries_came(monkeypatch) -> None:
    monkeypatch.setattr(services, "CHECKPOINT_EVERY", 10)
    sealed(12)
    assert Checkpoint.objects.get().sequence == 12
    assert queries.verify().ok
