"""When a file is on a list, how that was found, and what it allows to say. Pure.

Three layers, strongest first. *digest*: bytes that were read here have the digest that the list
gives. *declared*: somebody declared a fingerprint of the file that the list has, or one near it.
*pdq*: the picture looks like the one on the list. Only the first may count as known, and only
where the list's policy trusts it; none of them ever labels (reference "hash-matching", section 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tipline.insight.lists.rules_entries import DIGESTS, EQUAL_ONLY, PDQ
from tipline.insight.lists.rules_policy import ListRules, Part, Trust
from tipline.insight.matching.hashes import FRAME, Orientation
from tipline.insight.matching.rules import NearPolicy
from tipline.insight.matching.rules_films import FilmPolicy, near_by_frames

#: So many near entries of one list are kept for a file, nearest first.
MOST_NEAR = 10

#: The digests of a file without a byte: they name nothing.
OF_NOTHING = frozenset(
    {
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }
)

Values = Mapping[str, frozenset[str]]
"""Fingerprints in text form by their type."""


class Layer(StrEnum):
    DIGEST = "digest"
    DECLARED = "declared"
    PDQ = "pdq"


@dataclass(frozen=True, slots=True)
class Found:
    """One match: its layer, the type that decided, and for a near one how it was found.

    ``share``: of two videos, of how many of the file's frames in percent.
    """

    entry: int
    layer: Layer
    type: str
    distance: int = 0
    orientation: str = ""
    probe: str = ""
    variant: str = ""
    share: int = 0


@dataclass(frozen=True, slots=True)
class Near:
    """An entry's hash near one of the file's; ``quality`` of each side, None when not told.

    ``changed``: whether either picture was turned or cut for it (``Way.changed`` of matching).
    """

    entry: int
    distance: int
    qualities: tuple[int | None, int | None]
    orientation: str = Orientation.UPRIGHT
    probe: str = ""
    variant: str = ""
    changed: bool = False


def same_bytes(file: Values, entry: Values) -> str | None:
    """The digest by which two contents are the same; None when they are not.

    The strongest that both sides have decides: a weaker one that agrees where it differs was
    made to (collisions of MD5 and SHA-1 can be made to order).
    """
    for kind in DIGESTS:
        mine, theirs = file.get(kind, frozenset()), entry.get(kind, frozenset())
        if mine and theirs:
            return kind if (mine & theirs) - OF_NOTHING else None
    return None


def declared_same(told: Values, entry: Values) -> str | None:
    """The type of a declared fingerprint that the entry has, too; strongest first.

    Fingerprints of hashers that we do not have say the same when they are equal.
    """
    exact = same_bytes(told, entry)
    if exact is not None:
        return exact
    wanted = (kind for kind in EQUAL_ONLY if told.get(kind, frozenset()) & entry.get(kind, set()))
    return next(wanted, None)


def near_ones(found: Iterable[Near], rules: ListRules, layer: Layer = Layer.PDQ) -> list[Found]:
    """Those of one list that its policy lets count: the nearest of each entry, a few at most."""
    nearest: dict[int, Near] = {}
    for one in sorted(found, key=_nearest_first):
        if _counts(one, rules):
            nearest.setdefault(one.entry, one)
    return [
        Found(one.entry, layer, PDQ, one.distance, one.orientation, one.probe, one.variant)
        for one in list(nearest.values())[:MOST_NEAR]
    ]


def near_films(
    near: Mapping[int, Mapping[int, int]], of_file: int, rules: ListRules
) -> list[Found]:
    """Entries of one list, made of videos, that a video is like; the nearest, a few at most.

    ``near``: per entry the frames of the file that came near one of its, and how near. The rule
    is that of vPDQ (``matching.rules_films``).
    """
    policy = FilmPolicy(radius=rules.radius, quality_floor=rules.quality_floor)
    found = [
        Found(entry, Layer.PDQ, PDQ, film.distance, variant=FRAME, share=film.share)
        for entry, frames in near.items()
        if (film := near_by_frames(frames.values(), of_file, policy)) is not None
    ]
    return sorted(found, key=lambda one: (one.distance, one.entry))[:MOST_NEAR]


def _nearest_first(one: Near) -> tuple[int, int, bool, str, str, str]:
    """Of equally near ones the plainest: the picture as it stands before one that was turned."""
    turned = one.orientation != Orientation.UPRIGHT
    return one.distance, one.entry, turned, one.probe, one.variant, one.orientation


def _counts(one: Near, rules: ListRules) -> bool:
    """A quality that is not told is taken to be that of the other side, or a good one."""
    known = [quality for quality in one.qualities if quality is not None] or [100]
    policy = NearPolicy(radius=rules.radius, quality_floor=rules.quality_floor)
    return one.distance <= policy.reach((min(known), max(known)), changed=one.changed)


def may_be_known(layer: str, rules: ListRules) -> bool:
    """Whether a match lets the file count as known material: never one that only suggests."""
    return layer == Layer.DIGEST and rules.trust is Trust.KNOWN


@dataclass(frozen=True, slots=True)
class Standing:
    """A match as it stands with people: ``right`` is the newest verdict, None without one."""

    layer: str
    distance: int
    part: str
    right: bool | None = None


def hidden(matches: Sequence[Standing]) -> list[bool]:
    """Which matches are not shown, because the file is known to be harmless. In their order.

    A suppressing match that nobody denied hides what only looks alike and is no nearer to the
    file than it is: the same bytes on a suppressing list hide every near match. An exact match
    of bytes or of a declared digest is never hidden, and neither is what a person confirmed.
    """
    harmless = [
        0 if one.layer == Layer.DIGEST else one.distance
        for one in matches
        if one.part == Part.SUPPRESSES and one.right is not False and one.layer != Layer.DECLARED
    ]
    limit = min(harmless, default=None)
    return [
        limit is not None
        and one.part == Part.REPORTS
        and one.layer == Layer.PDQ
        and one.right is not True
        and one.distance >= limit
        for one in matches
    ]
