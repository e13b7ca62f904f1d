"""The terms of a subject: what two subjects may have in common, and how often it is seen. Pure.

A term is a value in a form in which two values are the same (:class:`.rules_levels.Level`). Those
that two subjects share are among the terms of either, so that the frequencies of one subject's
terms are all that comparing it with others takes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from tipline.insight.entities.scoring.rules_levels import (
    MOST_VALUES,
    SHORTEST_ALIAS,
    compared,
    same,
)
from tipline.insight.entities.scoring.rules_subject import Subject

#: Comparison, form and term.
Term = tuple[str, str, str]
_SAME_OR_NOT: Final = (
    "account",
    "trailing_number",
    "date_of_birth",
    "device",
    "address",
    "page",
    "payment",
    "file",
)


def terms(subject: Subject) -> frozenset[Term]:
    """Every term of a subject, each once, however many of its values have it."""
    return frozenset(term for term in _terms(subject) if term[2])


def _terms(subject: Subject) -> Iterator[Term]:
    """A form that a value does not have is an empty term."""
    for comparison in _SAME_OR_NOT:
        for value in compared(comparison, subject):
            yield comparison, "value", same(value, value).term
    for handle in subject.handles[:MOST_VALUES]:
        yield "screen_name", "name", handle.name
        yield "screen_name", "skeleton", handle.skeleton
        yield "screen_name", "stem", handle.stem
    for mail in subject.mails[:MOST_VALUES]:
        yield "email", "mailbox", mail.mailbox
        yield "email", "user", mail.user
    ours = (one.skeleton for one in subject.mails[:MOST_VALUES])
    for skeleton in (*ours, *(one.skeleton for one in subject.handles[:MOST_VALUES])):
        if len(skeleton) >= SHORTEST_ALIAS:
            yield "alias", "skeleton", skeleton
    for phone in subject.phones[:MOST_VALUES]:
        yield "phone", "value", phone.number
    for name in compared("name", subject):
        yield "name", "value", name
        yield from (("name", "word", word) for word in name.split())


def digest(term: Term, key: bytes) -> int:
    """A term as a signed number of 64 bits, under a key (16 to 64 bytes) without which it says
    nothing: who has only the number and guesses the term cannot check the guess.
    """
    told = "\x1f".join(term).encode("utf-8", "surrogatepass")
    found = hashlib.blake2b(told, key=key, digest_size=8, person=b"tipline-term")
    return int.from_bytes(found.digest(), "big", signed=True)
