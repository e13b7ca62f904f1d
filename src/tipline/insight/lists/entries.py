"""The only writer of entries. Who may write has been asked by the caller's service."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tipline.ground.foundation.errors import Invalid
from tipline.insight.lists.models import Entry, EntryFingerprint
from tipline.insight.lists.positions import Turn, turn_of
from tipline.insight.lists.rules_entries import PDQ, Draft, Print, Wrong, wrong_with

#: So many drafts are written in one turn at most, so that readers wait for a moment only.
MOST_AT_ONCE = 1_000


@dataclass
class Written:
    """How many entries are new, changed, the same as before, or taken off."""

    made: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0

    def add(self, other: Written) -> None:
        self.made += other.made
        self.changed += other.changed
        self.same += other.same
        self.removed += other.removed


class WrongEntry(Invalid):
    """A draft is wrong: ``wrong`` has every problem, ``key`` says of which entry."""

    code = "invalid_entry"

    def __init__(self, key: str, wrong: Sequence[Wrong]) -> None:
        self.key = key
        self.wrong = tuple(wrong)
        first = self.wrong[0]
        super().__init__(f"Entry {key!r}: {first.field} {first.fix}.", field=first.field)


def write_entries(list_id: int, member_id: int, drafts: Iterable[Draft]) -> Written:
    """Make these the entries of a member under their keys; a tombstone comes back to life.

    What is the same already gets no new position, so the same call twice has one effect. At most
    :data:`MOST_AT_ONCE` drafts, each key once, all of them or none: :class:`WrongEntry`.
    """
    wanted = _by_key(drafts)
    with turn_of(list_id) as turn:
        rows = _held(list_id, member_id, wanted)
        plan = _Plan(turn, member_id, _series_of(wanted.values()), _prints_of(rows.values()))
        for key, draft in wanted.items():
            plan.take(draft, rows.get(key))
        return plan.carry_out()


def remove_entries(list_id: int, member_id: int, keys: Iterable[str]) -> int:
    """Take a member's entries off a list; how many were there. They stay as tombstones."""
    with turn_of(list_id) as turn:
        rows = Entry.objects.filter(
            hash_list_id=list_id, member_id=member_id, key__in=set(keys), removed_at__isnull=True
        )
        gone = [_removed(row, turn) for row in rows.order_by("pk")]
        Entry.objects.bulk_update(gone, ["position", "changed_at", "removed_at", "set_aside"])
        turn.hash_list.live -= len(gone)
        turn.hash_list.removed += len(gone)
    return len(gone)


def touch(turn: Turn, row: Entry) -> None:
    """Tell of this entry anew: what is told with it (votes, its series, quarantine) changed."""
    row.position, row.changed_at = turn.next(), turn.at
    row.save(update_fields=["position", "changed_at"])


def _removed(row: Entry, turn: Turn) -> Entry:
    row.position, row.changed_at, row.removed_at = turn.next(), turn.at, turn.at
    row.set_aside = False
    return row


def _by_key(drafts: Iterable[Draft]) -> dict[str, Draft]:
    wanted: dict[str, Draft] = {}
    for draft in drafts:
        if wrong := wrong_with(draft):
            raise WrongEntry(draft.key, wrong)
        if draft.key in wanted:
            raise WrongEntry(draft.key, [Wrong("id", "stands there twice; keep one")])
        wanted[draft.key] = draft
        if len(wanted) > MOST_AT_ONCE:
            raise Invalid(f"Write at most {MOST_AT_ONCE} entries at once.", field="entries")
    return wanted


def _held(list_id: int, member_id: int, keys: Collection[str]) -> dict[str, Entry]:
    rows = Entry.objects.filter(hash_list_id=list_id, member_id=member_id, key__in=list(keys))
    return {row.key: row for row in rows}


def _series_of(drafts: Iterable[Draft]) -> dict[str, int]:
    """Keys of the series that are named; one that nobody has named yet is made."""
    from tipline.insight.lists.series.services import series_named  # noqa: PLC0415 - one room

    names = {draft.series for draft in drafts if draft.series}
    return {name: series_named(name).pk for name in sorted(names)}


_Stored = tuple[str, str, int | None, str]


@dataclass
class _Plan:
    """What a turn is going to write; nothing is written before all drafts were taken."""

    turn: Turn
    member_id: int
    series: Mapping[str, int]
    stored: Mapping[int, set[_Stored]]
    made: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    prints: dict[str, Draft] = field(default_factory=dict)
    same: int = 0
    revived: int = 0

    def take(self, draft: Draft, row: Entry | None) -> None:
        told = self._told(draft, row)
        if row is None:
            self.made.append(self._new(draft, told))
        elif self._is(row, told, draft):
            self.same += 1
            return
        else:
            self.revived += row.removed_at is not None
            self.changed.append(self._again(row, told))
        self.prints[draft.key] = draft

    def carry_out(self) -> Written:
        Entry.objects.bulk_create(self.made)
        names = [*_TOLD, "position", "changed_at", "removed_at"]
        Entry.objects.bulk_update(self.changed, names)
        EntryFingerprint.objects.filter(entry__in=self.changed).delete()
        EntryFingerprint.objects.bulk_create(
            _row(entry, one)
            for entry in (*self.made, *self.changed)
            for one in self.prints[entry.key].prints
        )
        self.turn.hash_list.live += len(self.made) + self.revived
        self.turn.hash_list.removed -= self.revived
        return Written(made=len(self.made), changed=len(self.changed), same=self.same)

    def _told(self, draft: Draft, row: Entry | None) -> dict[str, Any]:
        kept = None if row is None else row.series_id
        return {
            "media": draft.media,
            "classification": draft.classification,
            "series_id": self.series.get(draft.series) if draft.series is not None else kept,
            "told_at": draft.told_at,
            "extra": dict(draft.extra),
        }

    def _is(self, row: Entry, told: Mapping[str, Any], draft: Draft) -> bool:
        if row.removed_at is not None:
            return False
        if any(getattr(row, name) != value for name, value in told.items() if name != "told_at"):
            return False
        wanted = {(one.type, one.stored, one.quality, one.variant) for one in draft.prints}
        return self.stored.get(row.pk, set()) == wanted

    def _new(self, draft: Draft, told: Mapping[str, Any]) -> Entry:
        at = self.turn.at
        return Entry(
            hash_list_id=self.turn.hash_list.pk,
            member_id=self.member_id,
            key=draft.key,
            position=self.turn.next(),
            changed_at=at,
            made_at=at,
            **told,
        )

    def _again(self, row: Entry, told: Mapping[str, Any]) -> Entry:
        for name, value in told.items():
            setattr(row, name, value)
        row.position, row.changed_at, row.removed_at = self.turn.next(), self.turn.at, None
        return row


_TOLD = ("media", "classification", "series_id", "told_at", "extra")


def _prints_of(entries: Iterable[Entry]) -> dict[int, set[_Stored]]:
    found: dict[int, set[_Stored]] = {}
    rows = EntryFingerprint.objects.filter(entry__in=[entry.pk for entry in entries])
    columns = ("entry_id", "type", "value", "quality", "variant")
    for key, kind, value, quality, variant in rows.values_list(*columns):
        found.setdefault(key, set()).add((kind, value, quality, variant))
    return found


def _row(entry: Entry, one: Print) -> EntryFingerprint:
    return EntryFingerprint(
        entry=entry,
        type=one.type,
        value=one.stored,
        opaque=one.opaque,
        pdq=bytes.fromhex(one.value) if one.type == PDQ else None,
        quality=one.quality,
        variant=one.variant,
    )
