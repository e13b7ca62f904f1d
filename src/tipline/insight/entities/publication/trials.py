"""Trying a link model: on the links that wait or were judged, and on what the newest reports meet.

First the newest links, scored under both models. Then the newest reports are compared anew with
everybody whom they share keys with, for pairs that are no link now and would be proposed: such
pairs stand nowhere. All by the frequencies that are in force. A trial reads and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db.models import Q, QuerySet

from tipline.ground.publication.trials import History, Page, Sums, Trials
from tipline.insight.entities.blocking.queries import sharing
from tipline.insight.entities.blocking.rules import compared, keys
from tipline.insight.entities.linking import subjects_of
from tipline.insight.entities.models import Link
from tipline.insight.entities.publication import rules_trial
from tipline.insight.entities.publication.queries import READING
from tipline.insight.entities.publication.rules_trial import Model, Pair, Said, compare
from tipline.insight.entities.rules_reported import Reported
from tipline.insight.entities.scoring.in_force import in_force
from tipline.record.reports.models import Report

KIND = "entities.link-model-trial"
LANE = "link-model-trial"
#: The newest that are tried: a minute or two of a worker's time in all.
MOST_LINKS = 20_000
MOST_REPORTS = 2_000
#: Entries of a page: some tenths of a second, then the worker looks to other lanes.
LINKS_PAGE = 500
REPORTS_PAGE = 20
#: A report's key in a trial lies above every link's.
_REPORTS: Final = 10**12

_SAID: Final = {
    Link.State.PROPOSED: Said.WAITING,
    Link.State.BARRED: Said.WAITING,
    Link.State.CONFIRMED: Said.CONFIRMED,
    Link.State.WAITING: Said.CONFIRMED,
    Link.State.REJECTED: Said.REJECTED,
    Link.State.UNSURE: Said.UNSURE,
}


def _links() -> QuerySet[Link]:
    """The newest that wait for a person or had one; what policy links by itself no model moves."""
    rows = Link.objects.filter(state__in=_SAID).exclude(high__sender__test_only=True)
    return rows.exclude(machine=Link.Machine.AUTOMATIC).order_by("-pk")[:MOST_LINKS]


def _reports() -> QuerySet[Report]:
    """The newest: what they meet is what reports will meet that come next."""
    rows = Report.objects.filter(state=Report.State.FINISHED)
    return rows.exclude(sender__test_only=True).order_by("-pk")[:MOST_REPORTS]


def _count() -> int:
    return len(_links().values("pk")) + len(_reports().values("pk"))


def _page(after: int) -> Page:
    """Links first, oldest first, then reports; each with the pairs that are compared of it."""
    if after < _REPORTS and (page := _page_of_links(after)):
        return page
    return _page_of_reports(max(after - _REPORTS, 0))


def _after(rows: QuerySet[Link] | QuerySet[Report], after: int, most: int) -> list[int]:
    """The first keys above ``after`` of those that are tried."""
    return sorted(key for key in rows.values_list("pk", flat=True) if key > after)[:most]


def _page_of_links(after: int) -> Page:
    rows = Link.objects.filter(pk__in=_after(_links(), after, LINKS_PAGE)).order_by("pk")
    told = list(rows.values_list("pk", "low_id", "high_id", "state"))
    subjects = subjects_of({number for _pk, low, high, _state in told for number in (low, high)})
    return [
        (pk, _pairs([(low, high, _SAID[Link.State(state)])], subjects))
        for pk, low, high, state in told
    ]


def _page_of_reports(after: int) -> Page:
    numbers = _after(_reports(), after, REPORTS_PAGE)
    own = subjects_of(numbers)
    met = {number: _met(number, own[number]) for number in numbers if number in own}
    subjects = {**own, **subjects_of({low for lows in met.values() for low in lows})}
    linked = _linked(numbers)
    return [
        (
            _REPORTS + number,
            _pairs(
                [
                    (low, number, Said.NEW)
                    for low in met.get(number, ())
                    if (low, number) not in linked
                ],
                subjects,
            ),
        )
        for number in numbers
    ]


def _met(number: int, own: Reported) -> list[int]:
    """Earlier reports with which a new one would be compared."""
    found = sharing(number, keys(own, test=False))
    near = {one for one in found.near if one < number}
    return sorted(near | set(compared(number, found.shared)))


def _linked(numbers: Iterable[int]) -> set[tuple[int, int]]:
    """Pairs of which something stands already: of the machine, or of a person."""
    rows = Link.objects.filter(high__in=list(numbers))
    rows = rows.filter(~Q(machine=Link.Machine.GONE) | Q(judged=True))
    return set(rows.values_list("low_id", "high_id"))


def _pairs(
    told: Iterable[tuple[int, int, Said]], subjects: Mapping[int, Reported]
) -> tuple[Pair, ...]:
    """Without those of which one is destroyed, and those whom policy links through others."""
    return tuple(
        Pair(low, high, said, subjects[low], subjects[high])
        for low, high, said in told
        if low in subjects and high in subjects
        if said is not Said.NEW or not subjects[low].certain & subjects[high].certain
    )


def _add(sums: Sums, page: Page, old: Model, new: Model) -> Sums:
    pairs: Sequence[Pair] = [pair for _key, pairs in page for pair in pairs]
    by = in_force().of(each for pair in pairs for each in (pair.b.told, pair.b.whole))
    moved = (compare(pair, old, new, by.frequencies) for pair in pairs)
    return rules_trial.add(sums, moved, sum(key > _REPORTS for key, _pairs in page))


TRIALS = Trials(READING, History(_count, _page, rules_trial.empty, _add), kind=KIND, lane=LANE)
start = TRIALS.start
try_now = TRIALS.try_now
step = TRIALS.step
