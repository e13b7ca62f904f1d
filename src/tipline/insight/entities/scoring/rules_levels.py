"""The ladders: how near two values of a kind are, best level first. Pure.

After the reference on entity matching, section 7. A comparison gives the first level that holds;
distances are whole numbers of edits, which every engine counts alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from operator import attrgetter
from typing import Any, Final, NamedTuple

from rapidfuzz.distance import Levenshtein

from tipline.insight.entities.scoring.rules_subject import Handle, Mail, Phone, Seen, Subject

ELSE: Final = "else"
#: Values of one kind that are compared; a subject with more is no single person's.
MOST_VALUES: Final = 40
#: A shorter mailbox name is too many people's screen name.
SHORTEST_ALIAS: Final = 5


@dataclass(frozen=True, slots=True)
class Level:
    """A rung. ``form``: the form of which two values are the same here, by which their term's
    frequency is known; empty where they are only alike.
    """

    name: str
    form: str = ""


class Hit(NamedTuple):
    """The level of two values, and what they have in common. ``shared``: many people's."""

    level: str
    term: str = ""
    shared: bool = False


_OTHER: Final = Hit(ELSE)
_SAME_OR_NOT: Final = (Level("same", "value"), Level(ELSE))
#: Every comparison's levels, in the order in which they are tried.
LADDERS: Final[Mapping[str, tuple[Level, ...]]] = {
    "account": _SAME_OR_NOT,
    "screen_name": (
        Level("same_at_service", "name"),
        Level("same_name", "name"),
        Level("same_skeleton", "skeleton"),
        Level("same_stem", "stem"),
        Level("same_words"),
        Level("near"),
        Level(ELSE),
    ),
    "trailing_number": _SAME_OR_NOT,
    "email": (
        Level("same_mailbox", "mailbox"),
        Level("same_user", "user"),
        Level("near_user"),
        Level(ELSE),
    ),
    "alias": (Level("same_skeleton", "skeleton"), Level(ELSE)),
    "phone": (Level("same", "value"), Level("same_national"), Level("one_digit"), Level(ELSE)),
    "ip": (
        Level("same_port_minutes"),
        Level("same_hour"),
        Level("same_day"),
        Level("same_month"),
        Level("same_network_week"),
        Level(ELSE),
    ),
    "name": (Level("same", "value"), Level("near"), Level("shared_word", "word"), Level(ELSE)),
    "date_of_birth": (
        Level("same", "value"),
        Level("swapped"),
        Level("one_digit"),
        Level("same_year"),
        Level(ELSE),
    ),
    "device": _SAME_OR_NOT,
    "address": _SAME_OR_NOT,
    "page": _SAME_OR_NOT,
    "payment": _SAME_OR_NOT,
    "file": _SAME_OR_NOT,
}


def screen_names(a: Handle, b: Handle) -> Hit:
    if a.name == b.name:
        return Hit("same_at_service" if a.scope == b.scope else "same_name", a.name)
    if a.skeleton and a.skeleton == b.skeleton:
        return Hit("same_skeleton", a.skeleton)
    if a.stem and a.stem == b.stem:
        return Hit("same_stem", a.stem)
    if _same_words(a, b):
        return Hit("same_words")
    return Hit("near") if near(a.skeleton, b.skeleton) else _OTHER


def _same_words(a: Handle, b: Handle) -> bool:
    """The same words in another order, or one name within the other, of seven signs at least."""
    if len(a.words) > 1 and a.words == b.words:
        return True
    short, long = sorted((a.skeleton, b.skeleton), key=lambda name: (len(name), name))
    return len(short) >= 7 and short in long


def near(a: str, b: str) -> bool:
    """One edit apart from six signs on, two from ten; by the shorter of the two."""
    shorter = min(len(a), len(b))
    most = 0 if shorter < 6 else 1 if shorter < 10 else 2
    return most > 0 and Levenshtein.distance(a, b, score_cutoff=most) <= most


def emails(a: Mail, b: Mail) -> Hit:
    if a.mailbox == b.mailbox:
        return Hit("same_mailbox", a.mailbox)
    if not a.user or not b.user:
        return _OTHER
    if a.user == b.user:
        return Hit("same_user", a.user)
    longest = min(len(a.user), len(b.user))
    close = longest >= 6 and Levenshtein.distance(a.user, b.user, score_cutoff=1) <= 1
    return Hit("near_user") if close else _OTHER


def alias(a: Mail, b: Handle) -> Hit:
    """The user of a mailbox is a screen name, too."""
    if len(a.skeleton) >= SHORTEST_ALIAS and a.skeleton == b.skeleton:
        return Hit("same_skeleton", a.skeleton)
    return _OTHER


def phones(a: Phone, b: Phone) -> Hit:
    if a.number == b.number:
        return Hit("same", a.number)
    international = a.number.startswith("+") and b.number.startswith("+")
    if not international and a.national and a.national == b.national:
        return Hit("same_national")
    if len(a.number) == len(b.number) >= 8 and _apart(a.number, b.number) == 1:
        return Hit("one_digit")
    return _OTHER


def _apart(a: str, b: str) -> int:
    return sum(x != y for x, y in zip(a, b, strict=True))


_MINUTES: Final = timedelta(minutes=5)
_WITHIN: Final = (
    ("same_hour", timedelta(hours=1)),
    ("same_day", timedelta(days=1)),
    ("same_month", timedelta(days=30)),
)
_WEEK: Final = timedelta(days=7)


def addresses_seen(a: Seen, b: Seen) -> Hit:
    """An address says something only with its time: people move, and addresses do."""
    if a.at is None or b.at is None or a.network != b.network:
        return _OTHER
    shared, apart = a.shared or b.shared, abs(a.at - b.at)
    if a.address == b.address:
        if a.port is not None and a.port == b.port and apart <= _MINUTES:
            return Hit("same_port_minutes", shared=shared)
        for level, most in _WITHIN:
            if apart <= most:
                return Hit(level, shared=shared)
        return _OTHER
    return Hit("same_network_week", shared=shared) if apart <= _WEEK else _OTHER


def names(a: str, b: str) -> Hit:
    if a == b:
        return Hit("same", a)
    ours, theirs = a.split(), b.split()
    if len(ours) == len(theirs) > 1 and all(map(_near_word, ours, theirs)):
        return Hit("near")
    both = set(ours) & set(theirs)
    return Hit("shared_word", max(both, key=lambda word: (len(word), word))) if both else _OTHER


def _near_word(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) >= 4 and Levenshtein.distance(a, b, score_cutoff=1) <= 1)


def births(a: str, b: str) -> Hit:
    if a == b:
        return Hit("same", a)
    (year, month, day), (other_year, other_month, other_day) = a.split("-"), b.split("-")
    if year == other_year and (month, day) == (other_day, other_month):
        return Hit("swapped")
    if len(a) == len(b) and _apart(a, b) == 1:
        return Hit("one_digit")
    return Hit("same_year") if year == other_year else _OTHER


def same(a: Any, b: Any) -> Hit:
    return Hit("same", a if isinstance(a, str) else ":".join(a)) if a == b else _OTHER


Compare = Callable[[Any, Any], Hit]
Values = Callable[[Any], Sequence[Any]]


def _few(found: Collection[Any]) -> Sequence[Any]:
    """Values of a kind in an order of their own: as they stand, or sorted where they have none."""
    if isinstance(found, tuple):
        return found[:MOST_VALUES]
    return sorted(found)[:MOST_VALUES] if len(found) > 1 else tuple(found)


def _numbers(handles: Sequence[Handle]) -> Sequence[str]:
    return sorted({one.number for one in handles[:MOST_VALUES] if one.number})


#: The field of a subject, which of its values are compared, and how.
_COMPARE: Final[Mapping[str, tuple[str, Values, Compare]]] = {
    "account": ("accounts", _few, same),
    "screen_name": ("handles", _few, screen_names),
    "trailing_number": ("handles", _numbers, same),
    "email": ("mails", _few, emails),
    "phone": ("phones", _few, phones),
    "ip": ("seen", _few, addresses_seen),
    "name": ("names", _few, names),
    "date_of_birth": ("births", _few, births),
    "device": ("devices", _few, same),
    "address": ("addresses", _few, same),
    "page": ("pages", _few, same),
    "payment": ("payments", _few, same),
    "file": ("files", _few, same),
}
#: The same in the ladders' order. ``alias``: the mailboxes of one, the screen names of the other.
_TRIED: Final = tuple((name, *_COMPARE.get(name, ("mails", _few, alias))) for name in LADDERS)
_OURS: Final = attrgetter(*(field for _name, field, _values, _compare in _TRIED))
_THEIRS: Final = attrgetter(*(_COMPARE.get(name, ("handles",))[0] for name in LADDERS))


def hits(a: Subject, b: Subject) -> Iterator[tuple[str, Collection[Hit]]]:
    """The level of every pair of values, by comparison, in the order of the ladders.

    Only of those for which both subjects have values: most have some of three or four kinds.
    """
    for (name, _field, values, compare), ours, theirs in zip(
        _TRIED, _OURS(a), _THEIRS(b), strict=True
    ):
        if compare is alias:
            if (ours and theirs) or (a.handles and b.mails):
                yield name, {*_crossed(ours, theirs), *_crossed(b.mails, a.handles)}
        elif ours and theirs:
            some, others = values(ours), values(theirs)
            if len(some) == len(others) == 1:
                yield name, (compare(some[0], others[0]),)
            elif some and others:
                yield name, {compare(one, other) for one, other in product(some, others)}


def _crossed(mails: Sequence[Mail], handles: Sequence[Handle]) -> list[Hit]:
    return [alias(one, other) for one in mails[:MOST_VALUES] for other in handles[:MOST_VALUES]]


def compared(comparison: str, subject: Subject) -> Sequence[Any]:
    """The values of a subject that a comparison takes; not of ``alias``, which takes two kinds."""
    field, values, _compare = _COMPARE[comparison]
    return values(getattr(subject, field))
