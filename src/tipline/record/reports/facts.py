"""The one place that walks a report document; every other room asks here.

A document is section A of a report, immutable: facts are what the reporter asserted, never
what we think of it. Paths lead back to where a fact stands (``document.at`` follows them).
Files are separate documents; functions that look at both take them as ``file_details``, and
number them from 1 in paths.
"""

from tipline.ground.taxonomy.files import FileAnnotation, FileRelevance
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.ground.taxonomy.incidents import incident_type as _type_of
from tipline.record.reports.document import Document, block, text
from tipline.record.reports.facts_context import incident_time, locations, narratives, times
from tipline.record.reports.facts_missing import missing
from tipline.record.reports.facts_people import identifiers, ip_captures, parties, prior_reports
from tipline.record.reports.facts_types import (
    PROXY,
    FileFacts,
    Identifier,
    IdentifierKind,
    IpCapture,
    Location,
    LocationKind,
    Missing,
    Narrative,
    Party,
    PriorReport,
    Role,
    TimedFact,
)

__all__ = [
    "PROXY",
    "Document",
    "FileFacts",
    "Identifier",
    "IdentifierKind",
    "IpCapture",
    "Location",
    "LocationKind",
    "Missing",
    "Narrative",
    "Party",
    "PriorReport",
    "Role",
    "TimedFact",
    "annotations",
    "escalation",
    "file_facts",
    "identifiers",
    "incident_time",
    "incident_type",
    "ip_captures",
    "locations",
    "missing",
    "narratives",
    "parties",
    "prior_reports",
    "times",
]


def incident_type(document: Document) -> IncidentType | None:
    """Our code of the incident type; None where the document has none that we know."""
    return _type_of(text(document, "incidentSummary", "incidentType"))


def escalation(document: Document) -> str:
    """Why the reporter asks for high priority; empty when they do not. Blank text does not."""
    return text(document, "incidentSummary", "escalateToHighPriority").strip()


def annotations(document: Document) -> frozenset[str]:
    """The flags set on the report, by their names in the schema; unknown ones included."""
    flags = block(document, "incidentSummary", "reportAnnotations")
    return frozenset(name for name, is_set in flags.items() if is_set)


def file_facts(details: Document, *, index: int = 1, has_content: bool = True) -> FileFacts:
    """What the reporter said about a file. ``details`` is empty when nothing was said.

    ``has_content``: whether the bytes were uploaded, too. The older bare ``potentialMeme``
    counts as the annotation of that name.
    """
    flags = {name for name, is_set in block(details, "fileAnnotations").items() if is_set}
    if details.get("potentialMeme"):
        flags.add(FileAnnotation.POTENTIAL_MEME.value)
    return FileFacts(
        file_id=text(details, "fileId"),
        path=f"/fileDetails[{index}]",
        has_content=has_content,
        viewed=details.get("fileViewedByEsp"),
        exif_viewed=details.get("exifViewedByEsp"),
        public=details.get("publiclyAvailable"),
        supplemental=details.get("fileRelevance") == FileRelevance.SUPPLEMENTAL,
        classification=text(details, "industryClassification"),
        annotations=frozenset(flags),
        digests=len(details.get("originalFileHash", [])),
    )
