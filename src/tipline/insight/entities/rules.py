"""Normal forms of identifiers and what two reports may be linked by. Pure.

Roles never merge: only what belongs to a reported person (or an account tied to one) links,
and a victim's or recipient's identifier links nothing by itself. Scoped account ids and
verified contacts link automatically; every other value in common is a proposal. Points are
a coarse order of how rarely two people share such a value, until a trained model replaces
them; they are not probabilities.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import phonenumbers

from tipline.ground.foundation.reasons import Reason, Source, total
from tipline.record.reports.facts import Identifier, IdentifierKind, Role

VERSION = "exact-1"
LONGEST = 400
#: A value on more reports than this is shared by many people (carrier NAT, a class-room
#: mail address): it links nobody.
MOST_SHARED = 25
#: Proposals need at least this many points together; an address alone has fewer.
LEAST_POINTS = 6

LINKING_ROLES = frozenset({Role.SUSPECT, Role.ASSOCIATED})

_POINTS: Mapping[IdentifierKind, int] = {
    IdentifierKind.ESP_USER_ID: 20,
    IdentifierKind.DEVICE_ID: 14,
    IdentifierKind.EMAIL: 14,
    IdentifierKind.PHONE: 14,
    IdentifierKind.PROFILE_URL: 14,
    IdentifierKind.SCREEN_NAME: 8,
    IdentifierKind.IP: 4,
}


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


def normal_forms(found: Iterable[Identifier], sender: str) -> list[Normal]:
    """Normal forms of what a document holds, each once per role; what has none is left out.

    ``sender``: the name of the ESP, the scope of its own account ids and screen names.
    """
    forms: dict[tuple[object, ...], Normal] = {}
    for identifier in found:
        normal = normal_form(identifier, sender)
        if normal is None:
            continue
        known = forms.get((*normal.key, normal.role))
        if known is None or (normal.verified and not known.verified):
            forms[(*normal.key, normal.role)] = normal
    return list(forms.values())


def normal_form(identifier: Identifier, sender: str) -> Normal | None:
    """One normal form, or None: not a kind that is compared, or not readable as its kind."""
    make = _FORMS.get(identifier.kind)
    if make is None:
        return None
    value = make(identifier.raw)
    if not value or len(value) > LONGEST:
        return None
    scoped = identifier.kind in (IdentifierKind.ESP_USER_ID, IdentifierKind.SCREEN_NAME)
    scope = _folded(identifier.scope or sender)[:120] if scoped else ""
    return Normal(
        identifier.kind, scope, value, identifier.role, identifier.path[:200], identifier.verified
    )


def _folded(text: str) -> str:
    """Compatibility-normalised, case-folded, without control characters and outer spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = (c for c in folded if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return " ".join("".join(kept).split())


def _email(raw: str) -> str:
    local, at, domain = _folded(raw).rpartition("@")
    return f"{local}@{domain}" if at and local and "." in domain and " " not in local else ""


def _phone(raw: str) -> str:
    try:
        number = phonenumbers.parse(raw if raw.startswith("+") else f"+{raw.lstrip('0')}", None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _ip(raw: str) -> str:
    try:
        address = ipaddress.ip_address(raw.strip())
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address) if address.is_global else ""


def _url(raw: str) -> str:
    try:
        parts = urlsplit(raw.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if not host or "." not in host:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return _folded(f"{host}{parts.path.rstrip('/')}{query}")


def _account(raw: str) -> str:
    # Account ids are the ESP's own: case and signs may matter, only outer spaces do not.
    return raw.strip().replace("\x00", "")


def _device(raw: str) -> str:
    return re.sub(r"[\s:.-]", "", _folded(raw))


_FORMS = {
    IdentifierKind.EMAIL: _email,
    IdentifierKind.PHONE: _phone,
    IdentifierKind.IP: _ip,
    IdentifierKind.PROFILE_URL: _url,
    IdentifierKind.ESP_USER_ID: _account,
    IdentifierKind.DEVICE_ID: _device,
    IdentifierKind.SCREEN_NAME: _folded,
}


@dataclass(frozen=True, slots=True)
class Shared:
    """A value that two reports have in common, and on how many reports it stands in all."""

    kind: IdentifierKind
    scope: str
    verified_on_both: bool
    roles: tuple[Role, Role]
    reports: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whether two reports should be linked. ``automatic``: policy allows it without a person."""

    automatic: bool
    reasons: tuple[Reason, ...]


def propose(shared: Sequence[Shared]) -> Proposal | None:
    """What the values in common make of a pair, or None when they say too little.

    A value of too many reports counts nothing, and says so.
    """
    reasons: list[Reason] = []
    automatic = False
    for value in shared:
        if not set(value.roles) <= LINKING_ROLES or value.kind not in _POINTS:
            continue
        params = {"kind": value.kind.value, "scope": value.scope, "reports": value.reports}
        if value.reports > MOST_SHARED:
            reasons.append(Reason("link.shared_by_many", params, 0, Source.SYSTEM, VERSION))
            continue
        points = _POINTS[value.kind]
        reasons.append(Reason("link.same_value", params, points, Source.SYSTEM, VERSION))
        automatic = automatic or _links_by_itself(value)
    if total(reasons) < LEAST_POINTS:
        return None
    return Proposal(automatic, tuple(reasons))


def _links_by_itself(value: Shared) -> bool:
    if set(value.roles) != {Role.SUSPECT}:
        return False
    if value.kind is IdentifierKind.ESP_USER_ID:
        return bool(value.scope)
    return value.kind in (IdentifierKind.EMAIL, IdentifierKind.PHONE) and value.verified_on_both
