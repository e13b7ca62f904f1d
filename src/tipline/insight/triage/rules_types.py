"""The shapes that triage answers in: scores, urgency, disposition, clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tipline.ground.foundation.reasons import Reason, total
from tipline.ground.taxonomy.levels import Disposition, Level

#: How near the first clock is to its end: a day step of the policy is reached; then the last
#: of them, or a provider that usually takes longer to answer than there is time left.
NO_ALARM, NEAR, ALARM = 0, 1, 2


STEP = 5
"""Points of danger that make a step of the queue's order inside a band."""
STEPS = tuple(range(-20, 1))
"""The steps, the first one first: from a hundred points on all is one step."""


class Band(StrEnum):
    """A score's band, for people. Thresholds stand in the policy."""

    URGENT = "urgent"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Urgency(StrEnum):
    """Is a child believed to be in imminent danger, and who has said so?"""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    REFUTED = "refuted"
    NONE = "none"

    @property
    def urgent(self) -> bool:
        """Unconfirmed urgent is urgent; only a person's judgement refutes it."""
        return self in (Urgency.CONFIRMED, Urgency.UNCONFIRMED)


class Lane(StrEnum):
    """Whose work it is. A child who is the reported person has a lane of its own."""

    GENERAL = "general"
    MINOR_SUSPECT = "minor_suspect"


@dataclass(frozen=True, slots=True)
class Score:
    """A whole number, its band and the reasons whose plain sum it is.

    Raises ValueError when the reasons do not add up to the value.
    """

    value: int
    band: Band
    reasons: tuple[Reason, ...]

    def __post_init__(self) -> None:
        if total(self.reasons) != self.value:
            raise ValueError(f"reasons add up to {total(self.reasons)}, not {self.value}")


@dataclass(frozen=True, slots=True)
class UrgencyResult:
    """``signals``: one reason per urgent signal found, judged ones included."""

    urgency: Urgency
    signals: tuple[Reason, ...]

    @property
    def urgent(self) -> bool:
        return self.urgency.urgent


NOT_URGENT = UrgencyResult(Urgency.NONE, ())
"""No signal at all."""


@dataclass(frozen=True, slots=True)
class DispositionResult:
    """``failing`` is the first test that failed; ``None`` for a referral that passed all.

    An urgent report is a referral even when a test fails: then ``overridden`` is True and
    ``failing`` still names the test. ``reasons`` holds every test's word in order,
    then the urgent signals and what else is to be told.
    """

    code: Disposition
    failing: Reason | None
    reasons: tuple[Reason, ...]
    level: Level
    urgency: UrgencyResult
    lane: Lane
    overridden: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit after which evidence may be gone. ``started`` and ``ends`` are aware.

    ``turnaround``: days that who keeps it usually takes to answer legal process; None where
    that is not known.
    """

    kind: str
    started: datetime
    ends: datetime
    turnaround: int | None = None

    def __post_init__(self) -> None:
        if self.started.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("a clock's times need a zone")


@dataclass(frozen=True, slots=True)
class Decay:
    """How soon evidence is lost.

    ``deadline`` is the earliest end that still lies ahead, the instant to store and to
    order by; ``None`` when nothing is running. ``clock`` is its kind, ``days_left`` whole
    days (rounded down), ``alarm`` the smallest alarm step reached, in days. ``late``: the
    kinds of clocks with less time left than the provider usually takes to answer.
    """

    score: Score
    deadline: datetime | None
    clock: str
    days_left: int | None
    alarm: int | None
    late: tuple[str, ...] = ()
