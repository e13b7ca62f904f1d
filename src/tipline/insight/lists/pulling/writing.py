"""Keeping what a page told: entries, tombstones and the votes of others, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tipline.ground.foundation import clock
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.entries import MOST_AT_ONCE, remove_entries, write_entries
from tipline.insight.lists.models import Entry, HashList, Member
from tipline.insight.lists.pulling.rules_told import Page, Party, Problem, Told
from tipline.insight.lists.pulling.votes_kept import keep_votes
from tipline.insight.lists.rules_entries import Draft, Print, wrong_with

MOST_PROBLEMS = 20


@dataclass
class Kept:
    """What became of the rows of one or more pages; ``problems``: the first few of ``skipped``."""

    made: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    skipped: int = 0
    votes: int = 0
    rows: int = 0
    pages: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)

    def add(self, other: Kept) -> None:
        for name in ("made", "changed", "same", "removed", "skipped", "votes", "rows", "pages"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.problems = (self.problems + other.problems)[:MOST_PROBLEMS]

    @property
    def anything(self) -> bool:
        return bool(self.made or self.changed or self.removed or self.votes)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Kept:
        return cls(**data)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def keep_page(hash_list: HashList, us: int | None, page: Page) -> Kept:
    """Write one page; doing it twice has one effect. ``us``: our own number over there."""
    usable, skipped = _sorted(page)
    kept = Kept(rows=len(page.told), pages=1, skipped=len(skipped))
    kept.problems = [asdict(one) for one in skipped[:MOST_PROBLEMS]]
    with write_tx():
        members = _members(hash_list, page.told)
        for number, told in _by_owner(usable).items():
            _keep_owner(hash_list, members[number], told, kept)
        kept.votes = keep_votes(hash_list, us, members, _live(hash_list, members, usable))
    return kept


def _sorted(page: Page) -> tuple[list[tuple[Told, Draft | None]], list[Problem]]:
    """Each entry with its draft, None where it is to go; and what could not be kept.

    An entry without any fingerprint that can be compared here goes too, if it was there: what
    it had before is not what its owner says now.
    """
    usable: list[tuple[Told, Draft | None]] = []
    skipped = list(page.problems)
    for told in page.told:
        draft = None if told.removed else _draft(told)
        wrong = wrong_with(draft) if draft is not None else []
        if wrong:
            skipped.append(Problem(0, wrong[0].field, f"{told.owner.number}-{told.key}"[:120]))
        if not wrong or not told.prints:
            usable.append((told, None if wrong else draft))
    return usable, skipped


def _draft(told: Told) -> Draft:
    kept = {"unknown": told.unknown, "large": told.large}
    return Draft(
        told.key,
        told.media,
        tuple(Print(kind, value) for kind, value in told.prints),
        told.classification,
        told_at=told.at,
        extra={name: [list(pair) for pair in pairs] for name, pairs in kept.items() if pairs},
    )


def _members(hash_list: HashList, told: Sequence[Told]) -> dict[int, int]:
    """Keys of the members that a page names, by their number over there; new ones are made."""
    named = {party.number: party for one in told for party in _parties(one)}
    rows = Member.objects.filter(known_from=hash_list, remote_id__in=list(named))
    known = {row.remote_id or 0: row for row in rows}
    now = clock.now()
    Member.objects.bulk_create(
        Member(name=party.name, known_from=hash_list, remote_id=number, created_at=now)
        for number, party in named.items()
        if number not in known
    )
    renamed = [row for number, row in known.items() if row.name != named[number].name]
    for row in renamed:
        row.name = named[row.remote_id or 0].name
    Member.objects.bulk_update(renamed, ["name"])
    held = Member.objects.filter(known_from=hash_list, remote_id__in=list(named))
    return {number or 0: key for number, key in held.values_list("remote_id", "pk")}


def _parties(told: Told) -> Iterable[Party]:
    yield told.owner
    yield from (said.party for said in told.votes)


_Usable = Sequence[tuple[Told, Draft | None]]


def _by_owner(usable: _Usable) -> dict[int, list[tuple[Told, Draft | None]]]:
    found: dict[int, list[tuple[Told, Draft | None]]] = {}
    for told, draft in usable:
        found.setdefault(told.owner.number, []).append((told, draft))
    return found


def _keep_owner(hash_list: HashList, member: int, rows: _Usable, kept: Kept) -> None:
    drafts = [draft for _told, draft in rows if draft is not None]
    gone = [told.key for told, draft in rows if draft is None]
    for start in range(0, len(drafts), MOST_AT_ONCE):
        written = write_entries(hash_list.pk, member, drafts[start : start + MOST_AT_ONCE])
        kept.made += written.made
        kept.changed += written.changed
        kept.same += written.same
    if gone:
        removed = remove_entries(hash_list.pk, member, gone)
        kept.removed += removed
        kept.same += len(gone) - removed


def _live(hash_list: HashList, members: Mapping[int, int], usable: _Usable) -> dict[int, Told]:
    """What was told of each entry that is there now, by the entry's key in our table."""
    found: dict[int, Told] = {}
    for number, rows in _by_owner(usable).items():
        told = {one.key: one for one, draft in rows if draft is not None}
        held = Entry.objects.filter(
            hash_list=hash_list, member_id=members[number], key__in=list(told)
        )
        found |= {key: told[name] for key, name in held.values_list("pk", "key")}
    return found
