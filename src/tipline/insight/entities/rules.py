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

from tipline.ground.foundation.reasons import Reason, Source, total
from tipline.ground.places.phone import place_of_phone
from tipline.ground.places.place import NoPlace
from tipline.record.reports.facts import Identifier, IdentifierKind, Role

VERSION = "exact-2"
LONGEST = 400
LONGEST_SCOPE = 120
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
    scope = ""
    if identifier.kind is IdentifierKind.PHONE:
        value, national = _phone(identifier)
        scope = _folded(sender)[:LONGEST_SCOPE] if national else ""
    else:
        make = _FORMS.get(identifier.kind)
        value = make(identifier.raw) if make else ""
    if not value or len(value) > LONGEST:
        return None
    if identifier.kind in (IdentifierKind.ESP_USER_ID, IdentifierKind.SCREEN_NAME):
        scope = _folded(identifier.scope or sender)[:LONGEST_SCOPE]
    return Normal(
        identifier.kind,
        scope,
        value,
        _role(identifier),
        identifier.path[:200],
        identifier.verified,
    )


def _role(identifier: Identifier) -> Role:
    """Whose it is: an account listed with a victim or a recipient is theirs, not a suspect's."""
    if identifier.role is Role.ASSOCIATED and identifier.owner is not None:
        return identifier.role if identifier.owner is Role.SUSPECT else identifier.owner
    return identifier.role


def _folded(text: str) -> str:
    """Compatibility-normalised, case-folded, without control characters and outer spaces.

    Folding may undo the normal form and the other way round: it is done until nothing changes.
    """
    spaced = " ".join(text.split())
    kept = "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", kept).casefold())
    folded = " ".join(folded.split())
    return folded if folded == text else _folded(folded)


def _email(raw: str) -> str:
    local, at, domain = _folded(raw).rpartition("@")
    return f"{local}@{domain}" if at and local and "." in domain and " " not in local else ""


def _phone(identifier: Identifier) -> tuple[str, bool]:
    """The number, and whether it lacks its country: then it says something within a sender only.

    A country is never assumed: "415 555 0100" read as international would be a Swiss number.
    """
    reading = place_of_phone(identifier.raw, identifier.qualifier or None)
    if reading.e164:
        return reading.e164, False
    if reading.problem is not NoPlace.NO_COUNTRY:
        return "", False
    return "".join(str(int(c)) for c in identifier.raw if c.isdecimal()), True


def _ip(raw: str) -> str:
    try:
        address = ipaddress.ip_address(raw.strip())
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address) if address.is_global else ""


_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://")
_WWW = re.compile(r"^(www\.)+(?=[^.]+\.)")
_HOST = re.compile(r"[^\s.]+(\.[^\s.]+)+")


def _url(raw: str) -> str:
    written = _folded(raw)
    try:
        parts = urlsplit(written if _SCHEME.match(written) else f"//{written}")  # many leave it out
        host = _WWW.sub("", parts.hostname or "")
    except ValueError:
        return ""
    if not _HOST.fullmatch(host):
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"


def _account(raw: str) -> str:
    # Account ids are the ESP's own: case and signs may matter, only outer spaces do not.
    return raw.strip().replace("\x00", "")


def _device(raw: str) -> str:
    return _folded(re.sub(r"[\s:.-]", "", _folded(raw)))


_FORMS = {
    IdentifierKind.EMAIL: _email,
    IdentifierKind.IP: _ip,
    IdentifierKind.PROFILE_URL: _url,
    IdentifierKind.ESP_USER_ID: _account,
    IdentifierKind.DEVICE_ID: _device,
    IdentifierKind.SCREEN_NAME: _folded,
}


@dataclass(frozen=True, slots=True)
class Shared:
    """A value that two reports have in common, and on how many reports it stands in all.

    ``same_sender``: one ESP sent both reports.
    """

    kind: IdentifierKind
    scope: str
    verified_on_both: bool
    roles: tuple[Role, Role]
    reports: int
    same_sender: bool = False


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
        # Two ESPs may call a service alike, and anybody may name an account of another's.
        return bool(value.scope) and value.same_sender
    contact = value.kind in (IdentifierKind.EMAIL, IdentifierKind.PHONE)
    return contact and not value.scope and value.verified_on_both
