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

#: What an ESP's word on a file says in our labels, for this purpose alone: on the careful side.
SAID_BY_ESP: Final[Mapping[str, str]] = {
    FileAnnotation.ANIME_DRAWING_VIRTUAL: "generated",
    FileAnnotation.GENERATIVE_AI: "generated",
    FileAnnotation.VIRAL: "viral",
    FileAnnotation.POSSIBLE_SELF_PRODUCTION: "self_production",
    FileAnnotation.PHYSICAL_HARM: "violence",
    FileAnnotation.VIOLENCE_GORE: "violence",
    FileAnnotation.BESTIALITY: "bestiality",
    FileAnnotation.LIVE_STREAMING: "live_streaming",
    FileAnnotation.INFANT: "infant_toddler",
    IndustryClassification.A1: "prepubescent",
    IndustryClassification.A2: "prepubescent",
    IndustryClassification.B1: "pubescent",
    IndustryClassification.B2: "pubescent",
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

    ``labels``: ours, in force. ``flags``: the ESP's annotations and industry classification.
    """
    known = (SAID_BY_ESP.get(flag) for flag in flags)
    return frozenset(labels) | {code for code in known if code is not None}


def against(wishes: Wishes, labels: Iterable[str], flags: Iterable[str]) -> frozenset[str]:
    """What of it this person wishes not to see: codes of labels; empty when it may be offered."""
    return wishes.off & said(labels, flags)


def may_be_offered(wishes: Wishes, labels: Iterable[str], flags: Iterable[str]) -> bool:
    """Is this file work for this person?"""
    return not against(wishes, labels, flags)
