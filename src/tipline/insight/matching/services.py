"""The only writer of fingerprints and file matches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import TypeVar

from django.db.models import Q, QuerySet

from tipline.ground.foundation import clock
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import derived_tx, write_tx
from tipline.insight.matching import hashes, rules_films, rules_probes, videos
from tipline.insight.matching.copies import Copies, Copy
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
from tipline.insight.matching.rules_probes import Print as Stored
from tipline.insight.matching.videos import VideoChild
from tipline.record.evidence import vault
from tipline.record.evidence.access import decisions_for_house
from tipline.record.evidence.gate import Access, GateDecision
from tipline.record.evidence.models import EvidenceFile

Answer = TypeVar("Answer")
Found = Nearest | NearFilm
#: What the gate says of files, by key.
Gate = Mapping[int, GateDecision]

#: Where videos become readable, files are looked at again.
VERSION = f"{hashes.HASHER}-{hashes.VERSION}{'+video' if videos.readable() else ''}"
EXACT = "exact"
NEAR = "near"
MOST_NEAR = 10
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


def fingerprint(files: Sequence[EvidenceFile], gate: Gate | None = None) -> int:
    """Fingerprint what has none yet and may have one; how many contents were looked at.

    The gate's fingerprint switch is asked for each file: a blocked file may be fingerprinted
    only where the policy allows it. ``gate``: what it said, where it was asked already.
    """
    wanted = {file.sha256: file for file in may_be_fingerprinted(files, gate)}
    if not wanted:
        return 0
    done = dict(_current(wanted).filter(variant=WHOLE).values_list("sha256", "reason"))
    unread = [d for d, why in done.items() if why == Why.VIDEO] if videos.readable() else []
    lacking = sorted({*unread, *(wanted.keys() - done.keys())})
    for start in range(0, len(lacking), _WRITTEN_AT_ONCE):
        some = lacking[start : start + _WRITTEN_AT_ONCE]
        rows = [row for digest in some for row in _looked_at(wanted[digest])]
        _keep(rows, {row.sha256 for row in rows if row.reason != Why.VIDEO}.intersection(unread))
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
        _keep(list(_cuts_of(file)))
    return list(rows.filter(value__isnull=False).exclude(variant=FRAME).order_by("pk"))


def may_be_fingerprinted(
    files: Sequence[EvidenceFile], gate: Gate | None = None
) -> list[EvidenceFile]:
    """Files with bytes that are still there and that the gate lets be fingerprinted."""
    gate = decisions_for_house(files) if gate is None else gate
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


def _keep(rows: Sequence[Fingerprint], now_read: Collection[str] = ()) -> None:
    """Another worker may be first with the same bytes, and the same result.

    ``now_read``: videos that could not be read before, which goes.
    """
    with write_tx():
        if now_read:
            _current(now_read).filter(reason=Why.VIDEO).delete()
        Fingerprint.objects.bulk_create(rows, ignore_conflicts=True)


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
        row.turned = each.turned or None
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
    own = sorted((file for file in files if file.size), key=lambda file: file.pk)
    if not own:
        return 0
    leads: dict[str, EvidenceFile] = {}
    for file in own:  # of copies in one report the first stands for all, as for later ones
        leads.setdefault(file.sha256, file)
    around = _around(leads)
    near = _nearest(around)
    neighbours = {d for found in around.values() for d in found[:MOST_NEIGHBOURS]}
    copies = Copies({*leads, *neighbours}, own[0].report)
    made = _keep_matches(
        found for file in own for found in _earlier(file, near[file.sha256], copies)
    )
    for digest, lead in leads.items():
        made += _tell_later(lead, around[digest][:MOST_NEIGHBOURS], copies)
    return made


def _earlier(file: EvidenceFile, near: Mapping[str, Found], copies: Copies) -> Iterator[FileMatch]:
    """What the file matches: the first with its bytes, and of the nearest contents the first."""
    first = copies.first(file.sha256)
    if first is not None:
        yield _match(file.pk, first, _SAME_BYTES)
    for digest, found in near.items():
        other = copies.first(digest)
        if other is not None:
            yield _match(file.pk, other, found)


def _tell_later(lead: EvidenceFile, around: Sequence[str], copies: Copies) -> int:
    """Matches of files that were filed later and looked at before; how many are new.

    The first file with the same bytes is what others are like. A file matches the nearest
    contents only: one that has nearer ones than this is not told of it, as it would not have been.
    """
    first, made = copies.first(lead.sha256), 0
    if first is None:
        later = copies.later([lead.sha256])
        made += sum(_keep_later(one, lead.pk, _SAME_BYTES) for one in later)
    for one in copies.later(around):
        found = _nearest(_around([one.sha256]))[one.sha256].get(lead.sha256)
        if found is not None:
            made += _keep_later(one, lead.pk if first is None else first, found)
    return made


def _around(digests: Iterable[str]) -> dict[str, list[str]]:
    """Per content others with a hash within the radius of one of its own, the nearest first.

    The picture however turned or framed; each frame of a video. One question to the index.
    """
    wanted = list(digests)
    prints = prints_of(wanted)
    asked = [(d, value) for d in wanted for value in _looked_for(prints.get(d, ()))]
    answers = _loaded.near_each([value for _digest, value in asked]) if asked else []
    distances: dict[str, dict[str, int]] = {digest: {} for digest in wanted}
    for (digest, _value), near in zip(asked, answers, strict=True):
        found = distances[digest]
        for other, distance in near:
            found[other] = min(distance, found.get(other, distance))
    return {digest: _by_distance(found, digest) for digest, found in distances.items()}


def _looked_for(prints: Sequence[Stored]) -> list[bytes]:
    probes = [probe.value for probe in rules_probes.probes(prints)]
    return probes + [frame.value for frame in rules_films.frames(prints)]


def _by_distance(distances: Mapping[str, int], own: str) -> list[str]:
    return sorted(distances.keys() - {own}, key=lambda digest: (distances[digest], digest))


def _nearest(around: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Found]]:
    """Per content how it came near to the nearest of those around it."""
    seen = {digest: others[:MOST_LOOKED_AT] for digest, others in around.items()}
    lonely = not any(seen.values())
    prints = {} if lonely else prints_of({d for one, near in seen.items() for d in (one, *near)})
    return {digest: _nearest_of(digest, others, prints) for digest, others in seen.items()}


def _nearest_of(
    digest: str, around: Sequence[str], prints: Mapping[str, Sequence[Stored]]
) -> dict[str, Found]:
    """Of two files it is the later one that is turned, trimmed and made a negative, and whose
    frames must be in the other video.
    """
    if not around:
        return {}
    own = prints.get(digest, [])
    looked_for, frames = rules_probes.probes(own), rules_films.frames(own)
    found: dict[str, Found] = {}
    for other in around:
        stored = prints.get(other, [])
        near = rules_probes.nearest(looked_for, stored) or rules_films.near_film(
            frames, rules_films.frames(stored)
        )
        if near is not None:
            found[other] = near
    best = sorted(found, key=lambda other: (found[other].distance, other))
    return {other: found[other] for other in best[:MOST_NEAR]}


def _match(file: int, other: int, found: Found | None) -> FileMatch:
    """Near by eye, or of the same bytes."""
    row = FileMatch(
        file_id=file,
        other_id=other,
        layer=EXACT if found is None else NEAR,
        version=VERSION,
        at=clock.now(),
    )
    if found is not None:
        row.distance = found.distance
        for name, value in asdict(found.way).items():
            setattr(row, name, value)
    return row


def _keep_matches(found: Iterable[FileMatch]) -> int:
    """Write those that are not there yet, of a file by who was filed first; how many.

    Found they were in an order of digests, which says nothing of contents that are equally near.
    """
    rows = {(row.file_id, row.other_id, row.layer): row for row in found}
    if not rows:
        return 0
    there = FileMatch.objects.filter(file__in={file for file, _other, _layer in rows})
    for key in there.values_list("file_id", "other_id", "layer"):
        rows.pop(key, None)
    if rows:
        with derived_tx():
            in_order = [rows[key] for key in sorted(rows)]
            FileMatch.objects.bulk_create(in_order, ignore_conflicts=True)
    return len(rows)


def _keep_later(later: Copy, other: int, found: Found | None) -> bool:
    """A match of a file that was looked at before; its report is told. Whether it is new."""
    row = _match(later.key, other, found)
    same = {"file_id": row.file_id, "other_id": row.other_id, "layer": row.layer}
    if FileMatch.objects.filter(**same).exists():
        return False
    with derived_tx():
        FileMatch.objects.bulk_create([row], ignore_conflicts=True)
        announce(FileMatched(later.report), dedup_key=str(later.report))
    return True
