"""The engine of one machine: the table of keys in memory, reports read a block at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tipline.insight.entities.history import reading
from tipline.insight.entities.history.blocks import Block
from tipline.insight.entities.history.engine import KeysPage, LinksPage
from tipline.insight.entities.history.rules import keys_of, sharing
from tipline.insight.entities.history.workers import cores, spread
from tipline.insight.entities.rules import Proposal, proposals
from tipline.insight.entities.rules_reported import Reported
from tipline.insight.entities.scoring.in_force import in_force

#: Numbers of one page of keys, and rows of shared keys in one block.
_PAGE: Final = 1_000
_BLOCK: Final = 4_000


@dataclass(frozen=True, slots=True)
class Local:
    """``processes``: 1 keeps all work in this process."""

    processes: int = field(default_factory=cores)
    page: int = _PAGE
    block: int = _BLOCK

    def keys(self, after: int, upto: int) -> Iterator[KeysPage]:
        first, _last = reading.span()
        starts = range(max(after, first - 1), upto, self.page)
        pages = ((at, min(at + self.page, upto)) for at in starts)
        yield from spread(_keys, pages, self.processes)

    def links(self, after: int, upto: int) -> Iterator[LinksPage]:
        whole = Block.of(sharing(reading.entries()), after, upto)
        yield from spread(_links, whole.cut(self.block), self.processes)


def _keys(page: tuple[int, int]) -> KeysPage:
    found = {record.number: keys_of(record) for record in reading.records_between(*page)}
    return KeysPage(*page, found)


def _links(block: Block) -> LinksPage:
    met = list(block.meetings())
    wanted = {number for one in met for number in (one.number, *one.others)}
    subjects = {number: one.subject for number, one in reading.records_of(wanted).items()}
    # Read again meanwhile, a report may have lost what it was found by.
    of = defaultdict(Reported, subjects)
    by = in_force().of(each for one in met for each in (of[one.number].told, of[one.number].whole))
    found: dict[int, dict[int, Proposal]] = {}
    for one in met:
        others = {low: of[low] for low in one.others}
        links = proposals(of[one.number], others, one.near, by.model, by.frequencies)
        if some := dict(links):
            found[one.number] = some
    compared = sum(len(one.others) for one in met)
    return LinksPage(block.after, block.last, found, compared, by.version)
