"""Free text as words, each with its place in the original. Pure.

Reading is forgiving, because senders hide words and phones mangle them: compatibility forms,
case, accents, invisible characters, a few letters that look alike, digits for letters
("su1c1de") and stretched letters ("meeeet") do not keep a word from being found.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

#: A word that is longer is no word of a lexicon.
LONGEST_WORD = 32
#: So many words further apart than the words themselves say.
_SENTENCE, _PARAGRAPH = 3, 1000
#: Characters that one character may stand for; some ligatures stand for whole phrases.
_MOST_FOLDED = 8

_WORD = re.compile(r"[^\W_]+(?:[@$][^\W_]+)*")
_NUMBER = re.compile(r"\d+")
_STRETCHED = re.compile(r"(.)\1{2,}")
_ENDS = frozenset("!?\n\r\u2028\u2029\u3002")
_PAUSES = frozenset(',;:()[]{}"«»“”„|/–—')  # noqa: RUF001 - the dashes of real texts
#: Characters without a shape of their own: controls, formats (bidi, zero width), private use.
_SHAPELESS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Cyrillic and Greek letters that are drawn like Latin ones, in the order of the letters below.
_ALIKE = str.maketrans(
    "\u0430\u0435\u0456\u043a\u043c\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0458"
    "\u03b1\u03bf\u03b9\u03bd\u03ba\u03c4\u03c5\u03c1",
    "aeikmopctyxsjaoivktup",
)
_LEET = tuple(str.maketrans("013457@$", meant) for meant in ("oieastas", "oleastas"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is looked up, and where it stands.

    ``start``, ``end``: in the original text. ``at``: its number, with gaps where sentences and
    paragraphs end. ``clause`` and ``sentence`` are counted through the text.
    """

    text: str
    start: int
    end: int
    at: int
    clause: int
    sentence: int

    @property
    def forms(self) -> tuple[str, ...]:
        """What the word may have been meant to be; nothing for a word too long to be one."""
        return _forms(self.text) if len(self.text) <= LONGEST_WORD else ()


@dataclass(frozen=True)
class Text:
    """A text with its words. ``original`` is as it was written, whole or a piece of it."""

    original: str
    _folded: tuple[str, Sequence[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_folded", _fold(self.original))

    @cached_property
    def words(self) -> list[Word]:
        return list(_words(*self._folded))


def words_of(written: str) -> tuple[str, ...]:
    """The words of a short text, such as an entry of a lexicon."""
    return tuple(word.text for word in Text(written).words)


def neutral(text: str) -> str:
    """The text with a space for every character that is no sign: controls, bidi, zero width.

    Character by character, so that places in the text stay where they were.
    """
    return "".join(" " if unicodedata.category(c) in _SHAPELESS else c for c in text)


@lru_cache(maxsize=4096)
def _letter(char: str) -> str:
    """A character in its plainest form; empty for accents and for what cannot be seen."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    shown = (c for c in plain if unicodedata.category(c) not in {"Mn", "Me", "Cf"})
    return "".join(shown).translate(_ALIKE)[:_MOST_FOLDED]


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """The plain text, and for each of its characters the place in the original."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters = [_letter(char) for char in text]
    places = [place for place, letter in enumerate(letters) for _ in letter]
    return "".join(letters), places


def _words(folded: str, places: Sequence[int]) -> Iterator[Word]:
    at = clause = sentence = before = 0
    for found in _WORD.finditer(folded):
        pause, end, jump = _between(folded[before : found.start()])
        clause, sentence, at = clause + pause, sentence + end, at + 1 + jump
        before = found.end()
        first, last = places[found.start()], places[before - 1]
        yield Word(found.group(), first, last + 1, at, clause, sentence)


def _between(gap: str) -> tuple[bool, bool, int]:
    """Whether a clause ends here, whether a sentence does, and how far apart that is."""
    if gap in (" ", "'", "’", "-"):  # noqa: RUF001 - the apostrophe of real texts
        return False, False, 0
    if gap.count("\n") > 1:
        return True, True, _PARAGRAPH
    # A single dot without a blank stands in a time, a number or an address.
    if not _ENDS.isdisjoint(gap) or ("." in gap and gap != "."):
        return True, True, _SENTENCE
    return not _PAUSES.isdisjoint(gap), False, 0


@lru_cache(maxsize=8192)
def _forms(word: str) -> tuple[str, ...]:
    found = {word: None}
    digits = _NUMBER.search(word) is not None
    if digits:
        found[_NUMBER.sub("#", word)] = None
    if not word.isalpha() and any(map(str.isalpha, word)):
        found.update((word.translate(letters), None) for letters in _LEET)
    for form in tuple(found):
        if _STRETCHED.search(form):
            found.update({_STRETCHED.sub(r"\1\1", form): None, _STRETCHED.sub(r"\1", form): None})
    return tuple(found)


def quote(text: Text, first: int, end: int, longest: int) -> str:
    """The words from ``first`` up to ``end`` with some of their sentences, made harmless.

    At most ``longest`` characters; a longer finding is shown by its beginning.
    """
    words = text.words
    stop = words[end - 1].end
    # A third of the room is kept for what follows.
    while first and _joins(words, first - 1, stop - longest * 2 // 3):
        first -= 1
    while end < len(words) and _joins(words, end - 1, words[end].end - longest, words[first]):
        end += 1
    start, stop = words[first].start, words[end - 1].end
    return neutral(text.original[start : min(stop, start + longest)]).strip()


def _joins(words: Sequence[Word], number: int, earliest: int, first: Word | None = None) -> bool:
    """Whether a word is of one sentence with the next, and the first not before ``earliest``."""
    one, following = words[number], words[number + 1]
    return one.sentence == following.sentence and (first or one).start >= earliest


def nearest_before(places: Sequence[int], place: int) -> int | None:
    """The last of the sorted ``places`` that is not behind ``place``."""
    count = bisect_right(places, place)
    return places[count - 1] if count else None
