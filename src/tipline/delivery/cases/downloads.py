"""Downloads for an agency: gathering the parts, and putting each download on the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import override

from tipline.delivery.cases.delivered import Delivered, ReporterIs, delivered
from tipline.delivery.cases.download import FilePart, Parts, report_json
from tipline.delivery.cases.models import Case
from tipline.delivery.cases.queries import referrals_in
from tipline.delivery.routing.models import Referral
from tipline.delivery.routing.queries import referrals_of
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.reasons import Reason, words
from tipline.ground.foundation.transactions import write_tx
from tipline.ground.places.attribution import attribution_of
from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.queries import (
    Statement,
    known_material,
    standings,
    statements_by,
)
from tipline.insight.annotation.values import values_of
from tipline.insight.enrichment.queries import evidence_of
from tipline.insight.enrichment.rules import PlaceEvidence
from tipline.insight.entities.queries import counted_neighbours
from tipline.insight.triage.queue import newest_assessment
from tipline.insight.triage.summaries import told, written_for
from tipline.record.evidence.access import decisions
from tipline.record.evidence.gate import GateDecision
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.queries import details_of, files_of
from tipline.record.reports.doors import Door
from tipline.record.reports.facts import Role
from tipline.record.reports.queries import notes_of

Json = dict[str, Any]
_PUBLIC_DOORS = {Door.PUBLIC.value: "Public", Door.PHONE.value: "Public, by phone"}
_LANGUAGE = "en"  # tools read the words; they must not change with the reader's language


def download_report(actor: Actor, row: Referral, *, purpose: str = "") -> Json:
    """A referral in the shape that agencies' tools parse; on the ledger."""
    _require(actor, row)
    said = delivered(row)
    made = _made(actor, row, said)
    _note(actor, [(row, said)], purpose)
    return made


def download_case(actor: Actor, case: Case) -> list[Json]:
    """All reports of a case, in the order in which they were added; each on the ledger."""
    rows = referrals_in(case)
    for row in rows:
        _require(actor, row)
    whole = [(row, delivered(row)) for row in rows]
    made = [_made(actor, row, said) for row, said in whole]
    _note(actor, whole, f"case:{case.pk}")
    return made


def _require(actor: Actor, row: Referral) -> None:
    actor.require(Permission.REFERRALS_READ)
    if row.agency_id != actor.organisation_key:
        raise NotVisible("There is no such referral.")


def _note(actor: Actor, whole: Sequence[tuple[Referral, Delivered]], purpose: str) -> None:
    with write_tx():
        for row, said in whole:
            subject = f"report:{row.report_id}"
            detail = {"reporter": said.reporter.value} if row.report.by_public else {}
            record(actor, Verb.REPORT_DOWNLOADED, subject, purpose=purpose, detail=detail)


def _made(actor: Actor, row: Referral, said: Delivered) -> Json:
    report = row.report
    sender = report.sender.name if report.sender else "Unknown sender"
    with override(_LANGUAGE):
        return report_json(
            Parts(
                number=report.pk,
                received=report.ended_at or report.opened_at,
                sender=_PUBLIC_DOORS.get(report.door, sender),
                document=said.document,
                files=_files(actor, files_of(report.pk)),
                reporter_sealed=said.reporter is ReporterIs.SEALED,
                reporter_released=said.released_at,
                additions=_additions(row),
            )
        )


def _files(actor: Actor, files: Sequence[EvidenceFile]) -> tuple[FilePart, ...]:
    details = details_of(files)
    digests = {file.sha256 for file in files}
    said, statements, values = standings(digests), statements_by(digests), values_of(digests)
    gate = decisions(actor, files, known_material(files))
    return tuple(
        FilePart(
            file_id=file.file_id,
            name=file.name,
            md5=file.md5,
            sha1=file.sha1,
            sha256=file.sha256,
            size=file.size,
            content_type=file.content_type,
            details=details.get(file.pk, {}),
            tags=_tags(said[file.sha256].labels if file.sha256 in said else frozenset()),
            labels=[label_json(one) for one in statements.get(file.sha256, ())],
            children=len(said[file.sha256].children) if file.sha256 in said else 0,
            values=[asdict(one) for one in values.get(file.sha256, ())],
            gate=gate_json(gate[file.pk]),
        )
        for file in files
    )


def _tags(codes: frozenset[str]) -> tuple[str, ...]:
    """The vocabulary's own order, gravest content first."""
    return tuple(str(label.words) for label in vocabulary.own().labels if label.code in codes)


def label_json(one: Statement) -> Json:
    """The newest statement of one label: withdrawn ones stay, so that a change is seen."""
    return {
        "code": one.code,
        "words": str(vocabulary.own().words(one.code)),
        "vocabulary": one.vocabulary,
        "child": one.child or None,
        "inForce": one.in_force,
        "since": one.at.isoformat(),
    }


def gate_json(decision: GateDecision) -> Json:
    """The gate's answer as plain values: by which rule of which policy, and why."""
    return {
        "open": decision.open,
        "exifOpen": decision.exif == "allow",
        "rule": decision.rule,
        "policy": decision.policy,
        "reasons": _reasons(decision.reasons),
    }


def _reasons(reasons: Iterable[Reason]) -> list[Json]:
    return [
        {
            "code": reason.code,
            "words": words(reason),
            "points": reason.points,
            "assertedBy": reason.source.value,
        }
        for reason in reasons
    ]


def _stored(reasons: Iterable[Mapping[str, Any]]) -> list[Json]:
    return _reasons(Reason.from_json(one) for one in reasons)


def _additions(row: Referral) -> Json:
    report = row.report
    sealed = Role.REPORTER if report.by_public else None
    places = [piece for piece in evidence_of(report.pk) if piece.role is not sealed]
    return {
        "disposition": row.disposition,
        **_assessed(report.pk),
        "routing": {
            "source": row.source,
            "policy": row.policy or None,
            "reasons": _stored(row.reasons),
        },
        "agencies": [
            {"name": one.agency.name, "madeAvailable": one.made_at.isoformat()}
            for one in referrals_of(report.pk)
        ],
        "linkedReports": counted_neighbours(report.pk),
        "notes": [{"text": n.text, "at": n.at.isoformat()} for n in notes_of(report.pk)],
        "places": [_place(piece) for piece in places],
        "attributions": _attributions(places),
    }


def _assessed(number: int) -> Json:
    """Triage's own part; all keys stand, null before the report has been assessed."""
    row = newest_assessment(number)
    if row is None:
        keys = ("summary", "summaryBy", "level", "urgency", "danger", "actionability", "decay")
        return {**dict.fromkeys(keys), "deadline": None, "clocks": []}
    result = row.result
    summary, asserted_by = told(result, written_for([number]).get(number, ""))
    return {
        "summary": summary,
        "summaryBy": asserted_by.value,
        "level": result["level"],
        "urgency": result["urgency"],
        **{
            name: {**result[name], "reasons": _stored(result[name]["reasons"])}
            for name in ("danger", "actionability", "decay")
        },
        "deadline": result["deadline"],
        "clocks": result["clocks"],
    }


def _place(piece: PlaceEvidence) -> Json:
    found = piece.place
    return {
        "kind": piece.kind,
        "role": piece.role.value,
        "value": piece.value,
        "country": found.country if found else None,
        "state": found.state or None if found else None,
        "county": found.county or None if found else None,
        "city": found.city or None if found else None,
        "trust": found.trust.name.lower() if found else None,
        "source": found.source if found else None,
        "note": found.note.value or None if found else None,
        "noPlace": piece.no_place or None,
        "timeAsWritten": piece.time.as_written if piece.time else None,
    }


def _attributions(places: Iterable[PlaceEvidence]) -> list[Json]:
    """What the licences of the data behind these places want to be named."""
    found = {attribution_of(piece.place) for piece in places} - {None}
    return [{"text": one.text, "url": one.url} for one in found if one is not None]
