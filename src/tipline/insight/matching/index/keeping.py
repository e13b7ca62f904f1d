"""Keeping the files of an index: joining what came since, mending what is damaged.

Everything is read from the database and from files that prove intact, so any process may do it,
be cut off anywhere, and do it again. Only one does it at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import structlog

from tipline.insight.matching.index import merging
from tipline.insight.matching.index.feed import Feed, Keys, Row
from tipline.insight.matching.index.layout import Damaged, shuffled
from tipline.insight.matching.index.position import Position
from tipline.insight.matching.index.segment import Name, Segment
from tipline.insight.matching.index.shelf import NOTHING, Listing, Shelf
from tipline.insight.matching.index.tail import Tail
from tipline.insight.matching.index.writing import write

log = structlog.get_logger(__name__)

#: So many keys of each file, from its last one backwards, are compared with the database.
_SAMPLE = 8


def is_due(shelf: Shelf, feed: Feed) -> bool:
    """Whether there is something to do for :func:`join`; costs two queries at most."""
    if shelf.complaint():
        return True
    try:
        listing = shelf.listing()
    except Damaged:
        return True
    top = feed.top()
    return top < listing.through or top - listing.through >= merging.LEAST


def join(shelf: Shelf, feed: Feed, *, piece: int = merging.PIECE) -> bool:
    """Bring the files up to what is committed now. False: another process is at it."""
    with shelf.writing() as mine:
        if not mine:
            return False
        listing = _counted(shelf, feed)
        if listing.names:
            shelf.sweep(listing.names)  # what another was killed over
        if shelf.complaint():
            listing = _mended(shelf, feed, listing)
            shelf.complaint(forget=True)
        try:
            _extend(shelf, feed, listing, piece)
        except Damaged:
            _extend(shelf, feed, _mended(shelf, feed, _counted(shelf, feed)), piece)
    return True


def check(shelf: Shelf, feed: Feed) -> bool:
    """Read every byte, count what the files hold against the database, make anew what differs."""
    with shelf.writing() as mine:
        if not mine or shelf.stamp() is None:
            return mine
        listing = _mended(shelf, feed, _counted(shelf, feed))
        shelf.complaint(forget=True)
        keys = [Segment.open(shelf.folder, name).source().keys for name in listing.names]
        held = sum(map(len, keys)), sum(int(some.sum()) for some in keys)
        if listing is NOTHING or held != feed.census(listing.through, listing.holes):
            log.warning("segments are made anew", index=shelf.folder.name)
            _extend(shelf, feed, NOTHING, merging.PIECE)
    return True


def opened(
    shelf: Shelf, names: Iterable[Name], held: Sequence[Segment] = ()
) -> tuple[list[Segment], list[Name]]:
    """Segments that are intact, and names of those that are not. ``held``: open already."""
    known = {segment.name: segment for segment in held}
    intact, damaged = list[Segment](), list[Name]()
    for name in names:
        try:
            intact.append(known.get(name) or Segment.open(shelf.folder, name))
        except (Damaged, OSError) as error:
            log.warning("segment left aside", index=shelf.folder.name, why=str(error))
            damaged.append(name)
    return intact, damaged


def are_of(feed: Feed, segments: Iterable[Segment]) -> bool:
    """Whether the last entries of each are those of this database, where it still has them."""
    for segment in segments:
        source = segment.source(last=_SAMPLE)
        kept = dict(zip(source.keys.tolist(), source.words.tolist(), strict=True))
        for key, value in feed.read_among([(key, key) for key in kept]):
            if value is None or shuffled(value)[0].tolist() != kept[key]:
                return False
    return True


def _counted(shelf: Shelf, feed: Feed) -> Listing:
    """What the list says, when it can be read and may be of this database."""
    try:
        listing = shelf.listing()
    except Damaged as error:
        log.warning("list of segments left aside", index=shelf.folder.name, why=str(error))
        return NOTHING
    return listing if listing.through <= feed.top() else NOTHING


def _extend(shelf: Shelf, feed: Feed, listing: Listing, piece: int) -> None:
    """Follow the feed from where the files end, and write as often as a piece is full."""
    position, tail = listing.position, Tail()
    for rows in position.look(feed):
        tail.add(rows)
        if len(tail) >= piece:
            listing, tail = _joined(shelf, feed, listing, tail, position), Tail()
    _joined(shelf, feed, listing, tail, position)


def _joined(shelf: Shelf, feed: Feed, listing: Listing, tail: Tail, position: Position) -> Listing:
    """The tail and the smallest segments as one, by which the list goes on to the position."""
    names = sorted(listing.names, key=lambda name: name.count)
    if len(tail):
        count = merging.joined([name.count for name in names], len(tail))
        segments, damaged = opened(shelf, names[:count])
        if damaged or not are_of(feed, segments):
            shelf.complain()
            raise Damaged("A segment that was to be joined is damaged.")
        sources = [tail.rows().source(), *(segment.source() for segment in segments)]
        names[:count] = [write(shelf.folder, sources)]
    found = Listing(tuple(names), position.through, tuple(position.holes))
    if found != listing or listing is NOTHING:
        shelf.replace(found)
    return found


def _mended(shelf: Shelf, feed: Feed, listing: Listing) -> Listing:
    """The same rows, with damaged files written anew from the database."""
    intact, damaged = opened(shelf, listing.names)
    if not are_of(feed, intact):
        log.warning("segments are of another database", index=shelf.folder.name)
        return NOTHING
    if not damaged:
        return listing
    known = np.concatenate([np.zeros(0, np.int64), *(one.source().keys for one in intact)])
    names = [segment.name for segment in intact]
    for rows in _pieces(_lost(feed, damaged, listing), merging.PIECE):
        tail = Tail()
        tail.add(rows)
        tail = tail.only(lambda keys: ~np.isin(keys, known))
        if len(tail):
            names.append(write(shelf.folder, [tail.rows().source()]))
    mended = Listing(tuple(names), listing.through, listing.holes)
    shelf.replace(mended)
    return mended


def _lost(feed: Feed, damaged: Sequence[Name], listing: Listing) -> Iterator[Row]:
    """Rows that damaged files held, and others that lie between them."""
    for key, value in feed.read_among(ranges_of(damaged)):
        if not any(first <= key <= last for first, last in listing.holes):
            yield key, value


def ranges_of(names: Iterable[Name]) -> list[Keys]:
    """The keys between the first and the last of each, without overlap."""
    ranges = list[Keys]()
    for first, last in sorted((name.first, name.last) for name in names):
        if ranges and first <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
        else:
            ranges.append((first, last))
    return ranges


def _pieces(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while piece := list(islice(rows, size)):
        yield piece
