"""Gathering what triage looks at: from the document, the files and the rooms below.

The only place that turns stored facts into :class:`Features`; the rules see values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from tipline.ground.accounts.queries import esp_facts
from tipline.insight.annotation.queries import last_set, signs_on, viral_list
from tipline.insight.enrichment.queries import evidence_if_looked
from tipline.insight.entities.queries import counted_neighbours
from tipline.insight.lists.series.alerts import unidentified_among
from tipline.insight.lists.standing import Stands, known_among, standing_on
from tipline.insight.matching.queries import known_digests
from tipline.insight.triage import facts_told, facts_viral
from tipline.insight.triage.bundles.rules_form import form_of
from tipline.insight.triage.facts_clocks import clocks
from tipline.insight.triage.facts_record import sender_useful
from tipline.insight.triage.facts_told import Told, ToldFile
from tipline.insight.triage.features import Features
from tipline.insight.triage.judgements import rules as judgements
from tipline.insight.triage.judgements.queries import words_of
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.rules_judge import Gathered
from tipline.insight.triage.rules_urgency import urgency
from tipline.record.evidence.contents import Contents
from tipline.record.evidence.gate import GateDecision
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.queries import contents_with_md5
from tipline.record.outcomes.queries import record_of_sender
from tipline.record.reports.doors import Door
from tipline.record.reports.models import Report

_MD5 = 32


@dataclass(frozen=True, slots=True)
class _Material:
    """Everything of a report that is read once and looked at from many sides."""

    report: Report
    told: Told
    files: Sequence[EvidenceFile]
    gate: Mapping[int, GateDecision]
    listed: Sequence[Stands]
    known: frozenset[str]
    neighbours: Sequence[int]


def gather(
    report: Report, now: datetime, policy: TriagePolicy, held: Contents | None = None
) -> Gathered:
    """All that triage may look at, as it stands now; ``held``: what was read of it already."""
    m = _material(held or Contents(report), now)
    found = {**facts_told.told(m.told), **_of_files(m), **_of_viral_list(m), **_of_links(m)}
    features = Features(**found, sender_useful=_record(report, policy))
    known = sum(file.sha256 in m.known for file in m.files)
    new = sum(file.size > 0 and file.sha256 not in m.known for file in m.files)
    return Gathered(
        features=_with_judgements(m, features, policy),
        clocks=tuple(clocks(m.told, policy.rules.clocks)),
        files=len(m.files),
        known_files=known,
        new_files=new,
        links=len(m.neighbours),
        place=facts_told.place_words(m.told),
        neighbours=tuple(m.neighbours),
        form=form_of(m.told),
    )


def _material(held: Contents, now: datetime) -> _Material:
    report, files = held.report, held.files
    told = Told(
        document=held.document,
        files=[
            ToldFile(file.sha256, file.size, file.content_type, details)
            for file, details in zip(files, held.details, strict=True)
        ],
        esp=esp_facts(report.profile),
        door=Door(report.door),
        sender=report.sender.name if report.sender else "",
        filed=report.ended_at or report.opened_at,
        now=now,
        places=evidence_if_looked(report.pk),
    )
    listed = standing_on(files)
    return _Material(
        report=report,
        told=told,
        files=files,
        gate=held.gate_now(),
        listed=listed,
        known=known_digests(files) | known_among(listed, files),
        neighbours=counted_neighbours(report.pk),
    )


def _of_files(m: _Material) -> dict[str, Any]:
    """What is known of the files here: earlier copies, what opens them, our own labels."""
    said = zip(m.files, m.told.file_facts, strict=True)
    with_bytes = [file for file, told in said if not told.supplemental and file.size > 0]
    digests = {file.sha256 for file in with_bytes}
    return {
        "files_openable": sum(m.gate[file.pk].open for file in with_bytes),
        "known_files": len(digests & m.known),
        "new_files": len(digests - m.known),
        "novel_viewed": facts_told.novel_viewed(m.told, m.known),
        "labels": signs_on(file.sha256 for file in m.files),
        "unidentified_series": bool(unidentified_among(m.listed)),
    }


def _of_viral_list(m: _Material) -> dict[str, Any]:
    digests = facts_viral.wanted(m.told)
    by_md5 = contents_with_md5(digest for digest in digests if len(digest) == _MD5)
    listed = viral_list({*digests, *(one for found in by_md5.values() for one in found)})
    named = {md5 for md5, contents in by_md5.items() if contents <= listed}
    return facts_viral.of_viral_list(m.told, listed | named)


def _record(report: Report, policy: TriagePolicy) -> bool | None:
    """What agencies said of this sender's reports, added up as they answer."""
    useful, answered = record_of_sender(report.sender_id)
    return sender_useful(useful, answered, policy.rules.record)


def _with_judgements(m: _Material, features: Features, policy: TriagePolicy) -> Features:
    """The same facts, and what people have judged of them."""
    words = words_of(m.report.pk)
    if not words:
        return features
    plain = judgements.in_force(words, (), {})
    levelled = replace(features, analyst_level=plain.analyst_level)
    present = judgements.standing_in(
        signal.as_json() for signal in urgency(levelled, policy).signals
    )
    labelled = last_set(file.sha256 for file in m.files)
    return replace(features, **_fields(judgements.in_force(words, present, labelled)))


def _fields(judged: judgements.Judged) -> dict[str, Any]:
    return {field.name: getattr(judged, field.name) for field in fields(judged)}


def _of_links(m: _Material) -> dict[str, Any]:
    senders = Report.objects.filter(pk__in=m.neighbours).values_list("pk", "sender_id")
    esps = {sender for _number, sender in senders} | {m.report.sender_id}
    return {
        "linked_reports": len(m.neighbours) - len(_same_again(m, dict(senders))),
        "linked_esps": len(esps - {None}),
    }


def _same_again(m: _Material, senders: Mapping[int, int | None]) -> set[int]:
    """Joined reports in which the same sender sent one of the same files: no independent word."""
    own = [
        n for n, sender in senders.items() if sender is not None and sender == m.report.sender_id
    ]
    rows = EvidenceFile.objects.filter(
        report__in=own, sha256__in={file.sha256 for file in m.files}, size__gt=0
    )
    return set(rows.values_list("report_id", flat=True)) if own and m.files else set()
