"""With which hashes a picture is looked for, and which of them came nearest. Pure.

A copy may have been turned, mirrored, framed or made a negative. What the hash of the turned
copy would be is computed when a picture comes in, and looked for like its own: so what is
stored stays one hash a picture (two with borders), and every way costs one search more. A small
picture is looked for as if it were twice as large, too: see :func:`.pdq.enlarged`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tipline.insight.matching.hashes import HASH_BYTES, TRIMMED, WHOLE, Orientation
from tipline.insight.matching.rules import QUALITY_FLOOR, NearPolicy, Way

USUAL = NearPolicy()


@dataclass(frozen=True, slots=True)
class Print:
    """A stored hash: of which variant, of what quality, and turned the seven other ways.

    ``turned``: 224 bytes in the order of :class:`Orientation`, behind them of a small picture the
    256 of all eight when it is enlarged; or none.
    """

    variant: str
    value: bytes
    quality: int
    turned: bytes = b""
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class Probe:
    """A hash that is looked for, and what was done to the picture to get it."""

    value: bytes
    quality: int
    orientation: Orientation = Orientation.UPRIGHT
    trimmed: bool = False
    inverted: bool = False
    enlarged: bool = False


@dataclass(frozen=True, slots=True)
class Nearest:
    """The pair of hashes that came nearest: ours that was looked for, and the stored one."""

    distance: int
    probe: Probe
    stored: Print

    @property
    def qualities(self) -> tuple[int, int]:
        return self.probe.quality, self.stored.quality

    @property
    def way(self) -> Way:
        """What was done to either picture for it."""
        probe, stored = self.probe, self.stored
        return Way(
            probe.orientation,
            probe.trimmed,
            probe.inverted,
            stored.variant,
            stored.at_ms,
            enlarged=probe.enlarged,
        )


def probes(prints: Iterable[Print], floor: int = QUALITY_FLOOR) -> list[Probe]:
    """Every hash with which a picture is looked for, the plainest first; none of a video.

    Eight turns of the picture, eight more of a small one, and eight without its borders; the
    negative of each upright. What is too plain to tell pictures apart is left out.
    """
    found: list[Probe] = []
    own = [one for one in prints if one.variant in {WHOLE, TRIMMED} and one.quality >= floor]
    for one in sorted(own, key=lambda each: each.variant != WHOLE):
        trimmed = one.variant == TRIMMED
        ways = _ways(one)
        found += [
            Probe(value, one.quality, way, trimmed=trimmed)
            for way, value in zip(Orientation, ways, strict=False)
        ]
        found.append(Probe(negative(one.value), one.quality, trimmed=trimmed, inverted=True))
        found += [
            Probe(value, one.quality, way, trimmed=trimmed, enlarged=True)
            for way, value in zip(Orientation, ways[len(Orientation) :], strict=False)
        ]
    return found


def _ways(one: Print) -> list[bytes]:
    turned = [one.turned[at : at + HASH_BYTES] for at in range(0, len(one.turned), HASH_BYTES)]
    return [one.value, *turned]


def negative(value: bytes) -> bytes:
    """The hash of the negative: every coefficient changes its sign, and so every bit."""
    return bytes(byte ^ 0xFF for byte in value)


def distance(one: bytes, other: bytes) -> int:
    """How many bits differ."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def nearest(
    looked_for: Sequence[Probe], stored: Iterable[Print], policy: NearPolicy = USUAL
) -> Nearest | None:
    """The nearest pair that the policy lets be told; among equals the plainest way."""
    within = (
        (Nearest(bits, probe, one), order)
        for one in stored
        for order, probe in enumerate(looked_for)
        if (bits := distance(probe.value, one.value)) <= policy.radius
    )
    told = (pair for pair in within if _reached(pair[0], policy))
    found = min(told, key=_plainest, default=None)
    return found[0] if found is not None else None


def _reached(near: Nearest, policy: NearPolicy) -> bool:
    return near.distance <= policy.reach(near.qualities, changed=near.way.changed)


def _plainest(pair: tuple[Nearest, int]) -> tuple[int, int, str, int]:
    near, order = pair
    return near.distance, order, near.stored.variant, near.stored.at_ms
