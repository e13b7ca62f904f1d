"""Pictures changed, read as the decoding child reads them, and compared as matching does."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from PIL import Image

from benchmarks.robustness.edits import Edit
from benchmarks.sources import Picture
from tipline.insight.matching import decoding
from tipline.insight.matching.answers import as_fingerprint
from tipline.insight.matching.hashes import HASH_BYTES, TRIMMED, WHOLE, Orientation
from tipline.insight.matching.rules import QUALITY_FLOOR, RADIUS, NearPolicy
from tipline.insight.matching.rules_probes import Nearest, Print, distance, nearest, probes

Say = Callable[[str], None]
#: As the study counted: within the radius, however plain.
_ANY_QUALITY = NearPolicy(quality_floor=0)
_ANY_DISTANCE = NearPolicy(radius=256, plain_radius=256)


@dataclass(frozen=True, slots=True)
class Known:
    """A picture and what is stored of it: as of any file, and as of confirmed material."""

    picture: Picture
    plain: tuple[Print, ...]
    confirmed: tuple[Print, ...]


def known(picture: Picture) -> Known | None:
    """None when the picture is too plain to be compared at all."""
    out = io.BytesIO()
    Image.fromarray(picture.pixels).save(out, "PNG", compress_level=1)
    plain = prints(out.getvalue())
    if plain[0].quality < QUALITY_FLOOR:
        return None
    said, hashes = decoding.variants(out.getvalue(), {})
    cuts = [
        Print(one["variant"], hashes[at * HASH_BYTES : (at + 1) * HASH_BYTES], one["quality"])
        for at, one in enumerate(said["variants"])
    ]
    return Known(picture, plain, (*plain, *cuts))


def prints(data: bytes) -> tuple[Print, ...]:
    """What is stored of a file: whole, and trimmed when it has borders."""
    told = as_fingerprint(*decoding.fingerprint(data, {"oriented": True}))
    found = [(WHOLE, told.whole), (TRIMMED, told.trimmed)]
    return tuple(
        Print(variant, each.value, each.quality, each.turned)
        for variant, each in found
        if each is not None
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One edit over all pictures; shares are of the pictures. ``ways``: what helped, counted.

    ``bare``: the hash as it stands within the radius; ``helped``: any of a picture's hashes near
    what is stored of every file; ``confirmed``: or near a variant of confirmed material.
    ``too_plain``: copies that are not searched at all. All others count them as if they were,
    as the study did.
    """

    edit: Edit
    distances: Sequence[int]
    bare: float
    helped: float
    confirmed: float
    searched: float
    ways: Counter[str]


def measure(edit: Edit, pictures: Sequence[Known]) -> Row:
    """Change every picture and look whether it is recognised."""
    rows = [_one(edit, one) for one in pictures]
    ways = Counter(_way(row[2]) for row in rows if row[2] is not None)
    return Row(
        edit,
        [row[0] for row in rows],
        bare=_share(row[0] <= RADIUS for row in rows),
        helped=_share(row[1] for row in rows),
        confirmed=_share(row[2] is not None for row in rows),
        searched=_share(row[3] for row in rows),
        ways=ways,
    )


def _one(edit: Edit, one: Known) -> tuple[int, bool, Nearest | None, bool]:
    copy = prints(edit.saved(one.picture.pixels))
    looked_for = probes(copy, floor=0)
    return (
        distance(copy[0].value, one.plain[0].value),
        nearest(looked_for, one.plain, _ANY_QUALITY) is not None,
        nearest(looked_for, one.confirmed, _ANY_QUALITY),
        nearest(probes(copy), one.confirmed) is not None,
    )


def _share(yes: object) -> float:
    told = [bool(one) for one in yes]  # type: ignore[attr-defined]
    return sum(told) / len(told)


def _way(found: Nearest) -> str:
    words = [
        "trimmed" if found.probe.trimmed else "",
        "negative" if found.probe.inverted else "",
        "enlarged" if found.probe.enlarged else "",
        "turned" if found.probe.orientation is not Orientation.UPRIGHT else "",
        found.stored.variant.rpartition("-")[0] or found.stored.variant,
    ]
    return " ".join(word for word in words if word) or "as it stands"


@dataclass(frozen=True, slots=True)
class Unrelated:
    """All pairs of pictures of different sources: how near the nearest came, and how often.

    ``nearest_helped``: with every help but variants; ``nearest_confirmed``: with them, too.
    ``false``: pairs that would be told to be alike, by name.
    """

    pairs: int
    nearest_bare: int
    nearest_helped: int
    nearest_confirmed: int
    false: Sequence[str]

    def as_row(self) -> dict[str, object]:
        return {
            "pairs": self.pairs,
            "nearest_bare": self.nearest_bare,
            "nearest_helped": self.nearest_helped,
            "nearest_confirmed": self.nearest_confirmed,
            "false": list(self.false),
        }


def unrelated(pictures: Sequence[Known]) -> Unrelated:
    """Each picture looked for among those of other sources, with every help."""
    bare, helped, confirmed, false = [], [], [], []
    for one in pictures:
        looked_for = probes(one.plain)
        for other in pictures:
            if one.picture.source == other.picture.source:
                continue
            bare.append(distance(one.plain[0].value, other.plain[0].value))
            helped.append(_least(nearest(looked_for, other.plain, _ANY_DISTANCE)))
            confirmed.append(_least(nearest(looked_for, other.confirmed, _ANY_DISTANCE)))
            if nearest(looked_for, other.confirmed) is not None:
                false.append(f"{one.picture.name} and {other.picture.name}")
    return Unrelated(len(bare), min(bare), min(helped), min(confirmed), false)


def _least(found: Nearest | None) -> int:
    return 256 if found is None else found.distance


def middle(values: Sequence[int]) -> float:
    return median(values)
