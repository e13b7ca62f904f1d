"""Passes: who was allowed a picture of a file, or its bytes, may load it once and soon.

The only writer of passes. A pass names its person, file and kind in a row; what travels is the
row's random name, signed. It opens nothing by itself: whoever hands out the bytes asks the gate
again at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.core.signing import BadSignature, Signer
from django.db.models import F

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import PUBLIC, Actor, Permission
from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.transactions import write_tx
from tipline.record.evidence.hand_outs import HandOut
from tipline.record.evidence.models import EvidenceFile, FilePass
from tipline.record.evidence.rules_passes import GOOD_FOR, Kind, Refusal
from tipline.record.evidence.services import note_preview

#: After so many the ledger knows: a program that shows a pass for ever cannot fill it.
MOST_RECORDED: Final = 5


def _signer() -> Signer:
    return Signer(salt="tipline.evidence.pass", sep=".")


def make_pass(actor: Actor, file: EvidenceFile, kind: Kind, *, at_ms: int | None = None) -> str:
    """A pass as text, in the caller's transaction: the act that allowed it commits with it.

    ``at_ms``: for a frame of a video. The caller has asked the gate. :class:`NotAllowed` where
    the actor may open no evidence.
    """
    actor.require(Permission.EVIDENCE_OPEN)
    now = clock.now()
    row = FilePass.objects.create(
        name=random_hex(),
        person_id=actor.person_key,
        file=file,
        kind=kind,
        at_ms=at_ms,
        made_at=now,
        ends_at=now + GOOD_FOR,
    )
    return _signer().sign(row.name)


def take_original(actor: Actor, file: EvidenceFile, made: HandOut, purpose: str) -> str:
    """A pass for the bytes; that they were asked for, and why, is on the ledger.

    ``made``: what may leave now, by the decision that it carries.
    """
    with write_tx():
        note_preview(
            actor,
            file,
            Verb.FILE_OPENED,
            decision=made.decision,
            purpose=purpose,
            detail=made.digests(file),
        )
        return make_pass(actor, file, Kind.ORIGINAL)


def presented(text: str) -> FilePass | None:
    """The pass that this text is, with its person and file; None when we never made it."""
    try:
        name = _signer().unsign(text)
    except BadSignature:
        return None
    rows = FilePass.objects.select_related(
        "person__organisation", "file__report__key", "file__report__profile"
    )
    return rows.filter(name=name).first()


def good_passes(actor: Actor, number: int, texts: Iterable[str]) -> dict[str, FilePass]:
    """Those of these texts that this person can still use for files of this report."""
    names = {_name_of(text): text for text in texts}
    names.pop("", None)
    if not names:
        return {}
    now = clock.now()
    rows = FilePass.objects.select_related("file").filter(
        name__in=names,
        person_id=actor.person_key,
        file__report_id=number,
        used_at__isnull=True,
        ends_at__gt=now,
    )
    return {names[row.name]: row for row in rows.order_by("pk")}


def _name_of(text: str) -> str:
    try:
        return _signer().unsign(text)
    except BadSignature:
        return ""


def spend(actor: Actor, row: FilePass, digests: Mapping[str, str] | None = None) -> bool:
    """Use up the pass, and say on the ledger what leaves; False when somebody was quicker.

    ``digests``: of the original and of what leaves in its place, where they differ.
    """
    now = clock.now()
    with write_tx():
        good = FilePass.objects.filter(pk=row.pk, used_at__isnull=True, ends_at__gt=now)
        if not good.update(used_at=now):
            return False
        _say(actor, row, Verb.FILE_SERVED, purpose="", more=digests)
    return True


def refuse(row: FilePass, why: Refusal) -> None:
    """Say on the ledger that the pass was shown in vain, the first few times.

    Nobody knows who showed it: the entry names the person whose pass it was.
    """
    with write_tx():
        counted = FilePass.objects.filter(pk=row.pk, refusals__lt=MOST_RECORDED)
        if counted.update(refusals=F("refusals") + 1):
            _say(PUBLIC, row, Verb.FILE_PASS_REFUSED, purpose=why.value)


def _say(
    actor: Actor,
    row: FilePass,
    verb: Verb,
    *,
    purpose: str,
    more: Mapping[str, str] | None = None,
) -> None:
    detail = {"file": row.file.file_id, "kind": row.kind, "pass": row.pk, "person": row.person_id}
    detail |= more or {}
    record(actor, verb, f"report:{row.file.report_id}", purpose=purpose, detail=detail)
