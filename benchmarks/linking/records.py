"""Made-up subjects as linking reads them: people with several reports, who change their names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Final

from tipline.insight.entities.history.rules import Record
from tipline.insight.entities.rules_reported import Value
from tipline.record.reports.facts import IdentifierKind as Kind

_SYLLABLES: Final = (
    "ka", "re", "mi", "lo", "shu", "ta", "ven", "dor", "bel", "fin",
    "gar", "hil", "jo", "nu", "pra", "sol", "tri", "wen", "yas", "zor",
)  # fmt: skip
_SERVICES: Final = ("chat", "video", "photos", "games", "market")
_PROVIDERS: Final = ("example.org", "example.com", "example.net", "mail.example")
_BEGAN: Final = datetime(2024, 1, 1, tzinfo=UTC)
_POPULAR: Final = 4_000
_DAYS: Final = 700


def records(count: int, seed: int = 1, first: int = 1) -> Iterator[Record]:
    """So many reports, with numbers from ``first`` on. The same seed gives the same.

    Seven people for ten reports; a person's later reports name some of the same things, or
    variants of them. Words of names are shared as they are in life: a few by very many.
    """
    dice = Random(seed)
    words = _Words(dice)
    people = [dice.random() for _person in range(max(count * 7 // 10, 1))]
    for number in range(first, first + count):
        who = dice.randrange(len(people))
        yield Record(number, dice.randrange(1, 9), False, _values(who, seed, dice, words))


class _Words:
    """Words of names, the first of which are drawn much more often."""

    def __init__(self, dice: Random) -> None:
        self.all = [
            "".join(dice.choices(_SYLLABLES, k=dice.choice((2, 2, 3)))) for _n in range(_POPULAR)
        ]
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(_POPULAR)))

    def draw(self, dice: Random) -> str:
        return dice.choices(self.all, cum_weights=self.weights)[0]


def _values(who: int, seed: int, dice: Random, words: _Words) -> list[Value]:
    """What one report says of a person: always the same person for the same ``who``."""
    own = Random(who * 1_000_003 + seed)
    first, last = words.draw(own), words.draw(own)
    handle = f"{first}_{words.draw(own)}{own.randrange(1000) if own.random() < 0.7 else ''}"
    user = handle if own.random() < 0.4 else f"{first}.{last}{own.randrange(100)}"
    born = _BEGAN.date() - timedelta(days=own.randrange(16 * 365, 60 * 365))
    address = f"198.{own.randrange(18, 20)}.{own.randrange(256)}.{own.randrange(256)}"
    phone = f"+1415{own.randrange(10**7):07d}"
    device, account = f"device-{own.getrandbits(48):012x}", f"u-{own.getrandbits(40):x}"
    found = [_value(Kind.SCREEN_NAME, _variant(handle, dice), dice.choice(_SERVICES))]
    if dice.random() < 0.45:
        provider = _PROVIDERS[0] if dice.random() < 0.7 else dice.choice(_PROVIDERS)
        verified = True if dice.random() < 0.3 else None
        found.append(_value(Kind.EMAIL, f"{user}@{provider}", verified=verified))
    if dice.random() < 0.3:
        found.append(_value(Kind.PHONE, phone))
    if dice.random() < 0.6:
        seen = _BEGAN + timedelta(days=own.randrange(_DAYS), hours=dice.randrange(200))
        found.append(_value(Kind.IP, address, seen=seen))
    if dice.random() < 0.4:
        found.append(_value(Kind.NAME, " ".join(sorted((first, last)))))
    if dice.random() < 0.3:
        found.append(_value(Kind.DATE_OF_BIRTH, born.isoformat()))
    if dice.random() < 0.2:
        found.append(_value(Kind.DEVICE_ID, device))
    if dice.random() < 0.5:
        found.append(_value(Kind.ESP_USER_ID, account, "chat"))
    return found


def _variant(handle: str, dice: Random) -> str:
    """A name as somebody writes it who was locked out."""
    way = dice.randrange(8)
    if way == 0:
        return handle.replace("_", "")
    if way == 1:
        return f"xx_{handle}_xx"
    if way == 2:
        return f"{handle}{dice.randrange(10)}"
    return handle


def _value(
    kind: Kind,
    text: str,
    scope: str = "",
    *,
    verified: bool | None = None,
    seen: datetime | None = None,
) -> Value:
    sighting = {"raw": text, "path": "/personOrUserReported[1]", "origin": "asserted"}
    sightings = [
        sighting | ({"time": {"instant": seen.isoformat()}, "port": 40_000} if seen else {})
    ]
    return Value(kind.value, scope, text, "suspect", verified, "asserted", sightings)
