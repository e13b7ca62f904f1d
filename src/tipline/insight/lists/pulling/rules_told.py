"""What one page of a hash list tells, read from its XML. Pure: bytes were read before.

A page may hold what nobody foresaw. Nothing of it stops the rest: an entry that cannot be kept
is named in ``problems`` by its line, a fingerprint of an unknown type is kept as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tipline.ground.foundation.times import read_time

if TYPE_CHECKING:
    from tipline.ground.foundation.xml import Node

LONGEST_KEY = 100
LONGEST_WORD = 200
LONGEST_VALUE = 4_000
MEDIA = frozenset({"image", "video"})
_KEY = re.compile(r"[A-Za-z0-9._~:-]+")
_MOST_ID = 2**63


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be kept: the line in the page, a code, and of what."""

    line: int
    code: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A member of that exchange, under the number it has there."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """A vote of another member on one type of fingerprint; reasons are (guid, name)."""

    type: str
    party: Party
    affirmative: bool
    reasons: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One entry in its latest state. ``large``: (type, address below the root)."""

    owner: Party
    key: str
    media: str
    removed: bool
    at: datetime | None = None
    classification: str = ""
    prints: tuple[tuple[str, str], ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    large: tuple[tuple[str, str], ...] = ()
    votes: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """``following``: the link to the next page as written, empty behind the last one."""

    told: tuple[Told, ...]
    following: str = ""
    newest: datetime | None = None
    problems: tuple[Problem, ...] = ()


class NotAPage(Exception):  # noqa: N818 - says what it is
    """Well-formed, but no answer to what was asked."""


_SHAPES: Mapping[str, re.Pattern[str]] = {
    "md5": re.compile("[0-9a-f]{32}"),
    "sha1": re.compile("[0-9a-f]{40}"),
    "pdq": re.compile("[0-9a-f]{64}"),
    "pdna": re.compile("[A-Za-z0-9+/]{192}"),
    "netclean": re.compile(r"\S{1,4000}"),
}
_HEX = frozenset({"md5", "sha1", "pdq"})


def read_page(root: Node) -> Page:
    """The entries, the link and what could not be read. :class:`NotAPage` for another document."""
    if _name(root) != "queryresult":
        raise NotAPage(_name(root)[:50])
    told, problems = dict[tuple[int, str], Told](), list[Problem]()
    newest: datetime | None = None
    for listed in root.children:
        if _name(listed) not in {"images", "videos"}:
            continue
        at = _time(listed.attributes.get("maxTimestamp", ""))
        newest = max((one for one in (newest, at) if one), default=None)
        for node in listed.children:
            entry = _entry(node, problems)
            if entry is not None:  # told twice in a page: the later one stands
                told[entry.owner.number, entry.key] = entry
    following = _text(_child(_child(root, "paging"), "next"))
    return Page(tuple(told.values()), following, newest, tuple(problems))


def _entry(node: Node, problems: list[Problem]) -> Told | None:
    media = _name(node)
    removed = media.startswith("deleted")
    media = media.removeprefix("deleted")
    if media not in MEDIA:
        problems.append(Problem(node.line, "kind", _name(node)[:50]))
        return None
    owner, key = _party(_child(node, "member")), _text(_child(node, "id"))
    if owner is None or not _KEY.fullmatch(key) or len(key) > LONGEST_KEY:
        problems.append(Problem(node.line, "member" if owner is None else "id", key[:50]))
        return None
    at = _time(_text(_child(node, "timestamp")))
    if removed:
        return Told(owner, key, media, removed=True, at=at)
    prints = _Prints(problems, f"{owner.number}-{key}")
    prints.read(_child(node, "fingerprints"))
    return Told(
        owner, key, media, removed=False, at=at,
        classification=_text(_child(node, "classification"))[:LONGEST_WORD],
        prints=tuple(dict.fromkeys(prints.known)),
        unknown=tuple(dict.fromkeys(prints.unknown)),
        large=tuple(dict.fromkeys(prints.large)),
        votes=tuple(_votes(_child(node, "feedback"), problems)),
    )  # fmt: skip


@dataclass(slots=True)
class _Prints:
    """The fingerprints of one entry, sorted by what can be made of them."""

    problems: list[Problem]
    entry: str
    known: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    large: list[tuple[str, str]] = field(default_factory=list)

    def read(self, listed: Node | None) -> None:
        for node in listed.children if listed else ():
            kind, text = _name(node), "".join(node.text.split())
            if node.attributes.get("href"):
                self.large.append((kind[:50], node.attributes["href"][:LONGEST_WORD]))
            elif text:
                self._take(node, kind, text.lower() if kind in _HEX else text)

    def _take(self, node: Node, kind: str, text: str) -> None:
        shape = _SHAPES.get(kind)
        if shape is None and len(text) <= LONGEST_VALUE:
            self.unknown.append((kind[:50], text))
        elif shape is not None and shape.fullmatch(text):
            self.known.append((kind, text))
        else:
            self.problems.append(Problem(node.line, "fingerprint", f"{kind} {self.entry}"[:120]))


def _votes(feedback: Node | None, problems: list[Problem]) -> Iterator[Said]:
    """Everything said of an entry; a member stands once per type, with all its reasons."""
    for node in feedback.children if feedback else ():
        kind, at = node.attributes.get("type", "").lower()[:20], _vote_time(node)
        if _name(node) == "affirmativefeedback":
            for party in _parties(_child(node, "members")):
                yield Said(kind, party, affirmative=True, at=at)
        elif _name(node) == "negativefeedback":
            for party, reasons in _negative(_child(node, "reasons"), problems).items():
                yield Said(kind, party, affirmative=False, reasons=tuple(reasons), at=at)
        else:
            problems.append(Problem(node.line, "feedback", _name(node)[:50]))


def _negative(listed: Node | None, problems: list[Problem]) -> dict[Party, list[tuple[str, str]]]:
    """Reason, members, reason, members: who gave which reasons."""
    found: dict[Party, list[tuple[str, str]]] = {}
    reason: Node | None = None
    for node in listed.children if listed else ():
        if _name(node) == "reason":
            reason = node
        elif _name(node) == "members" and reason is not None:
            guid, name = reason.attributes.get("guid", ""), reason.attributes.get("name", "")
            for party in _parties(node):
                found.setdefault(party, []).append((guid[:64], name[:LONGEST_WORD]))
            reason = None
        else:
            problems.append(Problem(node.line, "feedback", _name(node)[:50]))
    return found


def _parties(listed: Node | None) -> Iterator[Party]:
    for node in listed.children if listed else ():
        if party := _party(node):
            yield party


def _party(node: Node | None) -> Party | None:
    text = node.attributes.get("id", "").strip() if node else ""
    if node is None or not text.isascii() or not text.isdecimal() or int(text[:20]) >= _MOST_ID:
        return None
    return Party(int(text), " ".join(node.text.split())[:LONGEST_WORD])


def read_members(root: Node) -> tuple[Party, ...]:
    """The participants: every child that is a member."""
    return tuple(_parties(root))


def read_status(root: Node) -> Party:
    """Who we are over there. :class:`NotAPage` when the answer does not say."""
    party = _party(_child(root, "member"))
    if party is None:
        raise NotAPage(_name(root)[:50])
    return party


def read_reasons(root: Node) -> tuple[tuple[str, str], ...]:
    """(guid, name) of each reason, whether it stands at the top or one level down."""
    found: dict[str, str] = {}
    for node in (root, *root.children):
        for one in node.children:
            if _name(one) == "reason" and one.attributes.get("guid"):
                found[one.attributes["guid"][:64]] = one.attributes.get("name", "")[:LONGEST_WORD]
    return tuple(found.items())


def _name(node: Node) -> str:
    """The tag in lower case, whatever its namespace."""
    return node.tag.rpartition("}")[2].lower()


def _child(node: Node | None, name: str) -> Node | None:
    found = (one for one in node.children if _name(one) == name) if node else iter(())
    return next(found, None)


def _text(node: Node | None) -> str:
    return node.text.strip() if node else ""


def _vote_time(node: Node) -> datetime | None:
    return _time(node.attributes.get("lastUpdateTimestamp", ""))


def _time(text: str) -> datetime | None:
    instant = read_time(text).instant if text else None
    return instant.astimezone(UTC) if instant else None
