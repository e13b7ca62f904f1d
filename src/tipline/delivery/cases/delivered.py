"""Section A as one agency has it: who reported from the public is released to it, or sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tipline.delivery.routing.models import Referral
from tipline.delivery.routing.queries import releases_in_force
from tipline.record.reports.queries import document_of, has_identity, identity_of
from tipline.record.reports.rules_reporter import put_back, without_reporter


class ReporterIs(StrEnum):
    """What the agency may know of who reported."""

    NAMED = "named"
    """An ESP's own staff: they stand in their report."""
    ANONYMOUS = "anonymous"
    """A member of the public who said nothing of themselves."""
    SEALED = "sealed"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Delivered:
    """The document without a sealed reporter, and since when the agency may know a released one."""

    document: dict[str, Any]
    reporter: ReporterIs
    released_at: datetime | None = None


def delivered(row: Referral) -> Delivered:
    """What the agency of this referral has. The caller has checked that its actor is of it."""
    document = document_of(row.report_id)
    if not row.report.by_public:
        return Delivered(document, ReporterIs.NAMED)
    if not has_identity(row.report_id):
        return Delivered(without_reporter(document), ReporterIs.ANONYMOUS)
    release = releases_in_force([row]).get(row.pk)
    if release is None:
        return Delivered(without_reporter(document), ReporterIs.SEALED)
    whole = put_back(document, identity_of(row.report))
    return Delivered(whole, ReporterIs.RELEASED, release.at)
