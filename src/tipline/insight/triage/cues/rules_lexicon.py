"""A lexicon: the word lists of one language, read from a policy file and checked. Pure.

A file has ``language``, ``licence`` and three tables. ``scope`` says which words deny, which
only seem to, and which set a sentence aside. ``words`` names lists of phrases. ``cues`` gives,
for each kind of cue, rules such as ``"meet + when / 10"``: a phrase of each list, in any
order, at most ten words apart. The reference page "lexicon" says it at length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from types import MappingProxyType

from tipline.ground.foundation.policy import Policy, Table
from tipline.insight.triage.cues.facts_text import words_of
from tipline.insight.triage.features import CueKind

#: Bounds of a lexicon, which bound the work that any text can make.
MOST_WORDS, MOST_VARIANTS, MOST_PHRASES, SHORTEST_STEM = 10, 60, 400, 4
_DISTANCE = 10
_FARTHEST = 40

_NAME = re.compile(r"[a-z][a-z_]*")
_RULE = re.compile(r"([a-z_]+(?: \+ [a-z_]+)*)(?: / (\d{1,3}))?")
_STEP = re.compile(r"(?:\([^()]*\)|[^\s()|])+")
_CHOICE = re.compile(r"\(([^()]*)\)")

DENIED_BY, DENIED_AFTER, NOT_DENIED_BY = "denied_by", "denied_after", "not_denied_by"
SET_ASIDE_BY, TURNS = "set_aside_by", "turns"
SCOPE = (DENIED_BY, DENIED_AFTER, NOT_DENIED_BY, SET_ASIDE_BY, TURNS)


@dataclass(frozen=True, slots=True)
class CueRule:
    """A phrase of each of ``lists``, the farthest at most ``distance`` words apart."""

    kind: CueKind
    lists: tuple[str, ...]
    distance: int


Words = tuple[str, ...]
#: One place of a phrase: the words that may stand there, none among them where it may be left out.
Step = tuple[Words, ...]
Phrase = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``phrases`` by the name of their list. A word that ends in ``*`` is a stem."""

    language: str
    phrases: Mapping[str, tuple[Phrase, ...]]
    rules: tuple[CueRule, ...]


LexiconFile = Policy[Lexicon]


def validate(table: Table) -> Lexicon:
    """Read a lexicon; problems are noted in ``table``."""
    language = table.text("language")
    table.text("licence")
    scope, words = table.table("scope"), table.table("words")
    phrases = {name: _phrases(scope, name) for name in SCOPE}
    for name in words.keys():  # noqa: SIM118 - a Table is no mapping
        if name in SCOPE or not _NAME.fullmatch(name):
            words.problem(name, "is no name for a list; use small letters and underscores")
        phrases[name] = _phrases(words, name)
    if sum(map(len, phrases.values())) > MOST_PHRASES:
        table.problem("words", f"more than {MOST_PHRASES} phrases; use fewer, longer choices")
    rules = tuple(_rules(table.table("cues"), phrases))
    for name in sorted(set(phrases) - set(SCOPE) - {n for rule in rules for n in rule.lists}):
        words.problem(name, "no rule uses this list; use it under [cues] or remove it")
    return Lexicon(language, MappingProxyType(phrases), rules)


def _rules(table: Table, phrases: Mapping[str, object]) -> Iterator[CueRule]:
    for kind in CueKind:
        for written in table.texts(kind):
            read = _RULE.fullmatch(written)
            if read is None:
                table.problem(kind, f'{written!r} is no rule; write for example "meet + when / 10"')
                continue
            lists, distance = tuple(read[1].split(" + ")), int(read[2] or _DISTANCE)
            unknown = [name for name in lists if name not in phrases or name in SCOPE]
            if unknown or len(set(lists)) != len(lists):
                what = f"no list named {unknown[0]}" if unknown else "a list stands there twice"
                table.problem(kind, f"{written!r}: {what}")
            elif not 1 <= distance <= _FARTHEST:
                table.problem(kind, f"{written!r}: give a distance of 1 to {_FARTHEST} words")
            else:
                yield CueRule(kind, lists, distance)


def _phrases(table: Table, key: str) -> tuple[Phrase, ...]:
    found: dict[Phrase, None] = {}
    for written in table.texts(key):
        phrase = tuple(map(_step, _STEP.findall(written)))
        if fix := _wrong(written, phrase):
            table.problem(key, f"{written!r}: {fix}")
        else:
            found[phrase] = None
    return tuple(found)


def _step(written: str) -> Step:
    """Every way to read a place with its choices, ``(one|other|)`` or ``#(am|pm)``."""
    pieces = _CHOICE.split(written)
    choices = [[p] if i % 2 == 0 else p.split("|") for i, p in enumerate(pieces)]
    if prod(map(len, choices)) > MOST_VARIANTS:
        return ()
    return tuple(dict.fromkeys(_words("".join(parts)) for parts in product(*choices)))


def _words(variant: str) -> Words:
    """Words as texts are read, so that accents and apostrophes need no thought; ``#``, ``*``."""
    return tuple(word for part in variant.split() for word in _word(part))


def _word(part: str) -> Iterator[str]:
    if "#" in part:
        yield part.casefold()
        return
    *words, last = words_of(part) or ("",)
    yield from words
    yield last + "*" if part.endswith("*") else last


def _wrong(written: str, phrase: Phrase) -> str:
    words = [word for step in phrase for variant in step for word in variant]
    if _STEP.sub("", written).strip():
        return "brackets must pair and hold no others, and | stands in brackets"
    if () in phrase:
        return f"a place of a phrase has at most {MOST_VARIANTS} variants"
    if "" in words or not any(all(step) for step in phrase):
        return "a phrase needs words"
    if sum(max(map(len, step)) for step in phrase) > MOST_WORDS:
        return f"a phrase has at most {MOST_WORDS} words"
    if any(len(word) <= SHORTEST_STEM for word in words if word.endswith("*")):
        return f"a stem before * needs {SHORTEST_STEM} letters"
    return ""
