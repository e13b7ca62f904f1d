"""Phone number -> normal form, country, US state and zones, offline.

The numbering plan comes from phonenumbers (Apache-2.0). Its geocoder is left alone: it
takes 131 MB and 2.8 s per process for town names, which a portable number does not prove;
the US state of an area code comes from a table of 400 lines derived from it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from tipline.ground.places.countries import country_code, with_territories
from tipline.ground.places.place import NoPlace, Note, Place, Trust
from tipline.ground.places.ranges import DATA

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_CALLING_CODE: Final = re.compile(r"\s*\+?([1-9][0-9]{0,2})\s*", re.ASCII)
# Reads as a number there: then all it lacks is a country.
_ANY_REGION: Final = "US"


class PhoneKind(StrEnum):
    """What a number is for, by its numbering plan."""

    FIXED = "fixed"
    MOBILE = "mobile"
    FIXED_OR_MOBILE = "fixed_or_mobile"
    TOLL_FREE = "toll_free"
    PREMIUM = "premium"
    SHARED_COST = "shared_cost"
    VOIP = "voip"
    PERSONAL = "personal"
    PAGER = "pager"
    COMPANY = "company"
    VOICEMAIL = "voicemail"
    UNKNOWN = "unknown"


# By phonenumbers.PhoneNumberType.
_KINDS: Final = {
    0: PhoneKind.FIXED,
    1: PhoneKind.MOBILE,
    2: PhoneKind.FIXED_OR_MOBILE,
    3: PhoneKind.TOLL_FREE,
    4: PhoneKind.PREMIUM,
    5: PhoneKind.SHARED_COST,
    6: PhoneKind.VOIP,
    7: PhoneKind.PERSONAL,
    8: PhoneKind.PAGER,
    9: PhoneKind.COMPANY,
    10: PhoneKind.VOICEMAIL,
}
# A line ends at a wall; a mobile phone travels and a North American number may be either.
_COUNTRY_TRUST: Final = {
    PhoneKind.FIXED: Trust.HIGH,
    PhoneKind.MOBILE: Trust.MEDIUM,
    PhoneKind.FIXED_OR_MOBILE: Trust.MEDIUM,
}


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """What a number says.

    ``e164``: the normal form ("+14155550123", at most 15 digits, no extension), or None
    when it cannot be a number. ``zones``: IANA names that the numbering plan gives, for
    display only. ``problem``: why ``place`` is None, else None.
    """

    place: Place | None
    e164: str | None = None
    zones: tuple[str, ...] = ()
    kind: PhoneKind = PhoneKind.UNKNOWN
    problem: NoPlace | None = None


def place_of_phone(
    raw: str | None, calling_code: str | None = None, default_region: str | None = None
) -> PhoneReading:
    """Read a phone number. Never raises.

    ``calling_code`` is the ESP's ``countryCallingCode`` ("+44"); ``default_region`` the ISO
    country that a number without any is taken for, at low trust. A number in international
    form wins over both.
    """
    if not isinstance(raw, str):
        return PhoneReading(None, problem=NoPlace.MALFORMED)
    stated = _calling_code(calling_code)
    number, note = _parsed(raw, stated, country_code(default_region))
    if number is None:
        guessed = _parse(raw, _ANY_REGION) is not None
        problem = NoPlace.NO_COUNTRY if guessed else NoPlace.MALFORMED
        return PhoneReading(None, problem=problem)
    return _reading(number, note)


def phone_source() -> str:
    """The source that places of phones carry, with the version of the numbering plans."""
    import phonenumbers  # noqa: PLC0415 - heavy: only who reads a phone pays for it

    return f"phone:phonenumbers {phonenumbers.__version__}"


def _calling_code(text: str | None) -> int | None:
    match = _CALLING_CODE.fullmatch(text) if isinstance(text, str) else None
    return int(match.group(1)) if match else None


def _parsed(raw: str, stated: int | None, region: str) -> tuple[PhoneNumber | None, Note]:
    """The number, and what is to be said about how its country was found."""
    international = _parse(raw, None)
    if international:
        conflict = stated is not None and stated != international.country_code
        return international, Note.CONFLICT if conflict else Note.NONE
    if stated is not None:
        return _parse_with_code(raw, stated), Note.NONE
    return (_parse(raw, region) if region else None), Note.ASSUMED_REGION


def _parse(raw: str, region: str | None) -> PhoneNumber | None:
    import phonenumbers  # noqa: PLC0415 - heavy: only who reads a phone pays for it

    try:
        return phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return None


def _parse_with_code(raw: str, stated: int) -> PhoneNumber | None:
    import phonenumbers  # noqa: PLC0415 - heavy: only who reads a phone pays for it

    region = phonenumbers.region_code_for_country_code(stated)
    if region in (phonenumbers.UNKNOWN_REGION, phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY):
        return _parse(f"+{stated}{raw}", None)
    return _parse(raw, region)


def _reading(number: PhoneNumber, note: Note) -> PhoneReading:
    import phonenumbers  # noqa: PLC0415 - heavy: only who reads a phone pays for it

    if not phonenumbers.is_possible_number(number):
        return PhoneReading(None, problem=NoPlace.MALFORMED)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    kind = _KINDS.get(phonenumbers.number_type(number), PhoneKind.UNKNOWN)
    place = _place(number, kind, note)
    if isinstance(place, NoPlace):
        return PhoneReading(None, e164, kind=kind, problem=place)
    return PhoneReading(place, e164, _zones(number), kind)


def _place(number: PhoneNumber, kind: PhoneKind, note: Note) -> Place | NoPlace:
    if kind is PhoneKind.TOLL_FREE:
        return NoPlace.TOLL_FREE
    region, in_plan = _region(number)
    if not region:
        return NoPlace.UNKNOWN if in_plan is None else NoPlace.NOT_GEOGRAPHIC
    country, state = with_territories(region)
    if country == "US" and not state:
        state = _area_codes().get(str(number.national_number)[:3], "")
    country_trust = _COUNTRY_TRUST.get(kind, Trust.LOW)
    if not in_plan:
        note, state = Note.NOT_IN_PLAN, ""
    elif kind not in _COUNTRY_TRUST:
        note = note or Note.NOT_GEOGRAPHIC
    if note:
        country_trust = Trust.LOW
    return Place(
        country=country,
        state=state,
        trust=Trust.LOW if state else country_trust,
        country_trust=country_trust,
        source=phone_source(),
        note=note or (Note.PORTABLE if state else Note.NONE),
    )


def _region(number: PhoneNumber) -> tuple[str, bool | None]:
    """(country, whether the number is in its plan); the plan is None when it is unknown.

    A number outside its plan still has the country of its calling code, where only one
    country has that code: plans grow faster than tables.
    """
    import phonenumbers  # noqa: PLC0415 - heavy: only who reads a phone pays for it

    if phonenumbers.is_valid_number(number):
        return country_code(phonenumbers.region_code_for_number(number)), True
    regions = phonenumbers.region_codes_for_country_code(number.country_code or 0)
    single = regions[0] if len(regions) == 1 else ""
    region = country_code(single)
    return region, False if region else None


def _zones(number: PhoneNumber) -> tuple[str, ...]:
    from phonenumbers import timezone  # noqa: PLC0415 - loads a table of its own

    zones: tuple[str, ...] = tuple(timezone.time_zones_for_number(number))
    return () if timezone.UNKNOWN_TIMEZONE in zones else zones


@cache
def _area_codes() -> dict[str, str]:
    """North American area code -> US state, from ``data/area_codes.json``."""
    read: dict[str, str] = json.loads((DATA / "area_codes.json").read_text(encoding="utf-8"))
    return read
