"""Reads of identifiers and links. The caller has checked that its actor may see the report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from tipline.insight.entities.mining.rules_standing import MANY, accounts
from tipline.insight.entities.models import Identifier, Judgement, Link, Passage
from tipline.record.reports.models import Report

COUNTED = (Link.State.AUTOMATIC, Link.State.CONFIRMED)


def identifiers_of(number: int) -> list[Identifier]:
    return list(Identifier.objects.filter(report_id=number).order_by("role", "kind", "normal"))


def links_of(number: int) -> list[Link]:
    """The links of a report of which anything is said, with both reports and their senders."""
    rows = Link.objects.select_related("low__sender", "high__sender", "barred_by")
    rows = rows.exclude(state=Link.State.GONE)
    return list(rows.filter(Q(low_id=number) | Q(high_id=number)).order_by("pk"))


def link_in(number: int, link_id: int) -> Link | None:
    rows = Link.objects.filter(Q(low_id=number) | Q(high_id=number))
    return rows.filter(pk=link_id).first()


def judgements_of(links: Iterable[Link]) -> dict[int, list[Judgement]]:
    """Per link key what people decided about it, oldest first; unjudged links are absent."""
    rows = Judgement.objects.select_related("author").filter(link__in=[link.pk for link in links])
    found: dict[int, list[Judgement]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.link_id, []).append(row)
    return found


def counted_neighbours(number: int) -> list[int]:
    """Reports joined to this one by links that count: automatic by policy, or confirmed."""
    rows = Link.objects.filter(Q(low_id=number) | Q(high_id=number), state__in=COUNTED)
    pairs = rows.values_list("low_id", "high_id")
    return sorted({low if high == number else high for low, high in pairs})


def proposals() -> int:
    """How many links wait for a person."""
    return Link.objects.filter(state=Link.State.PROPOSED).count()


def lines_seen(report: Report, digests: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """Per line the reports of the same sender that were counted for it, with their accounts."""
    rows = Passage.objects.filter(sender=report.sender_id, digest__in=digests)
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for digest, number, account in rows.values_list("digest", "report_id", "about"):
        found[digest].append((number, account))
    return found


def standing_among(report: Report, digests: Sequence[str]) -> frozenset[str]:
    """Which of these lines of a report are its sender's standing text."""
    if not digests or report.sender_id is None:
        return frozenset()
    seen = lines_seen(report, digests)
    return frozenset(one for one in digests if accounts(seen[one]) >= MANY)
