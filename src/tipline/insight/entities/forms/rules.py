"""The normal form of any identifier, and every identifier of a report as it is kept. Pure.

Roles never merge: one value in two roles is two identifiers. Within a role a value is kept
once, with each place and time at which it was seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from tipline.insight.entities.forms.rules_account import account_id, device_id, displayed
from tipline.insight.entities.forms.rules_digest import digest
from tipline.insight.entities.forms.rules_email import email
from tipline.insight.entities.forms.rules_form import (
    LONGEST_RAW,
    Form,
    Problem,
    none,
    scope_of,
)
from tipline.insight.entities.forms.rules_ip import ip
from tipline.insight.entities.forms.rules_name import date_of_birth, name, postal_address
from tipline.insight.entities.forms.rules_payment import payment
from tipline.insight.entities.forms.rules_phone import phone
from tipline.insight.entities.forms.rules_url import url
from tipline.record.reports.facts import Identifier, IdentifierKind, Role

#: Raised when a form changes: every report is read again.
VERSION: Final = "forms-4"
#: Places at which one value was seen that are kept; a report may name one ten thousand times.
MOST_SIGHTINGS: Final = 40
#: Characters kept of what was written; the document has the whole.
LONGEST_WRITTEN: Final = 1000
LONGEST_PATH: Final = 200
#: Unique within a service only.
_SCOPED: Final = frozenset(
    {
        IdentifierKind.ESP_USER_ID,
        IdentifierKind.SCREEN_NAME,
        IdentifierKind.DISPLAY_NAME,
        IdentifierKind.GROUP,
    }
)


class Origin(StrEnum):
    """How an identifier came here: a field asserts it, a text mentions it, we worked it out."""

    ASSERTED = "asserted"
    MINED = "mined"
    COMPUTED = "computed"


_STRENGTH: Final = {Origin.ASSERTED: 0, Origin.COMPUTED: 1, Origin.MINED: 2}


@dataclass(frozen=True, slots=True)
class Normal:
    """An identifier in its normal form; equal values mean the same thing.

    ``scope``: the service within which the value is unique; empty for values that are
    unique everywhere.
    """

    kind: IdentifierKind
    scope: str
    value: str
    role: Role
    path: str
    verified: bool | None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kind.value, self.scope, self.value


@dataclass(frozen=True, slots=True)
class Found:
    """One identifier of a report. ``passage``: the digest of the line it was mined from."""

    identifier: Identifier
    origin: Origin = Origin.ASSERTED
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One value in one role, as it is kept. ``value`` is empty where there is a ``problem``.

    ``passage`` is set where the value stands in one line of text only. ``sightings`` are plain
    values: ``raw``, ``path``, ``origin`` and, where known, ``time`` (as in ``ReportedTime``),
    ``port`` and ``type``.
    """

    kind: IdentifierKind
    scope: str
    value: str
    role: Role
    path: str
    verified: bool | None
    origin: Origin
    problem: Problem | None
    passage: str
    sightings: tuple[dict[str, Any], ...]


def form_of(identifier: Identifier, sender: str) -> Form:
    """The normal form of an identifier, or why there is none. Never raises.

    ``sender``: the name of the ESP, the scope of its own account ids and screen names.
    """
    if len(identifier.raw) > LONGEST_RAW:
        return none(Problem.TOO_LONG)
    made = _FORMS[identifier.kind](identifier, sender)
    if identifier.kind in _SCOPED and made.value:
        return replace(made, scope=scope_of(identifier.scope or sender))
    return made


def normal_form(identifier: Identifier, sender: str) -> Normal | None:
    """One normal form; None where there is none."""
    made = form_of(identifier, sender)
    if not made.value:
        return None
    return Normal(
        identifier.kind,
        made.scope,
        made.value,
        role_of(identifier),
        identifier.path[:LONGEST_PATH],
        identifier.verified,
    )


def normal_forms(found: Iterable[Identifier], sender: str) -> list[Normal]:
    """Normal forms of what a document holds, each once per role; what has none is left out."""
    forms: dict[tuple[object, ...], Normal] = {}
    for identifier in found:
        normal = normal_form(identifier, sender)
        if normal is None:
            continue
        known = forms.get((*normal.key, normal.role))
        if known is None or (normal.verified and not known.verified):
            forms[(*normal.key, normal.role)] = normal
    return list(forms.values())


def readings(found: Iterable[Found], sender: str) -> list[Reading]:
    """Every identifier as it is kept, in the order in which each was found first."""
    kept: dict[tuple[object, ...], Reading] = {}
    for one in found:
        made = form_of(one.identifier, sender)
        if not made.value and one.origin is Origin.MINED:
            continue  # a text that only looked like one
        reading = _reading(one, made)
        key = (reading.kind, reading.scope, reading.value, reading.role, reading.problem)
        known = kept.get(key)
        kept[key] = _joined(known, reading) if known else reading
    return list(kept.values())


def role_of(identifier: Identifier) -> Role:
    """Whose it is: an account listed with a victim or a recipient is theirs, not a suspect's."""
    if identifier.role is Role.ASSOCIATED and identifier.owner is not None:
        return identifier.role if identifier.owner is Role.SUSPECT else identifier.owner
    return identifier.role


def _reading(one: Found, made: Form) -> Reading:
    identifier = one.identifier
    return Reading(
        identifier.kind,
        made.scope,
        made.value,
        role_of(identifier),
        identifier.path[:LONGEST_PATH],
        identifier.verified,
        one.origin,
        made.problem,
        one.passage,
        (_sighting(one),),
    )


def _sighting(one: Found) -> dict[str, Any]:
    identifier = one.identifier
    seen: dict[str, Any] = {
        "raw": written(identifier.raw),
        "path": identifier.path[:LONGEST_PATH],
        "origin": one.origin.value,
    }
    if identifier.time is not None:
        time = identifier.time.as_json()
        seen["time"] = {**time, "as_written": written(time["as_written"])}
    if identifier.port is not None:
        seen["port"] = identifier.port
    if identifier.qualifier:
        seen["type"] = written(identifier.qualifier)
    return seen


def _joined(known: Reading, more: Reading) -> Reading:
    """Both as one: the word of a field before that of a text, one that was verified before all."""
    stronger = _STRENGTH[more.origin] < _STRENGTH[known.origin]
    first = more if stronger or (more.verified and not known.verified) else known
    return replace(
        first,
        verified=known.verified or more.verified
        if True in (known.verified, more.verified)
        else first.verified,
        passage=known.passage if known.passage == more.passage else "",
        sightings=(*known.sightings, *more.sightings)[:MOST_SIGHTINGS],
    )


def written(text: str) -> str:
    """What was written, as any database can keep it: no zero bytes, no halves of characters."""
    cut = text[:LONGEST_WRITTEN].replace("\x00", "\ufffd")
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in cut)


_FORMS: dict[IdentifierKind, Callable[[Identifier, str], Form]] = {
    IdentifierKind.EMAIL: lambda one, _sender: email(one.raw),
    IdentifierKind.PHONE: lambda one, sender: phone(one.raw, one.qualifier, sender),
    IdentifierKind.SCREEN_NAME: lambda one, _sender: displayed(one.raw),
    IdentifierKind.DISPLAY_NAME: lambda one, _sender: displayed(one.raw),
    IdentifierKind.GROUP: lambda one, _sender: displayed(one.raw),
    IdentifierKind.ESP_USER_ID: lambda one, _sender: account_id(one.raw),
    IdentifierKind.PROFILE_URL: lambda one, _sender: url(one.raw),
    IdentifierKind.URL: lambda one, _sender: url(one.raw),
    IdentifierKind.DEVICE_ID: lambda one, _sender: device_id(one.raw),
    IdentifierKind.IP: lambda one, _sender: ip(one.raw),
    IdentifierKind.NAME: lambda one, _sender: name(one.raw),
    IdentifierKind.ADDRESS: lambda one, _sender: postal_address(one.raw),
    IdentifierKind.DATE_OF_BIRTH: lambda one, _sender: date_of_birth(one.raw),
    IdentifierKind.FILE_DIGEST: lambda one, _sender: digest(one.raw, one.qualifier),
    IdentifierKind.PAYMENT: lambda one, _sender: payment(one.raw),
}
