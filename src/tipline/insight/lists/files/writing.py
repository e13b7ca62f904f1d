"""Lists written as files, some entries at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from tipline.insight.lists.changes import prints_of
from tipline.insight.lists.files import rules_csv, rules_vics
from tipline.insight.lists.models import Entry, HashList
from tipline.insight.lists.rules_entries import Content

_PAGE = 1_000
#: Project VIC's categories for what our lists hold; 0 is "not pertinent" in most tools.
_CATEGORY: Final = {
    Content.APPARENT_CSAM: 1,
    Content.YOUTH_PRODUCED: 1,
    Content.EXPLOITATIVE: 2,
}


def as_vics(hash_list: HashList, *, dialect: str = "US", cases: bool = False) -> Iterator[bytes]:
    """The live entries as VICS 2.0 JSON: media under ``value``, or in one case under it."""
    head = {"@odata.context": rules_vics.context(dialect, "Cases" if cases else "Media")}
    yield json.dumps(head)[:-1].encode() + b', "value": ['
    if cases:
        case = {"CaseID": hash_list.slug, "CaseNumber": hash_list.slug}
        told = {**case, "SourceApplicationName": "Tipline"}
        yield json.dumps(told)[:-1].encode() + b', "Media": ['
    comma = b"\n"
    for entry in _entries(hash_list):
        record = rules_vics.record_of(_for_vics(hash_list, entry))
        yield comma + json.dumps(record, ensure_ascii=False).encode()
        comma = b",\n"
    yield b"\n]}]}\n" if cases else b"\n]}\n"


def as_csv(hash_list: HashList) -> Iterator[bytes]:
    """The live entries as CSV with a header, UTF-8."""
    yield _line(rules_csv.COLUMNS)
    for entry in _entries(hash_list):
        told = {"photodna" if kind == "pdna" else kind: value for kind, value in entry["prints"]}
        told |= {name: entry[name] for name in ("media", "classification", "series")}
        told |= {"id": entry["key"], "updated": entry["changed_at"].isoformat()}
        yield _line(rules_csv.cells_of(told))


def _line(cells: Any) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()


def _entries(hash_list: HashList) -> Iterator[dict[str, Any]]:
    """Live entries in the order of their positions, a page at a time."""
    beyond = 0
    while page := _page(hash_list, beyond):
        prints = prints_of(page)
        for entry in page:
            # The first of a type is that of the content itself, before those of its edits.
            found = [(one.type, one.value) for one in prints.get(entry.pk, ()) if not one.variant]
            yield _as_values(entry, found)
        beyond = page[-1].position


def _page(hash_list: HashList, beyond: int) -> list[Entry]:
    rows = Entry.objects.select_related("series").filter(
        hash_list=hash_list, position__gt=beyond, removed_at__isnull=True, set_aside=False
    )
    return list(rows.order_by("position")[:_PAGE])


def _as_values(entry: Entry, prints: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "key": entry.key,
        "media": entry.media,
        "classification": entry.classification,
        "series": entry.series.name if entry.series else "",
        "changed_at": entry.changed_at,
        "prints": prints,
        "extra": entry.extra.get("vics", {}),
    }


def _for_vics(hash_list: HashList, entry: dict[str, Any]) -> dict[str, Any]:
    told = entry["extra"].get("Category")
    category = told if told is not None else _CATEGORY.get(Content(hash_list.content), 0)
    return {**entry, "category": category}
