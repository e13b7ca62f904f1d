"""Reads of fingerprints and matches. The caller has checked that its actor may see the report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Count, QuerySet

from tipline.insight.matching import hashes
from tipline.insight.matching.answers import Why
from tipline.insight.matching.hashes import HASH_BYTES, Orientation
from tipline.insight.matching.models import DeclaredFingerprint, FileMatch, Fingerprint
from tipline.insight.matching.rules import QUALITY_FLOOR, RADIUS, Way
from tipline.insight.matching.rules_probes import Print, Probe, probes
from tipline.record.evidence.models import EvidenceFile
from tipline.record.reports.facts_digests import DigestKind
from tipline.record.reports.models import Report


def known_digests(files: Sequence[EvidenceFile]) -> frozenset[str]:
    """Digests of those files whose very bytes came in an earlier report."""
    rows = FileMatch.objects.filter(file__in=[file.pk for file in files], layer="exact")
    return frozenset(rows.values_list("file__sha256", flat=True))


def files_seen_earlier(files: Sequence[EvidenceFile]) -> frozenset[int]:
    """Keys of those files whose very bytes came in an earlier report: each by its own."""
    rows = FileMatch.objects.filter(file__in=[file.pk for file in files], layer="exact")
    return frozenset(rows.values_list("file_id", flat=True))


def matches_of(files: Sequence[EvidenceFile]) -> list[FileMatch]:
    rows = FileMatch.objects.select_related("file", "other__report__sender")
    return list(
        rows.filter(file__in=[file.pk for file in files]).order_by("file_id", "layer", "distance")
    )


def seen_before(files: Sequence[EvidenceFile]) -> dict[str, int]:
    """In how many filed reports each digest stands, this one included."""
    rows = EvidenceFile.objects.filter(
        sha256__in=[file.sha256 for file in files], report__state=Report.State.FINISHED
    )
    counted = rows.values("sha256").annotate(n=Count("report", distinct=True))
    return {row["sha256"]: row["n"] for row in counted}


def seen_earlier(files: Sequence[EvidenceFile]) -> dict[str, int]:
    """In how many reports that were filed before theirs each digest stands.

    All files belong to one report.
    """
    if not files:
        return {}
    report = files[0].report
    rows = EvidenceFile.objects.filter(
        sha256__in=[file.sha256 for file in files],
        report__state=Report.State.FINISHED,
        report__ended_at__lte=report.ended_at,
    ).exclude(report=report)
    counted = rows.values("sha256").annotate(n=Count("report", distinct=True))
    return {row["sha256"]: row["n"] for row in counted}


def fingerprints_of(files: Sequence[EvidenceFile]) -> dict[str, Fingerprint]:
    """The newest word on each content as it stands, a hash or why there is none."""
    rows = Fingerprint.objects.filter(
        sha256__in=[file.sha256 for file in files], variant=hashes.WHOLE
    )
    return {row.sha256: row for row in rows.order_by("pk")}


def prints_of(digests: Iterable[str]) -> dict[str, list[Print]]:
    """The hashes of these contents that this version made, variants and frames included."""
    found: dict[str, list[Print]] = {}
    rows = Fingerprint.objects.filter(
        sha256__in=set(digests),
        hasher=hashes.HASHER,
        version=hashes.VERSION,
        value__isnull=False,
    )
    for row in rows.order_by("pk"):
        value, turned = bytes(row.value or b""), bytes(row.turned or b"")
        one = Print(row.variant, value, row.quality, turned, row.at_ms)
        found.setdefault(row.sha256, []).append(one)
    return found


def with_turned_near(
    wanted: Sequence[bytes], beyond: int, most: int
) -> tuple[int | None, set[str]]:
    """Contents whose hash, once turned, is within the radius of any of these; some at a time.

    ``beyond``: the key of the last fingerprint that was looked at. The key to go on from, None
    when there are no more, and the digests. Only pictures that are not too plain to be turned.
    """
    rows = Fingerprint.objects.filter(
        pk__gt=beyond,
        hasher=hashes.HASHER,
        version=hashes.VERSION,
        quality__gte=QUALITY_FLOOR,
        turned__isnull=False,
    )
    some = list(rows.order_by("pk").values_list("pk", "sha256", "turned")[:most])
    if not some:
        return None, set()
    from tipline.insight.matching.index.batch import Batch  # noqa: PLC0415 - loads numpy

    ways = [bytes(turned or b"") for _key, _digest, turned in some]
    of_row = [row for row, turned in enumerate(ways) for _way in range(len(turned) // HASH_BYTES)]
    near = Batch(b"".join(ways)).near(wanted, RADIUS)
    return some[-1][0], {some[of_row[place]][1] for place in near}


def frame_times(digests: Iterable[str]) -> dict[str, list[int]]:
    """Per content that is a film and was read: when its frames are, in milliseconds, ascending."""
    found: dict[str, list[int]] = {}
    rows = Fingerprint.objects.filter(
        sha256__in=set(digests),
        hasher=hashes.HASHER,
        version=hashes.VERSION,
        variant=hashes.FRAME,
        at_ms__isnull=False,
    )
    for sha256, at_ms in rows.order_by("at_ms", "pk").values_list("sha256", "at_ms"):
        if at_ms is not None:
            found.setdefault(sha256, []).append(at_ms)
    return found


def declared_of(files: Sequence[EvidenceFile]) -> dict[int, list[DeclaredFingerprint]]:
    """Per file key what its newest details declare, in their order; others are absent."""
    newest: dict[int, list[DeclaredFingerprint]] = {}
    rows = DeclaredFingerprint.objects.filter(file__in=[file.pk for file in files])
    for row in rows.order_by("file_id", "details_version", "place"):
        found = newest.setdefault(row.file_id, [])
        if found and found[0].details_version < row.details_version:
            found.clear()
        found.append(row)
    return newest


def declaring(kind: DigestKind, values: Collection[str]) -> QuerySet[DeclaredFingerprint]:
    """Who declares one of these values, in lower-case hex; a later word may have replaced some."""
    rows = DeclaredFingerprint.objects.filter(kind=kind, value__in=list(values))
    return rows.exclude(value="").select_related("file__report")


def way_of(match: FileMatch) -> Way:
    """How a near match was found; a match of before this was told stands as it is."""
    turned = Orientation(match.orientation) if match.orientation else Orientation.UPRIGHT
    changes = (match.trimmed, match.inverted)
    return Way(turned, *changes, match.variant, match.at_ms, match.share, match.enlarged)


def probes_of(digests: Iterable[str]) -> dict[str, list[Probe]]:
    """Per content the hashes with which copies of it are looked for, in whatever index."""
    found = {digest: probes(prints) for digest, prints in prints_of(digests).items()}
    return {digest: looked_for for digest, looked_for in found.items() if looked_for}


def videos_among(digests: Iterable[str]) -> set[str]:
    """Those of these contents that are videos by their first bytes, read or not."""
    return _with_reason(digests, Why.VIDEO, Why.FRAMES)


def unread_videos(digests: Iterable[str]) -> set[str]:
    """Those of these contents that are videos and were not read, for want of what reads them."""
    return _with_reason(digests, Why.VIDEO)


def _with_reason(digests: Iterable[str], *reasons: Why) -> set[str]:
    rows = Fingerprint.objects.filter(
        sha256__in=set(digests), hasher=hashes.HASHER, version=hashes.VERSION, reason__in=reasons
    )
    return set(rows.values_list("sha256", flat=True))


def known_files() -> int:
    """Files whose very bytes came in an earlier report."""
    return FileMatch.objects.filter(layer="exact").values("file_id").distinct().count()
