"""All phrases of some lexicons in one graph, so that a text is walked through once. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tipline.insight.triage.cues.facts_text import Word
from tipline.insight.triage.cues.rules_lexicon import (
    MOST_WORDS,
    CueRule,
    Lexicon,
    Phrase,
    Words,
)


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Words ``start`` up to ``end`` are a phrase of ``name``, a list of lexicon ``lexicon``."""

    start: int
    end: int
    lexicon: int
    name: str


@dataclass(slots=True, eq=False)
class _Node:
    """A place in phrases: the places that a word leads to, and the lists that end here."""

    words: dict[str, list[_Node]] = field(default_factory=lambda: defaultdict(list))
    stems: dict[str, list[_Node]] = field(default_factory=lambda: defaultdict(list))
    lengths: set[int] = field(default_factory=set)
    ends: tuple[int, str] | None = None

    def leads(self, word: str, to: _Node) -> None:
        if word.endswith("*"):
            self.lengths.add(len(word) - 1)
            self.stems[word[:-1]].append(to)
        else:
            self.words[word].append(to)

    def after(self, word: Word) -> Iterator[_Node]:
        """Where a word of a text leads to from here, however it is read."""
        for form in word.forms:
            yield from self.words.get(form, ())
            for length in self.lengths:
                yield from self.stems.get(form[:length], ())


class Index:
    """The phrases of lexicons. Finding looks at each word at most ``MOST_WORDS`` times."""

    def __init__(self, lexicons: Sequence[Lexicon]) -> None:
        self.lexicons = tuple(lexicons)
        self.rules = tuple(map(_by_list, self.lexicons))
        self._root = _Node()
        for number, lexicon in enumerate(lexicons):
            for name, phrases in lexicon.phrases.items():
                for phrase in phrases:
                    self._add(phrase, (number, name))

    def _add(self, phrase: Phrase, ends: tuple[int, str]) -> None:
        """From each place to the next by each of its variants; an empty one leads past it."""
        here = [self._root]
        for step in phrase:
            there = _Node()
            for words in filter(None, step):
                _chain(here, words, there)
            here = [there] if all(step) else [*here, there]
        for node in here:
            node.ends = ends

    def hits(self, words: Sequence[Word]) -> list[Hit]:
        """Every phrase found, by place, each once."""
        found: set[Hit] = set()
        for start in range(len(words)):
            nodes: Iterable[_Node] = [self._root]
            for end in range(start, min(start + MOST_WORDS, len(words))):
                nodes = {below: None for node in nodes for below in node.after(words[end])}
                if not nodes:
                    break
                found.update(Hit(start, end + 1, *n.ends) for n in nodes if n.ends is not None)
        return sorted(found)


def _by_list(lexicon: Lexicon) -> Mapping[str, list[CueRule]]:
    names = {name for rule in lexicon.rules for name in rule.lists}
    return {name: [rule for rule in lexicon.rules if name in rule.lists] for name in names}


def _chain(here: Iterable[_Node], words: Words, there: _Node) -> None:
    *before, last = words
    for word in before:
        below = _Node()
        for node in here:
            node.leads(word, below)
        here = [below]
    for node in here:
        node.leads(last, there)
