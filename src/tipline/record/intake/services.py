"""The verbs of a report's arrival. Doors parse and call; here it becomes true."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError

from tipline.ground.accounts.models import Organisation
from tipline.ground.accounts.queries import newest_esp_profile
from tipline.ground.foundation import clock, sealing
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.errors import Conflict
from tipline.ground.foundation.keys import key_or_new, new_data_key
from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.transactions import write_tx
from tipline.record.evidence import services as evidence
from tipline.record.evidence import vault
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.queries import file_in
from tipline.record.intake.models import RefusedCall, Submission
from tipline.record.intake.rules import body_digest
from tipline.record.reports import services as reports
from tipline.record.reports.doors import Door
from tipline.record.reports.errors import NoSuchFile
from tipline.record.reports.models import Report

EXPIRY_BATCH = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came in: by which door, from whom, the bytes as they were.

    ``retry_key`` is the sender's own word that two requests are one (empty: no such word).
    """

    door: Door
    raw: bytes
    sender: Organisation | None = None
    retry_key: str = ""

    @property
    def scoped_retry_key(self) -> str | None:
        if not self.retry_key:
            return None
        digest = hashlib.sha256(self.retry_key.encode()).hexdigest()
        return f"{self.door}:{self.sender.pk if self.sender else 0}:{digest}"


@dataclass(frozen=True, slots=True)
class Submitted:
    """The answer to a submission: the report's number, and whether it was there before."""

    number: int
    duplicate: bool = False


def submit(
    actor: Actor,
    arrival: Arrival,
    document: Mapping[str, Any],
    warnings: Sequence[Mapping[str, Any]] = (),
) -> Submitted:
    """Open a report and keep what arrived; durable when it returns."""
    return _once(arrival, lambda: _open(actor, arrival, document, warnings).pk)


def submit_whole(
    actor: Actor,
    arrival: Arrival,
    document: Mapping[str, Any],
    warnings: Sequence[Mapping[str, Any]] = (),
) -> Submitted:
    """Open a report and file it in the same transaction; durable when it returns.

    For doors at which everything is said at once (the public form, a telephone call): such
    a report is never seen open, and nobody has to own it to finish it.
    """

    def file() -> int:
        report = _open(actor, arrival, document, warnings)
        reports.finish(actor, report)
        return report.pk

    return _once(arrival, file)


def _once(arrival: Arrival, make: Callable[[], int]) -> Submitted:
    """Make a report unless the arrival's retry key made one before; then answer with that."""
    if (earlier := _earlier(arrival)) is not None:
        return _again(arrival, earlier)
    try:
        with write_tx():
            number = make()
            kill_point("submit.before_commit")
    except IntegrityError:
        # Another request with the same retry key committed first: its report is ours too.
        if (earlier := _earlier(arrival)) is None:
            raise
        return _again(arrival, earlier)
    kill_point("submit.committed")
    return Submitted(number)


def _open(
    actor: Actor,
    arrival: Arrival,
    document: Mapping[str, Any],
    warnings: Sequence[Mapping[str, Any]],
) -> Report:
    profile = newest_esp_profile(arrival.sender.pk) if arrival.sender else None
    report, key = reports.open_report(
        actor, arrival.door, arrival.sender, profile, (document, warnings)
    )
    Submission.objects.create(
        **_as_row(arrival, key),
        answer=Submission.Answer.OPENED,
        report=report,
        key=report.key,
        raw=sealing.seal(arrival.raw, key),
        retry_key=arrival.scoped_retry_key,
    )
    return report


def _as_row(arrival: Arrival, key: bytes) -> dict[str, Any]:
    now = clock.now()
    return {
        "door": arrival.door.value,
        "day": now.date(),
        "received_at": now,
        "sender": arrival.sender,
        "size": len(arrival.raw),
        "sha256": body_digest(arrival.door, arrival.raw, key),
    }


def _earlier(arrival: Arrival) -> Submission | None:
    key = arrival.scoped_retry_key
    rows = Submission.objects.select_related("key").filter(retry_key=key)
    return None if key is None else rows.first()


def _again(arrival: Arrival, earlier: Submission) -> Submitted:
    row = _as_row(arrival, key_or_new(earlier.key))
    if row["sha256"] != earlier.sha256:
        raise Conflict("This retry key came with another body before.", field="Idempotency-Key")
    with write_tx():
        Submission.objects.create(
            **row, answer=Submission.Answer.DUPLICATE, report=earlier.report, raw=b""
        )
    return Submitted(earlier.report_id or 0, duplicate=True)


def refuse_submission(
    arrival: Arrival, code: str, problems: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Book a submission that opened no report; its bytes are kept, sealed under their own key."""
    with write_tx():
        key, plain = new_data_key()
        Submission.objects.create(
            **_as_row(arrival, plain),
            answer=Submission.Answer.REFUSED,
            code=code,
            key=key,
            raw=sealing.seal(arrival.raw, plain),
            problems=[dict(p) for p in problems],
        )


def refuse_call(
    door: Door,
    sender: Organisation | None,
    call: str,
    refusal: tuple[str, str],
    problems: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Book a call that changed nothing; ``refusal`` is its code and the number it named."""
    now = clock.now()
    code, number = refusal
    with write_tx():
        RefusedCall.objects.create(
            door=door.value,
            day=now.date(),
            at=now,
            sender=sender,
            call=call,
            code=code,
            number=number[:20],
            problems=[dict(p) for p in problems],
        )


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file on its way in: its name and type as sent, and its bytes."""

    pieces: Iterable[bytes]
    name: str = ""
    content_type: str = ""


def deposit(incoming: Incoming) -> vault.Deposited:
    """Stream the bytes into the vault, before it is known which report they belong to."""
    return vault.deposit(incoming.pieces)


def receive_file(
    actor: Actor,
    report: Report,
    incoming: Incoming,
    deposited: vault.Deposited,
    retry_key: str = "",
) -> EvidenceFile:
    """Make deposited bytes a file of an open report; durable when it returns.

    When the report cannot take it, the bytes are removed again and the reason is raised.
    """
    scoped = f"{report.pk}:{hashlib.sha256(retry_key.encode()).hexdigest()}" if retry_key else None
    if scoped and (known := EvidenceFile.objects.filter(retry_key=scoped).first()):
        vault.discard(deposited)
        return _same_bytes(known, deposited)
    try:
        with write_tx():
            reports.touch(report, clock.now())
            file = evidence.add_file(
                actor,
                report,
                deposited,
                name=incoming.name,
                content_type=incoming.content_type,
                retry_key=scoped,
            )
            kill_point("upload.before_commit")
    except IntegrityError:
        vault.discard(deposited)
        known = EvidenceFile.objects.filter(retry_key=scoped).first() if scoped else None
        if known is None:
            raise
        return _same_bytes(known, deposited)
    except BaseException:
        vault.discard(deposited)
        raise
    kill_point("upload.committed")
    return file


def _same_bytes(known: EvidenceFile, deposited: vault.Deposited) -> EvidenceFile:
    if known.sha256 != deposited.sha256:
        raise Conflict("This retry key came with another file before.", field="Idempotency-Key")
    return known


def file_details(
    actor: Actor,
    report: Report,
    file_id: str,
    document: Mapping[str, Any],
    warnings: Sequence[Mapping[str, Any]] = (),
) -> EvidenceFile:
    """Keep what the sender says about one of its files."""
    with write_tx():
        reports.touch(report, clock.now())
        file = file_in(report.pk, file_id)
        if file is None:
            raise NoSuchFile
        evidence.add_details(actor, file, document, warnings)
    kill_point("fileinfo.committed")
    return file


def finish(actor: Actor, report: Report) -> list[str]:
    """File the report; the ids of its files."""
    with write_tx():
        reports.finish(actor, report)
        ids = EvidenceFile.objects.filter(report=report).order_by("pk")
        file_ids = list(ids.values_list("file_id", flat=True))
        kill_point("finish.before_commit")
    kill_point("finish.committed")
    return file_ids


def retract(actor: Actor, report: Report) -> None:
    with write_tx():
        reports.retract(actor, report)
    kill_point("retract.committed")


def expire_due() -> int:
    """End what was left unfinished; how many."""
    now = clock.now()
    due = Report.objects.filter(state=Report.State.OPEN, expires_at__lte=now).order_by("expires_at")
    numbers = list(due.values_list("pk", flat=True)[:EXPIRY_BATCH])
    return sum(reports.expire(number, now) for number in numbers)
