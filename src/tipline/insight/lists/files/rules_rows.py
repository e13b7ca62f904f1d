"""An entry as a file gives it, read into a draft, with what is wrong with it. Pure.

What a file says of people, cases and folders is not read: a list needs none of it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from tipline.insight.lists.rules_entries import Draft, Media, Print, Wrong, wrong_with
from tipline.record.reports.facts_digests import DigestKind, NoDigest, read

#: What makes the key of an entry that names none, first found.
_KEY_ORDER: Final = ("md5", "sha1", "sha256", "pdq", "pdna")
_WHY: Final[Mapping[NoDigest, str]] = {
    NoDigest.EMPTY: "is empty: leave it out",
    NoDigest.UNKNOWN_KIND: "is of no kind that is read here",
    NoDigest.TOO_LONG: "is too long",
    NoDigest.NOT_WRITTEN_SO: "is neither hexadecimal nor base64",
    NoDigest.WRONG_LENGTH: "has the wrong length",
    NoDigest.FILLER: "is a filler: one digit over and over",
    NoDigest.OF_NOTHING: "is the digest of an empty file: leave the line out",
}
_TYPES: Final[Mapping[DigestKind, str]] = {
    DigestKind.MD5: "md5",
    DigestKind.SHA1: "sha1",
    DigestKind.SHA256: "sha256",
    DigestKind.PDQ: "pdq",
    DigestKind.PHOTODNA: "pdna",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a file. ``line``: where it ends; ``number``: which entry it is, from 1.

    ``draft`` is None when something is ``wrong``. ``left_out``: it is none of those wanted.
    """

    line: int
    number: int
    draft: Draft | None = None
    wrong: tuple[Wrong, ...] = ()
    left_out: bool = False


def prints_of(
    told: Iterable[tuple[str, str]], wrong: list[Wrong], *, lenient: bool = False
) -> tuple[list[Print], list[tuple[str, str]]]:
    """Fingerprints from (name, value) pairs, and the pairs whose name nobody knows here.

    What is no value of its kind goes to ``wrong``; an unknown name, too, unless ``lenient``.
    """
    found: dict[tuple[str, str], Print] = {}
    unknown: list[tuple[str, str]] = []
    for name, value in told:
        one = read(name, value)
        if one.reason is NoDigest.UNKNOWN_KIND and lenient:
            unknown.append((name, value))
        elif one.reason is not None:
            wrong.append(Wrong(name or "hash", _WHY[one.reason]))
        else:
            made = Print(_TYPES[one.kind], as_written(_TYPES[one.kind], one.value))
            found[made.type, made.value] = made
    return list(found.values()), unknown


def as_written(kind: str, value: str) -> str:
    """A value in hex as lists write it: PhotoDNA in base64."""
    return b64encode(bytes.fromhex(value)).decode() if kind == "pdna" else value


def key_of(prints: Iterable[Print]) -> str:
    """A key that the same entry gets whenever it comes again; empty without a fingerprint."""
    by_type = {one.type: one.value for one in prints}
    kind = next((kind for kind in _KEY_ORDER if kind in by_type), None)
    if kind is None:
        return ""
    value = by_type[kind]
    return value if kind != "pdna" else sha256(value.encode()).hexdigest()


def checked(line: int, number: int, draft: Draft, wrong: list[Wrong]) -> Row:
    """The row of a draft, with all that is wrong with it."""
    found = tuple(dict.fromkeys([*wrong, *([] if wrong else wrong_with(draft))]))
    return Row(line, number, None if found else draft, found)


def media_of(mime: str, wrong: list[Wrong], field: str) -> str:
    """Image or video, from a MIME type or one of these words; image where nothing is said."""
    told = mime.strip().lower().partition("/")[0]
    if told in ("", *Media):
        return told or Media.IMAGE
    wrong.append(Wrong(field, "must be image or video, or a MIME type of one"))
    return ""


def instant_of(value: Any) -> datetime | None:
    """A time as ISO 8601, aware; None for anything else."""
    try:
        found = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
