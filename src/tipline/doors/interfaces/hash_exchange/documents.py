"""The answers as XML, element by element. Existing clients read them; see the reference page.

No element may be added here: a client reads each child of a list as an entry, and each child of
the members as a member.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from tipline.doors.interfaces.hash_exchange.rules_types import (
    INLINE,
    LARGE,
    in_address,
    in_entry,
    in_feedback,
)
from tipline.doors.interfaces.hash_exchange.rules_window import written
from tipline.ground.foundation.xml import Node, element
from tipline.ground.foundation.xml_streaming import Close, Open, Step

if TYPE_CHECKING:
    from tipline.insight.lists.changes import Change
    from tipline.insight.lists.models import Entry, EntryFingerprint, Member, Vote

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
_MEDIA = ("image", "video")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a fingerprint is voted down, as it may be named."""

    guid: str
    name: str
    kind: str


def member(row: Member) -> Node:
    return element("member", text=row.name, attributes={"id": str(row.pk)})


def status(address: str, username: str, row: Member) -> Iterator[Step]:
    yield element("ipAddress", text=address)
    yield element("username", text=username)
    yield member(row)


def reasons(rows: Sequence[Reason]) -> Iterator[Step]:
    """At the top as it is documented, and once more one level down, where a client looks."""
    shown = [_reason(row) for row in rows]
    yield from shown
    yield element("availableFeedbackReasons", *shown)


def _reason(row: Reason) -> Node:
    said = {"guid": row.guid, "name": row.name, "type": in_feedback(row.kind)}
    return element("reason", attributes=said)


Names = Mapping[str, Mapping[str, str]]


def page(rows: Sequence[Change], following: str, names: Names) -> Iterator[Step]:
    """Images, videos, the link. ``names``: of reasons, by type and guid."""
    for media in _MEDIA:
        here = [row for row in rows if row.entry.media == media]
        if not here:
            continue
        newest = max(row.entry.changed_at for row in here)
        yield Open(f"{media}s", {"count": str(len(here)), "maxTimestamp": written(newest)})
        for row in here:
            yield _entry(row, names)
        yield Close()
    if following:
        yield element("paging", element("next", text=following))


def _entry(row: Change, names: Names) -> Node:
    entry = row.entry
    head = (
        member(entry.member),
        element("timestamp", text=written(entry.changed_at)),
        element("id", text=entry.key),
    )
    if entry.removed_at is not None:
        return element(f"deleted{entry.media.capitalize()}", *head)
    parts = [*head]
    if entry.classification:
        parts.append(element("classification", text=entry.classification))
    parts.append(element("fingerprints", *_prints(entry, row.prints)))
    if row.votes:
        parts.append(element("feedback", *_feedback(row.votes, names)))
    return element(entry.media, *parts)


def _prints(entry: Entry, rows: Iterable[EntryFingerprint]) -> Iterator[Node]:
    """Those of the content itself, not of its edits, and of types that the wire knows."""
    for one in rows:
        if one.variant:
            continue
        if one.type in INLINE:
            yield element(one.type, text=one.value)
        elif one.type in LARGE:
            href = f"/v2/entries/{entry.member_id}/{entry.key}/{in_address(one.type)}"
            yield element(in_entry(one.type), attributes={"rel": "self", "href": href})


def _feedback(votes: Sequence[Vote], names: Names) -> Iterator[Node]:
    """Per type who said yes, then who said no and why; votes come ordered by type."""
    for kind, group in groupby(votes, key=lambda one: one.type):
        said = list(group)
        if yes := [one for one in said if one.affirmative]:
            yield element("affirmativeFeedback", _members(yes), attributes=_said_of(kind, yes))
        if no := [one for one in said if not one.affirmative]:
            known = names.get(kind, {})
            yield element(
                "negativeFeedback", _refusals(kind, no, known), attributes=_said_of(kind, no)
            )


def _said_of(kind: str, votes: Sequence[Vote]) -> dict[str, str]:
    newest: datetime = max(one.at for one in votes)
    return {"type": in_feedback(kind), "lastUpdateTimestamp": written(newest)}


def _refusals(kind: str, votes: Sequence[Vote], names: Mapping[str, str]) -> Node:
    """Reason, members, reason, members: strictly in turn."""
    guids = sorted({guid for one in votes for guid in one.reasons})
    parts = []
    for guid in guids:
        parts.append(_reason(Reason(guid, names.get(guid, ""), kind)))
        parts.append(_members([one for one in votes if guid in one.reasons]))
    return element("reasons", *parts)


def _members(votes: Sequence[Vote]) -> Node:
    return element("members", *(member(one.member) for one in votes))
