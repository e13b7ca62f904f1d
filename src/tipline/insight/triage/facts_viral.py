"""What our own viral list says of a report's files. Pure.

Exact digests only. A file whose bytes are here is what its bytes are; one that came without
bytes is what its sender declares, where the digest names one content and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tipline.insight.triage.facts_told import Told, ToldFile

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MD5 = re.compile(r"[0-9a-f]{32}")


def declared(details: Mapping[str, Any]) -> frozenset[str]:
    """MD5 and SHA-256 digests of the original that the sender gives, in lower case."""
    said = (
        (str(one.get("hashType", "")), str(one.get("value", "")).strip().lower())
        for one in details.get("originalFileHash", ())
        if isinstance(one, Mapping)
    )
    kinds = {"MD5": _MD5, "SHA256": _SHA256}
    return frozenset(
        value
        for kind, value in said
        if (form := kinds.get(kind.upper().replace("-", ""))) and form.fullmatch(value)
    )


def wanted(m: Told) -> frozenset[str]:
    """Every digest about which the list must be asked."""
    return frozenset(digest for file, _said in m.reported for digest in _digests(file))


def _digests(file: ToldFile) -> frozenset[str]:
    return frozenset({file.sha256}) if file.size > 0 else declared(file.details)


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
