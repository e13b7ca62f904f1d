"""Digests and fingerprints that a sender declares of a file, as written and in one normal form.

A declared value is a word about bytes that nobody here may ever have seen: most often those of
the original, before the sender's own system stored it again. So it is kept apart from what is
computed here. What cannot be such a value is kept as it was written, with why.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tipline.ground.taxonomy.files import MetadataType
from tipline.record.reports.document import Document, entries, text

LONGEST = 1000
LONGEST_TYPE = 64


class DigestKind(StrEnum):
    """What a declared value is; ``OTHER`` is anything that is not read here."""

    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    PDQ = "pdq"
    PHOTODNA = "photodna"
    OTHER = "other"


class NoDigest(StrEnum):
    """Why what was written is no value of its kind."""

    EMPTY = "empty"
    UNKNOWN_KIND = "unknown_kind"
    TOO_LONG = "too_long"
    NOT_WRITTEN_SO = "not_written_so"
    WRONG_LENGTH = "wrong_length"
    FILLER = "filler"
    OF_NOTHING = "of_nothing"


@dataclass(frozen=True, slots=True)
class DeclaredDigest:
    """One declared value. ``value``: lower-case hex, empty when there is a ``reason``.

    ``written_kind`` and ``written`` are the sender's own, cut to what a column holds.
    """

    kind: DigestKind
    value: str
    written_kind: str
    written: str
    path: str
    reason: NoDigest | None = None


#: Bytes of a value of each kind. PhotoDNA is opaque: stored and handed on, never computed.
BYTES: Mapping[DigestKind, int] = {
    DigestKind.MD5: 16,
    DigestKind.SHA1: 20,
    DigestKind.SHA256: 32,
    DigestKind.PDQ: 32,
    DigestKind.PHOTODNA: 144,
}
EXACT = frozenset({DigestKind.MD5, DigestKind.SHA1, DigestKind.SHA256})
_NAMES = {
    "md5": DigestKind.MD5,
    "sha1": DigestKind.SHA1,
    "sha256": DigestKind.SHA256,
    "pdq": DigestKind.PDQ,
    "pdqf": DigestKind.PDQ,
    "photodna": DigestKind.PHOTODNA,
    "pdna": DigestKind.PHOTODNA,
}
# Of a file without a byte: such a digest would match every other empty file.
_OF_NOTHING = frozenset(
    {
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }
)
_HEX = re.compile(r"[0-9a-f]+", re.IGNORECASE)
_BASE64 = re.compile(r"[0-9A-Za-z+/]+={0,2}")
_NUMBERS = re.compile(r"\d{1,3}(?:,\d{1,3})+")
_SPACES = re.compile(r"\s+")


def declared(details: Document, path: str = "/fileDetails") -> list[DeclaredDigest]:
    """All that the sender declares of one file, in the order of the document."""
    return [read(kind, written, where) for where, kind, written in _written(details, path)]


def _written(details: Document, path: str) -> Iterator[tuple[str, str, str]]:
    """``originalFileHash``, and name-value pairs marked as digests on the block or the pair."""
    for where, entry in entries(details, "originalFileHash", path):
        # Imported reports may give the bare value.
        said = entry if isinstance(entry, Mapping) else {"value": entry}
        yield where, text(said, "hashType"), text(said, "value")
    for above, metadata in entries(details, "details", path):
        for where, pair in entries(metadata, "nameValuePair", above):
            if (metadata.get("type") or pair.get("type")) == MetadataType.HASH:
                yield where, text(pair, "name"), text(pair, "value")


def kind_of(name: str) -> DigestKind:
    """The kind that a name means, however it is spelt: ``SHA-256``, ``sha256``, ``PDNA``."""
    plain = "".join(letter for letter in name.lower() if letter.isalnum())
    return _NAMES.get(plain, DigestKind.OTHER)


def read(written_kind: str, written: str, path: str = "") -> DeclaredDigest:
    """One value as its sender wrote it. Never raises."""
    kind = kind_of(written_kind)
    found = _normal(kind, written)
    value, reason = ("", found) if isinstance(found, NoDigest) else (found, None)
    return DeclaredDigest(kind, value, written_kind[:LONGEST_TYPE], written[:LONGEST], path, reason)


def _normal(kind: DigestKind, written: str) -> str | NoDigest:
    if not written.strip():
        return NoDigest.EMPTY
    if len(written) > LONGEST:
        return NoDigest.TOO_LONG
    if kind not in BYTES:
        return NoDigest.UNKNOWN_KIND
    value = _bytes(_SPACES.sub("", written), BYTES[kind])
    if isinstance(value, NoDigest):
        return value
    if len(set(value)) == 1:
        return NoDigest.FILLER
    return NoDigest.OF_NOTHING if value.hex() in _OF_NOTHING else value.hex()


def _bytes(written: str, length: int) -> bytes | NoDigest:
    """From hex, base64, or decimal numbers with commas; the length tells them apart."""
    forms = [decode for pattern, decode in _FORMS if pattern.fullmatch(written)]
    if not forms:
        return NoDigest.NOT_WRITTEN_SO
    for decode in forms:
        try:
            value = decode(written)
        except ValueError:  # binascii.Error is one
            continue
        if len(value) == length:
            return value
    return NoDigest.WRONG_LENGTH


def _of_base64(written: str) -> bytes:
    bare = written.rstrip("=")
    if len(bare) % 4 == 1:
        raise binascii.Error
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)


def _of_numbers(written: str) -> bytes:
    return bytes(int(number) for number in written.split(","))


_FORMS: tuple[tuple[re.Pattern[str], Callable[[str], bytes]], ...] = (
    (_HEX, bytes.fromhex),
    (_NUMBERS, _of_numbers),
    (_BASE64, _of_base64),
)
