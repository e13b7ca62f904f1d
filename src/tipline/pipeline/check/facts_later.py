"""What the pipeline adds to a report's own facts, and so what may differ from a check. Pure.

Every field of :class:`Features` is either told by the report, and then the check and the
pipeline agree on it, or it stands here with the reason why it may differ later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Final

from tipline.insight.triage.features import Features


class Later(StrEnum):
    """Why a fact may be another one once the report is in."""

    UPLOADS = "uploads"
    COPIES = "copies"
    LISTS = "lists"
    OPENINGS = "openings"
    LABELS = "labels"
    LINKS = "links"
    JUDGEMENTS = "judgements"
    RECORD = "record"
    CROWD = "crowd"
    TIME = "time"


CONTEXT_FIELDS: Final[Mapping[str, Later]] = {
    # a file may come empty, or as another type than its name says
    "files_with_bytes": Later.UPLOADS,
    "only_hash": Later.UPLOADS,
    "chat_content": Later.UPLOADS,
    # earlier copies of a file
    "known_files": Later.COPIES,
    "new_files": Later.COPIES,
    "novel_viewed": Later.COPIES,
    "all_files_on_viral_list": Later.LISTS,
    "unviewed_meme": Later.LISTS,
    "unidentified_series": Later.LISTS,
    # warrants, consents, the gate's own policy
    "files_openable": Later.OPENINGS,
    # what people here see and decide
    "labels": Later.LABELS,
    "access_to_children": Later.JUDGEMENTS,
    "convicted": Later.JUDGEMENTS,
    "other_convictions": Later.JUDGEMENTS,
    "nexus_judged": Later.JUDGEMENTS,
    "disposition_judged": Later.JUDGEMENTS,
    "analyst_level": Later.JUDGEMENTS,
    "urgent_confirmed": Later.JUDGEMENTS,
    "urgent_refuted": Later.JUDGEMENTS,
    # other reports
    "linked_reports": Later.LINKS,
    "linked_esps": Later.LINKS,
    "duplicates": Later.CROWD,
    "bundle_size": Later.CROWD,
    "completeness": Later.CROWD,
    "sender_useful": Later.RECORD,
    # the clock
    "hours_since_incident": Later.TIME,
}
"""Fields that the rooms below fill in or change, each with the reason."""


def differences(checked: Features, stored: Features) -> Iterator[tuple[str, Later | None]]:
    """The fields in which a check and the pipeline differ; None where no reason is known."""
    for field in fields(Features):
        if getattr(checked, field.name) != getattr(stored, field.name):
            yield field.name, CONTEXT_FIELDS.get(field.name)
