"""Keeping the queue of contents in step with reports, labels, lists and the gate."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, Q

from tipline.ground.foundation import clock
from tipline.ground.foundation.transactions import derived_tx
from tipline.insight.annotation.queries import labels_of
from tipline.insight.lists.rules_match import Layer
from tipline.insight.lists.standing import standing_on
from tipline.insight.matching.models import FileMatch
from tipline.insight.matching.services import EXACT
from tipline.insight.review import rules
from tipline.insight.review.models import Content, Review
from tipline.insight.review.queries import content_types
from tipline.insight.review.rules import Ending, Known, Place, Row
from tipline.insight.triage.models import QueueEntry
from tipline.record.evidence.access import decisions_for_house
from tipline.record.evidence.contents import Contents
from tipline.record.evidence.gate import GateDecision
from tipline.record.evidence.models import EvidenceFile
from tipline.record.reports.models import Report

#: Of what the stage does.
VERSION = "review-1"
#: Copies among which one is looked for that can stand for a content whose own is gone.
MOST_COPIES = 50
_COLUMNS = (
    "file", "look_alike", "open", "again", "near", "novelty", "band_rank", "step", "deadline",
    "received_at", "ended", "ended_at",
)  # fmt: skip


def keep_places(held: Contents) -> int:
    """Give the contents of a ranked report their places, or end their waiting; how many moved.

    Files of senders that only test, and files without a byte, have none. Safe to repeat.
    """
    files = _of_contents(held.files, held.gate)
    if held.report.is_test or not files:
        return 0
    entry = QueueEntry.objects.filter(report=held.report.pk).first()
    if entry is None:
        return 0
    known = _known(files)
    places = {file.sha256: _place(file, held.gate[file.pk], entry) for file in files}
    wanted = {*places, *(near for one in known.values() for near in one.near[:1])}
    rows = {row.sha256: row for row in _rows(wanted)}
    for digest in places.keys() & rows.keys():
        known[digest] = replace(known[digest], closed_word=rows[digest].said)
    if not _moved(rows, places, known):
        return 0
    return _write(rows.keys(), places, known, wanted)


def _rows(digests: Collection[str]) -> list[Any]:
    """With whether somebody judged it by its metadata, as ``said``."""
    spoken = Review.objects.filter(
        content=OuterRef("pk"), how__in=rules.BY_METADATA, taken_back_at__isnull=True
    )
    rows = Content.objects.select_related("file").annotate(said=Exists(spoken))
    return list(rows.filter(sha256__in=digests))


def _of_contents(
    files: Sequence[EvidenceFile], gate: Mapping[int, GateDecision]
) -> list[EvidenceFile]:
    """One file per content: of copies in one report the first that the gate opens."""
    found: dict[str, EvidenceFile] = {}
    for file in files:
        if not file.size or file.destroyed_at is not None:
            continue
        there = found.get(file.sha256)
        if there is None or (gate[file.pk].open and not gate[there.pk].open):
            found[file.sha256] = file
    return list(found.values())


def _place(file: EvidenceFile, decision: GateDecision, entry: QueueEntry) -> Place:
    return Place(
        file=file.pk,
        report=file.report_id,
        open=decision.open,
        band_rank=entry.band_rank,
        step=entry.step,
        deadline=entry.deadline,
        received_at=entry.received_at,
    )


def _known(files: Sequence[EvidenceFile]) -> dict[str, Known]:
    """What labels, lists and earlier files say of each content, as it is now."""
    digests = {file.sha256 for file in files}
    labels = labels_of(digests)
    of_file = {file.pk: file.sha256 for file in files}
    listed, near_list = set[str](), set[str]()
    for one in standing_on(files):
        if one.sure:
            listed.add(of_file[one.match.file_id])
        elif one.match.layer != Layer.DIGEST and not one.denied:
            near_list.add(of_file[one.match.file_id])
    again, near = _matches(of_file)
    return {
        digest: Known(
            labels.get(digest, frozenset()),
            digest in listed,
            digest in again,
            tuple(near.get(digest, ())),
            digest in near_list,
        )
        for digest in digests
    }


def _matches(of_file: Mapping[int, str]) -> tuple[set[str], dict[str, list[str]]]:
    """Contents that came before, and what others are like, the nearest first."""
    rows = FileMatch.objects.filter(file__in=of_file).order_by("distance", "pk")
    again, near = set[str](), dict[str, list[str]]()
    for file, layer, other in rows.values_list("file_id", "layer", "other__sha256"):
        if layer == EXACT:
            again.add(of_file[file])
        else:
            near.setdefault(of_file[file], []).append(other)
    return again, near


def _moved(
    rows: Mapping[str, Content], places: Mapping[str, Place], known: Mapping[str, Known]
) -> bool:
    look_alikes = {digest: row.look_alike for digest, row in rows.items()}
    return any(
        digest not in rows
        or _after(rows[digest], place, known[digest], look_alikes) != as_row(rows[digest])
        for digest, place in places.items()
    )


def _after(row: Content, place: Place, known: Known, look_alikes: Mapping[str, str]) -> Row:
    made = rules.placed(row.sha256, as_row(row), place, known, content_types())
    return rules.joined(made, known, look_alikes)


def as_row(row: Content) -> Row:
    """The stored row as rules see it."""
    place = Place(
        row.file_id, row.file.report_id, row.open, row.band_rank, row.step, row.deadline,
        row.received_at,
    )  # fmt: skip
    return Row(row.sha256, row.look_alike, place, row.again, row.near, Ending(row.ended))


def _write(
    there: Collection[str],
    places: Mapping[str, Place],
    known: Mapping[str, Known],
    wanted: Collection[str],
) -> int:
    """New ones first; then all of them as they stand when nobody else can move them."""
    fresh = [
        stored(rules.placed(digest, None, places[digest], known[digest], content_types()))
        for digest in sorted(places.keys() - set(there))
    ]
    with derived_tx():
        if fresh:
            Content.objects.bulk_create(fresh, ignore_conflicts=True)
        locked = Content.objects.select_for_update(of=("self",)).select_related("file")
        rows = {row.sha256: row for row in locked.filter(sha256__in=wanted).order_by("sha256")}
        moved = _move(rows, places, known)
        if moved:
            Content.objects.bulk_update(moved, _COLUMNS)
    return len({row.sha256 for row in (*fresh, *moved)})


def _move(
    rows: Mapping[str, Content], places: Mapping[str, Place], known: Mapping[str, Known]
) -> list[Content]:
    moved = []
    look_alikes = {digest: row.look_alike for digest, row in rows.items()}
    for digest in sorted(places):
        row = rows[digest]
        before, place = as_row(row), places[digest]
        after = _after(row, place, known[digest], look_alikes)
        if after.again and after.place.order > before.place.order:
            after = _by_another(row, before, after, known[digest])
        if after != before:
            if after.look_alike != row.look_alike:
                take_along(row.look_alike, after.look_alike)
                look_alikes[digest] = after.look_alike
            moved.append(stored(after, row))
    return moved


def _by_another(row: Content, before: Row, after: Row, known: Known) -> Row:
    """The copy that stood for it went back in its order: perhaps another one comes first now."""
    best = min((after.place, *_places(row)), key=_order)
    moved = rules.placed(row.sha256, replace(before, place=best), best, known, content_types())
    return replace(moved, look_alike=after.look_alike)


def take_along(former: str, now: str) -> None:
    """Whoever joined this content joins what it joins."""
    Content.objects.filter(look_alike=former).update(look_alike=now)


def stored(row: Row, into: Content | None = None) -> Content:
    """The row as it is kept. Who holds it stays, and when it ended while it stays ended."""
    kept = into or Content(sha256=row.sha256)
    if kept.ended != row.ended or (row.ended and kept.ended_at is None):
        kept.ended_at = clock.now() if row.ended else None
    kept.file_id, kept.open = row.place.file, row.place.open
    kept.look_alike, kept.again, kept.near = row.look_alike, row.again, row.near
    kept.novelty, kept.ended = row.novelty, row.ended
    kept.band_rank, kept.step = row.place.band_rank, row.place.step
    kept.deadline, kept.received_at = row.place.deadline, row.place.received_at
    return kept


def look_again(row: Content) -> Content:
    """The row by what labels, lists and the gate say now; another copy where its own is gone.

    Written when it moved. The caller holds the row or does not mind another writer.
    """
    places = _places(row)
    if not places:
        return _gone(row)
    place = min(places, key=_order)
    file = EvidenceFile.objects.select_related("report").get(pk=place.file)
    said = any(one.said for one in _rows([row.sha256]))
    known = replace(_known([file])[row.sha256], closed_word=said)
    before = as_row(row)
    kept = rules.placed(row.sha256, replace(before, place=place), place, known, content_types())
    if kept != before:
        stored(kept, row).save(update_fields=_COLUMNS)
        row = Content.objects.select_related("file").get(pk=row.pk)
    return row


def _order(place: Place) -> tuple[object, ...]:
    return place.order


def _places(row: Content) -> list[Place]:
    """By the copies that are still there, of reports that are ranked."""
    copies = _copies(row)
    if not copies:
        return []
    gate = decisions_for_house(copies)
    ranked = QueueEntry.objects.filter(report__in={file.report_id for file in copies})
    entries = {entry.report_id: entry for entry in ranked}
    return [
        _place(file, gate[file.pk], entries[file.report_id])
        for file in copies
        if file.report_id in entries
    ]


def _copies(row: Content) -> list[EvidenceFile]:
    """Copies that are still there, the one that stands for it first."""
    rows = EvidenceFile.objects.select_related("report__key", "report__profile").filter(
        Q(report__state=Report.State.FINISHED, report__key__destroyed_at__isnull=True),
        sha256=row.sha256,
        destroyed_at__isnull=True,
    )
    found = list(rows.order_by("-pk")[:MOST_COPIES])
    own = [file for file in rows.filter(pk=row.file_id) if file not in found]
    return [file for file in (*own, *found) if not file.report.is_test]


def _gone(row: Content) -> Content:
    if row.ended != Ending.GONE:
        row.ended, row.ended_at = Ending.GONE, clock.now()
        row.save(update_fields=["ended", "ended_at"])
    return row


def report_gone(number: int) -> None:
    """A report was destroyed: its contents are looked at by another copy, or wait no more."""
    for row in Content.objects.select_related("file").filter(file__report=number):
        look_again(row)
