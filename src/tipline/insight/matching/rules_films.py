"""When two videos are alike: the rule of vPDQ. Pure.

Enough frames of the one are near some frame of the other (ThreatExchange, ``vpdq/README.md``:
distance 31, quality 50, 80 percent of the query's frames, none of the compared one's): so a
clip is found in the film that it was cut from, and not the film by its clip.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median_low

from tipline.insight.matching.hashes import FRAME
from tipline.insight.matching.rules import QUALITY_FLOOR, RADIUS, Way
from tipline.insight.matching.rules_probes import Print, distance


@dataclass(frozen=True, slots=True)
class FilmPolicy:
    """Bits, quality, and the shares of frames of the new and of the other film, in percent."""

    radius: int = RADIUS
    quality_floor: int = QUALITY_FLOOR
    least_of_new: int = 80
    least_of_other: int = 0


USUAL = FilmPolicy()


@dataclass(frozen=True, slots=True)
class NearFilm:
    """How near two films are. ``distance``: of a middling pair of near frames, in bits."""

    share: int
    share_of_other: int
    distance: int

    @property
    def way(self) -> Way:
        return Way(variant=FRAME, share=self.share)


def frames(prints: Iterable[Print], policy: FilmPolicy = USUAL) -> list[Print]:
    """The frames that are not too plain to be compared; none of a picture."""
    return [one for one in prints if one.variant == FRAME and one.quality >= policy.quality_floor]


def near_film(
    new: Sequence[Print], other: Sequence[Print], policy: FilmPolicy = USUAL
) -> NearFilm | None:
    """How near two films are by their frames; None where they are not alike."""
    if not new or not other:
        return None
    least = [min(distance(one.value, each.value) for each in other) for one in new]
    found = near_by_frames(least, len(new), policy)
    if found is None:
        return None
    share_of_other = _share_of_other(new, other, policy)
    if share_of_other < policy.least_of_other:
        return None
    return replace(found, share_of_other=share_of_other)


def near_by_frames(
    least: Iterable[int], of_new: int, policy: FilmPolicy = USUAL
) -> NearFilm | None:
    """The same by how near each frame of the new film came to any of the other, if at all."""
    near = [bits for bits in least if bits <= policy.radius]
    share = 100 * len(near) // of_new if of_new else 0
    if not near or share < policy.least_of_new:
        return None
    return NearFilm(share, 0, median_low(near))


def _share_of_other(new: Sequence[Print], other: Sequence[Print], policy: FilmPolicy) -> int:
    shown = sum(
        any(distance(one.value, each.value) <= policy.radius for one in new) for each in other
    )
    return 100 * shown // len(other)
