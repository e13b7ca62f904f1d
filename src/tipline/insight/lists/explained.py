"""Matches of files as people read them: strongest first, each with why it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from tipline.ground.foundation.reasons import Reason
from tipline.insight.lists.models import ListMatch, Vote
from tipline.insight.lists.rules_match import Layer, Standing, hidden
from tipline.insight.lists.rules_words import Told, explain
from tipline.insight.lists.standing import Stands, standing
from tipline.insight.lists.votes import votes_on
from tipline.record.evidence.models import EvidenceFile

_LAYERS = list(Layer)


@dataclass(frozen=True, slots=True)
class Explained:
    """A match, its reasons, and whether it is hidden because the file is known to be harmless."""

    stands: Stands
    reasons: Sequence[Reason]
    hidden: bool

    @property
    def match(self) -> ListMatch:
        return self.stands.match


def explained(files: Sequence[EvidenceFile]) -> dict[int, list[Explained]]:
    """By file key; files that are on no list are absent. The caller has checked its actor."""
    rows = ListMatch.objects.filter(file__in=[file.pk for file in files])
    by_file: dict[int, list[Stands]] = {}
    for one in standing(rows):
        by_file.setdefault(one.match.file_id, []).append(one)
    votes = votes_on({one.match.entry for found in by_file.values() for one in found})
    return {key: _of_one_file(found, votes) for key, found in by_file.items()}


def matches_of_entry(entry_id: int, most: int) -> list[ListMatch]:
    """The newest matches of an entry, withdrawn ones included."""
    return list(rows_of_entry(entry_id).order_by("-at", "-pk")[:most])


def rows_of_entry(entry_id: int) -> QuerySet[ListMatch]:
    return ListMatch.objects.select_related("file").filter(entry_id=entry_id)


def _of_one_file(found: Sequence[Stands], votes: dict[int, list[Vote]]) -> list[Explained]:
    ordered = sorted(found, key=_strongest_first)
    hide = hidden([_as_standing(one) for one in ordered])
    return [
        Explained(one, explain(_told(one, votes), one.policy.rules), away)
        for one, away in zip(ordered, hide, strict=True)
    ]


def _strongest_first(one: Stands) -> tuple[int, int, str, int]:
    match = one.match
    return _LAYERS.index(Layer(match.layer)), match.distance, match.entry.hash_list.slug, match.pk


def _as_standing(one: Stands) -> Standing:
    right = None if one.verdict is None else one.verdict.right
    return Standing(one.match.layer, one.match.distance, one.policy.rules.part, right)


def _told(one: Stands, votes: dict[int, list[Vote]]) -> Told:
    match, series = one.match, one.match.entry.series
    said = [vote for vote in votes.get(match.entry_id, ()) if vote.type == match.type]
    return Told(
        layer=match.layer,
        type=match.type,
        distance=match.distance,
        orientation=match.orientation,
        probe=match.probe,
        variant=match.variant,
        share=match.share,
        yes=sum(vote.affirmative for vote in said),
        no=sum(not vote.affirmative for vote in said),
        right=None if one.verdict is None else one.verdict.right,
        who="" if one.verdict is None else one.verdict.by.name,
        series="" if series is None else series.name,
        status="" if series is None else series.status,
    )
