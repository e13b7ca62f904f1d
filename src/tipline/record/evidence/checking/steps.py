"""The phases of a check, each in small steps: names, sweep, bytes, findings.

Each step looks first, outside of any transaction, and then says in one what it found and where
the next step begins. What it deletes is deleted before that: done again, it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

import structlog
from django.db.models import QuerySet

from tipline.ground.foundation import clock
from tipline.ground.foundation.keys import store
from tipline.ground.foundation.store import Stored
from tipline.record.evidence.checking import findings, rules
from tipline.record.evidence.checking.health import Health, live, look
from tipline.record.evidence.models import EvidenceFile, VaultFinding, VaultRun, VaultSighting

log = structlog.get_logger(__name__)
PIECE = 2_000
SWEPT_AT_ONCE = 200
FILES_AT_ONCE = 200
BYTES_AT_ONCE = 256 * 1024 * 1024
#: A sighting stays so long after its object was swept.
REMEMBERED = timedelta(days=30)
_CUT_UPLOADS = 24 * 3600.0
Phase = VaultRun.Phase


@dataclass(slots=True)
class Step:
    """What a step found: ``more`` to be added to the figures, what is to be written in the
    transaction that moves the run on, and where to. ``then``: the next phase, when this ends.
    """

    more: dict[str, int] = field(default_factory=dict)
    write: Callable[[], None] = lambda: None
    cursor: str = ""
    then: str = ""


def names(run: VaultRun) -> Step:
    """One piece of the store's list beside one of the rows'. The store's is read first: an
    object without a row may get it in between, a row never comes before its object.
    """
    began = 0 if run.cursor else store().sweep(_CUT_UPLOADS)
    listed = {one.name: one for one in islice(store().listed(run.cursor), PIECE)}
    piece = rules.compare(tuple(listed), _rows_after(run.cursor), PIECE)
    unnamed = _without_row([listed[name] for name in piece.unnamed])
    missing = live([row.key for row in piece.missing if not store().exists(row.name)])
    for name in piece.left_over:
        store().delete(name)
    more = {
        "objects": len(piece.objects),
        "object_bytes": sum(listed[name].size for name in piece.objects),
        "rows": piece.rows,
        "unnamed": len(unnamed),
        "unnamed_bytes": sum(one.size for one in unnamed),
        "left_over": len(piece.left_over),
        "missing": len(missing),
        "uploads_ended": began,
    }

    def write() -> None:
        _sight(run, unnamed)
        findings.note(run, sorted(missing), VaultFinding.Kind.MISSING)
        if not piece.upto:
            _forget_sightings(run)

    return Step(more, write, piece.upto, "" if piece.upto else Phase.SWEEP)


def _rows_after(name: str) -> list[rules.Named]:
    rows = EvidenceFile.objects.filter(object_name__gt=name).order_by("object_name")
    wanted = rows.values_list("object_name", "pk", "destroyed_at", "report__key__destroyed_at")
    return [
        rules.Named(name, key, gone=gone is not None, dying=dying is not None)
        for name, key, gone, dying in wanted[:PIECE]
    ]


def _without_row(found: list[Stored]) -> list[Stored]:
    """Those that are old, and for which there is still no row."""
    now = clock.now()
    old = [one for one in found if rules.may_be_sighted(one.at, now)]
    wanted = [one.name for one in old]
    named = set(
        EvidenceFile.objects.filter(object_name__in=wanted).values_list("object_name", flat=True)
    )
    return [one for one in old if one.name not in named]


def _sight(run: VaultRun, unnamed: list[Stored]) -> None:
    sizes = {one.name: one.size for one in unnamed}
    known = VaultSighting.objects.filter(name__in=list(sizes))
    seen = set(known.values_list("name", flat=True))
    # One that was swept and is here again was put back: it counts as seen for the first time.
    known.filter(swept_at__isnull=False).update(first_seen_at=clock.now(), swept_at=None)
    known.update(run=run)
    VaultSighting.objects.bulk_create(
        VaultSighting(name=name, size=size, first_seen_at=clock.now(), run=run)
        for name, size in sizes.items()
        if name not in seen
    )


def _forget_sightings(run: VaultRun) -> None:
    """Objects that are there no more or have a row now, and those swept long ago."""
    VaultSighting.objects.filter(swept_at__isnull=True).exclude(run=run).delete()
    VaultSighting.objects.filter(swept_at__lt=clock.now() - REMEMBERED).delete()


def sweep(run: VaultRun) -> Step:
    """Delete objects that two checks a day apart have seen without a row, some at a time."""
    due = VaultSighting.objects.filter(
        run=run, swept_at__isnull=True, first_seen_at__lte=clock.now() - rules.GRACE
    ).order_by("name")
    figures = rules.added(run.figures, {})
    if rules.too_many(figures["unnamed"], figures["objects"]) and not run.sweep_many:
        return Step({"held_back": due.count()}, cursor=_start(run), then=Phase.BYTES)
    found = list(due.filter(name__gt=run.cursor)[:SWEPT_AT_ONCE])
    if not found:
        return Step(cursor=_start(run), then=Phase.BYTES)
    wanted = [one.name for one in found]
    named = set(
        EvidenceFile.objects.filter(object_name__in=wanted).values_list("object_name", flat=True)
    )
    gone = [one for one in found if one.name not in named]
    for one in gone:
        store().delete(one.name)
    more = {"swept": len(gone), "swept_bytes": sum(one.size for one in gone)}

    def write() -> None:
        rows = VaultSighting.objects.filter(name__in=[one.name for one in gone])
        rows.update(swept_at=clock.now())

    return Step(more, write, found[-1].name)


def _start(run: VaultRun) -> str:
    """Behind which name bytes are opened: a full run begins with the first."""
    if run.kind == VaultRun.Kind.FULL:
        return ""
    earlier = VaultRun.objects.filter(phase=Phase.DONE).order_by("-pk").first()
    return earlier.verified_to if earlier else ""


def _live() -> QuerySet[EvidenceFile]:
    rows = EvidenceFile.objects.select_related("report__key")
    return rows.filter(destroyed_at__isnull=True, report__key__destroyed_at__isnull=True)


def bytes_(run: VaultRun) -> Step:
    """Open the next objects, until the step or the day has had enough."""
    files = _live().filter(object_name__gt=run.cursor).order_by("object_name")[:FILES_AT_ONCE]
    figures = rules.added(run.figures, {})
    left = None
    if run.kind == VaultRun.Kind.DAILY:
        left = rules.to_be_opened(figures["rows"]) - figures["opened"]
    more, last = dict.fromkeys(("opened", "opened_bytes", "locked"), 0), ""
    bad: dict[Health, list[int]] = {Health.MISSING: [], Health.DAMAGED: []}
    for file in files:
        if more["opened_bytes"] >= BYTES_AT_ONCE or (left is not None and more["opened"] >= left):
            break
        health, last = look(file), file.object_name
        more["opened"] += 1
        more["opened_bytes"] += file.size
        more["locked"] += health is Health.LOCKED
        if health in bad:
            bad[health].append(file.pk)
    more["damaged"] = len(bad[Health.DAMAGED])
    enough = left is not None and more["opened"] >= left

    def write() -> None:
        for kind, keys in bad.items():
            findings.note(run, keys, VaultFinding.Kind(kind.value))
        VaultRun.objects.filter(pk=run.pk).update(
            verified_to=last or (run.cursor if enough else "")
        )

    over = enough or not last
    return Step(more, write, "" if over else last, Phase.FINDINGS if over else "")


def again(run: VaultRun) -> Step:
    """Look once more at what earlier runs found: bytes may be back, or their report destroyed."""
    rows = VaultFinding.objects.select_related("file__report__key").filter(ended_at__isnull=True)
    found = list(rows.filter(pk__gt=int(run.cursor or 0)).exclude(run=run).order_by("pk")[:50])
    looks = [(one, findings.look_again(one)) for one in found]

    def write() -> None:
        for one, health in looks:
            findings.settle(one, health)

    return Step(
        write=write, cursor=str(found[-1].pk) if found else "", then="" if found else "done"
    )


PHASES: dict[str, Callable[[VaultRun], Step]] = {
    Phase.NAMES: names,
    Phase.SWEEP: sweep,
    Phase.BYTES: bytes_,
    Phase.FINDINGS: again,
}
