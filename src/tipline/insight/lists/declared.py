"""What senders declare of files, as lists look it up: a word about bytes that nobody read here."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Final

from tipline.insight.lists.rules_match import Values
from tipline.insight.matching.queries import declared_of, declaring
from tipline.record.evidence.models import EvidenceFile
from tipline.record.reports.facts_digests import DigestKind

#: Our types of fingerprints by the kind that is declared.
_TYPES: Final[Mapping[str, str]] = {
    DigestKind.SHA256: "sha256",
    DigestKind.SHA1: "sha1",
    DigestKind.MD5: "md5",
    DigestKind.PDQ: "pdq",
    DigestKind.PHOTODNA: "pdna",
}


def declared_by(files: Sequence[EvidenceFile]) -> Mapping[int, Values]:
    """Per file key the fingerprints that its sender declares, by type; others are absent."""
    found: dict[int, dict[str, frozenset[str]]] = {}
    for key, rows in declared_of(files).items():
        values = found.setdefault(key, {})
        for row in rows:
            kind = _TYPES.get(row.kind)
            if kind is not None and row.value:
                values[kind] = values.get(kind, frozenset()) | {_text(kind, row.value)}
    return found


def files_declared_as(values: Mapping[str, set[str]]) -> set[int]:
    """Keys of the files of which any of these fingerprints is, or once was, declared."""
    found: set[int] = set()
    for declared, kind in _TYPES.items():
        wanted = [_hex(kind, value) for value in values.get(kind, ())]
        if wanted:
            rows = declaring(DigestKind(declared), wanted)
            found.update(rows.values_list("file_id", flat=True))
    return found


def _text(kind: str, value: str) -> str:
    """As lists write it; declared values are kept in hex."""
    return base64.b64encode(bytes.fromhex(value)).decode() if kind == "pdna" else value


def _hex(kind: str, value: str) -> str:
    return base64.b64decode(value).hex() if kind == "pdna" else value
