"""Files that came before an entry of others and are turned copies of it.

The hash of a turned picture is made from the picture, not from its hash: what can be reckoned
from the bits alone is 22 to 30 of 256 bits off in the median, and the worse half is lost. But the
turned hashes of every file are kept (they are what it is looked for with when it comes in), in no
index, since seven more for each file would fill it. So all of them are gone through once for all
that changed on a list, a page at a time, each page held against the changed entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tipline.insight.lists.models import Entry, EntryFingerprint, Sweep
from tipline.insight.matching.queries import with_turned_near
from tipline.record.evidence.models import EvidenceFile

#: So many entries are held against all files in one pass at most, and so many contents at once.
ENTRIES = 20_000
CONTENTS = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """``files``: keys of those that may be turned copies. ``last``: no more contents follow."""

    sweep: Sweep
    key: int
    last: bool
    files: frozenset[int] = frozenset()


def next_page(list_id: int) -> Page | None:
    """What the next contents are near to once turned; None when all changes were looked at.

    Of our own lists there is nothing to do: their contents are here, and are turned themselves.
    """
    sweep = _begun(list_id)
    if sweep is None:
        return None
    wanted = _hashes(sweep)
    if not wanted:
        return Page(sweep, 0, last=True)
    key, near = with_turned_near(wanted, sweep.turned_key, CONTENTS)
    files = EvidenceFile.objects.filter(sha256__in=near, size__gt=0)
    return Page(
        sweep, key or 0, last=key is None, files=frozenset(files.values_list("pk", flat=True))
    )


def done(page: Page) -> None:
    """Go on behind this page. Where somebody else did meanwhile, or began anew, nothing changes."""
    sweep = page.sweep
    told: dict[str, Any] = {"turned_key": page.key}
    if page.last:
        told = {"turned_position": sweep.turned_to, "turned_to": None, "turned_key": 0}
    Sweep.objects.filter(
        pk=sweep.pk, turned_to=sweep.turned_to, turned_key=sweep.turned_key
    ).update(**told)


def _begun(list_id: int) -> Sweep | None:
    """The pass that is under way, or a new one over what changed since the last."""
    sweep = Sweep.objects.filter(hash_list_id=list_id, hash_list__kind="foreign").first()
    if sweep is None or (sweep.turned_to is None and sweep.turned_position >= sweep.position):
        return None
    if sweep.turned_to is None:
        among = Entry.objects.filter(
            hash_list_id=list_id,
            position__gt=sweep.turned_position,
            position__lte=sweep.position,
        )
        positions = among.order_by("position").values_list("position", flat=True)[:ENTRIES]
        through = max(positions, default=sweep.position)
        rows = Sweep.objects.filter(
            pk=sweep.pk, turned_to=None, turned_position=sweep.turned_position
        )
        rows.update(turned_to=through, turned_key=0)
        sweep.turned_to, sweep.turned_key = through, 0
    return sweep


def _hashes(sweep: Sweep) -> list[bytes]:
    """PDQ hashes of the entries that this pass is for, of those that can match."""
    rows = EntryFingerprint.objects.filter(
        entry__hash_list=sweep.hash_list_id,
        entry__position__gt=sweep.turned_position,
        entry__position__lte=sweep.turned_to,
        entry__removed_at__isnull=True,
        entry__set_aside=False,
        pdq__isnull=False,
    )
    return [bytes(value or b"") for value in rows.values_list("pdq", flat=True)]
