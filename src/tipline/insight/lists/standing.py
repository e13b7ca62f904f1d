"""What matches say once people and policies have had their word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from tipline.insight.lists.models import ListMatch, MatchVerdict
from tipline.insight.lists.policies import InForce, in_force
from tipline.insight.lists.rules_match import may_be_known
from tipline.record.evidence.models import EvidenceFile


@dataclass(frozen=True, slots=True)
class Stands:
    """A match under its list's policy; ``verdict``: the newest one, if any."""

    match: ListMatch
    policy: InForce
    verdict: MatchVerdict | None

    @property
    def denied(self) -> bool:
        return self.verdict is not None and not self.verdict.right

    @property
    def known(self) -> bool:
        """The bytes were read here, the list is trusted to know them, and nobody denies it."""
        return may_be_known(self.match.layer, self.policy.rules) and not self.denied

    @property
    def sure(self) -> bool:
        """Known, or confirmed by a person."""
        return self.known or (self.verdict is not None and self.verdict.right)


def standing(rows: QuerySet[ListMatch]) -> list[Stands]:
    """Matches that are not withdrawn, of lists that speak now, in the order of their keys.

    Asked three times for each report, most of which are on no list: what is joined to a match is
    read only where there is one.
    """
    live = rows.filter(withdrawn_at__isnull=True)
    if not live.exists():
        return []
    joined = live.select_related("entry__hash_list", "entry__series", "entry__member")
    matches = list(joined.order_by("pk"))
    policies, verdicts = in_force(), verdicts_on(matches)
    return [
        Stands(match, policies[match.entry.hash_list_id], verdicts.get(match.pk))
        for match in matches
        if match.entry.hash_list_id in policies
    ]


def verdicts_on(matches: Iterable[ListMatch]) -> dict[int, MatchVerdict]:
    """The newest verdict by match; those without one are absent."""
    later = MatchVerdict.objects.filter(match=OuterRef("match"), pk__gt=OuterRef("pk"))
    rows = MatchVerdict.objects.select_related("by").filter(
        ~Exists(later), match__in=[match.pk for match in matches]
    )
    return {row.match_id: row for row in rows}


def known_by_lists(files: Sequence[EvidenceFile]) -> frozenset[str]:
    """Digests of those files whose very bytes are on a list that is trusted to know them."""
    rows = ListMatch.objects.filter(file__in=[file.pk for file in files], layer="digest")
    return known_among(standing(rows), files)


def standing_on(files: Sequence[EvidenceFile]) -> list[Stands]:
    """All matches of these files as they stand."""
    if not files:
        return []
    return standing(ListMatch.objects.filter(file__in=[file.pk for file in files]))


def known_among(matches: Iterable[Stands], files: Sequence[EvidenceFile]) -> frozenset[str]:
    """As :func:`known_by_lists`, of matches that were read."""
    trusted = {one.match.file_id for one in matches if one.known}
    return frozenset(file.sha256 for file in files if file.pk in trusted)
