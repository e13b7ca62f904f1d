"""Fingerprints of a file in words: ours, what its sender declares, and how a match was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_reasons import sentences
from tipline.doors.portals.look.parts import Fact
from tipline.ground.foundation.reasons import Reason, Source
from tipline.insight.matching.queries import declared_of, fingerprints_of, way_of
from tipline.insight.matching.rules import way_reasons
from tipline.record.reports.facts_digests import DigestKind

if TYPE_CHECKING:
    from tipline.insight.matching.models import DeclaredFingerprint, FileMatch, Fingerprint
    from tipline.record.evidence.models import EvidenceFile

_NAMES = {
    DigestKind.MD5: "MD5",
    DigestKind.SHA1: "SHA-1",
    DigestKind.SHA256: "SHA-256",
    DigestKind.PDQ: "PDQ",
    DigestKind.PHOTODNA: "PhotoDNA",
}


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Of all files of a page, asked once: ours by content, declared ones by file key."""

    ours: Mapping[str, Fingerprint]
    declared: Mapping[int, Sequence[DeclaredFingerprint]]


def fingerprints(files: Sequence[EvidenceFile]) -> Fingerprints:
    """What there is of these files."""
    return Fingerprints(fingerprints_of(files), declared_of(files))


def shown_fingerprints(file: EvidenceFile, found: Fingerprints) -> tuple[Fact, ...]:
    """Below a file's digests: its fingerprint or why it has none, then what is declared."""
    own = found.ours.get(file.sha256) if file.size else None
    declared = (_declared(file, one) for one in found.declared.get(file.pk, ()))
    return (*([] if own is None else [_own(own)]), *declared)


def _own(own: Fingerprint) -> Fact:
    made_by = f"{own.hasher} {own.version}"
    if own.value is None:
        why = sentences([Reason(f"picture.{own.reason}")])
        return Fact(_("No fingerprint"), why, Source.SYSTEM, made_by)
    note = _("quality %(quality)s of 100, made by %(by)s") % {
        "quality": own.quality,
        "by": f"{made_by}, {own.route}",
    }
    return Fact("PDQ", bytes(own.value).hex(), Source.SYSTEM, note)


def _declared(file: EvidenceFile, one: DeclaredFingerprint) -> Fact:
    kind = DigestKind(one.kind)
    label = _("%(kind)s, declared") % {"kind": _NAMES.get(kind, one.written_kind or _("Digest"))}
    if one.reason:
        why = sentences([Reason(f"declared.{one.reason}")])
        return Fact(label, one.written, Source.REPORTER, why)
    return Fact(label, one.value, Source.REPORTER, _compared(file, kind, one.value))


def _compared(file: EvidenceFile, kind: DigestKind, value: str) -> str:
    """Whether the declared original is what was sent."""
    ours = {DigestKind.MD5: file.md5, DigestKind.SHA1: file.sha1, DigestKind.SHA256: file.sha256}
    if not file.size or kind not in ours:
        return ""
    if ours[kind] == value:
        return _("the same as of what was sent")
    return _("not that of what was sent: the original had other bytes")


def how_near(match: FileMatch) -> str:
    """How a file that looks alike was found: how many bits differ, and what was done to it."""
    bits = _("%(bits)s of 256 bits differ") % {"bits": match.distance}
    said = sentences(way_reasons(way_of(match)))
    return f"{bits}. {said}" if said else bits
