"""The only writer of fingerprints and file matches."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import IntegrityError
from django.db.models import Q, QuerySet

from tipline.ground.foundation import clock
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.matching import hashes
from tipline.insight.matching.events import FileMatched
from tipline.insight.matching.index.index import Index
from tipline.insight.matching.index.table import TableFeed
from tipline.insight.matching.models import FileMatch, Fingerprint
from tipline.insight.matching.pictures import PictureChild, Unreadable, Why
from tipline.insight.matching.rules import QUALITY_FLOOR, RADIUS
from tipline.record.evidence import vault
from tipline.record.evidence.access import decisions_for_house
from tipline.record.evidence.gate import Access
from tipline.record.evidence.models import EvidenceFile
from tipline.record.reports.models import Report
from tipline.record.reports.queries import of_same_kind

VERSION = f"{hashes.HASHER}-{hashes.VERSION}"
EXACT = "exact"
NEAR = "near"
MOST_NEAR = 10
MOST_LATER = 100
#: Contents near a file among which those filed later are looked for.
MOST_NEIGHBOURS = 500
#: So many keys are looked up in one statement.
_AT_ONCE = 10_000

_ONCE_MORE = frozenset({Why.CRASHED, Why.TIMEOUT})

_child = PictureChild()


def picture_child() -> PictureChild:
    """The decoding child of this process; it starts with its first picture."""
    return _child


def fingerprint(files: Sequence[EvidenceFile]) -> int:
    """Fingerprint what has none yet and may have one; how many were made.

    The gate's fingerprint switch is asked for each file: a blocked file may be fingerprinted
    only where the policy allows it.
    """
    wanted = {file.sha256: file for file in may_be_fingerprinted(files)}
    done = Fingerprint.objects.filter(
        sha256__in=list(wanted), hasher=hashes.HASHER, version=hashes.VERSION
    )
    lacking = wanted.keys() - set(done.values_list("sha256", flat=True))
    for digest in sorted(lacking):
        _keep(wanted[digest])
    return len(lacking)


def may_be_fingerprinted(files: Sequence[EvidenceFile]) -> list[EvidenceFile]:
    """Files with bytes that are still there and that the gate lets be fingerprinted."""
    gate = decisions_for_house(files)
    return [
        file
        for file in files
        if file.size
        and file.destroyed_at is None
        and file.report.key.wrapped is not None
        and gate[file.pk].fingerprint is Access.ALLOW
    ]


def _keep(file: EvidenceFile) -> None:
    result = picture_child().fingerprint(vault.read(file), file.size)
    if isinstance(result, Unreadable) and result.reason in _ONCE_MORE:
        # The child may have been ended by something else: only a second failure is the picture's.
        result = picture_child().fingerprint(vault.read(file), file.size)
    row = Fingerprint(
        sha256=file.sha256, hasher=hashes.HASHER, version=hashes.VERSION, made_at=clock.now()
    )
    if isinstance(result, Unreadable):
        row.reason = result.reason
    else:
        row.value = result.value
        row.quality = result.quality
        row.width, row.height, row.route = result.width, result.height, result.route
    try:
        with write_tx():
            row.save(force_insert=True)
    except IntegrityError:
        return  # another worker was first with the same bytes, and the same result


class _Loaded:
    """The index of all usable fingerprints.

    It and its numbers are loaded with the first look: a web process never does.
    """

    def __init__(self) -> None:
        of_ours = Q(hasher=hashes.HASHER, version=hashes.VERSION, quality__gte=QUALITY_FLOOR)
        self.index = Index("contents", TableFeed(Fingerprint, "value", of_ours))

    def near(self, value: bytes) -> list[tuple[str, int]]:
        """Digests of contents within the radius, nearest first."""
        return self.near_each([value])[0]

    def near_each(self, values: Sequence[bytes]) -> list[list[tuple[str, int]]]:
        """The same for several hashes: one question to the index."""
        found = self.index.search_each(values, RADIUS)
        digests = _digests_of({key for near in found for key, _distance in near})
        return [
            [(digests[key], distance) for key, distance in near if key in digests] for near in found
        ]


def _digests_of(keys: Collection[int]) -> dict[int, str]:
    """The contents of fingerprints, of those that are still there."""
    wanted, digests = sorted(keys), dict[int, str]()
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Fingerprint.objects.filter(pk__in=wanted[start : start + _AT_ONCE])
        digests.update(rows.values_list("pk", "sha256"))
    return digests


_loaded = _Loaded()


def keep_index() -> None:
    """Bring the files of the index up to date where it is due; does its work beside the caller."""
    _loaded.index.keep()


def check_index() -> None:
    """Read and count all of the index, and mend it; does its work beside the caller."""
    _loaded.index.check_beside()


def match(files: Sequence[EvidenceFile]) -> int:
    """Find what each file matches among files that were filed before it; how many are new.

    ``files``: all of one report. Files that were filed after it, but looked at before it was
    there to be found, get their match now, so that the order of looking makes no difference.
    """
    made, leads = 0, dict[str, EvidenceFile]()
    for file in sorted(files, key=lambda one: one.pk):
        if file.size:
            # Of copies in one report the first stands for all, as for those who come later.
            made += _match(file, leads.setdefault(file.sha256, file))
    return made


def _match(file: EvidenceFile, lead: EvidenceFile) -> int:
    first = _first_filed(file.sha256, file.report)
    if first is not None:
        made = _keep_match(file, first, EXACT, 0)
    else:
        later = _filed_after(file, [file.sha256])
        made = sum(_keep_later(one, lead, EXACT, 0) for one in later)
    value = _usable_fingerprint(file)
    return made if value is None else made + _match_near(file, first or lead, value)


def _match_near(file: EvidenceFile, first: EvidenceFile, value: bytes) -> int:
    """``first``: the first file with the same bytes, which is what others are like.

    A file matches the nearest contents only. One that was filed later and looked at before may
    have nearer ones than this: then it is not told of it, as it would not have been.
    """
    made = 0
    near = _neighbours(file.sha256, value)
    for digest, distance in near[:MOST_NEAR]:
        other = _first_filed(digest, file.report)
        if other is not None:
            made += _keep_match(file, other, NEAR, distance)
    distances = dict(near[:MOST_NEIGHBOURS])
    for later in _filed_after(file, distances):
        if file.sha256 in _nearest_of(later):
            made += _keep_later(later, first, NEAR, distances[later.sha256])
    return made


def _neighbours(digest: str, value: bytes) -> list[tuple[str, int]]:
    """Digests of other contents within the radius, nearest first."""
    return [pair for pair in _loaded.near(value) if pair[0] != digest]


def _nearest_of(file: EvidenceFile) -> set[str]:
    value = _usable_fingerprint(file)
    if value is None:
        return set()
    return {digest for digest, _distance in _neighbours(file.sha256, value)[:MOST_NEAR]}


def _keep_later(later: EvidenceFile, other: EvidenceFile, layer: str, distance: int) -> int:
    """A match of a file that was looked at before; its report is told. 1 when it is new."""
    with write_tx():
        made = _keep_match(later, other, layer, distance)
        if made:
            announce(FileMatched(later.report_id), dedup_key=str(later.report_id))
    return made


def _usable_fingerprint(file: EvidenceFile) -> bytes | None:
    own = Fingerprint.objects.filter(
        sha256=file.sha256,
        hasher=hashes.HASHER,
        version=hashes.VERSION,
        value__isnull=False,
        quality__gte=QUALITY_FLOOR,
    ).first()
    return None if own is None or own.value is None else bytes(memoryview(own.value))


def _filed(digests: Collection[str], report: Report) -> QuerySet[EvidenceFile]:
    """Files with one of these contents in other filed reports, in the order of filing."""
    rows = EvidenceFile.objects.filter(
        of_same_kind(report), sha256__in=list(digests), report__state=Report.State.FINISHED
    )
    return rows.exclude(report=report).order_by("report__ended_at", "report_id", "pk")


def _first_filed(digest: str, report: Report) -> EvidenceFile | None:
    """The first file with these bytes in another report that was filed before this one."""
    earlier = Q(report__ended_at__lt=report.ended_at)
    at_once = Q(report__ended_at=report.ended_at, report__lt=report.pk)
    return _filed([digest], report).filter(earlier | at_once).first()


def _filed_after(file: EvidenceFile, digests: Collection[str]) -> list[EvidenceFile]:
    """Files with such contents that were filed after this one; a few, for they are exceptions."""
    report = file.report
    later = Q(report__ended_at__gt=report.ended_at)
    at_once = Q(report__ended_at=report.ended_at, report__gt=report.pk)
    if not digests:
        return []
    return list(_filed(digests, report).filter(later | at_once)[:MOST_LATER])


def _keep_match(file: EvidenceFile, other: EvidenceFile, layer: str, distance: int) -> int:
    """Write the match; 1 when it is new."""
    with write_tx():
        _row, made = FileMatch.objects.get_or_create(
            file=file,
            other=other,
            layer=layer,
            defaults={"distance": distance, "version": VERSION, "at": clock.now()},
        )
    return int(made)
