"""What the product would know of files on a day: which bytes came before, which are listed."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime, timedelta

from simulator.dice import dice
from simulator.planning.telling_files import KNOWN_POOL, STANDING_VIRAL, circulating, viral

#: Three people must agree before a digest is on the viral list; we give them three days.
_LISTING = timedelta(days=3)
_KNOWN_BEFORE = 0.9  # of the files that go round, those that came before the period
_LISTED_BEFORE = 0.8  # of the viral items that keep coming back


def digest_of(key: str) -> str:
    """Stands for the SHA-256 of a file's bytes: equal keys have equal bytes."""
    return hashlib.sha256(key.encode()).hexdigest()


class Library:
    """Grows with each report that is taken in, in order of arrival."""

    def __init__(self, seed: int) -> None:
        self._first: dict[str, datetime] = {}
        self._listed: set[str] = set()
        self._sent = Counter[tuple[str, str]]()
        pool = [circulating(seed, number).key for number in range(KNOWN_POOL)]
        self._known = {
            digest_of(key) for key in pool if dice("known", key).random() < _KNOWN_BEFORE
        }
        for number in range(STANDING_VIRAL):
            key = viral(seed, f"w{number}").key
            self._known.add(digest_of(key))
            if dice("listed", key).random() < _LISTED_BEFORE:
                self._listed.add(digest_of(key))

    def is_known(self, digest: str) -> bool:
        """Whether these bytes came in an earlier report."""
        return digest in self._known

    def is_listed(self, digest: str, now: datetime) -> bool:
        """Whether three people have put it on the viral list by now."""
        first = self._first.get(digest)
        return digest in self._listed or (first is not None and now - first > _LISTING)

    def sent_before(self, sender: str, digests: frozenset[str]) -> int:
        """In how many earlier reports of this sender the most frequent of them stood."""
        return max((self._sent[sender, digest] for digest in digests), default=0)

    def take(self, sender: str, digests: frozenset[str], now: datetime, *, viral: bool) -> None:
        """A report has come. ``viral``: people who look will find that its files are."""
        for digest in digests:
            self._sent[sender, digest] += 1
            self._known.add(digest)
            if viral:
                self._first.setdefault(digest, now)
