"""What an entry of a list may hold: kinds of fingerprints, their text forms, keys. Pure.

The types and forms are those of the v2 Hash Sharing API (reference "hash-sharing-api",
"Fingerprint values"), and SHA-256, which our own lists have besides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from tipline.insight.matching.hashes import FRAME


class Media(StrEnum):
    IMAGE = "image"
    VIDEO = "video"


class Content(StrEnum):
    """What the entries of a list are said to be."""

    APPARENT_CSAM = "apparent_csam"
    EXPLOITATIVE = "exploitative"
    YOUTH_PRODUCED = "youth_produced"
    VIRAL = "viral"
    HARMLESS = "harmless"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Form:
    """How a type is written: ``pattern`` of its text, or bytes that we only pass on."""

    pattern: str = ""
    lower: bool = True

    @property
    def opaque(self) -> bool:
        return not self.pattern


#: Per type its form; the digests strongest first.
TYPES: Final[Mapping[str, Form]] = {
    "sha256": Form("[0-9a-f]{64}"),
    "sha1": Form("[0-9a-f]{40}"),
    "md5": Form("[0-9a-f]{32}"),
    "pdq": Form("[0-9a-f]{64}"),
    "pdna": Form("[A-Za-z0-9+/]{192}", lower=False),
    "netclean": Form(r"[!-~]{1,255}", lower=False),
    "videntifier": Form(),
    "tmk_pdqf": Form(),
    "ssvh_pdna": Form(),
    "ssvh_safer_hash": Form(),
}
#: Types that name exact bytes, strongest first.
DIGESTS: Final = ("sha256", "sha1", "md5")
PDQ: Final = "pdq"
#: Types whose equality says that the same picture was read by the same (foreign) hasher.
EQUAL_ONLY: Final = ("pdna", "netclean")

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MOST_PRINTS = 64
#: And so many frames of a video, one for each second.
_MOST_FRAMES = 600
_MOST_TEXT = 200
_MOST_SERIES = 100
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Print:
    """One fingerprint. ``value``: text; empty for an opaque one, which has ``opaque``."""

    type: str
    value: str = ""
    opaque: bytes | None = None
    quality: int | None = None
    variant: str = ""

    @property
    def stored(self) -> str:
        """What stands in its column: the text, or the SHA-256 of the opaque bytes."""
        return self.value if self.opaque is None else sha256(self.opaque).hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry as somebody wants it to be.

    ``series``: its name, empty for none, None to leave that as it is. ``told_at``: when its own
    server says that it changed.
    """

    key: str
    media: str
    prints: tuple[Print, ...]
    classification: str = ""
    series: str | None = None
    told_at: datetime | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong with a draft: the ``field``, and the ``fix``."""

    field: str
    fix: str


def tidy(kind: str, value: str) -> str:
    """The text form as it is stored: no blanks around it, digests in lower case."""
    text = value.strip()
    form = TYPES.get(kind)
    return text.lower() if form is not None and form.lower else text


def wrong_with(draft: Draft) -> list[Wrong]:
    """Everything that is wrong with a draft, each with what to do about it."""
    found = []
    if not _KEY.fullmatch(draft.key):
        found.append(Wrong("id", "must be 1 to 64 letters, digits, - or _"))
    if draft.media not in set(Media):
        found.append(Wrong("media", "must be image or video"))
    if len(draft.classification) > _MOST_TEXT:
        found.append(Wrong("classification", f"must have at most {_MOST_TEXT} characters"))
    if not can_be_stored(draft.classification):
        found.append(Wrong("classification", "has characters that no database keeps"))
    if not _may_be_series(draft.series or ""):
        found.append(Wrong("series", f"must be a name of at most {_MOST_SERIES} characters"))
    if not draft.prints:
        found.append(Wrong("fingerprints", "give at least one fingerprint"))
    frames = sum(one.variant == FRAME for one in draft.prints)
    if len(draft.prints) - frames > _MOST_PRINTS or frames > _MOST_FRAMES:
        most = f"{_MOST_PRINTS} fingerprints, and {_MOST_FRAMES} frames of a video"
        found.append(Wrong("fingerprints", f"give at most {most}"))
    found += [wrong for one in draft.prints for wrong in _wrong_with_print(one)]
    stored = [(one.type, one.stored) for one in draft.prints]
    return [*found, *_twice(stored)]


def can_be_stored(text: str) -> bool:
    """No database keeps a NUL, and half a pair of UTF-16 is no character."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _may_be_series(name: str) -> bool:
    return can_be_stored(name) and len(" ".join(name.split())) <= _MOST_SERIES


def _wrong_with_print(one: Print) -> list[Wrong]:
    form = TYPES.get(one.type)
    if form is None:
        return [Wrong("fingerprints", f"{one.type!r} is no type of fingerprint that is known here")]
    if form.opaque:
        return [] if one.opaque else [Wrong(one.type, "must have its bytes")]
    if not re.fullmatch(form.pattern, one.value):
        return [Wrong(one.type, f"must be written as {form.pattern}")]
    if one.quality is not None and not 0 <= one.quality <= 100:
        return [Wrong(one.type, "its quality must be 0 to 100")]
    return []


def _twice(stored: list[tuple[str, str]]) -> Iterable[Wrong]:
    again = sorted({kind for (kind, _value), count in Counter(stored).items() if count > 1})
    return [Wrong(kind, "stands there twice; keep one") for kind in again]


def next_instant(now: datetime, last: datetime | None) -> datetime:
    """The instant of a change that is made now: whole seconds, past every window served so far.

    A window that was served ends at the whole second of its reading or before (reference
    "hash-sharing-api", windows), so the second after this one lies in none of them. Never
    earlier than ``last``, whatever the clock does.
    """
    following = whole_second(now) + _SECOND
    return following if last is None else max(following, last)


def whole_second(now: datetime) -> datetime:
    """The last whole second up to now: windows end there."""
    return now.replace(microsecond=0)
