"""The folder of one index: its segments, and the list that says which of them count.

A segment counts from the moment its name stands in the list, and the list is replaced whole:
so a reader sees the old ones or the new ones, and whoever dies on the way leaves nothing but
files that no list names, which the next one who writes removes.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.store import sync_folder
from tipline.insight.matching.index.feed import Keys
from tipline.insight.matching.index.layout import FORMAT, Damaged
from tipline.insight.matching.index.position import Position
from tipline.insight.matching.index.segment import Name
from tipline.insight.matching.index.writing import SUFFIX, UNFINISHED

_LIST = "segments.json"
_LOCK = "writer.lock"
_COMPLAINT = "damaged"

#: What changes when the list is replaced.
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything up to ``through`` is in one of the segments, but for what is in the holes."""

    names: tuple[Name, ...] = ()
    through: int = 0
    holes: tuple[Keys, ...] = ()

    @property
    def position(self) -> Position:
        return Position.at(self.through, self.holes)


NOTHING = Listing()


class Shelf:
    """One folder. Several processes may read, one at a time may write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def complain(self) -> None:
        """A file is not what it was: whoever writes next looks at all of them."""
        with suppress(OSError):
            (self.folder / _COMPLAINT).touch(mode=0o600)

    def complaint(self, *, forget: bool = False) -> bool:
        """Whether somebody complained."""
        found = (self.folder / _COMPLAINT).exists()
        if forget:
            (self.folder / _COMPLAINT).unlink(missing_ok=True)
        return found

    def stamp(self) -> Stamp | None:
        """Another one whenever the list is another one; None when there is none."""
        try:
            found = (self.folder / _LIST).stat()
        except FileNotFoundError:
            return None
        return (found.st_ino, found.st_mtime_ns, found.st_size)

    def listing(self) -> Listing:
        """What counts now: nothing where there is no list. Raises :class:`Damaged`."""
        try:
            text = (self.folder / _LIST).read_bytes()
        except FileNotFoundError:
            return NOTHING
        digest, _, rest = text.partition(b"\n")
        if hashlib.sha256(rest).hexdigest().encode() != digest:
            raise Damaged("The list of segments was changed.")
        told = json.loads(rest)
        if told["format"] != FORMAT:
            raise Damaged("The list of segments has another format than this version writes.")
        names = tuple(Name(**one) for one in told["names"])
        return Listing(names, told["through"], tuple((a, b) for a, b in told["holes"]))

    def replace(self, listing: Listing) -> None:
        """From now on this counts; what nobody names any more is removed."""
        rest = json.dumps({**asdict(listing), "format": FORMAT}).encode()
        unfinished = self.folder / (_LIST + UNFINISHED)
        with unfinished.open("wb") as out:
            out.write(hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest)
            out.flush()
            os.fsync(out.fileno())
        kill_point("index.listed")
        unfinished.rename(self.folder / _LIST)
        sync_folder(self.folder)
        kill_point("index.replaced")
        self.sweep(listing.names)

    def sweep(self, named: Sequence[Name]) -> None:
        """Remove what no list names. Whoever has it open keeps it until it lets go of it."""
        kept = {name.file for name in named}
        for path in self.folder.iterdir():
            if path.suffix in (SUFFIX, UNFINISHED) and path.name not in kept:
                path.unlink(missing_ok=True)

    @contextmanager
    def writing(self) -> Iterator[bool]:
        """Whether this is the one who may write now. Ends with its process, however that ends."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(handle)
