"""IP address -> country and US state, from DB-IP City Lite."""

from __future__ import annotations

from functools import cache
from typing import Final

from tipline.ground.places.addresses import ReadAddress, read_address
from tipline.ground.places.countries import with_territories
from tipline.ground.places.place import NoPlace, Note, Place, Trust
from tipline.ground.places.ranges import country_and_state, manifest
from tipline.ground.places.shared import shared_by_many
from tipline.ground.places.special import special_purpose

# Places in these networks are arbitrary below the country: nothing is better than a guess.
_NO_STATE: Final = frozenset({Note.ANYCAST})


def place_of_ip(address: str | None, *, possible_proxy: bool | None) -> Place | None:
    """Where an address is, by estimate; None when it has no place. Never raises.

    ``possible_proxy`` is the ESP's own flag of ``ipCaptureEvent``; None when not given.
    Trust is MEDIUM at best: the data is an estimate and knows neither VPNs, Tor, hosting
    nor the gateways of mobile carriers. It is LOW when the ESP says proxy, for networks on
    the published lists of :mod:`.shared`, and for addresses unwrapped from a tunnel.
    """
    read = _usable(address)
    if isinstance(read, NoPlace):
        return None
    known = country_and_state(read.address)
    if known is None:
        return None
    note = _note(read, possible_proxy=possible_proxy)
    country, state = with_territories(*known)
    trust = Trust.LOW if note else Trust.MEDIUM
    return Place(
        country=country,
        state="" if note in _NO_STATE else state,
        trust=trust,
        country_trust=trust,
        source=ip_source(),
        note=note,
    )


def why_no_place(address: str | None) -> NoPlace | None:
    """Why :func:`place_of_ip` has no place for this address; None when it has one."""
    read = _usable(address)
    if isinstance(read, NoPlace):
        return read
    return NoPlace.UNKNOWN if country_and_state(read.address) is None else None


@cache
def ip_source() -> str:
    """The source that places of addresses carry, with the month of the data."""
    return f"ip:DB-IP City Lite {manifest()['month']}"


def _usable(address: str | None) -> ReadAddress | NoPlace:
    read = read_address(address)
    if read is None:
        return NoPlace.MALFORMED
    return special_purpose(read.address) or read


def _note(read: ReadAddress, *, possible_proxy: bool | None) -> Note:
    shared = shared_by_many(read.address)
    if shared:
        return shared
    if possible_proxy:
        return Note.PROXY
    return Note.TUNNEL if read.tunnelled else Note.NONE
