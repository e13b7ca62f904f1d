"""The keys of a subject, and which reports that share one are compared. Pure.

After the reference on entity matching, sections 6 and 7: a key for each way in which two values may
be the same (as written, without decorations, at another service). What is only near, an edit or a
digit apart, has none. Screen names and the users of mailboxes share one space of aliases, so that a
name is found wherever it is used again.

*Who is compared.* A value that many reports share says nothing of anybody, so a key leads a report
to earlier ones only while it is among the first :data:`MOST` that have the key. A certain value (an
account id of one sender, a verified contact) is one person's however many reports there are: by it
each report hangs on the nearest few before it, and through these on all others. Both depend on
numbers alone, not on the order of work, and both read a bounded number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Final

from tipline.insight.entities.rules_reported import Reported
from tipline.insight.entities.scoring.rules_levels import MOST_VALUES
from tipline.insight.entities.scoring.rules_subject import Handle, Mail, Phone, Seen, Subject

#: Raised when keys change: every report is read again.
VERSION: Final = "keys-1"
#: Reports with a key, by their numbers, that are compared by it.
MOST: Final = 25
#: Earlier and later reports to which a certain value leads.
NEAREST: Final = 5
#: Earlier reports with which one is compared, those with its rarest keys first.
MOST_COMPARED: Final = 100
#: Keys of one report; a subject with more values is no single person's.
MOST_KEYS: Final = 120
#: Digests of files that give keys: the smallest, which are the same of the same files.
MOST_FILES: Final = 24
#: Signs of a name without decorations; shorter ones are everybody's.
SHORTEST_ALIAS: Final = 5
#: Signs of a screen name at its service, where it is unique.
SHORTEST_NAME: Final = 3
#: Last digits of a key whose bit says that it is certain.
_ODD: Final = frozenset("13579bdf")
#: Signs of a word of a name that counts beside a date of birth.
_SHORTEST_WORD: Final = 2


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of 16 hex digits. ``certain``: those that lead to one person's reports only."""

    shared: tuple[str, ...] = ()
    certain: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.certain, *self.shared)


def keys(subject: Reported, *, test: bool) -> Keys:
    """The keys of a report's subject. ``test``: of a sender's trial, which meets no real report."""
    realm = "test" if test else ""
    certain = _keys((("certain", *one) for one in sorted(subject.certain)), realm, certain=True)
    shared = _keys(_values(subject.whole), realm, certain=False)
    return Keys(shared[: MOST_KEYS - len(certain)], certain)


def key_of(kind: str, *value: str, realm: str = "", certain: bool = False) -> str:
    """The digest of a value of a kind: 63 bits of BLAKE2b, and one that says that it is certain.

    Parts cannot run into each other.
    """
    text = "\x1f".join((realm, kind, *(f"{len(part)}:{part}" for part in value)))
    number = int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest())
    return f"{number & ~1 | certain:016x}"


def is_certain(key: str) -> bool:
    """Whether a key leads to one person's reports only."""
    return key[-1] in _ODD


def _keys(values: Iterable[tuple[str, ...]], realm: str, *, certain: bool) -> tuple[str, ...]:
    made = (key_of(kind, *value, realm=realm, certain=certain) for kind, *value in values)
    return tuple(dict.fromkeys(islice(made, MOST_KEYS)))


def _values(subject: Subject) -> Iterator[tuple[str, ...]]:
    """Kind and value of every key, those that say most first."""
    for kind, pairs in (("account", subject.accounts), ("payment", subject.payments)):
        yield from ((kind, *pair) for pair in sorted(pairs)[:MOST_VALUES])
    for kind, values in (
        ("page", subject.pages),
        ("device", subject.devices),
        ("address", subject.addresses),
    ):
        yield from ((kind, value) for value in sorted(values)[:MOST_VALUES])
    for mail in subject.mails[:MOST_VALUES]:
        yield from _of_mail(mail)
    for phone in subject.phones[:MOST_VALUES]:
        yield _of_phone(phone)
    for handle in subject.handles[:MOST_VALUES]:
        yield from _of_handle(handle)
    yield from _of_births(subject)
    yield from _of_addresses_seen(subject.seen[:MOST_VALUES])
    yield from (("file", digest) for digest in sorted(subject.files)[:MOST_FILES])


def _of_mail(mail: Mail) -> Iterator[tuple[str, ...]]:
    yield "mailbox", mail.mailbox
    yield from _alias(mail.skeleton)


def _alias(skeleton: str) -> Iterator[tuple[str, ...]]:
    if len(skeleton) >= SHORTEST_ALIAS:
        yield "alias", skeleton


def _of_phone(phone: Phone) -> tuple[str, ...]:
    """By its last nine digits: one that lacks its country meets the same one with it."""
    return ("phone", phone.national) if phone.national else ("short phone", phone.number)


def _of_handle(handle: Handle) -> Iterator[tuple[str, ...]]:
    if len(handle.name) >= SHORTEST_NAME:
        yield "name at service", handle.scope, handle.name
    yield from _alias(handle.skeleton)
    if handle.stem:
        yield "stem", handle.stem
    if len(handle.words) > 1 and sum(map(len, handle.words)) >= SHORTEST_ALIAS:
        yield "words", *sorted(handle.words)


def _of_births(subject: Subject) -> Iterator[tuple[str, ...]]:
    """A word of a name beside a date of birth; neither is anybody's alone."""
    words = {word for name in sorted(subject.names)[:MOST_VALUES] for word in name.split()}
    long = [word for word in sorted(words) if len(word) >= _SHORTEST_WORD][:MOST_VALUES]
    for born in sorted(subject.births)[:MOST_VALUES]:
        yield from (("word and birth", word, born) for word in long)


def _of_addresses_seen(seen: Sequence[Seen]) -> Iterator[tuple[str, ...]]:
    yield from (("ip", one.address) for one in seen if one.at is not None and not one.shared)


def compared(number: int, shared: Mapping[str, Sequence[int]]) -> list[int]:
    """Earlier reports with which one is compared, by its shared keys.

    ``shared``: per key the numbers of the first reports that have it, ascending; it makes no
    difference whether the report itself is among them, nor what follows the first :data:`MOST`.
    """
    earlier = {key: [one for one in found if one < number] for key, found in shared.items()}
    rarest = sorted((len(found), key) for key, found in earlier.items() if 0 < len(found) < MOST)
    found = dict.fromkeys(one for _many, key in rarest for one in earlier[key])
    return sorted(islice(found, MOST_COMPARED))


def moved(number: int, shared: Mapping[str, Sequence[int]]) -> set[int]:
    """Later reports that are compared with others now that this one has its keys.

    ``shared``: as :func:`compared` takes it.
    """
    return {
        one
        for found in shared.values()
        if found and found[-1] > number  # as nearly never of a new report
        for one in [each for each in found if each != number][:MOST]
        if one > number
    }
