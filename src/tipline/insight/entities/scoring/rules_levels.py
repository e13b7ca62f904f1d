"""The ladders: how near two values of a kind are, best level first. Pure.

After the reference on entity matching, section 7. A comparison gives the first level that holds;
distances are whole numbers of edits, which every engine counts alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
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
Values = Callable[[Subject], Sequence[Any]]


def _sorted(kind: str) -> Values:
    def values(subject: Subject) -> Sequence[Any]:
        found = getattr(subject, kind)
        return sorted(found)[:MOST_VALUES] if len(found) > 1 else tuple(found)

    return values


def _few(kind: str) -> Values:
    return lambda subject: getattr(subject, kind)[:MOST_VALUES]


def _numbers(subject: Subject) -> Sequence[str]:
    return sorted({one.number for one in subject.handles[:MOST_VALUES] if one.number})


_COMPARE: Final[Mapping[str, tuple[str, Values, Compare]]] = {
    "account": ("accounts", _sorted("accounts"), same),
    "screen_name": ("handles", _few("handles"), screen_names),
    "trailing_number": ("handles", _numbers, same),
    "email": ("mails", _few("mails"), emails),
    "phone": ("phones", _few("phones"), phones),
    "ip": ("seen", _few("seen"), addresses_seen),
    "name": ("names", _sorted("names"), names),
    "date_of_birth": ("births", _sorted("births"), births),
    "device": ("devices", _sorted("devices"), same),
    "address": ("addresses", _sorted("addresses"), same),
    "page": ("pages", _sorted("pages"), same),
    "payment": ("payments", _sorted("payments"), same),
    "file": ("files", _sorted("files"), same),
}


#: By which field of a subject each is told to have values; ``alias`` takes two.
_FIELDS: Final = tuple((name, _COMPARE[name][0] if name in _COMPARE else "") for name in LADDERS)


def on_both(a: Subject, b: Subject) -> Iterator[str]:
    """The comparisons for which both subjects have values, in the order of the ladders.

    Most subjects have values of three or four kinds: the others need not be asked about.
    """
    for comparison, field in _FIELDS:
        if field:
            found = getattr(a, field) and getattr(b, field)
        else:
            found = (a.mails and b.handles) or (b.mails and a.handles)
        if found:
            yield comparison


def hits(comparison: str, a: Subject, b: Subject) -> Collection[Hit]:
    """The level of every pair of values; none where either subject has no value of the kind."""
    if comparison == "alias":
        both = ((a.mails, b.handles), (b.mails, a.handles))
        crossed = (product(mails[:MOST_VALUES], handles[:MOST_VALUES]) for mails, handles in both)
        return {alias(mail, handle) for pairs in crossed for mail, handle in pairs}
    _field, values, compare = _COMPARE[comparison]
    ours, theirs = values(a), values(b)
    if len(ours) == len(theirs) == 1:
        return (compare(ours[0], theirs[0]),)
    return {compare(one, other) for one, other in product(ours, theirs)}


def compared(comparison: str, subject: Subject) -> Sequence[Any]:
    """The values of a subject that a comparison takes; not of ``alias``, which takes two kinds."""
    return _COMPARE[comparison][1](subject)
