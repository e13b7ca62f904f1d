"""What people found, gathered from outcomes, judgements and draws, with the facts of then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count

from tipline.insight.triage.features import from_json
from tipline.insight.triage.learning.rules import (
    Answer,
    Case,
    of_agency,
    of_draw,
    of_report,
    of_urgency,
    signs_of,
    weight,
)
from tipline.insight.triage.models import BAND_RANK, TEST_LANE, Draw, Judgement, QueueEntry
from tipline.insight.triage.policy import TriagePolicy
from tipline.record.outcomes.models import Outcome
from tipline.record.outcomes.queries import all_answers

#: The newest reports with an answer; more would cost memory and teach little.
MOST_CASES = 200_000
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one report, and how it came to be looked at."""

    verdict: bool
    share: float | None


def found_by_people() -> dict[int, Found]:
    """Every report of which somebody's word tells, by number."""
    agencies = _of_agencies()
    urgency = _of_judgements()
    draws = _of_draws()
    found = {}
    for number in {*agencies, *urgency, *draws}:
        verdict, share = draws.get(number, (None, None))
        told = of_report(agencies.get(number, []), urgency.get(number), verdict)
        if told is not None:
            found[number] = Found(told, share)
    return dict(sorted(found.items())[-MOST_CASES:])


def _of_agencies() -> dict[int, list[bool | None]]:
    return {
        number: [of_agency(map(_answer, rows)) for rows in _by_agency(answers)]
        for number, answers in groupby(all_answers(), key=lambda row: row.report_id)
    }


def _by_agency(answers: Iterable[Outcome]) -> Iterable[list[Outcome]]:
    apart: dict[int, list[Outcome]] = {}
    for row in answers:
        apart.setdefault(row.agency_id, []).append(row)
    return apart.values()


def _answer(row: Outcome) -> Answer:
    return Answer(row.status, row.closing_reason, row.child_identified, row.additional_victims)


def _of_judgements() -> dict[int, bool | None]:
    """The newest word on urgency that is in force: seconded where that is needed."""
    rows = Judgement.objects.filter(question="urgency", withdrawn_at__isnull=True)
    rows = rows.exclude(needs_second=True, seconded_at__isnull=True).order_by("pk")
    return {
        number: of_urgency(answer) for number, answer in rows.values_list("report_id", "answer")
    }


def _of_draws() -> dict[int, tuple[bool | None, float]]:
    """The newest finding about each report that was drawn."""
    rows = Draw.objects.exclude(finding="").order_by("pk")
    wanted = rows.values_list("report_id", "finding", "share")
    return {number: (of_draw(finding), share) for number, finding, share in wanted}


def cases(found: Mapping[int, Found], policy: TriagePolicy) -> list[Case]:
    """Reports with an answer, with the signs that their newest facts show; tests left out."""
    return [
        Case(
            number=number,
            signs=signs_of(from_json(facts), policy.rules.limits),
            found=found[number].verdict,
            weight=weight(found[number].share),
            drawn=found[number].share is not None,
        )
        for number, facts in _facts(found)
    ]


def _parts(numbers: Iterable[int]) -> Iterator[list[int]]:
    """The numbers in order, so many at once as a query may name."""
    whole = sorted(numbers)
    for start in range(0, len(whole), _AT_ONCE):
        yield whole[start : start + _AT_ONCE]


def _facts(found: Mapping[int, Found]) -> Iterator[tuple[int, dict[str, Any]]]:
    for numbers in _parts(found):
        rows = QueueEntry.objects.filter(report_id__in=numbers).exclude(lane=TEST_LANE)
        rows = rows.order_by("report_id")
        for number, facts in rows.values_list("report_id", "assessment__facts"):
            if facts:
                yield number, facts


def by_band(numbers: Iterable[int]) -> dict[str, list[int]]:
    """How many reports of each danger band were ranked, and how many of these are given."""
    answered = dict.fromkeys(BAND_RANK, 0)
    names = {rank: band for band, rank in BAND_RANK.items()}
    for some in _parts(numbers):
        rows = QueueEntry.objects.filter(report_id__in=some)
        for rank, count in rows.values_list("band_rank").annotate(n=Count("pk")).order_by():
            answered[names[rank]] += count
    rows = QueueEntry.objects.exclude(lane=TEST_LANE)
    ranked = dict(rows.values_list("band_rank").annotate(n=Count("pk")).order_by())
    return {band: [answered[band], ranked.get(rank, 0)] for band, rank in BAND_RANK.items()}
