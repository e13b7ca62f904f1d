"""Everything that the pipeline derives, as plain values that do not depend on keys or clocks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from django.db import transaction

from tipline.delivery.routing.models import Referral
from tipline.insight.enrichment.models import Whereabouts
from tipline.insight.entities.models import (
    BlockingKey,
    Identifier,
    Link,
    Passage,
    SecondLook,
)
from tipline.insight.matching import services as matching
from tipline.insight.matching.models import DeclaredFingerprint, FileMatch, Fingerprint
from tipline.insight.review.models import Content
from tipline.insight.triage.models import Assessment, QueueEntry
from tipline.pipeline.models import StageRun

#: What may be deleted and computed again; hand-overs are facts, once made.
DERIVED = (
    StageRun, Content, QueueEntry, Assessment, SecondLook, Link, Identifier, BlockingKey,
    Passage, Whereabouts, FileMatch, Fingerprint, DeclaredFingerprint,
)  # fmt: skip

_COLUMNS: dict[Any, tuple[str, ...]] = {
    Fingerprint: (
        "sha256", "hasher", "version", "variant", "value", "turned", "quality", "reason",
    ),
    DeclaredFingerprint: ("file__file_id", "details_version", "kind", "value", "reason"),
    FileMatch: (
        "file__file_id", "other__file_id", "layer", "distance", "orientation", "trimmed",
        "inverted", "variant",
    ),
    Whereabouts: ("report_id", "version", "evidence"),
    Identifier: (
        "report_id", "kind", "scope", "normal", "role", "verified", "origin", "problem", "passage",
        "sightings",
    ),
    BlockingKey: ("report_id", "key"),
    Link: ("low_id", "high_id", "state", "reasons", "points", "version"),
    QueueEntry: (
        "report_id", "band_rank", "step", "deadline", "danger", "actionability", "disposition",
        "urgency", "level", "lane", "incident_type", "new_files", "known_files", "links", "place",
    ),
    Content: (
        "sha256", "file__file_id", "look_alike", "open", "again", "near", "novelty", "band_rank",
        "step", "deadline", "received_at", "ended",
    ),
    Referral: ("report_id", "agency__name", "disposition", "band_rank", "source"),
    StageRun: ("report_id", "stage", "version", "input_digest"),
}  # fmt: skip


def snapshot() -> dict[str, list[str]]:
    """The rows of every derived table, in an order of their own."""
    return {
        model.__name__: sorted(repr(_plain(row)) for row in model.objects.values_list(*columns))
        for model, columns in _COLUMNS.items()
    }


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(v) if isinstance(v, bytes | memoryview) else v for v in row)


def forget() -> None:
    """Delete everything derived."""
    for model in DERIVED:
        model.objects.all().delete()
    matching._loaded = matching._Loaded()


@contextmanager
def undone():
    """Whatever happens in the block has not happened after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    matching._loaded = matching._Loaded()
