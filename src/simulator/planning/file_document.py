"""A file as the ``fileDetails`` element that its sender would write."""

from __future__ import annotations

from simulator.media.files import Digest
from simulator.media.pictures import Picture, exif_pairs
from simulator.planning.attachments import Attachment
from simulator.planning.clock import sender_clock
from simulator.planning.elements import Element, branch, flag, leaf
from simulator.planning.person_elements import ip_event
from simulator.planning.story import Story
from simulator.wire.styles import STYLES


def file_document(file: Attachment, story: Story, report_id: str, file_id: str) -> Element:
    """The details of one uploaded file, with the numbers that the instance gave."""
    clock = sender_clock(story.esp, story.subject.place)
    style = STYLES[story.esp.client]
    annotations = [flag(name) for name in file.annotations]
    return branch(
        "fileDetails",
        [
            leaf("reportId", report_id),
            leaf("fileId", file_id),
            leaf("originalFileName", file.name),
            leaf("uploadedToEspTimestamp", clock(file.uploaded_at)),
            leaf("locationOfFile", file.location),
            leaf("fileViewedByEsp", file.viewed),
            leaf("exifViewedByEsp", file.exif_viewed),
            leaf("publiclyAvailable", file.public),
            leaf("fileRelevance", "Supplemental Reported" if file.supplemental else "Reported"),
            branch("fileAnnotations", annotations) if annotations or style.always_groups else None,
            leaf("industryClassification", file.classification),
            *[_hash(file, name) for name in file.hashes],
            ip_event(file.ip, clock) if file.ip else None,
            _exif(file),
        ],
    )


def _hash(file: Attachment, name: str) -> Element | None:
    return leaf("originalFileHash", Digest(file.content, name.lower()), hashType=name)


def _exif(file: Attachment) -> Element | None:
    content = file.content
    if not (isinstance(content, Picture) and content.exif and file.exif_viewed):
        return None
    pairs = [
        branch("nameValuePair", [leaf("name", name), leaf("value", value)])
        for name, value in exif_pairs(content.family)
    ]
    return branch("details", pairs, type="EXIF")
