"""Clusters: who is tied to whom by links that count, and which ties alone hold one. Pure.

Two short algorithms of the textbooks, written here: a graph library would add megabytes and a
noticeable start for these two (decision 32). Tests hold them against trying every tie.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

Pair = tuple[int, int]


def neighbours(ties: Iterable[Pair]) -> Mapping[int, list[int]]:
    """Who stands beside whom; two ties of one pair are one."""
    found: dict[int, set[int]] = defaultdict(set)
    for low, high in ties:
        if low != high:
            found[low].add(high)
            found[high].add(low)
    return {number: sorted(beside) for number, beside in found.items()}


def clusters(ties: Iterable[Pair]) -> list[tuple[int, ...]]:
    """The connected parts, each in ascending order, those with the smallest member first."""
    beside = neighbours(ties)
    seen: set[int] = set()
    found = []
    for start in sorted(beside):
        if start in seen:
            continue
        part, waiting = {start}, [start]
        while waiting:
            new = [other for other in beside[waiting.pop()] if other not in part]
            part.update(new)
            waiting += new
        seen |= part
        found.append(tuple(sorted(part)))
    return found


def bridges(ties: Iterable[Pair]) -> frozenset[Pair]:
    """The ties without which a cluster falls into two, as (smaller, greater).

    Tarjan (1974): in a walk through the graph a tie is a bridge where nothing behind it leads
    back to before it. Without recursion, so that a long chain is no trouble.
    """
    beside = neighbours(ties)
    found: set[Pair] = set()
    entered: dict[int, int] = {}
    lowest: dict[int, int] = {}
    for start in beside:
        if start in entered:
            continue
        entered[start] = lowest[start] = len(entered)
        walk = [(start, 0, iter(beside[start]))]
        while walk:
            here, came_from, rest = walk[-1]
            for other in rest:
                if other not in entered:
                    entered[other] = lowest[other] = len(entered)
                    walk.append((other, here, iter(beside[other])))
                    break
                if other != came_from:
                    lowest[here] = min(lowest[here], entered[other])
            else:
                walk.pop()
                if walk:
                    lowest[came_from] = min(lowest[came_from], lowest[here])
                    if lowest[here] > entered[came_from]:
                        found.add((min(here, came_from), max(here, came_from)))
    return frozenset(found)


def path(ties: Iterable[Pair], start: int, end: int) -> list[int]:
    """The members of a shortest way from one to the other; empty when there is none."""
    beside = neighbours(ties)
    came_from = {start: start}
    waiting = [start]
    for here in waiting:
        if here == end:
            break
        for other in beside.get(here, ()):
            if other not in came_from:
                came_from[other] = here
                waiting.append(other)
    if end not in came_from:
        return []
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]
