"""What a storm left behind, against the journal of what was acknowledged.

Every finding is a sentence in one of the lists of :class:`Findings`; a promise is kept when
its list is empty. Runs inside the product's settings.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.db import connection

from tipline.delivery.routing.models import Referral
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock, jobs, sealing
from tipline.ground.foundation.errors import Unavailable
from tipline.ground.foundation.keys import open_data_key, store
from tipline.insight.entities.models import Link
from tipline.insight.matching.models import FileMatch, Fingerprint
from tipline.insight.triage.models import Assessment, QueueEntry
from tipline.pipeline.models import StageRun
from tipline.pipeline.stages import STAGES
from tipline.record.evidence import vault
from tipline.record.evidence.contents import Contents
from tipline.record.evidence.models import EvidenceFile, FileDetails, VaultFinding
from tipline.record.intake.models import Submission
from tipline.record.outcomes.models import Outcome
from tipline.record.reports.models import Report, ReportDocument

ENDED = {"finish": Report.State.FINISHED, "retract": Report.State.RETRACTED}
LEDGER = {"finish": Verb.REPORT_FINISHED, "retract": Verb.REPORT_RETRACTED}


@dataclass(slots=True)
class Findings:
    """Sentences by promise, and counts. ``orphans`` are objects that no row names."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    half_done: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    reports: int = 0
    finished: int = 0
    files: int = 0
    read_back: int = 0
    orphans: int = 0
    temporary: int = 0


def compare(journal: dict[str, Any]) -> dict[str, Any]:
    """Look at everything; the findings as JSON."""
    found = Findings()
    for sent in journal["reports"]:
        _check_report(sent, found)
    _check_outcomes(journal["outcomes"], found)
    _check_doubles(journal, found)
    for report in Report.objects.filter(state=Report.State.FINISHED).order_by("pk"):
        _check_derived(report, found)
    _check_recomputed(found)
    _check_objects(found)
    _check_jobs(found)
    _check_database(found)
    found.reports, found.files = Report.objects.count(), EvidenceFile.objects.count()
    found.finished = Report.objects.filter(state=Report.State.FINISHED).count()
    return asdict(found)


def _check_report(sent: dict[str, Any], found: Findings) -> None:
    number = sent["number"]
    report = Report.objects.select_related("key").filter(pk=number).first()
    if report is None:
        found.lost.append(f"report {number} is not there")
        return
    _check_submission(sent, report, found)
    wanted = ENDED.get(sent["ending"]) if sent["ended"] else None
    if wanted and report.state != wanted:
        found.lost.append(f"report {number} is {report.state}, acknowledged as {wanted}")
    if wanted:
        entries = LedgerEntry.objects.filter(
            subject=f"report:{number}", verb=LEDGER[sent["ending"]]
        ).count()
        if entries != 1:
            found.half_done.append(f"report {number} has {entries} endings on the ledger")
    _check_state(report, found)
    for file in sent["files"]:
        _check_file(report, file, found)


def _check_submission(sent: dict[str, Any], report: Report, found: Findings) -> None:
    digest = hashlib.sha256(sent["key"].encode()).hexdigest()
    rows = list(Submission.objects.filter(retry_key__endswith=digest))
    if [row.report_id for row in rows] != [report.pk]:
        found.lost.append(f"report {report.pk} is not the one that its retry key opened")
        return
    row = rows[0]
    if row.sha256 != sent["sha256"]:
        found.lost.append(f"the submission of report {report.pk} is another one")
    if report.key.wrapped is not None:
        raw = sealing.unseal(bytes(row.raw), open_data_key(report.key))
        if hashlib.sha256(raw).hexdigest() != sent["sha256"]:
            found.lost.append(f"the raw submission of report {report.pk} reads back differently")


def _check_state(report: Report, found: Findings) -> None:
    """A retracted or expired report has nothing left; any other has all of it."""
    gone = report.state in (Report.State.RETRACTED, Report.State.EXPIRED)
    document = ReportDocument.objects.filter(report=report).values_list("document", flat=True)
    if (report.key.wrapped is None) != gone:
        found.half_done.append(f"report {report.pk} is {report.state}, its key says otherwise")
    if [bool(one) for one in document] != [not gone]:
        found.half_done.append(f"report {report.pk} is {report.state}, its document says otherwise")
    if (report.ended_at is None) != (report.state == Report.State.OPEN):
        found.half_done.append(f"report {report.pk} is {report.state}, its end says otherwise")


def _check_file(report: Report, sent: dict[str, Any], found: Findings) -> None:
    name = f"file {sent['key']} of report {report.pk}"
    row = EvidenceFile.objects.select_related("report__key").filter(file_id=sent["file_id"]).first()
    if row is None or row.report_id != report.pk:
        found.lost.append(f"{name} is not there")
        return
    if row.sha256 != sent["sha256"]:
        found.lost.append(f"{name} has another digest")
    versions = FileDetails.objects.filter(file=row).count()
    if sent["described"] and not versions:
        found.lost.append(f"the details of {name} are not there")
    if versions > 1:
        found.doubled.append(f"the details of {name} are there {versions} times")
    if report.key.wrapped is None:
        return
    digest = hashlib.sha256()
    try:
        for piece in vault.read(row):
            digest.update(piece)
    except (OSError, Unavailable, sealing.Tampered) as error:
        found.lost.append(f"{name} cannot be read: {type(error).__name__}")
        return
    found.read_back += 1
    if digest.hexdigest() != sent["sha256"]:
        found.lost.append(f"{name} reads back differently")


def _check_outcomes(outcomes: list[dict[str, Any]], found: Findings) -> None:
    for sent in outcomes:
        if not Outcome.objects.filter(pk=sent["outcome"], report_id=sent["report"]).exists():
            found.lost.append(f"the answer {sent['key']} is not there")
    once = Counter(Outcome.objects.values_list("report_id", "agency_id"))
    found.doubled += [
        f"report {pair[0]} was answered {n} times" for pair, n in once.items() if n > 1
    ]
    announced = LedgerEntry.objects.filter(verb=Verb.OUTCOME_RECORDED).count()
    if announced != Outcome.objects.count():
        found.half_done.append(f"{announced} outcomes on the ledger, others in the table")


def _check_doubles(journal: dict[str, Any], found: Findings) -> None:
    """Nothing is there that was not sent, and each thing stands once on the ledger."""
    numbers = {sent["number"] for sent in journal["reports"]}
    for number in Report.objects.exclude(pk__in=numbers).values_list("pk", flat=True):
        found.doubled.append(f"report {number} was never acknowledged: an effect of its own")
    files = {file["file_id"] for sent in journal["reports"] for file in sent["files"]}
    for row in EvidenceFile.objects.exclude(file_id__in=files):
        found.doubled.append(f"file {row.file_id} of report {row.report_id}: one too many")
    for model, verb in (
        (Report, Verb.REPORT_OPENED),
        (EvidenceFile, Verb.FILE_RECEIVED),
        (FileDetails, Verb.FILE_DETAILS_RECEIVED),
        (Referral, Verb.REFERRAL_MADE),
    ):
        entries, rows = LedgerEntry.objects.filter(verb=verb).count(), model.objects.count()
        if entries != rows:
            found.half_done.append(f"{rows} rows of {model.__name__}, {entries} on the ledger")


def _check_derived(report: Report, found: Findings) -> None:
    """A finished report has been through every stage and is in the queue and referred."""
    stages = set(StageRun.objects.filter(report=report).values_list("stage", flat=True))
    missing = [stage.name for stage in STAGES if stage.name not in stages]
    if missing:
        found.half_done.append(f"report {report.pk} has not been through {', '.join(missing)}")
    newest = Assessment.objects.filter(report=report).order_by("-pk").first()
    place = QueueEntry.objects.filter(report=report).first()
    if newest is None or place is None or place.assessment_id != newest.pk:
        found.half_done.append(f"report {report.pk} is not where its assessment puts it")
    if not Referral.objects.filter(report=report).exists():
        found.half_done.append(f"report {report.pk} was referred to nobody")


def _check_recomputed(found: Findings) -> None:
    """Every stage once more, from the beginning: a finished pipeline has nothing to add."""
    derived = (Fingerprint, FileMatch, Link, Assessment, Referral)
    before = [set(model.objects.values_list("pk", flat=True)) for model in derived]
    for report in Report.objects.select_related("sender", "profile", "key").filter(
        state=Report.State.FINISHED
    ):
        _recompute(report)
    for model, known in zip(derived, before, strict=True):
        found.half_done += [
            f"computing it again adds a {model.__name__}: {row}"
            for row in model.objects.order_by("pk").values()
            if row["id"] not in known
        ]


def _recompute(report: Report) -> None:
    """At the time of its last look: a clock that has run on since then is nothing half-done."""
    place = QueueEntry.objects.filter(report=report).first()
    looked_at = place.looked_at if place else clock.now()
    with patch.object(clock, "now", return_value=looked_at):
        for stage in STAGES:
            stage.run(Contents(report))


def _check_objects(found: Findings) -> None:
    """Rows and objects: each kept file has its bytes, each destroyed one has none.

    One that is to be destroyed has a row that does not say so yet, with its bytes or without.
    """
    stored = set(store().names())
    files = EvidenceFile.objects.values_list("object_name", flat=True)
    kept = set(files.filter(report__key__destroyed_at__isnull=True))
    gone = set(files.filter(destroyed_at__isnull=False))
    due = set(files.filter(destroyed_at__isnull=True)) - kept
    found.lost += [f"object {name} has a row and no bytes" for name in sorted(kept - stored)]
    found.half_done += [f"object {name} is to be destroyed" for name in sorted(due | gone & stored)]
    wrongly = VaultFinding.objects.values_list("file__object_name", "kind")
    found.lost += [f"a check of the vault found {name} {kind}" for name, kind in wrongly]
    found.orphans = len(stored - kept - gone - due)
    if settings.TIPLINE_STORE.startswith("file://"):
        root = Path(settings.TIPLINE_STORE.removeprefix("file://"))
        found.temporary = sum(1 for _path in (root / "tmp").iterdir())


def _check_jobs(found: Findings) -> None:
    for state, count in jobs.counts().items():
        found.half_done.append(f"{count} jobs are {state}")


def _check_database(found: Findings) -> None:
    """SQLite's own look at its pages and references; PostgreSQL checks those as it writes."""
    if connection.vendor != "sqlite":
        return
    for pragma, fine in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {pragma}")
            if (rows := list(cursor.fetchall())) != fine:
                found.damaged.append(f"{pragma}: {rows[:5]}")
