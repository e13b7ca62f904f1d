"""Chance that can be repeated: dice by name, and decks whose shares come out even.

Nothing here keeps a state between draws, so that any report of a plan can be worked out
without the ones before it.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def dice(*name: object) -> Random:
    """A fresh generator that depends on nothing but its name."""
    return Random("/".join(str(part) for part in name))


class Cut(Generic[T]):
    """Options with weights, laid end to end on the line from 0 to 1."""

    def __init__(self, weighted: Sequence[tuple[T, float]]) -> None:
        kept = [(option, weight) for option, weight in weighted if weight > 0]
        if not kept:
            raise ValueError("a cut needs at least one option with a weight above 0")
        total = sum(weight for _, weight in kept)
        self.options = [option for option, _ in kept]
        self._ends = list(accumulate(weight / total for _, weight in kept))

    def number_at(self, point: float) -> int:
        """Which option covers ``point``, a number from 0 up to but not including 1."""
        return min(bisect_right(self._ends, point), len(self.options) - 1)

    def at(self, point: float) -> T:
        return self.options[self.number_at(point)]

    def start(self, number: int) -> float:
        return self._ends[number - 1] if number else 0.0

    def within(self, point: float) -> float:
        """How far into its option a point lies, from 0 to 1."""
        number = self.number_at(point)
        start = self.start(number)
        return (point - start) / (self._ends[number] - start)


class Deck:
    """Places 0 to ``size`` - 1 in a shuffled order, one for each thing that is dealt to.

    Dealing options through a deck gives each its share to within one, at any size: a plan
    of 200 reports holds what its profile says instead of what luck says.
    """

    def __init__(self, size: int, *name: object) -> None:
        self._order = array("L", range(size))
        dice("deck", *name).shuffle(self._order)

    def point(self, number: int) -> float:
        return (self._order[number] + 0.5) / len(self._order)

    def deal(self, cut: Cut[T], number: int) -> T:
        return cut.at(self.point(number))

    def rank(self, cut: Cut[T], number: int) -> int:
        """How many others of the same option stand before this one: unique within it."""
        start = cut.start(cut.number_at(self.point(number)))
        return self._order[number] - max(0, math.ceil(start * len(self._order) - 0.5))


@lru_cache(maxsize=64)
def popularity(size: int) -> Cut[int]:
    """The numbers 0 to ``size`` - 1, the n-th drawn with weight 1/n (Zipf's law)."""
    return Cut([(number, 1 / (number + 1)) for number in range(size)])
