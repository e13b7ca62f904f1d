"""Reports that have something in common, and the links between them."""

from __future__ import annotations

from typing import Any

from tests.filing import document, suspect

from tipline.insight.entities.models import Link
from tipline.record.reports.models import Report


def about(name: str, **changes: Any) -> dict[str, Any]:
    """A document about somebody else; what is given is shared with others."""
    person = {"email": [{"value": f"{name}@example.org"}]}
    wanted = {
        "personOrUserReportedPerson": person,
        "espIdentifier": f"id-{name}",
        "screenName": name,
        "ipCaptureEvent": None,
    }
    return document(personOrUserReported=suspect(**{**wanted, **changes}))


def verified(value: str) -> dict[str, Any]:
    return {"email": [{"value": value, "verified": True}]}


def between(one: Report, other: Report) -> Link | None:
    return Link.objects.filter(low=min(one.pk, other.pk), high=max(one.pk, other.pk)).first()


def told() -> list[tuple[Any, ...]]:
    """Every link, and why, without keys and clocks."""
    rows = Link.objects.order_by("low", "high")
    return list(rows.values_list("low", "high", "state", "reasons", "version"))
