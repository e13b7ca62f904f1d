"""When two files are the same, alike, or neither: pure rules, explained.

An exact match says that the bytes are the same, as strongly as the digest does. A near
match says that two pictures look alike to a hash; it suggests a look, and never labels.

Distance and quality limits are the starting values that PDQ's own authors advise
(ThreatExchange, ``pdq/README.md``, "Matching": similar at distance <= 31, discard hashes of
quality <= 49). The nearer band comes from measurements of re-encoded copies: JPEG down to
quality 20, brightness and contrast move a hash by at most 10 bits in nine cases of ten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tipline.ground.foundation.reasons import Reason, Source
from tipline.insight.matching.hashes import FRAME, TRIMMED, WHOLE, Orientation

RADIUS = 31
SAME_WITHIN = 10
QUALITY_FLOOR = 50
#: Turned, trimmed and cut, a picture is compared hundreds of times: below this quality it must
#: then come nearer, or the quarter of one disc is taken for that of another.
PLAIN_BELOW = 70
PLAIN_RADIUS = 15
VERSION = "2"


class Layer(StrEnum):
    """How a match was found, strongest first."""

    SHA256 = "sha256"
    SHA1 = "sha1"
    MD5 = "md5"
    PDQ = "pdq"


# Collisions can be made to order for the last two (SHAttered 2017; MD5 since 2004).
DIGESTS = (Layer.SHA256, Layer.SHA1, Layer.MD5)


class Strength(StrEnum):
    """What a match allows to say."""

    SAME_BYTES = "same_bytes"
    SAME_PICTURE = "same_picture"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class NearPolicy:
    """Limits of near matching, in bits and in PDQ quality 0..100."""

    radius: int = RADIUS
    same_within: int = SAME_WITHIN
    quality_floor: int = QUALITY_FLOOR
    plain_below: int = PLAIN_BELOW
    plain_radius: int = PLAIN_RADIUS
    version: str = VERSION

    def reach(self, qualities: tuple[int, int], *, changed: bool) -> int:
        """How far apart two hashes may be; -1 where they are not compared at all.

        ``changed``: see :attr:`Way.changed`.
        """
        if min(qualities) < self.quality_floor:
            return -1
        plain = changed and min(qualities) < self.plain_below
        return min(self.radius, self.plain_radius) if plain else self.radius


@dataclass(frozen=True, slots=True)
class Digests:
    """Digests of one file, lower-case hex, empty when unknown.

    ``source`` is SYSTEM when they were computed here from the bytes, else whoever declared
    them: a declared digest is a statement about bytes that nobody here has seen.
    """

    sha256: str = ""
    sha1: str = ""
    md5: str = ""
    source: Source = Source.SYSTEM

    def of(self, layer: Layer) -> str:
        """The digest of an exact layer, in lower case."""
        values = {Layer.SHA256: self.sha256, Layer.SHA1: self.sha1, Layer.MD5: self.md5}
        return values[layer].lower()


@dataclass(frozen=True, slots=True)
class Way:
    """By which way a picture came near another.

    ``orientation``, ``trimmed``, ``inverted`` and ``enlarged`` say what was done to the new
    picture; ``variant`` which stored hash of the other was near, ``at_ms`` when that frame is
    shown.
    Between two videos ``share`` is the percentage of the new one's frames that were near.
    """

    orientation: Orientation = Orientation.UPRIGHT
    trimmed: bool = False
    inverted: bool = False
    variant: str = WHOLE
    at_ms: int = 0
    share: int = 0
    enlarged: bool = False

    @property
    def changed(self) -> bool:
        """Whether either picture was turned, trimmed, cut or inverted for it; not if enlarged."""
        return replace(self, enlarged=False) != AS_IT_STANDS


AS_IT_STANDS = Way()


@dataclass(frozen=True, slots=True)
class MatchExplained:
    """One match with why it holds. ``distance`` is in bits, 0 for an exact one."""

    layer: Layer
    strength: Strength
    distance: int
    reasons: tuple[Reason, ...]
    way: Way = AS_IT_STANDS

    @property
    def may_label(self) -> bool:
        """Whether a judgement on the other file may be taken over as it stands.

        Only for bytes that were read here on both sides. A perceptual match suggests; a
        declared digest is somebody's word. (Neither ever opens the legal gate.)
        """
        exact = self.strength is Strength.SAME_BYTES
        return exact and all(reason.source is Source.SYSTEM for reason in self.reasons)


def exact_match(one: Digests, other: Digests) -> MatchExplained | None:
    """The same bytes, by the strongest digest that both sides have; None when it differs.

    A weaker digest never overrules a stronger one: see :func:`conflict`.
    """
    for layer in DIGESTS:
        mine, theirs = one.of(layer), other.of(layer)
        if mine and theirs:
            return _same_bytes(layer, one, other) if mine == theirs else None
    return None


def conflict(one: Digests, other: Digests) -> Reason | None:
    """A reason to look closer: a weaker digest agrees where a stronger one differs.

    That does not happen by accident: somebody made two files for one digest, or declared
    digests that do not belong together.
    """
    differing = [each for each in DIGESTS if _differ(each, one, other)]
    for layer in DIGESTS:
        stronger = [each for each in differing if DIGESTS.index(each) < DIGESTS.index(layer)]
        if stronger and one.of(layer) and one.of(layer) == other.of(layer):
            params = {"same": layer.value, "differing": stronger[0].value}
            return Reason("match.digest_conflict", params, source=_asserted(one, other))
    return None


def not_searched(quality: int, policy: NearPolicy | None = None) -> Reason | None:
    """Why a picture's hash is not compared at all: it is too plain to tell pictures apart."""
    policy = policy or NearPolicy()
    if quality >= policy.quality_floor:
        return None
    params = {"quality": quality, "floor": policy.quality_floor}
    return Reason("match.too_plain", params, version=policy.version)


def near_match(
    distance: int,
    qualities: tuple[int, int],
    way: Way = AS_IT_STANDS,
    policy: NearPolicy | None = None,
) -> MatchExplained | None:
    """What a distance between two PDQ hashes allows to say; None outside the policy.

    ``qualities`` are those of both hashes, ``way`` how the new picture came so near.
    """
    policy = policy or NearPolicy()
    if not 0 <= distance <= policy.reach(qualities, changed=way.changed):
        return None
    near = distance <= policy.same_within
    strength = Strength.SAME_PICTURE if near else Strength.SIMILAR
    facts = {"distance": distance, "radius": policy.radius, "quality": min(qualities)}
    reasons = [Reason(f"match.{strength}", facts, version=policy.version)]
    reasons += way_reasons(way, policy)
    reasons.append(Reason("match.suggests_only", version=policy.version))
    return MatchExplained(Layer.PDQ, strength, distance, tuple(reasons), way)


def way_reasons(way: Way, policy: NearPolicy | None = None) -> list[Reason]:
    """What was done to either picture before they were alike; nothing for two as they stand."""
    version = (policy or NearPolicy()).version
    found: list[tuple[str, dict[str, Any]]] = []
    if way.orientation is not Orientation.UPRIGHT:
        found.append((way.orientation.value, {"orientation": way.orientation.value}))
    if way.trimmed:
        found.append(("trimmed", {}))
    if way.inverted:
        found.append(("inverted", {}))
    if way.enlarged:
        found.append(("enlarged", {}))
    if way.share:
        found.append(("film", {"share": way.share}))
    elif way.variant == FRAME:
        found.append(("frame", {"seconds": way.at_ms // 1000}))
    elif way.variant == TRIMMED:
        found.append(("other_trimmed", {}))
    elif way.variant != WHOLE:
        found.append((_part(way.variant), {"percent": int(way.variant.rpartition("-")[2])}))
    return [Reason(f"match.{code}", params, version=version) for code, params in found]


def _part(variant: str) -> str:
    return f"cut_{variant.rpartition('-')[0].replace('-', '_')}"


def strongest_first(matches: Iterable[MatchExplained]) -> list[MatchExplained]:
    """Matches in the order in which they speak: all are kept, the first one is shown."""
    layers = list(Layer)
    return sorted(matches, key=lambda match: (layers.index(match.layer), match.distance))


def _same_bytes(layer: Layer, one: Digests, other: Digests) -> MatchExplained:
    source = _asserted(one, other)
    params = {"digest": layer.value}
    reasons = [Reason("match.same_bytes", params, source=source)]
    if layer is not Layer.SHA256:
        reasons.append(Reason("match.weak_digest", params, source=source))
    if source is not Source.SYSTEM:
        reasons.append(Reason("match.declared", params, source=source))
    return MatchExplained(layer, Strength.SAME_BYTES, 0, tuple(reasons))


def _asserted(one: Digests, other: Digests) -> Source:
    """Whoever's word the comparison rests on: ours only when both were computed here."""
    return other.source if one.source is Source.SYSTEM else one.source


def _differ(layer: Layer, one: Digests, other: Digests) -> bool:
    return bool(one.of(layer) and other.of(layer)) and one.of(layer) != other.of(layer)
