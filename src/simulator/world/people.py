"""People who do not exist, with the identifiers that providers know them by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from simulator.dice import dice
from simulator.world.names import words
from simulator.world.places import Place

_MAIL_HOSTS = ("example.com", "example.net", "example.org", "mail.test", "post.test")
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Person:
    """One person. ``key`` is the latent identity; everything else may show in a report.

    ``phone``: national digits without the calling code, or None. ``born``: date of birth.
    ``address_slot``: numbers the person's addresses at their place.
    """

    key: str
    first_name: str
    last_name: str
    born: date
    place: Place
    email: str
    phone: str | None
    screen_name: str
    address_slot: int

    def age_on(self, day: date) -> int:
        birthday_to_come = (day.month, day.day) < (self.born.month, self.born.day)
        return day.year - self.born.year - birthday_to_come

    def account(self, esp_slug: str) -> str:
        """The person's identifier at one provider: the same in all its reports."""
        digest = hashlib.sha256(f"{self.key}/{self.email}/{esp_slug}".encode()).hexdigest()
        digits = dice("account-form", esp_slug).random() < 0.6
        return str(10**14 + int(digest[:11], 16)) if digits else digest[:20]

    def device(self) -> str:
        """A device identifier of 15 digits that begins with the test range 00."""
        digest = hashlib.sha256(f"device/{self.key}/{self.email}".encode()).hexdigest()
        return f"00{int(digest[:12], 16) % 10**13:013d}"


def reported_user(
    seed: object, number: int, place: Place, *, rank: int | None, minor: bool, today: date
) -> Person:
    """The ``number``-th reported person of a plan.

    ``rank``: position among the people of the same place, from which unique phone numbers
    and addresses follow; None for someone who has no phone number.
    """
    pick = dice(seed, "user", number)
    turn = dice(seed, "turn").randrange(10**6)
    age = pick.randint(13, 17) if minor else pick.randint(18, 68)
    return _person(
        key=f"s{number}",
        mark=_mark(number),
        place=place,
        phone=None if rank is None else place.phone(rank, turn),
        slot=turn + 2 * (number if rank is None else rank),
        born=_birthday(pick, age, today),
        pick=pick,
    )


def other_person(
    key: str, place: Place, ages: tuple[int, int], today: date, pick: Random
) -> Person:
    """A victim, a recipient or a second reported person: known by account only."""
    return _person(
        key=key,
        mark=key.replace(".", "x"),
        place=place,
        phone=None,
        slot=pick.randrange(1 << 20),
        born=_birthday(pick, pick.randint(*ages), today),
        pick=pick,
    )


def _person(
    *,
    key: str,
    mark: str,
    place: Place,
    phone: str | None,
    slot: int,
    born: date,
    pick: Random,
) -> Person:
    first, last = pick.choice(words("first_names")), pick.choice(words("last_names"))
    nick = (
        pick.choice(words("nick_first"))
        + pick.choice(("", "_", "."))
        + pick.choice(words("nick_last"))
    )
    mailbox = (
        pick.choice(words("nick_first"))
        + pick.choice(("", ".", "-"))
        + pick.choice(words("nick_last"))
    )
    return Person(
        key=key,
        first_name=first,
        last_name=last,
        born=born,
        place=place,
        email=f"{mailbox}.{mark}@{pick.choice(_MAIL_HOSTS)}",
        phone=phone,
        screen_name=f"{nick}{mark}",
        address_slot=slot,
    )


def _mark(number: int) -> str:
    """A short text that no other number has."""
    number = number * 1_000_003 % (36**6) + 36**3
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _LETTERS[digit] + text
    return text


def _birthday(pick: Random, age: int, today: date) -> date:
    return today - timedelta(days=round(age * 365.2425) + pick.randint(20, 340))
