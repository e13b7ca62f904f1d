"""Retroactive matching: what changed on a list is compared with the files that are here.

A list's changes are looked at in the order of their positions, some at a time, and how far that
came is kept; done twice it changes nothing. A new entry finds old files, one that went or was
set aside withdraws its matches; each report concerned is assessed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tipline.ground.foundation import jobs
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists import turning
from tipline.insight.lists.declared import files_declared_as
from tipline.insight.lists.events import ReportListed
from tipline.insight.lists.matching import match_files
from tipline.insight.lists.models import Entry, EntryFingerprint, ListMatch, Sweep
from tipline.insight.lists.nearness import contents_near
from tipline.insight.lists.rules_entries import DIGESTS
from tipline.insight.lists.rules_match import OF_NOTHING
from tipline.insight.lists.series.alerts import alert_holders
from tipline.record.evidence.models import EvidenceFile
from tipline.record.reports.models import Report

KIND = "lists.sweep"
#: So many changes are looked at together, and so many files.
PAGE = 200
#: So many pages are done in one job.
_PAGES = 20


def sweep(list_id: int) -> None:
    """Look at what changed on this list since the last time; asks for a job when there is more.

    First at files that an index finds, then through all for turned copies (see ``turning``).
    """
    for _page in range(_PAGES):
        if not sweep_page(list_id) and not turned_page(list_id):
            return
    with write_tx():
        jobs.enqueue(KIND, {"list": list_id}, lane="lists", dedup_key=str(list_id))


def go_on(payload: dict[str, Any]) -> None:
    """The job that goes on where the last one ended."""
    sweep(int(payload["list"]))


def sweep_page(list_id: int) -> int:
    """Compare the next changes; how many there were."""
    row, _new = Sweep.objects.get_or_create(hash_list_id=list_id)
    entries = list(
        Entry.objects.select_related("hash_list")
        .filter(hash_list_id=list_id, position__gt=row.position)
        .order_by("position")[:PAGE]
    )
    if not entries:
        return 0
    rematch(_concerned(entries))
    # Where the list's policy changed meanwhile, all of it is looked at again from the start.
    moved = Sweep.objects.filter(pk=row.pk, position=row.position)
    moved.update(position=entries[-1].position)
    return len(entries)


def turned_page(list_id: int) -> bool:
    """Look through some more files for turned copies; whether there may be more to look for."""
    page = turning.next_page(list_id)
    if page is None:
        return False
    rematch(page.files)
    turning.done(page)
    return True


def rematch(file_keys: Iterable[int]) -> int:
    """Bring the matches of these files up to date and tell of each report; how many changed."""
    keys, told = sorted(set(file_keys)), 0
    for start in range(0, len(keys), PAGE):
        rows = EvidenceFile.objects.select_related("report__key", "report__sender")
        page = rows.filter(pk__in=keys[start : start + PAGE], report__state=Report.State.FINISHED)
        files = list(page.order_by("pk"))
        changed = match_files(files)
        told += len(changed)
        _tell({file.report for file in files if file.pk in changed})
    return told


def _tell(reports: set[Report]) -> None:
    for report in sorted(reports, key=lambda one: one.pk):
        alert_holders(report)
        with write_tx():
            announce(ReportListed(report.pk), lane="lists", dedup_key=str(report.pk))


def _concerned(entries: Sequence[Entry]) -> set[int]:
    """Keys of files that match these entries now or may do so."""
    matched = ListMatch.objects.filter(entry__in=[row.pk for row in entries])
    found = set(matched.values_list("file_id", flat=True))
    live = {row.pk for row in entries if row.removed_at is None and not row.set_aside}
    values: dict[str, set[str]] = {}
    told = EntryFingerprint.objects.filter(entry__in=live)
    for kind, value in told.values_list("type", "value"):
        values.setdefault(kind, set()).add(value)
    near = contents_near(row for row in entries if row.pk in live)
    return found | _with_digests(_sought(live), near) | files_declared_as(values)


def _sought(entries: set[int]) -> dict[str, set[str]]:
    """The strongest digest of each entry: by it files of the same bytes are sought."""
    by_entry: dict[int, dict[str, str]] = {}
    rows = EntryFingerprint.objects.filter(entry__in=entries, type__in=DIGESTS)
    for entry, kind, value in rows.values_list("entry_id", "type", "value"):
        by_entry.setdefault(entry, {})[kind] = value
    wanted: dict[str, set[str]] = {}
    for digests in by_entry.values():
        kind = next(kind for kind in DIGESTS if kind in digests)
        wanted.setdefault(kind, set()).add(digests[kind])
    return wanted


def _with_digests(values: dict[str, set[str]], contents: set[str]) -> set[int]:
    wanted = {kind: values.get(kind, set()) - OF_NOTHING for kind in DIGESTS}
    wanted["sha256"] = wanted["sha256"] | contents
    found: set[int] = set()
    for kind, some in wanted.items():
        if some:
            rows = EvidenceFile.objects.filter(**{f"{kind}__in": some}, size__gt=0)
            found.update(rows.values_list("pk", flat=True))
    return found
