"""All pairs of all reports that belong together, in one go. Pure.

Four steps that any engine may spread over its workers, each the same however the work is cut up:
keys of each subject, which reports share each key, whom each report is compared with, and what is
made of each pair. Together they give what linking each report as it came gives.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import NamedTuple

from tipline.ground.foundation.policy import Policy
from tipline.insight.entities.blocking.rules import MOST, NEAREST, compared, is_certain, keys
from tipline.insight.entities.rules import Proposal, proposals
from tipline.insight.entities.rules_reported import Reported, Value, reported
from tipline.insight.entities.scoring.rules import Frequencies
from tipline.insight.entities.scoring.rules_model import LinkModel

Pair = tuple[int, int]
"""Two reports' numbers, the smaller first."""


class Record(NamedTuple):
    """A report as linking sees it. ``sender``: its key; ``test``: of a sender's trial."""

    number: int
    sender: int | None
    test: bool
    values: Sequence[Value]

    @property
    def subject(self) -> Reported:
        return reported(self.values, self.sender)


def as_text(values: Iterable[Value]) -> str:
    """Values as JSON, to be carried to other machines; :func:`from_text` reads it."""
    return json.dumps(list(values), ensure_ascii=True, separators=(",", ":"))


def from_text(text: str) -> list[Value]:
    return [Value(*one) for one in json.loads(text)]


def keys_of(record: Record) -> frozenset[str]:
    """The keys under which a report is found."""
    return frozenset(keys(record.subject, test=record.test).all)


class Sharing(NamedTuple):
    """The earlier reports with one of a report's keys that the key may lead to, ascending."""

    number: int
    key: str
    earlier: Sequence[int]


def sharing(entries: Iterable[tuple[str, int]]) -> Iterator[Sharing]:
    """Who shares each key. ``entries``: keys with numbers, those of a key together and rising.

    A certain key leads to the nearest earlier reports; another one to all earlier ones, while
    the report is among the first that have it.
    """
    for key, same in groupby(entries, key=itemgetter(0)):
        numbers = (number for _key, number in same)
        if is_certain(key):
            yield from _nearest(key, numbers)
        else:
            first = list(islice(numbers, MOST))
            yield from (Sharing(first[at], key, first[:at]) for at in range(1, len(first)))


def _nearest(key: str, numbers: Iterable[int]) -> Iterator[Sharing]:
    before: list[int] = []
    for number in numbers:
        if before:
            yield Sharing(number, key, tuple(before))
        before = [*before, number][-NEAREST:]


class Meeting(NamedTuple):
    """Earlier reports with which one is compared, ascending; ``near``: by a certain value."""

    number: int
    others: Sequence[int]
    near: frozenset[int]


def meeting(number: int, found: Mapping[str, Sequence[int]]) -> Meeting:
    """Whom a report is compared with. ``found``: the earlier reports of each of its keys, as
    :func:`sharing` gives them.
    """
    near = frozenset(one for key, some in found.items() if is_certain(key) for one in some)
    shared = {key: some for key, some in found.items() if not is_certain(key)}
    return Meeting(number, sorted(near.union(compared(number, shared))), near)


def all_links(
    records: Iterable[Record], model: Policy[LinkModel], frequencies: Frequencies
) -> dict[Pair, Proposal]:
    """The whole batch in memory: every link of these reports, and why."""
    subjects = {one.number: (one.subject, one.test) for one in records}
    entries = sorted(
        (key, number)
        for number, (subject, test) in subjects.items()
        for key in keys(subject, test=test).all
    )
    found: dict[int, dict[str, Sequence[int]]] = {}
    for one in sharing(entries):
        found.setdefault(one.number, {})[one.key] = one.earlier
    links: dict[Pair, Proposal] = {}
    for number in sorted(found):
        met = meeting(number, found[number])
        others = {low: subjects[low][0] for low in met.others}
        own = subjects[number][0]
        for low, proposal in proposals(own, others, met.near, model, frequencies):
            links[low, number] = proposal
    return links
