"""What is near by eye: entries of lists near a file's hashes, and files near an entry's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tipline.insight.lists.models import Entry, EntryFingerprint
from tipline.insight.lists.rules_entries import PDQ, Print
from tipline.insight.matching import queries as matching
from tipline.insight.matching import services as contents
from tipline.insight.matching.index.index import Index
from tipline.insight.matching.index.table import TableFeed
from tipline.insight.matching.rules import QUALITY_FLOOR
from tipline.insight.matching.rules_probes import negative

#: Per hash (list, fingerprint of an entry, distance), nearest first.
NearEntries = Mapping[bytes, Sequence[tuple[int, EntryFingerprint, int]]]


def fresh_index() -> Index:
    """The index of all hashes of entries; a search reads what was committed since the last."""
    return Index("entries", TableFeed(EntryFingerprint, "pdq"))


_entries = fresh_index()


def keep_index() -> None:
    """Join what came to the index of entries into its files, when that is due."""
    _entries.keep()


def check_index() -> None:
    """Look whether the index's files are what they were; one that is not is made anew."""
    _entries.check_beside()


def near_entries(values: Sequence[bytes], radius: int) -> NearEntries:
    """Fingerprints near to each of these hashes, of entries on their list and not set aside."""
    answers = _entries.search_each(values, radius) if values else []
    rows = EntryFingerprint.objects.filter(
        pk__in={key for answer in answers for key, _distance in answer},
        entry__removed_at__isnull=True,
        entry__set_aside=False,
    )
    known = {row.pk: row for row in rows.select_related("entry")}
    return {
        value: [
            (known[key].entry.hash_list_id, known[key], distance)
            for key, distance in answer
            if key in known
        ]
        for value, answer in zip(values, answers, strict=True)
    }


def prints_of_content(sha256: str) -> list[Print]:
    """The hashes that an entry of this content gets: of all of it and its edits, or its frames."""
    made = [
        Print(PDQ, one.value.hex(), None, one.quality, one.variant)
        for one in matching.prints_of([sha256]).get(sha256, ())
        if one.quality >= QUALITY_FLOOR
    ]
    # Edits may have one hash: the first, which is the whole picture where it is there, names it.
    return list({one.value: one for one in reversed(made)}.values())


def contents_near(entries: Iterable[Entry]) -> set[str]:
    """SHA-256 digests of contents here that these entries are near to, turned ones included.

    The hash of a turned picture can be made only from the picture. So files that are turned
    copies are found here where the entry's own content is here (our own lists); of other lists
    those as they stand and their negatives, the rest by ``turning``.
    """
    rows = list(entries)
    prints = EntryFingerprint.objects.filter(entry__in=[row.pk for row in rows], pdq__isnull=False)
    stored = [bytes(value or b"") for value in prints.values_list("pdq", flat=True)]
    turned = matching.probes_of(row.key for row in rows if row.hash_list.kind == "own")
    wanted = {
        *stored,
        *map(negative, stored),
        *(probe.value for probes in turned.values() for probe in probes),
    }
    # One index of contents serves both rooms; digests are wanted only.
    found = contents._loaded.near_each(sorted(wanted))  # noqa: SLF001
    return {digest for near in found for digest, _distance in near}
