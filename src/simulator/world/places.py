"""Where people live: a country, in the US a state, with addresses and numbers of that place."""

from __future__ import annotations

import csv
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_USER_SHARE = 0.75  # of a place's addresses; the rest is for other people in reports


@dataclass(frozen=True, slots=True)
class Place:
    """A country or a US state, as rows of ``countries.csv`` and ``us_states.csv``.

    ``weight``: reports of 2023 (domain reference, section 12) where published, else our
    estimate: the 218,315 US reports that the source does not break down are spread over the
    other states by population, the reports from unnamed countries by our own guess.
    ``networks``: access networks that DB-IP City Lite (CC BY 4.0, June 2026) places there
    throughout, and for countries the registries' data (NRO, CC BY 4.0) too.
    ``numbers``: patterns of phone numbers without the calling code, ``#`` a digit: ranges
    kept for fiction where one is published (all of +1, DE, FR, GB, SE, AU), else the
    example number of libphonenumber with its last six digits free.
    """

    country: str
    state: str
    weight: int
    zone: str
    city: str
    postal_code: str
    networks: tuple[str, ...]
    calling_code: str
    numbers: tuple[str, ...]

    @property
    def code(self) -> str:
        return f"{self.country}-{self.state}" if self.state else self.country

    def address(self, slot: int) -> str:
        """The ``slot``-th address of the people of this place; starts over when all are used."""
        return _address(self.networks, slot % int(_count(self.networks) * _USER_SHARE))

    def other_address(self, slot: int) -> str:
        """An address that :meth:`address` never gives."""
        first = int(_count(self.networks) * _USER_SHARE)
        return _address(self.networks, first + slot % (_count(self.networks) - first))

    def phone(self, rank: int, turn: int) -> str | None:
        """The ``rank``-th number of this place, or None when the plan has no more.

        ``turn`` shifts all numbers, so that two plans seldom use the same ones.
        """
        which = rank % len(self.numbers)
        pattern = self.numbers[which]
        serial, free = rank // len(self.numbers), pattern.count("#")
        if serial >= 10**free:
            return None
        # a step that shares no factor with 10 visits every number once
        digits = str((serial * 7919 + turn + 37 * which) % 10**free).zfill(free)
        return pattern.replace("#" * free, digits)


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("simulator.world") / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@lru_cache(maxsize=1)
def countries() -> tuple[Place, ...]:
    """Countries other than the US, most reported first."""
    return tuple(
        Place(
            country=row["code"],
            state="",
            weight=int(row["weight"]),
            zone=row["zone"],
            city=row["city"],
            postal_code="",
            networks=tuple(row["networks"].split()),
            calling_code=row["calling_code"],
            numbers=(row["numbers"],),
        )
        for row in _rows("countries.csv")
    )


@lru_cache(maxsize=1)
def us_states() -> tuple[Place, ...]:
    """The fifty states and the District of Columbia."""
    return tuple(
        Place(
            country="US",
            state=row["code"],
            weight=int(row["weight"]),
            zone=row["zone"],
            city=row["city"],
            postal_code=row["postal_code"],
            networks=tuple(row["networks"].split()),
            calling_code="+1",
            numbers=tuple(f"{area}55501##" for area in row["area_codes"].split()),
        )
        for row in _rows("us_states.csv")
    )


@lru_cache(maxsize=256)
def _spans(networks: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    parsed = [ipaddress.IPv4Network(network) for network in networks]
    return tuple((int(network[0]), network.num_addresses) for network in parsed)


def _count(networks: tuple[str, ...]) -> int:
    return sum(size for _, size in _spans(networks))


def _address(networks: tuple[str, ...], slot: int) -> str:
    spans = _spans(networks)
    # neighbours in slot are strangers: spread them over the whole place
    slot = slot * 2654435761 % _count(networks)
    for first, size in spans:
        if slot < size:
            return str(ipaddress.IPv4Address(first + slot))
        slot -= size
    raise AssertionError("a slot below the count lies in a span")
