"""The lists of a small segment: each has a line of the processor's cache. See ``layout``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.index.beside import Parts, turned_to
from tipline.insight.matching.index.layout import (
    AT_ONCE,
    BAND_BITS,
    BANDS,
    NOBODY,
    OF_LINE,
    Shape,
    Words,
)

Numbers = NDArray[np.int64]


def listed_by(own: Parts, shape: Shape) -> Iterator[tuple[Parts, Parts]]:
    """For each table of a band: how it is turned, and the list of each entry."""
    for quarter in range(shape.quarters):
        turned = turned_to(own, quarter)
        yield turned, turned >> np.uint16(BAND_BITS - shape.bits)


class Places(NamedTuple):
    """Where the entries of a table go: ``slots`` in the order of its lists; how its lines go on."""

    slots: Numbers
    links: NDArray[np.uint16]


def lines_of(words: Words, shape: Shape) -> int:
    """How many lines all tables of (N, 4) words have."""
    parts, lines = words.view(np.uint16), 0
    for band in range(BANDS):
        own = np.ascontiguousarray(parts[:, band])
        for _turned, listed in listed_by(own, shape):
            lines += int(_lines_of(np.bincount(listed, minlength=1 << shape.bits)).sum())
    return lines


def _lines_of(lengths: Numbers) -> Numbers:
    return np.maximum(1, -(-lengths // OF_LINE))


def placed(lengths: Numbers) -> Places:
    """Lists of these lengths in lines. The first line of each has the number of its list."""
    more = _lines_of(lengths) - 1
    before = len(lengths) + np.cumsum(more) - more
    lists = np.arange(len(lengths)).repeat(lengths)
    ranks = np.arange(len(lists)) - (np.cumsum(lengths) - lengths).repeat(lengths)
    later = before[lists] + ranks // OF_LINE - 1
    lines = np.where(ranks < OF_LINE, lists, later)
    return Places(lines * AT_ONCE + ranks % OF_LINE, _links(more, before))


def _links(more: Numbers, before: Numbers) -> NDArray[np.uint16]:
    """For each line the one that goes on with its list, or 0."""
    links = np.arange(1, 1 + len(more) + int(more.sum()))
    links[: len(more)] = before
    (long,) = more.nonzero()
    links[(before + more - 1)[long]] = 0
    links[: len(more)][more == 0] = 0
    return links.astype(np.uint16)


def filled(
    places: Places, ids: NDArray[np.uint32], nexts: Parts
) -> tuple[NDArray[np.uint32], Parts]:
    """The lines of a table, by its entries in the order of its lists."""
    room = len(places.links) * AT_ONCE
    all_ids, all_nexts = np.full(room, NOBODY, np.uint32), np.zeros(room, np.uint16)
    all_ids[places.slots], all_nexts[places.slots] = ids, nexts
    all_nexts[OF_LINE::AT_ONCE] = places.links
    return all_ids, all_nexts
