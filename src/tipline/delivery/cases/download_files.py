"""Files in the shape of a download. Pure. Blocked files show all but their content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tipline.delivery.cases.download_parts import (
    FilePart,
    Json,
    informations,
    ip_captures,
    said,
    source_information,
    texts_of,
    unplaced,
    url_captures,
)
from tipline.ground.taxonomy.contacts import CaptureType
from tipline.record.reports.document import Document, entries, text

_PLACED: Final = frozenset(
    {
        "reportId",
        "fileId",
        "fileName",
        "originalFileName",
        "locationOfFile",
        "fileViewedByEsp",
        "industryClassification",
        "ipCaptureEvent",
        "details",
        "additionalInfo",
    }
)


def file(part: FilePart) -> Json:
    """One file with every key; ``viewedByEsp`` null means that the ESP said nothing."""
    details = part.details
    return {
        "filename": part.name or text(details, "fileName") or part.file_id,
        "originalFilename": said(details, "originalFileName"),
        "submittalId": part.file_id,
        "verificationHash": part.md5,
        "viewedByEsp": _flag(details, "fileViewedByEsp"),
        "industryClassification": said(details, "industryClassification"),
        "ncmecTags": tag_groups(part.tags),
        "espMetadata": _metadata(details),
        "sourceInformation": source_information(_captures(details)),
        "additionalInformations": informations(_texts(details)),
    }


def own_file(part: FilePart) -> Json:
    """What we know of the file beyond the field's shape, the gate's answer among it."""
    return {
        "fileId": part.file_id,
        "sha1": part.sha1,
        "sha256": part.sha256,
        "size": part.size,
        "contentType": part.content_type or None,
        "gate": dict(part.gate),
        "labels": [dict(label) for label in part.labels],
        "children": part.children,
        "classification": [dict(value) for value in part.values],
        "details": dict(part.details),
    }


def _flag(details: Document, name: str) -> bool | None:
    found = details.get(name)
    return found if isinstance(found, bool) else None


def tag_groups(tags: Sequence[str]) -> Json | None:
    """Tags so that both kinds of reader see each of them once, the most important first.

    One reader takes all tags of the first group, the other the first tag of every group: so
    the first group has them all, and each further one leads with the next tag. Null when
    there are none, because both readers index into a group that is empty.
    """
    if not tags:
        return None
    groups = [list(tags), *([tag] for tag in tags[1:])]
    return {"groups": [{"tags": [{"value": tag} for tag in group]} for group in groups]}


def _metadata(details: Document) -> Json | None:
    pairs = [
        {"name": said(pair, "name"), "value": text(pair, "value")}
        for _path, block in entries(details, "details", "")
        if isinstance(block, Mapping)
        for _below, pair in entries(block, "nameValuePair", "")
        if isinstance(pair, Mapping)
    ]
    return {"metadatas": pairs} if pairs else None


def _captures(details: Document) -> Iterator[Json]:
    # The address of the upload first: tools take the first capture's time for the upload's.
    yield from ip_captures(details)
    yield from url_captures(details, "locationOfFile", CaptureType.URL)


def _texts(details: Document) -> Iterator[str]:
    yield from texts_of(details, "additionalInfo")
    yield from unplaced(details, _PLACED)
