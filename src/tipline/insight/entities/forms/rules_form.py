"""What a normal form is, and the folding that most kinds begin with. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from anyascii import anyascii

#: Characters of a normal form, and of the service within which it is unique.
LONGEST: Final = 400
LONGEST_SCOPE: Final = 120
#: Longer texts are no identifier of any kind; they are not even folded.
LONGEST_RAW: Final = 10_000
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs"})


class Problem(StrEnum):
    """Why what was written has no normal form."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    MALFORMED = "malformed"
    RESERVED = "reserved"
    DEFAULT = "default"
    AMBIGUOUS = "ambiguous"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Form:
    """``value``: the normal form, empty where there is a ``problem``.

    ``scope``: what the value alone says of where it is unique (a payment's network, a digest's
    algorithm, the sender of a phone number without a country); empty where it says nothing.
    """

    value: str = ""
    problem: Problem | None = None
    scope: str = ""


def form(value: str, scope: str = "") -> Form:
    """The form of a value that was read; absent where nothing is left of it, or too much."""
    if not value:
        return Form(problem=Problem.EMPTY)
    if len(value) > LONGEST:
        return Form(problem=Problem.TOO_LONG)
    return Form(value, scope=scope)


def none(problem: Problem) -> Form:
    return Form(problem=problem)


def folded(text: str) -> str:
    """Compatibility-normalised, case-folded, without invisible characters and outer spaces."""
    spaced = " ".join(text.split())
    if spaced.isascii() and spaced.isprintable():
        return spaced.lower()  # the usual case: the long way gives the same, ten times slower
    return _folded(spaced)


def _folded(text: str) -> str:
    """Folding may undo the normal form, and that the folding: until nothing changes."""
    kept = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE)
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", kept).casefold())
    once = " ".join(once.split())
    return once if once == text else _folded(once)


def scope_of(name: str) -> str:
    """The name of a service or a sender, as a scope."""
    return folded(name[:LONGEST_RAW])[:LONGEST_SCOPE].strip()


def words_of(text: str) -> list[str]:
    """The words of a text in Latin letters and digits, folded, in their order.

    Letters of other scripts are written as their sounds (anyascii, ISC licence).
    """
    latin = anyascii(folded(text)).casefold()
    return "".join(c if c.isalnum() else " " for c in latin).split()
