"""Reading and verifying the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from django.db.models import Max

from tipline.ground.audit import rules, services
from tipline.ground.audit.models import Checkpoint, LedgerEntry, Seal
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation.actor import Actor, Permission


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain, as it is kept elsewhere: place and digest."""

    sequence: int
    digest: str


@dataclass(slots=True)
class Verification:
    """What `audit verify` found. ``ok`` only when nothing is wrong."""

    entries: int = 0
    unsealed: int = 0
    head: Head = field(default_factory=lambda: Head(0, rules.GENESIS))
    problems: list[rules.Break] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


def chain() -> Iterator[rules.Sealed]:
    """All sealed entries in the order of the chain, in constant memory."""
    for seal in Seal.objects.select_related("entry").order_by("sequence").iterator(2_000):
        yield rules.Sealed(
            seal.sequence, seal.entry_id, services.fields_of(seal.entry), seal.digest
        )


def verify(kept: Head | None = None) -> Verification:
    """Walk the whole chain, check signatures, and compare with a head kept elsewhere."""
    found = Verification()
    at_kept = rules.GENESIS if kept is not None and kept.sequence == 0 else None

    def counted() -> Iterator[rules.Sealed]:
        nonlocal at_kept
        for link in chain():
            found.entries += 1
            found.head = Head(link.sequence, link.digest)
            if kept is not None and link.sequence == kept.sequence:
                at_kept = link.digest
            yield link

    found.problems.extend(rules.breaks(counted(), kept.sequence if kept else None))
    if kept is not None and at_kept is not None and at_kept != kept.digest:
        found.problems.append(rules.Break(kept.sequence, "rewritten"))
    found.problems.extend(_wrong_checkpoints())
    found.unsealed = LedgerEntry.objects.count() - found.entries
    if found.unsealed < 0:
        found.problems.append(rules.Break(0, "missing"))
    return found


def unsealed() -> int:
    """Entries that no seal covers yet."""
    return LedgerEntry.objects.count() - Seal.objects.count()


def _wrong_checkpoints() -> Iterator[rules.Break]:
    public = services.signing_key().public_key()
    for point in Checkpoint.objects.order_by("sequence").iterator():
        message = services.checkpoint_message(point.sequence, point.digest)
        try:
            public.verify(bytes.fromhex(point.signature), message)
        except (InvalidSignature, ValueError):
            yield rules.Break(point.sequence, "wrong signature")
        digest = (
            Seal.objects.filter(sequence=point.sequence).values_list("digest", flat=True).first()
        )
        if digest != point.digest:
            yield rules.Break(point.sequence, "not what was signed")


def entries_for(actor: Actor, subject: str, limit: int = 200) -> list[dict[str, Any]]:
    """The newest entries about a subject, newest first."""
    actor.require(Permission.LEDGER_READ)
    rows = LedgerEntry.objects.filter(subject=subject).order_by("-pk")[:limit]
    return [services.fields_of(row) for row in rows]


def recorded_since(actor: Actor, verb: Verb, subject: str, since: datetime) -> bool:
    """Whether this actor has such an entry about the subject since then."""
    rows = LedgerEntry.objects.filter(subject=subject, verb=verb.value, at__gt=since)
    return rows.filter(actor=actor.reference).exists()


def last_recorded(actor: Actor, verb: Verb, subjects: Iterable[str]) -> dict[str, datetime]:
    """Per subject when this actor last did this to it; what they never did it to is absent."""
    rows = LedgerEntry.objects.filter(
        subject__in=set(subjects), verb=verb.value, actor=actor.reference
    ).order_by()
    return dict(rows.values_list("subject").annotate(last=Max("at")))


def newest_of(subject: str, verb: Verb, most: int) -> list[tuple[datetime, dict[str, Any]]]:
    """When something was last done to a subject, and its details, the newest first."""
    rows = LedgerEntry.objects.filter(subject=subject, verb=verb.value).order_by("-pk")[:most]
    return [(row.at, row.detail) for row in rows]
