"""Which rules of the lexicons a text meets, and in which words. Pure.

What a sentence denies ("no plans to meet") is not found, nor what stands in words that are
about no one ("if you or someone you know ..."). Each step walks the hits once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tipline.insight.triage.cues.facts_text import Text, Word, nearest_before
from tipline.insight.triage.cues.rules_index import Hit, Index
from tipline.insight.triage.cues.rules_lexicon import (
    DENIED_AFTER,
    DENIED_BY,
    NOT_DENIED_BY,
    SCOPE,
    SET_ASIDE_BY,
    TURNS,
    CueRule,
)
from tipline.insight.triage.features import CueKind

#: How many words before and after itself a denial reaches, within its clause.
_REACH, _REACH_BACK = 6, 3
#: How far words that are about no one reach, within their sentence.
_ASIDE = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """Words ``start`` up to ``end`` of a text meet a rule for ``kind``."""

    kind: CueKind
    start: int
    end: int
    language: str


def findings(text: Text, index: Index) -> Mapping[CueKind, Finding]:
    """The first finding of each kind; of two at one place, that of the first lexicon."""
    hits = index.hits(text.words)
    first: dict[CueKind, Finding] = {}
    for number, lexicon in enumerate(index.lexicons):
        own = [hit for hit in hits if hit.lexicon == number]
        for rule, start, end in _met(index.rules[number], _standing(own, text.words), text.words):
            if rule.kind not in first or start < first[rule.kind].start:
                first[rule.kind] = Finding(rule.kind, start, end, lexicon.language)
    return first


def _standing(hits: Sequence[Hit], words: Sequence[Word]) -> list[Hit]:
    """The hits of rules' words that nothing denies or sets aside."""
    scope = _Scope(hits, words)
    return [hit for hit in hits if hit.name not in SCOPE and not scope.takes_back(hit)]


class _Scope:
    """What the words around a hit do to it."""

    def __init__(self, hits: Sequence[Hit], words: Sequence[Word]) -> None:
        self._words = words
        seeming = {n for h in hits if h.name == NOT_DENIED_BY for n in range(h.start, h.end)}
        denials = [h for h in hits if h.name == DENIED_BY and h.start not in seeming]
        self._denials = sorted(hit.end for hit in denials)
        self._after = [h.start for h in hits if h.name == DENIED_AFTER and h.start not in seeming]
        self._turns = [hit.start for hit in hits if hit.name == TURNS]
        self._aside = [hit.start for hit in hits if hit.name == SET_ASIDE_BY]

    def takes_back(self, hit: Hit) -> bool:
        return self._denied(hit) or self._denied_after(hit) or self._aside_near(hit)

    def _denied(self, hit: Hit) -> bool:
        end = nearest_before(self._denials, hit.start)
        if end is None or hit.start - end >= _REACH:
            return False
        turn = nearest_before(self._turns, hit.start)
        return self._one_clause(end - 1, hit.start) and (turn is None or turn < end)

    def _denied_after(self, hit: Hit) -> bool:
        place = nearest_before(self._after, hit.end - 1 + _REACH_BACK)
        return place is not None and place >= hit.end and self._one_clause(hit.end - 1, place)

    def _aside_near(self, hit: Hit) -> bool:
        after = bisect_left(self._aside, hit.start)
        near = self._aside[max(0, after - 1) : after + 1]
        return any(
            abs(place - hit.start) <= _ASIDE
            and self._words[place].sentence == self._words[hit.start].sentence
            for place in near
        )

    def _one_clause(self, one: int, other: int) -> bool:
        return self._words[one].clause == self._words[other].clause


def _met(
    rules: Mapping[str, Sequence[CueRule]], hits: Iterable[Hit], words: Sequence[Word]
) -> Iterator[tuple[CueRule, int, int]]:
    """Where each rule is met first: from a word up to another. ``rules`` by list."""
    last: dict[str, Hit] = {}
    done: set[CueRule] = set()
    for hit in hits:
        last[hit.name] = hit
        for rule in rules.get(hit.name, ()):
            if rule not in done and (met := _meets(rule, last, words)):
                done.add(rule)
                yield rule, min(h.start for h in met), max(h.end for h in met)


def _meets(rule: CueRule, last: Mapping[str, Hit], words: Sequence[Word]) -> list[Hit]:
    """The latest hit of each list of a rule, where they are near enough; else nothing."""
    if any(name not in last for name in rule.lists):
        return []
    met = [last[name] for name in rule.lists]
    apart = len({(hit.start, hit.end) for hit in met}) == len(met)
    nearest = min(words[hit.end - 1].at for hit in met)
    farthest = max(words[hit.start].at for hit in met)
    return met if apart and farthest - nearest <= rule.distance else []
