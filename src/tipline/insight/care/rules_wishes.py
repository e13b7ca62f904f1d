"""What somebody does not want to see, and which files that means. Pure.

A wish is read against what is known before anybody looks: our labels on the same bytes and what
the ESP says of the file. What nobody knows of, no wish can keep away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tipline.ground.taxonomy.files import FileAnnotation, IndustryClassification
from tipline.insight.care.rules import Limits

_PREPUBESCENT: Final = frozenset({"age_3_6", "age_7_11", "prepubescent"})
_PUBESCENT: Final = frozenset({"age_12_14", "age_15_17", "pubescent"})
#: What an ESP's word on a file may mean in our labels, for this purpose alone: the careful side.
SAID_BY_ESP: Final[Mapping[str, frozenset[str]]] = {
    FileAnnotation.ANIME_DRAWING_VIRTUAL: frozenset({"generated"}),
    FileAnnotation.GENERATIVE_AI: frozenset({"generated"}),
    FileAnnotation.VIRAL: frozenset({"viral"}),
    FileAnnotation.POSSIBLE_SELF_PRODUCTION: frozenset({"self_production"}),
    FileAnnotation.PHYSICAL_HARM: frozenset({"violence", "sadism", "hurt"}),
    FileAnnotation.VIOLENCE_GORE: frozenset({"violence", "sadism"}),
    FileAnnotation.BESTIALITY: frozenset({"bestiality"}),
    FileAnnotation.LIVE_STREAMING: frozenset({"live_streaming"}),
    FileAnnotation.INFANT: frozenset({"age_0_2", "infant_toddler"}),
    IndustryClassification.A1: _PREPUBESCENT,
    IndustryClassification.A2: _PREPUBESCENT,
    IndustryClassification.B1: _PUBESCENT,
    IndustryClassification.B2: _PUBESCENT,
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """``off``: codes of labels. ``looks``: most in any 24 hours, None: as the team.

    ``more_blur``: previews are blurred more; ``stay_grey``: revealed pictures stay grey.
    """

    off: frozenset[str] = frozenset()
    looks: int | None = None
    more_blur: bool = False
    stay_grey: bool = False

    @property
    def limits(self) -> Limits:
        return Limits(looks=self.looks)

    def as_json(self) -> dict[str, Any]:
        return {
            "off": sorted(self.off),
            "looks": self.looks,
            "more_blur": self.more_blur,
            "stay_grey": self.stay_grey,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Wishes:
        return cls(
            off=frozenset(data["off"]),
            looks=data["looks"],
            more_blur=bool(data["more_blur"]),
            stay_grey=bool(data["stay_grey"]),
        )


def said(labels: Iterable[str], flags: Iterable[str]) -> frozenset[str]:
    """What is known of a file, in codes of our labels.

    ``labels``: ours, in force, with what replaces them where they are retired. ``flags``: the
    ESP's annotations and industry classification.
    """
    return frozenset(labels).union(*(SAID_BY_ESP.get(flag, frozenset()) for flag in flags))


def against(wishes: Wishes, labels: Iterable[str], flags: Iterable[str]) -> frozenset[str]:
    """What of it this person wishes not to see: codes of labels; empty when it may be offered."""
    return wishes.off & said(labels, flags)


def may_be_offered(wishes: Wishes, labels: Iterable[str], flags: Iterable[str]) -> bool:
    """Is this file work for this person?"""
    return not against(wishes, labels, flags)
