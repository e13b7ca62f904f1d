"""The reported person of a report, made of its identifiers. Pure.

Roles never merge: a subject is what a report gives of who is reported and of accounts tied to them,
and of the files that came with it. What a report gives as a victim's is no suspect's, even where it
stands under both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Final, NamedTuple

from tipline.ground.places.shared import shared_by_many
from tipline.insight.entities.forms.rules import Origin
from tipline.insight.entities.forms.rules_email import says_nothing
from tipline.insight.entities.scoring import rules_subject as forms
from tipline.insight.entities.scoring.rules_subject import Seen, Subject
from tipline.record.reports.facts import PROXY, IdentifierKind, Role

#: What is compared. Where a file was uploaded from stands with the file: no person is said to it.
LINKING_ROLES: Final = frozenset({Role.SUSPECT, Role.ASSOCIATED})
#: All that :func:`reported` looks at.
READ_ROLES: Final = LINKING_ROLES | {Role.VICTIM, Role.FILE}
Kind = IdentifierKind


class Value(NamedTuple):
    """One identifier of a report, as it is kept; see ``forms.rules.Reading``."""

    kind: str
    scope: str
    value: str
    role: str
    verified: bool | None
    origin: str
    sightings: Sequence[Mapping[str, Any]]


class Certain(NamedTuple):
    """A value that policy takes for one person's. ``at``: where that holds; empty: everywhere."""

    kind: str
    at: str
    value: str


_NOBODY: Final = Subject()
# Each is asked of every value of every report that one is compared with: a look into an Enum takes
# longer than the comparison.
_SUSPECT, _VICTIM, _MINED = str(Role.SUSPECT), str(Role.VICTIM), str(Origin.MINED)
_ACCOUNT, _EMAIL, _FILE_DIGEST = str(Kind.ESP_USER_ID), str(Kind.EMAIL), str(Kind.FILE_DIGEST)
_CONTACTS: Final = frozenset({_EMAIL, str(Kind.PHONE)})


@dataclass(frozen=True, slots=True)
class Reported:
    """``told``: what fields assert. ``whole``: that, and what texts mention of the same person.

    ``certain``: values by which policy links two reports without asking.
    """

    told: Subject = _NOBODY
    whole: Subject = _NOBODY
    certain: frozenset[Certain] = frozenset()


def reported(values: Iterable[Value], sender: int | None) -> Reported:
    """The subject of a report. ``sender``: the key of who sent it, None for the public."""
    known = [one for one in values if one.value]
    victims = {one[:3] for one in known if one.role == _VICTIM}
    own = [one for one in known if _compared(one) and one[:3] not in victims]
    told = [one for one in own if one.origin != _MINED]
    subject = _subject(told)
    whole = subject if len(told) == len(own) else _subject(own)
    return Reported(subject, whole, frozenset(_certain(told, sender)))


def _compared(one: Value) -> bool:
    if one.kind == _FILE_DIGEST:
        return one.role == Role.FILE and one.origin != _MINED
    return one.role in LINKING_ROLES and not (one.kind == _EMAIL and says_nothing(one.value))


def _certain(values: Iterable[Value], sender: int | None) -> Iterable[Certain]:
    """Account ids of one sender's own, and contacts that somebody verified: of suspects only.

    Two ESPs may call a service alike, and anybody may name an account of another's.
    """
    for one in values:
        if one.role != _SUSPECT:
            continue
        if one.kind == _ACCOUNT and one.scope and sender is not None:
            yield Certain(one.kind, f"{sender}:{one.scope}", one.value)
        elif one.verified and one.kind in _CONTACTS and not one.scope:
            yield Certain(one.kind, "", one.value)


def _subject(values: Iterable[Value]) -> Subject:
    """Most reports have values of a few kinds: only of those is anything made."""
    made = {}
    for kind, some in _by_kind(values).items():
        if kind in _MADE:
            name, make = _MADE[kind]
            made[name] = make(some)
    return Subject(**made)


def _by_kind(values: Iterable[Value]) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for one in values:
        found.setdefault(one.kind, []).append(one)
    return {kind: _distinct(some) if len(some) > 1 else some for kind, some in found.items()}


def _distinct(values: Iterable[Value]) -> list[Value]:
    """One of each value, in an order that does not depend on where it stood."""
    found: dict[tuple[str, str], Value] = {}
    for one in values:
        twin = found.setdefault((one.scope, one.value), one)
        if twin is not one:
            sightings = (*twin.sightings, *one.sightings)
            found[one.scope, one.value] = twin._replace(sightings=sightings)
    return [one for _key, one in sorted(found.items())]


def _plain(values: Iterable[Value]) -> frozenset[str]:
    return frozenset(one.value for one in values)


def _scoped(values: Iterable[Value]) -> frozenset[tuple[str, str]]:
    return frozenset((one.scope, one.value) for one in values)


def _seen(values: Iterable[Value]) -> tuple[Seen, ...]:
    return tuple(each for one in values for each in _times(one))


def _times(one: Value) -> Iterable[Seen]:
    """An address at each time that has a zone; without a time it says nothing."""
    shared = _is_shared(one.value)
    found = {
        (at, each.get("port"), shared or each.get("type") == PROXY)
        for each in one.sightings
        if (at := _instant(each))
    }
    for at, port, many in sorted(found, key=lambda each: (each[0], each[1] or 0, each[2])):
        yield forms.seen(one.value, at, port, shared=many)


@lru_cache(maxsize=4096)  # a report is read when it comes, and with every one that it is like
def _is_shared(address: str) -> bool:
    return bool(shared_by_many(ip_address(address)))


def _instant(sighting: Mapping[str, Any]) -> datetime | None:
    written = sighting.get("time", {}).get("instant")
    return datetime.fromisoformat(written) if written else None


#: Of the values of a kind, which field of a subject is made, and how.
_MADE: Final[Mapping[str, tuple[str, Callable[[list[Value]], Any]]]] = {
    Kind.ESP_USER_ID: ("accounts", _scoped),
    Kind.SCREEN_NAME: (
        "handles",
        lambda of: tuple([forms.handle(one.value, one.scope) for one in of]),
    ),
    Kind.EMAIL: ("mails", lambda of: tuple([forms.mail(one.value) for one in of])),
    Kind.PHONE: ("phones", lambda of: tuple([forms.phone(one.value) for one in of])),
    Kind.IP: ("seen", _seen),
    Kind.NAME: ("names", _plain),
    Kind.DATE_OF_BIRTH: ("births", _plain),
    Kind.DEVICE_ID: ("devices", _plain),
    Kind.ADDRESS: ("addresses", _plain),
    Kind.PROFILE_URL: ("pages", _plain),
    Kind.PAYMENT: ("payments", _scoped),
    Kind.FILE_DIGEST: ("files", _plain),
}
