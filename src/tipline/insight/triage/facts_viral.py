"""What our own viral list says of a report's files. Pure.

Exact digests only. A file whose bytes are here is what its bytes are; one that came without
bytes is what its sender declares, where the digest names one content and no other.
"""

from __future__ import annotations

from collections.abc import Iterable

from tipline.insight.triage.facts_told import Told, ToldFile
from tipline.record.reports.facts_digests import DigestKind, declared

#: Digests by which our own contents can be found.
_KINDS = frozenset({DigestKind.MD5, DigestKind.SHA256})


def wanted(m: Told) -> frozenset[str]:
    """Every digest about which the list must be asked."""
    return frozenset(digest for file, _said in m.reported for digest in _digests(file))


def _digests(file: ToldFile) -> frozenset[str]:
    """Of a file that was not sent, what its sender declares in a form that is no filler."""
    if file.size > 0:
        return frozenset({file.sha256})
    return frozenset(one.value for one in declared(file.details) if one.kind in _KINDS) - {""}


def of_viral_list(m: Told, listed: Iterable[str]) -> dict[str, bool | None]:
    """The two features. ``listed``: those of :func:`wanted` that are on the list."""
    on_list = frozenset(listed)
    hits = [(file, said) for file, said in m.reported if _digests(file) & on_list]
    every = [bool(_digests(file)) and _digests(file) <= on_list for file, _said in m.reported]
    unviewed = [said.viewed for file, said in hits if file.size > 0 and said.viewed is not True]
    return {
        "all_files_on_viral_list": all(every) if every else False,
        "unviewed_meme": True if False in unviewed else None if unviewed else False,
    }
