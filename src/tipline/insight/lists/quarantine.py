"""Entries and lists that match far more than before are set aside until a person has looked.

What is set aside matches nothing; its matches are withdrawn, not lost, and come back with its
release.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM, Actor, Permission
from tipline.ground.foundation.errors import Conflict, NotVisible
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.entries import remove_entries, touch
from tipline.insight.lists.events import ListChanged
from tipline.insight.lists.models import Entry, HashList, ListMatch, Quarantine, Sweep
from tipline.insight.lists.policies import InForce, in_force
from tipline.insight.lists.positions import turn_of
from tipline.insight.lists.rules_flood import DAYS_BEFORE, Rate, entry_floods, list_floods

_DAY = timedelta(days=1)


def watch() -> int:
    """Set aside what floods now; how many entries and lists."""
    now, aside = clock.now(), 0
    for policy in in_force().values():
        if policy.rules.flood_least:
            aside += _watch_list(policy, now)
    return aside


def _watch_list(policy: InForce, now: datetime) -> int:
    """First single entries; the list only where many of them together explain it."""
    aside = sum(
        _set_aside(policy.hash_list, rate, entry)
        for entry, rate in _busy_entries(policy, now)
        if entry_floods(rate, policy.rules)
    )
    rate = _rate(_matches(policy.hash_list), now, policy.hash_list.created_at)
    if list_floods(rate, policy.rules):
        aside += _set_aside(policy.hash_list, rate, None)
    return aside


def _matches(hash_list: HashList) -> QuerySet[ListMatch]:
    """Matches that count: of real reports, and of entries that are not set aside already."""
    rows = ListMatch.objects.filter(entry__hash_list=hash_list, entry__set_aside=False)
    return rows.exclude(file__report__sender__test_only=True)


def _busy_entries(policy: InForce, now: datetime) -> Iterable[tuple[Entry, Rate]]:
    today = _matches(policy.hash_list).filter(at__gt=now - _DAY, entry__removed_at__isnull=True)
    counts = today.order_by().values_list("entry_id").annotate(n=Count("file", distinct=True))
    keys = [key for key, _n in counts.filter(n__gte=policy.rules.flood_least)]
    for entry in Entry.objects.filter(pk__in=keys).order_by("pk"):
        yield entry, _rate(ListMatch.objects.filter(entry=entry), now, entry.made_at)


def _rate(rows: QuerySet[ListMatch], now: datetime, since: datetime) -> Rate:
    """Files of the last day, and of the whole days before it since ``since``."""
    start = max(since, now - _DAY * (DAYS_BEFORE + 1))
    days = max(0, (now - _DAY - start) // _DAY)
    before = rows.filter(at__gt=now - _DAY * (days + 1), at__lte=now - _DAY)
    return Rate(_files(rows.filter(at__gt=now - _DAY)), _files(before), days)


def _files(rows: QuerySet[ListMatch]) -> int:
    return rows.order_by().values("file").distinct().count()


def _set_aside(hash_list: HashList, rate: Rate, entry: Entry | None) -> bool:
    """True when this call did it."""
    with write_tx(), turn_of(hash_list.pk) as turn:
        _row, new = Quarantine.objects.get_or_create(
            hash_list=hash_list,
            entry=entry,
            ended_at__isnull=True,
            defaults={"found": rate.today, "expected": rate.expected, "at": clock.now()},
        )
        if not new:
            return False
        if entry is not None:
            _mark(entry, set_aside=True)
            touch(turn, entry)
        else:
            _look_at_all_again(hash_list)
        detail = {"entry": entry.pk if entry else None, "found": rate.today}
        record(SYSTEM, Verb.LIST_SET_ASIDE, f"list:{hash_list.pk}", detail=detail)
    return True


def _mark(entry: Entry, *, set_aside: bool) -> None:
    entry.set_aside = set_aside
    entry.save(update_fields=["set_aside"])


def _look_at_all_again(hash_list: HashList) -> None:
    Sweep.objects.update_or_create(hash_list=hash_list, defaults=Sweep.BEGINNING)
    announce(ListChanged(hash_list.pk), lane="lists", dedup_key=str(hash_list.pk))


def waiting_for(actor: Actor) -> QuerySet[Quarantine]:
    """What is set aside now, the oldest first."""
    actor.require(Permission.LISTS_READ)
    rows = Quarantine.objects.select_related("hash_list", "entry")
    return rows.filter(ended_at__isnull=True).order_by("pk")


def release(actor: Actor, quarantine_id: int, *, remove: bool = False) -> None:
    """A person has looked: it speaks again, or the entry goes for good. :class:`Conflict` when
    somebody has decided meanwhile.
    """
    actor.require(Permission.LISTS_MANAGE)
    row = Quarantine.objects.select_related("hash_list", "entry").filter(pk=quarantine_id).first()
    if row is None or (remove and row.entry is None):
        raise NotVisible("There is no such quarantine.")
    with write_tx(), turn_of(row.hash_list_id) as turn:
        open_rows = Quarantine.objects.filter(pk=row.pk, ended_at__isnull=True)
        if not open_rows.update(
            finding="removed" if remove else "released",
            ended_by_id=actor.person_id,
            ended_at=clock.now(),
        ):
            raise Conflict("Somebody has decided about this meanwhile.")
        if row.entry is None:
            _look_at_all_again(row.hash_list)
        else:
            entry = Entry.objects.get(pk=row.entry.pk)
            _mark(entry, set_aside=False)
            touch(turn, entry)
        detail = {"quarantine": row.pk, "entry": row.entry_id, "removed": remove}
        record(actor, Verb.LIST_RELEASED, f"list:{row.hash_list_id}", detail=detail)
    if remove and row.entry is not None:
        remove_entries(row.hash_list_id, row.entry.member_id, [row.entry.key])
