"""Writing a page in the caller's transaction: what is so already is not written again."""

from __future__ import annotations

from typing import Final

from tipline.ground.foundation.events import announce
from tipline.insight.entities.events import LinkChanged
from tipline.insight.entities.history import reading
from tipline.insight.entities.history.engine import KeysPage, LinksPage
from tipline.insight.entities.judging.machine import SAID, write_links
from tipline.insight.entities.judging.settling import take_turn
from tipline.insight.entities.linking import said_of
from tipline.insight.entities.models import BlockingKey, Link
from tipline.record.reports.services import hold_all

#: Reports that are assessed again for a run wait behind what is new.
LANE: Final = "again:links"
_TOGETHER: Final = 500


def keep_keys(page: KeysPage) -> dict[str, int]:
    """Make these the keys of the page's reports; how many came and went."""
    there = reading.keys_between(page.after, page.last)
    wanted = {(number, key) for number, keys in page.found.items() for key in keys}
    gone = [pk for entry, pk in there.items() if entry not in wanted]
    new = [BlockingKey(report_id=number, key=key) for number, key in sorted(wanted - there.keys())]
    for start in range(0, len(gone), _TOGETHER):
        BlockingKey.objects.filter(pk__in=gone[start : start + _TOGETHER]).delete()
    # Another worker may be at one of these reports: it writes the same.
    BlockingKey.objects.bulk_create(new, batch_size=_TOGETHER, ignore_conflicts=True)
    return {"keys": len(wanted), "keys_new": len(new), "keys_gone": len(gone)}


def keep_links(page: LinksPage) -> dict[str, int]:
    """Make these the links of the page's reports to earlier ones; how many are others now.

    Whose counted links changed is assessed again.
    """
    there = _there(page)
    rows = {
        high: {low: said_of(low, high, one, page.version) for low, one in some.items()}
        for high, some in page.found.items()
    }
    moved = {
        high: rows.get(high, {})
        for high in sorted(there.keys() | rows.keys())
        if there.get(high) != {low: one.word for low, one in rows.get(high, {}).items()}
    }
    told: set[int] = set()
    if moved:
        take_turn(alone=False)
        hold_all(moved)
        told = write_links(moved)
    for number in sorted(told):
        announce(LinkChanged(number), lane=LANE, dedup_key=str(number))
    return {
        "compared": page.compared,
        "links": sum(map(len, rows.values())),
        "reports_changed": len(moved),
        "told": len(told),
    }


def _there(page: LinksPage) -> dict[int, dict[int, _Word]]:
    """What stands of the page's reports now, by both numbers."""
    stored = Link.objects.filter(high__gt=page.after, high__lte=page.last)
    rows = stored.exclude(machine=Link.Machine.GONE).values_list("low_id", "high_id", *SAID)
    found: dict[int, dict[int, _Word]] = {}
    for low, high, *said in rows:
        found.setdefault(high, {})[low] = tuple(said)
    return found


_Word = tuple[object, ...]
