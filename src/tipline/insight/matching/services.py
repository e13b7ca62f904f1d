"""The only writer of fingerprints and file matches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from tipline.ground.foundation import clock
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.matching import hashes, rules_films, rules_probes, videos
from tipline.insight.matching.events import FileMatched
from tipline.insight.matching.hashes import CUTS, FRAME, TRIMMED, WHOLE
from tipline.insight.matching.index.index import Index
from tipline.insight.matching.index.table import TableFeed
from tipline.insight.matching.models import FileMatch, Fingerprint
from tipline.insight.matching.pictures import PictureChild, Print, Unreadable, Why
from tipline.insight.matching.queries import prints_of
from tipline.insight.matching.rules import QUALITY_FLOOR, RADIUS
from tipline.insight.matching.rules_films import NearFilm
from tipline.insight.matching.rules_probes import Nearest
from tipline.insight.matching.videos import VideoChild
from tipline.record.evidence import vault
from tipline.record.evidence.access import decisions_for_house
from tipline.record.evidence.gate import Access
from tipline.record.evidence.models import EvidenceFile
from tipline.record.reports.models import Report
from tipline.record.reports.queries import of_same_kind

Answer = TypeVar("Answer")
Found = Nearest | NearFilm

#: Where videos become readable, files are looked at again.
VERSION = f"{hashes.HASHER}-{hashes.VERSION}{'+video' if videos.readable() else ''}"
EXACT = "exact"
NEAR = "near"
MOST_NEAR = 10
MOST_LATER = 100
#: Contents around a file that are compared with it in full; more are hardly all like it.
MOST_LOOKED_AT = 50
#: Contents near a file among which those filed later are looked for.
MOST_NEIGHBOURS = 500
#: So many keys are looked up in one statement.
_AT_ONCE = 10_000

_SAME_BYTES = None
_WRITTEN_AT_ONCE = 50
_ONCE_MORE = frozenset({Why.CRASHED, Why.TIMEOUT})

_child = PictureChild()
_video_child = VideoChild()


def picture_child() -> PictureChild:
    """The decoding child of this process; it starts with its first picture."""
    return _child


def video_child() -> VideoChild:
    """That of videos. Only where they are readable."""
    return _video_child


def fingerprint(files: Sequence[EvidenceFile]) -> int:
    """Fingerprint what has none yet and may have one; how many contents were looked at.

    The gate's fingerprint switch is asked for each file: a blocked file may be fingerprinted
    only where the policy allows it.
    """
    wanted = {file.sha256: file for file in may_be_fingerprinted(files)}
    done = _current(wanted).filter(variant=WHOLE)
    if videos.readable():  # and was not, when these came
        done = done.exclude(reason=Why.VIDEO)
    lacking = sorted(wanted.keys() - set(done.values_list("sha256", flat=True)))
    for start in range(0, len(lacking), _WRITTEN_AT_ONCE):
        some = lacking[start : start + _WRITTEN_AT_ONCE]
        _keep(row for digest in some for row in _looked_at(wanted[digest]))
    return len(lacking)


def fingerprint_variants(file: EvidenceFile) -> list[Fingerprint]:
    """All fingerprints of a content, cut as copies often are; made where they are missing.

    For confirmed material only: they multiply what is stored and searched (1 or 2 rows become
    some 28). Each is a row of its own, found by searches as soon as it is committed. Nothing where
    the gate does not let the file be fingerprinted or nothing can be decoded. Safe to repeat.
    """
    if not may_be_fingerprinted([file]):
        return []
    fingerprint([file])
    rows = _current([file.sha256])
    kept = set(rows.filter(value__isnull=False).values_list("variant", flat=True))
    if WHOLE in kept and not kept >= CUTS.keys():
        _keep(_cuts_of(file))
    return list(rows.filter(value__isnull=False).exclude(variant=FRAME).order_by("pk"))


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


def _current(digests: Iterable[str]) -> QuerySet[Fingerprint]:
    """What this version of the hasher made of these contents."""
    return Fingerprint.objects.filter(
        sha256__in=list(digests), hasher=hashes.HASHER, version=hashes.VERSION
    )


def _keep(rows: Iterable[Fingerprint]) -> None:
    """Decode, then write. Another worker may be first with the same bytes, and the same result."""
    made = list(rows)
    now_read = [row.sha256 for row in made if row.reason != Why.VIDEO]
    with write_tx():
        _current(now_read).filter(reason=Why.VIDEO).delete()
        Fingerprint.objects.bulk_create(made, ignore_conflicts=True)


def _looked_at(file: EvidenceFile) -> Iterator[Fingerprint]:
    """What the picture is as it stands and without borders; or why there is nothing."""
    result = _asked(file, partial(picture_child().fingerprint, oriented=True))
    if isinstance(result, Unreadable):
        seen = result.reason is Why.VIDEO and videos.readable()
        yield from _watched(file) if seen else [_row(file, reason=result.reason)]
        return
    yield _row(file, result.whole, route=result.route)
    if result.trimmed is not None:
        yield _row(file, result.trimmed, variant=TRIMMED, route=result.route)


def _watched(file: EvidenceFile) -> Iterator[Fingerprint]:
    """The frames of a video, after a row that says so; or why there are none."""
    result = _asked(file, video_child().frames)
    if isinstance(result, Unreadable):
        yield _row(file, reason=result.reason)
        return
    whole = _row(file, reason=Why.FRAMES, route=result.route)
    whole.width, whole.height = result.width, result.height
    yield whole
    for frame in result.frames:
        row = _row(file, variant=FRAME, route=result.route)
        row.at_ms, row.value, row.quality = frame.at_ms, frame.value, frame.quality
        row.width, row.height = result.width, result.height
        yield row


def _cuts_of(file: EvidenceFile) -> Iterator[Fingerprint]:
    result = _asked(file, picture_child().variants)
    if isinstance(result, Unreadable):
        return
    for variant, each in result.prints.items():
        yield _row(file, each, variant=variant, route=result.route)


def _asked(
    file: EvidenceFile, job: Callable[[Iterable[bytes], int], Answer | Unreadable]
) -> Answer | Unreadable:
    result = job(vault.read(file), file.size)
    if isinstance(result, Unreadable) and result.reason in _ONCE_MORE:
        # The child may have been ended by something else: only a second failure is the picture's.
        result = job(vault.read(file), file.size)
    return result


def _row(file: EvidenceFile, each: Print | None = None, **said: str) -> Fingerprint:
    row = Fingerprint(
        sha256=file.sha256,
        hasher=hashes.HASHER,
        version=hashes.VERSION,
        made_at=clock.now(),
        **said,
    )
    if each is not None:
        row.value, row.quality = each.value, each.quality
        row.width, row.height = each.width, each.height
        row.turned = b"".join(each.oriented.values())[hashes.HASH_BYTES :] or None
    return row


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
        made = _keep_match(file, first, _SAME_BYTES)
    else:
        later = _filed_after(file, [file.sha256])
        made = sum(_keep_later(one, lead, _SAME_BYTES) for one in later)
    return made + _match_near(file, first or lead)


def _match_near(file: EvidenceFile, first: EvidenceFile) -> int:
    """``first``: the first file with the same bytes, which is what others are like.

    A file matches the nearest contents only. One that was filed later and looked at before may
    have nearer ones than this: then it is not told of it, as it would not have been.
    """
    made = 0
    around = _around(file)
    for digest, found in _nearest(file, around).items():
        other = _first_filed(digest, file.report)
        if other is not None:
            made += _keep_match(file, other, found)
    for later in _filed_after(file, around[:MOST_NEIGHBOURS]):
        found_later = _nearest(later, _around(later)).get(file.sha256)
        if found_later is not None:
            made += _keep_later(later, first, found_later)
    return made


def _around(file: EvidenceFile) -> list[str]:
    """Other contents with a hash within the radius of one of the file's, the nearest first.

    The picture however turned or framed; each frame of a video.
    """
    prints = prints_of([file.sha256]).get(file.sha256, [])
    looked_for = [probe.value for probe in rules_probes.probes(prints)]
    looked_for += [frame.value for frame in rules_films.frames(prints)]
    distances: dict[str, int] = {}
    for near in _loaded.near_each(looked_for) if looked_for else ():
        for digest, distance in near:
            distances[digest] = min(distance, distances.get(digest, distance))
    distances.pop(file.sha256, None)
    return sorted(distances, key=lambda digest: (distances[digest], digest))


def _nearest(file: EvidenceFile, around: Sequence[str]) -> dict[str, Found]:
    """How the file came near to the nearest of these contents.

    Of two files it is the later one that is turned, trimmed and made a negative, and whose
    frames must be in the other video.
    """
    prints = prints_of([file.sha256, *around[:MOST_LOOKED_AT]]) if around else {}
    own = prints.get(file.sha256, [])
    looked_for, frames = rules_probes.probes(own), rules_films.frames(own)
    found: dict[str, Found] = {}
    for digest in around[:MOST_LOOKED_AT]:
        stored = prints.get(digest, [])
        near = rules_probes.nearest(looked_for, stored) or rules_films.near_film(
            frames, rules_films.frames(stored)
        )
        if near is not None:
            found[digest] = near
    best = sorted(found, key=lambda digest: (found[digest].distance, digest))
    return {digest: found[digest] for digest in best[:MOST_NEAR]}


def _keep_later(later: EvidenceFile, other: EvidenceFile, found: Found | None) -> int:
    """A match of a file that was looked at before; its report is told. 1 when it is new."""
    with write_tx():
        made = _keep_match(later, other, found)
        if made:
            announce(FileMatched(later.report_id), dedup_key=str(later.report_id))
    return made


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


def _keep_match(file: EvidenceFile, other: EvidenceFile, found: Found | None) -> int:
    """Write the match, near by eye or of the same bytes; 1 when it is new."""
    told: dict[str, Any] = {"version": VERSION, "at": clock.now()}
    if found is not None:
        told |= asdict(found.way) | {"distance": found.distance}
    with write_tx():
        _row, made = FileMatch.objects.get_or_create(
            file=file, other=other, layer=EXACT if found is None else NEAR, defaults=told
        )
    return int(made)
