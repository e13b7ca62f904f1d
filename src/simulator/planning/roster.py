"""Who and what is in which report: the shares of a profile dealt out over a plan."""

from __future__ import annotations

from array import array
from enum import Enum
from typing import NamedTuple

from simulator.dice import Cut, Deck, dice
from simulator.world.esps import FictionalEsp, esp_cut
from simulator.world.people import Person, reported_user
from simulator.world.places import Place, countries, us_states
from simulator.world.profiles import (
    CSAM,
    ENTICEMENT,
    INCIDENT_TYPES,
    MOLESTATION,
    TRAFFICKING,
    Profile,
)

_GROUP_SIZES = (2, 2, 2, 3, 3, 4, 5)
_URGENT_TYPES = {ENTICEMENT: 0.5, CSAM: 0.25, MOLESTATION: 0.15, TRAFFICKING: 0.1}


class Scene(Enum):
    """The kind of story that a report tells."""

    ORDINARY = "ordinary"
    COMPLETE = "complete"
    POOR = "poor"
    VIRAL = "viral"
    URGENT = "urgent"


class Home(NamedTuple):
    """Where a person lives; ``told``: how much the report gives away (place, country, nothing)."""

    place: Place
    told: str


class Roster:
    """All draws of a plan that must keep their shares, made once for the whole plan.

    Memory is a few numbers per report; every answer is for one report or one person.
    """

    def __init__(self, seed: int, reports: int, profile: Profile) -> None:
        self.seed, self.size, self.profile = seed, reports, profile
        self._scenes = _scene_cut(profile)
        self._types = _type_cut(profile)
        self._urgent_types = Cut(list(_URGENT_TYPES.items()))
        self._esps = esp_cut(profile)
        self._endings = _ending_cut(profile)
        self._homes = _home_cut(profile)
        self._decks = {
            name: Deck(reports, seed, name)
            for name in ("scene", "type", "esp", "ending", "special")
        }
        self._assigned = _assignment([self.scene(r) for r in range(reports)], seed, profile)
        self._home_deck = Deck(self._assigned.people, seed, "home")
        self._minor_deck = Deck(self._assigned.people, seed, "minor")

    # -- reports -----------------------------------------------------------------------

    def scene(self, report: int) -> Scene:
        return self._decks["scene"].deal(self._scenes, report)

    def incident_type(self, report: int) -> str:
        scene = self.scene(report)
        if scene is Scene.VIRAL:
            return CSAM
        cut = self._urgent_types if scene is Scene.URGENT else self._types
        return self._decks["type"].deal(cut, report)

    def esp(self, report: int) -> FictionalEsp:
        return self._decks["esp"].deal(self._esps, report)

    def ending(self, report: int) -> str:
        """``finish``, ``retract`` or ``abandon``."""
        return self._decks["ending"].deal(self._endings, report)

    def special(self, report: int) -> float:
        """A number from 0 to 1, dealt evenly over all reports."""
        return self._decks["special"].point(report)

    def within_scene(self, report: int) -> float:
        """A number from 0 to 1, dealt evenly over the reports of the same scene."""
        return self._scenes.within(self._decks["scene"].point(report))

    def subject(self, report: int) -> int:
        return self._assigned.subjects[report]

    # -- people ------------------------------------------------------------------------

    def reports_of(self, subject: int) -> tuple[int, ...]:
        """All reports about a person who comes back; empty for everyone else."""
        return self._assigned.groups.get(subject, ())

    def neighbour(self, subject: int) -> int | None:
        """The stranger who shares the person's carrier address, when there is one."""
        first, last = self._assigned.neighbours
        return first + ((subject - first) ^ 1) if first <= subject < last else None

    def report_of_neighbour(self, subject: int) -> int | None:
        """The only report about that stranger."""
        neighbour = self.neighbour(subject)
        if neighbour is None:
            return None
        return self._assigned.paired[neighbour - self._assigned.neighbours[0]]

    def home(self, subject: int) -> Home:
        neighbour = self.neighbour(subject)
        if neighbour is not None:
            return self._told_home(min(subject, neighbour))
        return self._settled(self._home_deck.deal(self._homes, subject), subject)

    def person(self, subject: int) -> Person:
        home = self.home(subject)
        unique = home.told == "place" and self.neighbour(subject) is None
        rank = self._home_deck.rank(self._homes, subject) if unique else None
        minor = self._minor_deck.point(subject) < self.profile.people.minors
        today = self.profile.until.date()
        return reported_user(self.seed, subject, home.place, rank=rank, minor=minor, today=today)

    # -- making ------------------------------------------------------------------------

    def _told_home(self, subject: int) -> Home:
        """A home that reports name: neighbours are a trap only when their address shows."""
        home = self._settled(self._home_deck.deal(self._homes, subject), subject)
        return home._replace(told="place")

    def _settled(self, home: Home | str, subject: int) -> Home:
        if isinstance(home, Home):
            return home
        pick = dice(self.seed, "latent-home", subject)
        places = us_states() if home == "US" else countries()
        place = pick.choices(places, [place.weight for place in places])[0]
        return Home(place, "country" if home == "US" else "nothing")


class Assignment(NamedTuple):
    """``subjects``: the reported person of each report. ``people``: how many there are.

    ``groups``: those who come back, with their reports. ``neighbours``: the first of the
    people who share an address two by two, and the first after them; ``paired``: their reports.
    """

    subjects: array[int]
    people: int
    groups: dict[int, tuple[int, ...]]
    neighbours: tuple[int, int]
    paired: tuple[int, ...]


def _assignment(scenes: list[Scene], seed: int, profile: Profile) -> Assignment:
    linkable = [r for r, scene in enumerate(scenes) if scene not in (Scene.POOR, Scene.VIRAL)]
    dice(seed, "assign").shuffle(linkable)
    groups = _groups(linkable, round(len(scenes) * profile.people.repeated))
    grouped = {report for reports in groups.values() for report in reports}
    left = [report for report in linkable if report not in grouped]
    pairs = min(round(len(scenes) * profile.people.nat_pairs), len(left) // 2)
    paired = left[: 2 * pairs]
    rest = sorted(set(range(len(scenes))) - grouped - set(paired))
    subjects = array("L", [0]) * len(scenes)
    for subject, reports in groups.items():
        for report in reports:
            subjects[report] = subject
    for subject, report in enumerate([*paired, *rest], start=len(groups)):
        subjects[report] = subject
    return Assignment(
        subjects=subjects,
        people=len(groups) + len(paired) + len(rest),
        groups=groups,
        neighbours=(len(groups), len(groups) + len(paired)),
        paired=tuple(paired),
    )


def _groups(linkable: list[int], wanted: int) -> dict[int, tuple[int, ...]]:
    """People who come back: each with two to five of the first ``wanted`` reports."""
    groups: dict[int, tuple[int, ...]] = {}
    start = 0
    while start + 2 <= min(wanted, len(linkable)):
        size = _GROUP_SIZES[len(groups) * 5 % len(_GROUP_SIZES)]
        groups[len(groups)] = tuple(sorted(linkable[start : start + size]))
        start += size
    return groups


def _scene_cut(profile: Profile) -> Cut[Scene]:
    scenes = profile.scenes
    shares = {
        Scene.URGENT: scenes.urgent,
        Scene.VIRAL: scenes.viral,
        Scene.COMPLETE: scenes.complete,
        Scene.POOR: scenes.poor,
    }
    return Cut([*shares.items(), (Scene.ORDINARY, 1 - sum(shares.values()))])


def _type_cut(profile: Profile) -> Cut[str]:
    """Types of the reports that are neither viral nor urgent, so that the whole comes out."""
    types, scenes = profile.types, profile.scenes
    whole = {ENTICEMENT: types.enticement, TRAFFICKING: types.trafficking}
    whole[CSAM] = 1 - types.enticement - types.trafficking - types.other - scenes.viral
    rest = [name for name in INCIDENT_TYPES if name not in whole]
    whole |= dict.fromkeys(rest, types.other / len(rest))
    urgent = {name: scenes.urgent * share for name, share in _URGENT_TYPES.items()}
    left = [(name, max(0.0, share - urgent.get(name, 0.0))) for name, share in whole.items()]
    return Cut(left if sum(share for _, share in left) > 0 else [(CSAM, 1.0)])


def _ending_cut(profile: Profile) -> Cut[str]:
    retracted, abandoned = profile.endings.retracted, profile.endings.abandoned
    rest = 1 - retracted - abandoned
    return Cut([("retract", retracted), ("abandon", abandoned), ("finish", rest)])


def _home_cut(profile: Profile) -> Cut[Home | str]:
    """Homes by share; ``US`` and ``nowhere`` stand for those whose place is not told."""
    shares = profile.places
    homes: list[tuple[Home | str, float]] = [
        ("US", shares.us * shares.us_without_state),
        ("nowhere", shares.unknown),
    ]
    told = shares.us * (1 - shares.us_without_state)
    for places, share in ((us_states(), told), (countries(), 1 - shares.us - shares.unknown)):
        total = sum(place.weight for place in places)
        homes += [(Home(place, "place"), share * place.weight / total) for place in places]
    return Cut(homes)
