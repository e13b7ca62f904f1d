"""Screen names and mailboxes of people who go by several, made up by what people do to their names.

The habits are those that Zafarani and Liu list (MOBIUS, KDD 2013): names are used again, decorated,
shortened, misspelt, written in other letters, put in another order, or given up. They are written
from that list alone: nothing here is taken from, or tried against, a program that undoes them, so
some of them no such program will undo. Words are made of syllables, and a few are very common
(Zipf), so that different people hit upon the same name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Final

from simulator.dice import dice
from simulator.world.names import words

SERVICES: Final = ("chat", "clips", "games", "market", "photos")
PROVIDERS: Final = ("example.com", "example.net", "example.org", "mail.test", "post.test")
#: First names, surnames and things that a name may be made of.
_FIRSTS, _LASTS, _THINGS = 400, 3_000, 1_500


@dataclass(frozen=True, slots=True)
class Alias:
    """One account of one person.

    ``habit``: how its name was made from the person's first one; ``first`` for that itself.
    ``mail`` is empty where none is known; ``mail_habit`` is how its user was made.
    """

    person: int
    name: str
    service: str
    habit: str
    mail: str = ""
    mail_habit: str = ""


@dataclass(frozen=True, slots=True)
class _Name:
    """The parts that a person's names are made of. ``number``: their favourite, or none."""

    parts: tuple[str, ...]
    number: str

    @property
    def plain(self) -> str:
        return "".join(self.parts) + self.number


def aliases(people: int, seed: int) -> list[Alias]:
    """Two to four accounts of each of so many people, in the order of the people."""
    return [one for person in range(people) for one in _of(person, dice(seed, "alias", person))]


def _of(person: int, chance: Random) -> list[Alias]:
    own = _name(chance)
    found = []
    for number in range(chance.choice((2, 2, 3, 4))):
        habit = "first" if number == 0 else chance.choice(tuple(HABITS))
        name = _first(own, chance) if number == 0 else HABITS[habit](own, chance)
        mail_habit, mail = "", ""
        if chance.random() < 0.6:
            mail_habit = "again" if number == 0 else chance.choice(tuple(HABITS))
            user = own.plain if mail_habit == "again" else HABITS[mail_habit](own, chance)
            mail = f"{_as_user(user)}@{chance.choice(PROVIDERS)}"
        found.append(Alias(person, name, chance.choice(SERVICES), habit, mail, mail_habit))
    return found


def _name(chance: Random) -> _Name:
    parts = chance.choice(
        (
            (_word("first", _FIRSTS, chance), _word("last", _LASTS, chance)),
            (_word("first", _FIRSTS, chance), _word("last", _LASTS, chance)),
            (_word("thing", _THINGS, chance), _word("thing", _THINGS, chance)),
            (_word("thing", _THINGS, chance), _word("first", _FIRSTS, chance)),
        )
    )
    year, any_number = str(chance.randrange(1975, 2008)), str(chance.randrange(2, 9999))
    return _Name(parts, chance.choice(("", "", year, any_number)))


def _word(kind: str, count: int, chance: Random) -> str:
    """One of so many words, the first ones by far the most common."""
    ends = _ends(count)
    return _made_up(kind, bisect_right(ends, chance.random() * ends[-1]) % count)


@lru_cache(maxsize=4)
def _ends(count: int) -> list[float]:
    return list(accumulate(1 / (rank + 2.7) for rank in range(count)))


@lru_cache(maxsize=8192)
def _made_up(kind: str, number: int) -> str:
    make = dice("word", kind, number)
    begins = make.choices(words("syllables"), k=make.choice((1, 1, 2)))
    return "".join(begins) + make.choice(words("endings"))


def _first(own: _Name, chance: Random) -> str:
    return chance.choice(("", "", "_", ".")).join(own.parts) + own.number


def _again(own: _Name, _chance: Random) -> str:
    return own.plain


_DIGITS_FOR: Final = {
    "a": "4",
    "e": "3",
    "i": "1",
    "o": "0",
    "s": "5",
    "t": "7",
    "g": "9",
    "z": "2",
}
_SIGNS_FOR: Final = {"a": "@", "s": "$", "i": "!", "c": "(", "l": "|", "t": "+", "h": "#", "e": "€"}


def _leetspeak(own: _Name, chance: Random) -> str:
    """Digits and signs for letters; rarely for all of them."""
    table = chance.choice((_DIGITS_FOR, _DIGITS_FOR, _SIGNS_FOR))
    often = chance.choice((0.5, 1.0))
    body = "".join(own.parts)
    return "".join(table.get(c, c) if chance.random() < often else c for c in body) + own.number


def _wrapper(own: _Name, chance: Random) -> str:
    before, after = chance.choice(
        (
            ("xX", "Xx"), ("x_", "_x"), ("its", ""), ("im", ""), ("the", ""), ("mr", ""),
            ("", "yt"), ("", "official"), ("real", ""), ("", "hd"), ("dj", ""), ("", "tv"),
            ("~", "~"), ("i_am_", ""), ("not", ""), ("oO", "Oo"),
        )
    )  # fmt: skip
    return f"{before}{own.plain}{after}"


def _separator(own: _Name, chance: Random) -> str:
    return chance.choice(("_", ".", "-", "__", " ")).join(own.parts) + own.number


def _digits(own: _Name, chance: Random) -> str:
    """Another number behind the same words, or none any more."""
    number = chance.choice(
        (str(chance.randrange(1, 99)), str(chance.randrange(100, 99999)), "69", "")
    )
    return "".join(own.parts) + (number if number != own.number else "77")


def _abbreviation(own: _Name, chance: Random) -> str:
    first, second = own.parts
    no_vowels = first[0] + "".join(c for c in first[1:] if c not in "aeiou")
    short = chance.choice(
        (first[0] + second, first + second[0], f"{no_vowels}{second}", first[:3] + second[:4])
    )
    return short + own.number


_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _typo(own: _Name, chance: Random) -> str:
    """A key beside the right one, a letter twice, left out or swapped with the next."""
    text = "".join(own.parts)
    at = chance.randrange(1, len(text) - 1)
    kind = chance.choice(("beside", "twice", "left out", "swapped"))
    if kind == "twice":
        text = text[:at] + text[at] + text[at:]
    elif kind == "left out":
        text = text[:at] + text[at + 1 :]
    elif kind == "swapped":
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    else:
        row = next((keys for keys in _KEYS if text[at] in keys), text[at])
        text = text[:at] + row[(row.index(text[at]) + 1) % len(row)] + text[at + 1 :]
    return text + own.number


def _order(own: _Name, chance: Random) -> str:
    return chance.choice(("", "_", ".")).join(reversed(own.parts)) + own.number


_CYRILLIC: Final = str.maketrans("aeopcxyk", "аеорсхук")
_GREEK: Final = str.maketrans("aovnk", "ανοηκ")
_ACCENTED: Final = str.maketrans("aeiouncs", "àéîöúñçš")
_SCRIPT: Final = {ord("a") + n: chr(0x1D4EA + n) for n in range(26)}


def _other_letters(own: _Name, chance: Random) -> str:
    """The same to the eye: letters of other alphabets, accents, mathematical script."""
    table = chance.choice((_CYRILLIC, _GREEK, _ACCENTED, _SCRIPT))
    return "".join(own.parts).translate(table) + own.number


def _by_ear(own: _Name, _chance: Random) -> str:
    """Written as it sounds."""
    text = "".join(own.parts)
    for written, heard in (
        ("ph", "f"),
        ("ck", "k"),
        ("c", "k"),
        ("y", "ie"),
        ("x", "ks"),
        ("qu", "kw"),
    ):
        text = text.replace(written, heard)
    return text + own.number


def _longer(own: _Name, chance: Random) -> str:
    """Its last letter several times, or another word behind it."""
    text = "".join(own.parts)
    more = chance.choice((text[-1] * 3, _word("thing", _THINGS, chance), "fan", "life", "gaming"))
    return text + more


def _one_word(own: _Name, chance: Random) -> str:
    """One of the two words, with another beside it."""
    return chance.choice(own.parts) + _word("thing", _THINGS, chance) + own.number


def _new(_own: _Name, chance: Random) -> str:
    """Given up for another name altogether."""
    return _name(chance).plain


HABITS: Final[Mapping[str, Callable[[_Name, Random], str]]] = {
    "again": _again,
    "leetspeak": _leetspeak,
    "wrapper": _wrapper,
    "separator": _separator,
    "digits": _digits,
    "abbreviation": _abbreviation,
    "typo": _typo,
    "order": _order,
    "other letters": _other_letters,
    "by ear": _by_ear,
    "longer": _longer,
    "one word": _one_word,
    "new": _new,
}


def _as_user(name: str) -> str:
    """What a provider lets a mailbox be called."""
    return "".join(c for c in name if c.isalnum() or c in "._-").strip("._-") or "user"
