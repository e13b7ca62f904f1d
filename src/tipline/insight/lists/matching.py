"""Which files are on which lists: the only writer of matches.

One function brings the matches of files up to date, whoever asks: the pipeline for a new
report, a sweep for a list that changed, an analyst's verdict. It works out what should be there
and makes it so; run twice it changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Q, QuerySet

from tipline.ground.foundation import clock
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.declared import declared_by
from tipline.insight.lists.films import film_entries
from tipline.insight.lists.models import Entry, EntryFingerprint, ListMatch
from tipline.insight.lists.nearness import NearEntries, near_entries
from tipline.insight.lists.policies import InForce, in_force
from tipline.insight.lists.rules_entries import DIGESTS, EQUAL_ONLY, PDQ
from tipline.insight.lists.rules_match import (
    Found,
    Layer,
    Near,
    Values,
    declared_same,
    near_ones,
    same_bytes,
)
from tipline.insight.matching.hashes import FRAME
from tipline.insight.matching.queries import prints_of
from tipline.insight.matching.rules import QUALITY_FLOOR, Way
from tipline.insight.matching.rules_probes import Print, Probe, probes
from tipline.record.evidence.models import EvidenceFile

VERSION = "lists-1"
_COLUMNS = ("type", "distance", "orientation", "probe", "variant", "share", "version")


def match_files(files: Sequence[EvidenceFile]) -> frozenset[int]:
    """Bring the matches of these files up to date; the keys of those whose matches changed."""
    if not files:
        return frozenset()
    policies = in_force()
    told = _Told(files, policies)
    rows = _rows_of(files)
    return frozenset(
        file.pk for file in files if _make_so(file, told.wanted(file), rows[file.pk], policies)
    )


def _rows_of(files: Sequence[EvidenceFile]) -> dict[int, list[ListMatch]]:
    """The matches of each file, withdrawn ones included."""
    found: dict[int, list[ListMatch]] = {file.pk: [] for file in files}
    for row in ListMatch.objects.filter(file__in=list(found)).order_by("pk"):
        found[row.file_id].append(row)
    return found


@dataclass
class _Told:
    """All that is known of some files and of the entries that may match them, read at once."""

    files: Sequence[EvidenceFile]
    policies: Mapping[int, InForce]
    digests: dict[int, Values] = field(init=False)
    declared: Mapping[int, Values] = field(init=False)
    probes: Mapping[str, Sequence[Probe]] = field(init=False)
    frames: Mapping[str, Sequence[Print]] = field(init=False)
    entries: _Entries = field(init=False)
    near: NearEntries = field(init=False)

    def __post_init__(self) -> None:
        self.digests = {file.pk: _digests(file) for file in self.files}
        self.declared = declared_by(self.files)
        contents = [file.sha256 for file in self.files if file.size]
        prints = prints_of(contents)
        self.probes = {digest: probes(some) for digest, some in prints.items()}
        self.frames = {
            digest: [one for one in some if one.variant == FRAME] for digest, some in prints.items()
        }
        self.entries = _Entries()
        values = [*self.digests.values(), *self.declared.values()]
        self.entries.read_with(values if self.policies else ())
        self.near = self._entries_near()

    def _entries_near(self) -> NearEntries:
        """One question to the index for all hashes of all files, frames of videos included."""
        widest = max((policy.rules.radius for policy in self.policies.values()), default=-1)
        if widest < 0:
            return {}
        ours = {probe.value for some in self.probes.values() for probe in some}
        ours |= {frame.value for some in self.frames.values() for frame in some}
        told = {bytes.fromhex(one) for said in self.declared.values() for one in said.get(PDQ, ())}
        return near_entries(sorted(ours | told), widest)

    def wanted(self, file: EvidenceFile) -> dict[tuple[int, str], Found]:
        """What should match, by entry and layer."""
        found = [
            *self._near_declared(file),
            *self._near(file),
            *self._exact(file),  # the last word of a layer, as it is the surest
        ]
        return {(one.entry, one.layer): one for one in found}

    def _exact(self, file: EvidenceFile) -> Iterable[Found]:
        mine, told = self.digests[file.pk], self.declared.get(file.pk, {})
        for entry in self.entries.with_any(mine, told):
            policy = self.policies.get(self.entries.list_of[entry])
            if policy is None:
                continue
            theirs = self.entries.values[entry]
            if (kind := same_bytes(mine, theirs)) is not None:
                yield Found(entry, Layer.DIGEST, kind)
            if policy.rules.declared and (kind := declared_same(told, theirs)) is not None:
                yield Found(entry, Layer.DECLARED, kind)

    def _near(self, file: EvidenceFile) -> Iterable[Found]:
        for policy, near in self._by_list(self.probes.get(file.sha256, [])):
            yield from near_ones(near, policy.rules)
        yield from film_entries(self.frames.get(file.sha256, ()), self.near, self.policies)

    def _near_declared(self, file: EvidenceFile) -> Iterable[Found]:
        told = self.declared.get(file.pk, {}).get(PDQ, frozenset())
        probes = [Probe(bytes.fromhex(value), QUALITY_FLOOR) for value in sorted(told)]
        for policy, near in self._by_list(probes):
            if policy.rules.declared:
                yield from near_ones(_of_unknown_quality(near), policy.rules, Layer.DECLARED)

    def _by_list(self, probes: Sequence[Probe]) -> Iterable[tuple[InForce, list[Near]]]:
        by_list: dict[int, list[Near]] = {}
        for probe in probes:
            for list_id, row, distance in self.near.get(probe.value, ()):
                by_list.setdefault(list_id, []).append(_as_near(probe, row, distance))
        for list_id, found in by_list.items():
            if (policy := self.policies.get(list_id)) is not None:
                yield policy, found


class _Entries:
    """Live entries that share a fingerprint with what is looked for."""

    def __init__(self) -> None:
        self.values: dict[int, dict[str, frozenset[str]]] = {}
        self.list_of: dict[int, int] = {}
        self._having: dict[tuple[str, str], set[int]] = {}

    def read_with(self, wanted: Iterable[Values]) -> None:
        by_type: dict[str, set[str]] = {}
        for values in wanted:
            for kind, some in values.items():
                by_type.setdefault(kind, set()).update(some)
        any_of = Q()
        for kind, wanted_values in by_type.items():
            if kind in (*DIGESTS, *EQUAL_ONLY):
                any_of |= Q(type=kind, value__in=wanted_values)
        if any_of:
            self._read(set(_live(EntryFingerprint.objects.filter(any_of))))

    def with_any(self, *told: Values) -> list[int]:
        pairs = {(kind, v) for values in told for kind, some in values.items() for v in some}
        return sorted({key for pair in pairs for key in self._having.get(pair, ())})

    def _read(self, keys: Collection[int]) -> None:
        rows = EntryFingerprint.objects.filter(
            entry__in=keys, type__in=(*DIGESTS, *EQUAL_ONLY)
        ).values_list("entry_id", "entry__hash_list_id", "type", "value")
        for entry, list_id, kind, value in rows:
            self.list_of[entry] = list_id
            values = self.values.setdefault(entry, {})
            values[kind] = values.get(kind, frozenset()) | {value}
            self._having.setdefault((kind, value), set()).add(entry)


def _live(rows: QuerySet[EntryFingerprint]) -> Iterable[int]:
    live = rows.filter(entry__removed_at__isnull=True, entry__set_aside=False)
    return live.values_list("entry_id", flat=True)


def _as_near(probe: Probe, row: EntryFingerprint, distance: int) -> Near:
    cuts = [name for name in ("trimmed", "inverted", "enlarged") if getattr(probe, name)]
    return Near(
        row.entry_id,
        distance,
        (probe.quality, row.quality),
        probe.orientation,
        " ".join(cuts),
        row.variant,
        Way(probe.orientation, probe.trimmed, probe.inverted, row.variant).changed,
    )


def _of_unknown_quality(near: Iterable[Near]) -> list[Near]:
    """Whoever declares a hash does not say how good it is."""
    return [replace(one, qualities=(None, one.qualities[1])) for one in near]


def _digests(file: EvidenceFile) -> Values:
    if not file.size:
        return {}
    known = {"sha256": file.sha256, "sha1": file.sha1, "md5": file.md5}
    return {kind: frozenset({value}) for kind, value in known.items()}


def _make_so(
    file: EvidenceFile,
    wanted: Mapping[tuple[int, str], Found],
    there: Sequence[ListMatch],
    policies: Mapping[int, InForce],
) -> bool:
    """Write the difference; whether there was one."""
    rows = {(row.entry_id, row.layer): row for row in there}
    if not rows and not wanted:
        return False
    with write_tx():
        live = _still_live(found.entry for found in wanted.values())
        now = clock.now()
        new, again = [], []
        for key, found in wanted.items():
            if found.entry not in live:
                continue
            version = policies[live[found.entry]].version
            row = rows.get(key)
            if row is None:
                new.append(_row(file, found, version))
            elif _brought_up(row, found, version):
                again.append(row)
        kept = {key for key, found in wanted.items() if found.entry in live}
        gone = [row for key, row in rows.items() if key not in kept and row.withdrawn_at is None]
        for row in gone:
            row.withdrawn_at = now
        ListMatch.objects.bulk_create(new, ignore_conflicts=True)
        ListMatch.objects.bulk_update([*again, *gone], [*_COLUMNS, "at", "withdrawn_at"])
    return bool(new or again or gone)


def _still_live(entries: Iterable[int]) -> dict[int, int]:
    """List by entry of those that are live now and stay so until the transaction ends.

    Whoever takes one off after that finds the match that is written here.
    """
    rows = Entry.objects.select_for_update(no_key=True).filter(
        pk__in=set(entries), removed_at__isnull=True, set_aside=False
    )
    return dict(rows.order_by("pk").values_list("pk", "hash_list_id"))


def _row(file: EvidenceFile, found: Found, version: int) -> ListMatch:
    return ListMatch(
        file=file,
        entry_id=found.entry,
        layer=found.layer,
        at=clock.now(),
        **_facts(found, version),
    )


def _brought_up(row: ListMatch, found: Found, version: int) -> bool:
    facts = _facts(found, version)
    told = {name: value for name, value in facts.items() if name != "version"}
    if row.withdrawn_at is None and all(getattr(row, name) == told[name] for name in told):
        return False
    if row.withdrawn_at is not None:
        row.withdrawn_at, row.at = None, clock.now()
    for name, value in facts.items():
        setattr(row, name, value)
    return True


def _facts(found: Found, version: int) -> dict[str, object]:
    return {
        "type": found.type,
        "distance": found.distance,
        "orientation": str(found.orientation),
        "probe": found.probe,
        "variant": found.variant,
        "share": found.share,
        "version": version,
    }
