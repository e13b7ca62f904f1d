"""A population: who is reported how often, by whom, and how well. Read from profile files.

Every number is a share from 0 to 1 unless its line says otherwise. A bracketed key is the
source in the domain reference, section 14; "ours" marks a design assumption.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from simulator.population.cases import Case


@dataclass(frozen=True, slots=True)
class Volume:
    """``per_day``: reports on an average day; ``days``: length of the period.

    ``weekend``: a Saturday's volume over a weekday's; ``growth``: the last day's over the
    first day's. 60,000 a day in the mean, four times that in the peak month [OJ23][CNN].
    """

    per_day: int = 100
    days: int = 30
    weekend: float = 0.85
    growth: float = 1.0


@dataclass(frozen=True, slots=True)
class Shares:
    """How many of the reports are which case (see :class:`Case`). They sum to 1.

    Nobody publishes this: anchors are the urgent share (0.18 % in 2023 [FAES]), the types
    [OJ23][WAKE] and the informational half of 2023 [OJ23]; the rest is ours.
    """

    contact: float = 0.004
    producer: float = 0.004
    enticer: float = 0.004
    extorter: float = 0.003
    trafficker: float = 0.001
    attempt: float = 0.03
    peers: float = 0.03
    trader: float = 0.28
    holder: float = 0.12
    viral: float = 0.36
    generated: float = 0.03
    mistaken: float = 0.134

    def of(self, case: Case) -> float:
        share: float = getattr(self, case.key)
        return share


@dataclass(frozen=True, slots=True)
class Burst:
    """A viral incident: from ``day`` (0 the first) for ``length`` days one item floods in,
    ``extra`` times the reports of a usual day, each day half of the day before.
    """

    day: int = 10
    length: int = 4
    extra: float = 1.0


@dataclass(frozen=True, slots=True)
class Flood:
    """One sender, the ``sender``-th largest, sends ``extra`` times a usual day's reports of
    one ``case`` on each of ``length`` days.
    """

    day: int = 18
    length: int = 2
    extra: float = 0.5
    sender: int = 2
    case: str = "generated"


@dataclass(frozen=True, slots=True)
class Senders:
    """``count``: senders, the tail of 2023 merged into the last [ESP23]; 0 means all.

    ``sensitivity_*``: between which bounds senders flag reports of children in danger;
    ``false_alarm_*``: and of others. ``thorough`` and ``poor``: of reports, the rest is
    ordinary. ``viewed``: how often somebody looks where it is the practice to look. All ours,
    within 49,000 to 63,892 escalations of 32 to 36 million [FATR][FAES].
    """

    count: int = 12
    sensitivity_low: float = 0.25
    sensitivity_high: float = 0.65
    false_alarm_low: float = 0.001
    false_alarm_high: float = 0.008
    thorough: float = 0.2
    poor: float = 0.15
    viewed: float = 0.7


@dataclass(frozen=True, slots=True)
class Habits:
    """How much of a case shows, and how much misleads. All ours.

    ``typed``: reports whose type was chosen with care; ``annotated``: flags that are set where
    they fit; ``talk``: excerpts of a conversation, where there was one; ``hinted``: excerpts
    whose words tell of a danger that is there; ``misleading``: excerpts elsewhere that sound
    alike (denials, stories, games); ``victims``: children named where there are some;
    ``ages_lied``: ages that are made up; ``classified``: files with an industry class;
    ``meme_flagged``: viral files with a flag, ``meme_wrong``: other files with one;
    ``batched``: viral reports folded by the sender; ``circulating``: how much of what traders
    send has gone round before, ``altered``: of it in changed bytes.
    """

    typed: float = 0.75
    annotated: float = 0.5
    talk: float = 0.8
    hinted: float = 0.5
    misleading: float = 0.15
    victims: float = 0.7
    ages_lied: float = 0.1
    classified: float = 0.4
    meme_flagged: float = 0.6
    meme_wrong: float = 0.005
    batched: float = 0.3
    circulating: float = 0.85
    altered: float = 0.08


@dataclass(frozen=True, slots=True)
class Places:
    """2023: US 4.5 %, unknown 3.8 % [OJ23]; 19.6 % of US reports name no state [DIA].

    ``vpn``: people who hide behind a proxy (ours).
    """

    us: float = 0.045
    unknown: float = 0.038
    us_without_state: float = 0.196
    vpn: float = 0.06


@dataclass(frozen=True, slots=True)
class Languages:
    """Of conversations and notes; they sum to 1 (ours, after the countries of 2023 [CTY23])."""

    en: float = 0.55
    es: float = 0.2
    fr: float = 0.1
    pt: float = 0.15


@dataclass(frozen=True, slots=True)
class Population:
    """One population. ``until``: the end of the period; ``drift``: the shares of its last day,
    to which those of the first day move in a straight line.
    """

    name: str
    about: str = ""
    until: datetime = datetime(2026, 11, 1, tzinfo=UTC)
    volume: Volume = field(default_factory=Volume)
    shares: Shares = field(default_factory=Shares)
    drift: Shares | None = None
    bursts: tuple[Burst, ...] = ()
    floods: tuple[Flood, ...] = ()
    senders: Senders = field(default_factory=Senders)
    habits: Habits = field(default_factory=Habits)
    places: Places = field(default_factory=Places)
    languages: Languages = field(default_factory=Languages)

    @property
    def days(self) -> int:
        return self.volume.days

    @property
    def esps(self) -> int:
        """As :attr:`simulator.world.profiles.Profile.esps`."""
        return self.senders.count

    @property
    def reports(self) -> int:
        """How many come in the whole period, bursts and floods included."""
        return round(self.volume.per_day * sum(self.weights))

    @property
    def weights(self) -> list[float]:
        """The volume of each day, in usual days."""
        return [sum(weight for weight, _ in self.parts(day)) for day in range(self.days)]

    def parts(self, day: int) -> list[tuple[float, Burst | Flood | None]]:
        """What a day's volume is made of: usual reports (None), bursts and floods."""
        along = day / max(1, self.days - 1)
        weekend = self.volume.weekend if day % 7 in (5, 6) else 1.0
        found: list[tuple[float, Burst | Flood | None]] = [
            (weekend * (1 + (self.volume.growth - 1) * along), None)
        ]
        found += [
            (burst.extra / 2 ** (day - burst.day), burst)
            for burst in self.bursts
            if 0 <= day - burst.day < burst.length
        ]
        found += [
            (flood.extra, flood) for flood in self.floods if 0 <= day - flood.day < flood.length
        ]
        return found

    def share(self, case: Case, day: int) -> float:
        """Of the usual reports of a day."""
        start = self.shares.of(case)
        end = (self.drift or self.shares).of(case)
        return start + (end - start) * day / max(1, self.days - 1)
