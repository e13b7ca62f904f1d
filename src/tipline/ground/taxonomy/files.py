"""What is said about a file: flags, classification, relevance, metadata."""

from __future__ import annotations

from enum import StrEnum


class FileAnnotation(StrEnum):
    """Presence flags on a file (API table 6.3). The value is the element's name."""

    ANIME_DRAWING_VIRTUAL = "animeDrawingVirtualHentai"
    POTENTIAL_MEME = "potentialMeme"
    VIRAL = "viral"
    POSSIBLE_SELF_PRODUCTION = "possibleSelfProduction"
    PHYSICAL_HARM = "physicalHarm"
    VIOLENCE_GORE = "violenceGore"
    BESTIALITY = "bestiality"
    LIVE_STREAMING = "liveStreaming"
    INFANT = "infant"
    GENERATIVE_AI = "generativeAi"


class IndustryClassification(StrEnum):
    """Industry scale of 2014, updated 2022: letter is apparent age, digit is rank."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"


class FileRelevance(StrEnum):
    """``Reported`` is the default; supplemental files are context, not the subject."""

    REPORTED = "Reported"
    SUPPLEMENTAL = "Supplemental Reported"


class MetadataType(StrEnum):
    """What a block of name-value pairs came from."""

    EXIF = "EXIF"
    HASH = "HASH"
