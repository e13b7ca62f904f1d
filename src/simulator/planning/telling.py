"""From the signs that a report sends to the people, times and files that carry them.

Sees what is sent and never the case: whatever is chosen here tells nothing more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from simulator.dice import dice
from simulator.planning.roster import Scene
from simulator.planning.story import SHOWN, IpEvent, Story, ip_events
from simulator.population.arrivals import Arrival
from simulator.population.model import Sent, Values
from simulator.population.population import Population
from simulator.population.signs import YES
from simulator.population.texts import texts
from simulator.world.people import Person, other_person, reported_user
from simulator.world.places import Place, countries, us_states

#: How long before its report a thing happened, in hours: least and most.
_AGES = {"hours": (1, 24), "days": (24, 168), "months": (168, 2160), "years": (2160, 14400)}
_VICTIMS = {"none": 0, "one": 1, "two": 2}
_VICTIM_AGES = {"young": (5, 11), "teen": (13, 16), "unsaid": (7, 16)}
_FLAGS = ("sextortion", "csamSolicitation", "minorToMinorInteraction", "spam", "informational")
_NEWER_FLAGS = ("sadisticOnlineExploitation",)
_MARK = "[synthetic]"


def story_told(seed: int, sent: Sent, arrival: Arrival, population: Population) -> Story:
    """The story of a report, as far as it is told."""
    pick = dice(seed, "telling", sent.number)
    values = sent.values
    happened, noticed = _times(values["age"], arrival.at, pick)
    person = _person(seed, sent, population, pick)
    shown = _shown(sent, person, pick)
    victims = _victims(sent, person.place, population, pick)
    speak = _Speaker(values, pick)
    return Story(
        report=sent.number,
        esp=sent.sender.esp,
        scene=Scene(values["telling"]),
        incident_type=values["type"],
        subject=person,
        told=values["told"],
        minor=values["suspect_age"] == "minor",
        happened=happened,
        noticed=noticed,
        shown=shown,
        ips=_ips(values, person, (happened, noticed), shown, pick),
        flagged=bool(values["escalation"]),
        escalation=speak.text("escalation"),
        chat=tuple(filter(None, [speak.text("talk")])),
        note=speak.note(),
        annotations=tuple(f for f in (*_FLAGS, *_NEWER_FLAGS) if values[f] == YES),
        batched=values["batched"] == YES,
        recipients=_recipients(sent, person.place, population, pick),
        victims=victims,
        ages_told=frozenset(one.key for one in victims if values.get("victim_age") != "unsaid"),
        third_party=values["third_party"] == YES,
        compromised=values["compromised"] == YES,
        prior_reports=(pick.randint(10**8, 10**9 - 1),) if values["prior"] == YES else (),
    )


class _Speaker:
    """Chooses the texts of one report, each marked as synthetic."""

    def __init__(self, values: Values, pick: Random) -> None:
        self._values, self._pick = values, pick
        self._texts = texts(values["language"])

    def text(self, sign: str) -> str:
        kind = self._values[sign]
        return f"{_MARK} {self._texts.text(kind, self._pick)}" if kind else ""

    def note(self) -> str:
        """The remark, or the digest of a file that is not sent."""
        if self._values["files"] == "hash":
            return f"{_MARK} Matched a listed item. MD5: {self._pick.randbytes(16).hex()}"
        return self.text("note")


def _times(age: str, at: datetime, pick: Random) -> tuple[datetime, datetime]:
    least, most = _AGES[age]
    happened = at - timedelta(hours=pick.uniform(least, most))
    noticed = at - timedelta(minutes=pick.uniform(3, 55))
    return happened, noticed


def _person(seed: int, sent: Sent, population: Population, pick: Random) -> Person:
    minor = sent.values["suspect_age"] == "minor"
    place, today = _home(population, sent.values["told"], pick), population.until.date()
    return reported_user(seed, sent.number, place, rank=sent.number, minor=minor, today=today)


def _home(population: Population, told: str, pick: Random) -> Place:
    shares = population.places
    in_us = pick.random() < (1 if told == "country" else shares.us)
    places = us_states() if in_us else countries()
    return pick.choices(places, [place.weight for place in places])[0]


def _shown(sent: Sent, person: Person, pick: Random) -> frozenset[str]:
    """What is told of the reported person; more or less by the sender's care alone."""
    shares = SHOWN[Scene(sent.values["telling"])]
    shown = {thing for thing, share in shares.items() if pick.random() < share}
    shown.discard("birth")
    if sent.values["suspect_age"] != "unsaid":
        shown.add("birth")
    if person.phone is None:
        shown.discard("phone")
    if sent.values["told"] == "place":
        return frozenset(shown if shown & {"ip", "estimated_location"} else shown | {"ip"})
    shown -= {"ip", "phone", "address", "estimated_location", "associated"}
    return frozenset(shown | {"estimated_location"} if sent.values["told"] == "country" else shown)


def _ips(
    values: Values,
    person: Person,
    when: tuple[datetime, datetime],
    shown: frozenset[str],
    pick: Random,
) -> tuple[IpEvent, ...]:
    """Addresses of home, or those of a proxy, about which the sender may know."""
    events = ip_events(person, None, when, shown, pick)
    if values.get("proxy") != YES:
        return events
    known, place = pick.random() < 0.5, pick.choice(countries())
    exit_at = place.other_address(pick.randrange(1 << 20))
    return tuple(replace(event, address=exit_at, proxy=known or None) for event in events)


def _victims(sent: Sent, home: Place, population: Population, pick: Random) -> tuple[Person, ...]:
    count = _VICTIMS[sent.values["victims"]]
    ages = _VICTIM_AGES[sent.values.get("victim_age", "unsaid")]
    return _people("v", count, ages, sent, (home, population, pick))


def _recipients(
    sent: Sent, home: Place, population: Population, pick: Random
) -> tuple[Person, ...]:
    count = pick.choice((1, 1, 1, 2)) if sent.values["recipients"] == YES else 0
    return _people("r", count, (18, 60), sent, (home, population, pick))


def _people(
    letter: str,
    count: int,
    ages: tuple[int, int],
    sent: Sent,
    around: tuple[Place, Population, Random],
) -> tuple[Person, ...]:
    home, population, pick = around
    today = population.until.date()
    return tuple(
        other_person(f"{letter}{sent.number}.{place}", home, ages, today, pick)
        for place in range(count)
    )
