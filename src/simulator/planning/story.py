"""What happened in one report, before anybody writes it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TypedDict

from simulator.dice import dice
from simulator.planning import wording
from simulator.planning.roster import Roster, Scene
from simulator.world.esps import FictionalEsp
from simulator.world.people import Person, other_person
from simulator.world.places import Place, countries, us_states
from simulator.world.profiles import (
    CSAM,
    ENTICEMENT,
    MOLESTATION,
    TOURISM,
    TRAFFICKING,
    UNSOLICITED,
)

_TALK = (ENTICEMENT, TRAFFICKING, MOLESTATION, TOURISM, UNSOLICITED)
_POOR_KINDS = ("no-files", "hash-only", "bare")
_BURST = timedelta(hours=36)

# How often a report shows each thing about the reported person, by scene (our guesses).
SHOWN: dict[Scene, dict[str, float]] = {
    Scene.COMPLETE: {
        "name": 0.9, "email": 1.0, "phone": 0.9, "screen_name": 1.0, "ip": 1.0, "ip_time": 1.0,
        "port": 0.7, "estimated_location": 0.6, "address": 0.4, "birth": 0.8, "device": 0.6,
        "profile_url": 0.9, "biography": 0.5, "associated": 0.3, "disabled": 0.7,
    },
    Scene.ORDINARY: {
        "name": 0.4, "email": 0.7, "phone": 0.4, "screen_name": 0.8, "ip": 0.9, "ip_time": 0.85,
        "port": 0.3, "estimated_location": 0.25, "address": 0.05, "birth": 0.3, "device": 0.2,
        "profile_url": 0.5, "biography": 0.1, "associated": 0.05, "disabled": 0.3,
    },
    Scene.POOR: {
        "name": 0.05, "email": 0.1, "phone": 0.05, "screen_name": 0.4, "ip": 0.5, "ip_time": 0.1,
        "estimated_location": 0.3, "profile_url": 0.2,
    },
    Scene.VIRAL: {
        "name": 0.3, "email": 0.5, "phone": 0.3, "screen_name": 0.8, "ip": 0.9, "ip_time": 0.8,
        "port": 0.2, "profile_url": 0.6, "disabled": 0.2,
    },
    Scene.URGENT: {
        "name": 0.6, "email": 0.9, "phone": 0.7, "screen_name": 1.0, "ip": 1.0, "ip_time": 1.0,
        "port": 0.5, "estimated_location": 0.3, "address": 0.2, "birth": 0.4, "device": 0.4,
        "profile_url": 0.8, "associated": 0.1, "disabled": 0.4,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class IpEvent:
    """An address as captured: ``at`` and ``port`` when the sender gives them."""

    address: str
    event: str
    at: datetime | None = None
    port: int | None = None
    proxy: bool | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One report's latent facts, and which of them it shows.

    ``happened``: the event; ``noticed``: when the provider found it. ``shown``: names of the
    things that the report tells about its subject. ``urgency``: "" or a key of
    :data:`wording.URGENT`; ``flagged``: whether the sender escalates it, with the words of
    ``escalation`` when there are some. ``note``: the sender's remark; None leaves it to the
    scene. ``ages_told``: keys of the victims whose age is told; None leaves it to chance.
    """

    report: int
    esp: FictionalEsp
    scene: Scene
    incident_type: str
    subject: Person
    told: str
    minor: bool
    happened: datetime
    noticed: datetime
    shown: frozenset[str]
    ips: tuple[IpEvent, ...]
    urgency: str = ""
    flagged: bool = False
    chat: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()
    batched: bool = False
    others: tuple[Person, ...] = ()
    recipients: tuple[Person, ...] = ()
    victims: tuple[Person, ...] = ()
    poor_kind: str = ""
    escalation: str = ""
    note: str | None = None
    ages_told: frozenset[str] | None = None
    third_party: bool = False
    compromised: bool = False
    prior_reports: tuple[int, ...] = ()

    @property
    def talk(self) -> bool:
        return bool(self.chat)


def story_of(roster: Roster, report: int) -> Story:
    """The story of a report of the plan."""
    pick = dice(roster.seed, "report", report)
    scene, incident_type = roster.scene(report), roster.incident_type(report)
    number = roster.subject(report)
    person, home = roster.person(number), roster.home(number)
    when = _times(roster, scene, pick)
    shown = _shown(roster, report, person, home.told, pick)
    minor = person.age_on(when[0].date()) < 18
    urgency = _urgency(incident_type, pick) if scene is Scene.URGENT else ""
    return Story(
        report=report,
        esp=roster.esp(report),
        scene=scene,
        incident_type=incident_type,
        subject=person,
        told=home.told,
        minor=minor,
        happened=when[0],
        noticed=when[1],
        shown=shown,
        ips=ip_events(person, _shared_slot(roster, number), when, shown, pick),
        urgency=urgency,
        flagged=bool(urgency) and _flagged(roster, report),
        chat=_chat(scene, incident_type, urgency, pick),
        annotations=_annotations(incident_type, urgency, minor, pick),
        batched=scene is Scene.VIRAL and _batched(roster, report),
        poor_kind=pick.choice(_POOR_KINDS) if scene is Scene.POOR else "",
        **_cast(roster, report, pick),
    )


def _flagged(roster: Roster, report: int) -> bool:
    return roster.within_scene(report) >= roster.profile.scenes.urgent_unflagged


def _batched(roster: Roster, report: int) -> bool:
    return roster.within_scene(report) < roster.profile.scenes.viral_batched


def _shared_slot(roster: Roster, subject: int) -> int | None:
    """The same number for two strangers behind one address, None for everyone else."""
    neighbour = roster.neighbour(subject)
    return None if neighbour is None else 7919 * min(subject, neighbour)


def _times(roster: Roster, scene: Scene, pick: Random) -> tuple[datetime, datetime]:
    until, span = roster.profile.until, timedelta(days=roster.profile.days)
    if scene is Scene.VIRAL:
        burst = until - span * dice(roster.seed, "burst").uniform(0.2, 0.8)
        happened = burst + min(_BURST, until - burst) * pick.random() ** 2
    else:
        happened = until - span * pick.uniform(0.001, 1)
    noticed = happened + timedelta(minutes=pick.choice((2, 15, 90, 600, 2000)) * pick.random())
    return happened, min(noticed, until)


def _shown(roster: Roster, report: int, person: Person, told: str, pick: Random) -> frozenset[str]:
    scene, number = roster.scene(report), roster.subject(report)
    shown = {thing for thing, share in SHOWN[scene].items() if pick.random() < share}
    if person.phone is None:
        shown.discard("phone")
    if roster.reports_of(number):  # something must tie the reports of one person together
        anchor = dice("anchor", person.key, person.email).choice(("email", "phone"))
        shown.add("phone" if anchor == "phone" and person.phone else "email")
    if told == "place":
        if not shown & {"ip", "estimated_location", "address"}:
            shown.add("ip")
        if roster.neighbour(number) is not None:
            shown |= {"ip", "ip_time"}
        return frozenset(shown)
    shown -= {"ip", "phone", "address", "estimated_location", "associated"}
    if told == "country":
        shown.add("estimated_location")
    elif pick.random() < 0.3:
        shown.add("decoy_ip")
    return frozenset(shown)


def ip_events(
    person: Person,
    shared_slot: int | None,
    when: tuple[datetime, datetime],
    shown: frozenset[str],
    pick: Random,
) -> tuple[IpEvent, ...]:
    happened, noticed = when
    if "decoy_ip" in shown:
        exit_at = pick.choice(countries()).other_address(pick.randrange(1 << 20))
        return (IpEvent(exit_at, "Login", happened, None, True),)
    if "ip" not in shown:
        return ()
    at = happened if "ip_time" in shown else None
    port = pick.randint(1024, 65535) if "port" in shown or shared_slot is not None else None
    if shared_slot is not None:
        return (IpEvent(person.place.other_address(shared_slot), "Upload", at, port),)
    home = person.place.address(person.address_slot)
    events = [IpEvent(home, pick.choice(("Upload", "Login")), at, port)]
    if pick.random() < 0.3 and at is not None:
        second = person.place.address(person.address_slot + 1)
        events.append(IpEvent(second, "Login", noticed, port, pick.choice((None, False))))
    return tuple(events)


def _urgency(incident_type: str, pick: Random) -> str:
    if incident_type == CSAM:
        return pick.choice(("live", "at-home"))
    return pick.choice(("meeting", "at-home", "self-harm"))


def _chat(scene: Scene, incident_type: str, urgency: str, pick: Random) -> tuple[str, ...]:
    if scene in (Scene.VIRAL, Scene.POOR):
        return ()
    lines: list[str] = []
    if incident_type in _TALK or pick.random() < 0.1:
        lines.append(pick.choice(wording.chat_of(incident_type)))
    if urgency:
        lines.append(wording.URGENT[urgency])
    return tuple(lines)


def _annotations(incident_type: str, urgency: str, minor: bool, pick: Random) -> tuple[str, ...]:
    found = []
    if incident_type == ENTICEMENT:
        found += [name for name in ("sextortion", "csamSolicitation") if pick.random() < 0.3]
        if minor:
            found.append("minorToMinorInteraction")
    if urgency == "self-harm" and pick.random() < 0.4:
        found.append("sadisticOnlineExploitation")
    return tuple(found)


def _recipients(scene: Scene, pick: Random) -> int:
    if scene not in (Scene.COMPLETE, Scene.ORDINARY):
        return 0
    return pick.choices((0, 1, 2, 3), (80, 14, 4, 2))[0]


def _victims(scene: Scene, incident_type: str, pick: Random) -> int:
    if scene is Scene.URGENT:
        return pick.choices((1, 2), (85, 15))[0]
    if scene in (Scene.POOR, Scene.VIRAL):
        return 0
    if incident_type in _TALK:
        return pick.choices((0, 1, 2, 3), (25, 60, 10, 5))[0]
    return pick.choices((0, 1), (93, 7))[0]


class Cast(TypedDict):
    """The other people of a report."""

    others: tuple[Person, ...]
    recipients: tuple[Person, ...]
    victims: tuple[Person, ...]


def _cast(roster: Roster, report: int, pick: Random) -> Cast:
    scene, incident_type = roster.scene(report), roster.incident_type(report)
    batched = scene is Scene.VIRAL and _batched(roster, report)
    victims = _victims(scene, incident_type, pick)
    return Cast(
        others=_people(roster, report, "x", (18, 60), pick.randint(1, 3) if batched else 0),
        recipients=_people(roster, report, "r", (18, 60), _recipients(scene, pick)),
        victims=_people(roster, report, "v", (8, 16), victims),
    )


def _people(
    roster: Roster, report: int, letter: str, ages: tuple[int, int], count: int
) -> tuple[Person, ...]:
    today = roster.profile.until.date()
    people = []
    for number in range(count):
        pick = dice(roster.seed, letter, report, number)
        place = _place_near(roster, report, pick)
        people.append(other_person(f"{letter}{report}.{number}", place, ages, today, pick))
    return tuple(people)


def _place_near(roster: Roster, report: int, pick: Random) -> Place:
    """The subject's own place more often than not, else any."""
    home = roster.home(roster.subject(report)).place
    if pick.random() < 0.6:
        return home
    places = us_states() if home.country == "US" and pick.random() < 0.7 else countries()
    return pick.choices(places, [place.weight for place in places])[0]
