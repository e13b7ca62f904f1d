"""What a simulated stream is made of: shares that a profile names, with their sources.

Bracketed keys are the sources of the domain reference (section 14).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

CSAM = "Child Pornography (possession, manufacture, and distribution)"
ENTICEMENT = "Online Enticement of Children for Sexual Acts"
TRAFFICKING = "Child Sex Trafficking"
TOURISM = "Child Sex Tourism"
MOLESTATION = "Child Sexual Molestation"
UNSOLICITED = "Unsolicited Obscene Material Sent to a Child"
MISLEADING_DOMAIN = "Misleading Domain Name"
MISLEADING_WORDS = "Misleading Words or Digital Images on the Internet"
INCIDENT_TYPES = (
    CSAM,
    ENTICEMENT,
    TRAFFICKING,
    TOURISM,
    MOLESTATION,
    UNSOLICITED,
    MISLEADING_DOMAIN,
    MISLEADING_WORDS,
)


@dataclass(frozen=True, slots=True)
class Places:
    """Where reported people live, and how much of it reports give away.

    2023: US 4.5 %, abroad 91.7 %, unknown 3.8 % [OJ23]; 221,921 of 1,132,270 US reports
    named no state [DIA].
    """

    us: float = 0.045
    unknown: float = 0.038
    us_without_state: float = 0.196


@dataclass(frozen=True, slots=True)
class Types:
    """Incident types as shares of all reports; CSAM is the rest.

    2023: 186,819 enticement and 17,353 trafficking of 36,210,368 [OJ23]; CSAM 99.2 %, which
    leaves 0.24 % for the other five (split evenly: our guess).
    """

    enticement: float = 0.00516
    trafficking: float = 0.00048
    other: float = 0.0024


@dataclass(frozen=True, slots=True)
class Scenes:
    """What kind of story a report tells; ordinary is the rest.

    Urgent: 63,892 of 36.2 million in 2023 [FAES]. Viral: half of the deliveries of 2023 were
    informational [OJ23]; less those without any place this leaves about 0.46 for material
    passed on without malice. The split into complete and poor is our guess.
    """

    urgent: float = 0.00176
    urgent_unflagged: float = 0.35
    viral: float = 0.46
    viral_batched: float = 0.3
    complete: float = 0.1
    poor: float = 0.15


@dataclass(frozen=True, slots=True)
class Files:
    """Files per report and how often the same thing is sent again.

    2023: 105.7 million files in 36.2 million reports, 47 % videos and 1.2 % other; 41 % of
    the images and 64 % of the videos were byte-equal to another one, and 31 % of the distinct
    images showed the same picture as another one [OJ23]. ``large``, ``exif`` and ``empty``:
    shares of reports that hold one such file (our guesses).
    """

    per_report: float = 2.9
    video: float = 0.47
    other: float = 0.012
    sent_again: float = 0.41
    near: float = 0.31
    video_again: float = 0.64
    large: float = 0.01
    exif: float = 0.05
    empty: float = 0.002
    viral_pictures: int = 0  # 0: one for each 500 reports, at least three


@dataclass(frozen=True, slots=True)
class People:
    """Who comes back. No source gives these shares: all are our guesses."""

    repeated: float = 0.08
    nat_pairs: float = 0.01
    minors: float = 0.03


@dataclass(frozen=True, slots=True)
class Endings:
    """Reports that the sender takes back or never finishes (guesses)."""

    retracted: float = 0.004
    abandoned: float = 0.003


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of stream. ``esps``: at most so many senders, the tail merged into one; 0 all.

    ``until``: no event is later, so that an instance whose clock stands behind it does not
    refuse times of the future; ``days``: how far back events reach.
    """

    name: str
    until: datetime = datetime(2026, 11, 1, tzinfo=UTC)
    days: int = 30
    esps: int = 0
    places: Places = field(default_factory=Places)
    types: Types = field(default_factory=Types)
    scenes: Scenes = field(default_factory=Scenes)
    files: Files = field(default_factory=Files)
    people: People = field(default_factory=People)
    endings: Endings = field(default_factory=Endings)


WORLD_2023 = Profile(name="world2023")

# As the world of 2023 in its senders and countries, but with more US reports, more stories
# and every report finished, so that a few hundred reports show what the product does.
DEMO = Profile(
    name="demo",
    days=14,
    esps=12,
    places=Places(us=0.5, unknown=0.04, us_without_state=0.1),
    types=Types(enticement=0.1, trafficking=0.02, other=0.03),
    scenes=Scenes(
        urgent=0.04, urgent_unflagged=0.4, viral=0.1, viral_batched=0.3, complete=0.3, poor=0.15
    ),
    files=Files(
        per_report=1.6,
        video=0.08,
        other=0.08,
        sent_again=0.45,
        near=0.3,
        large=0.02,
        exif=0.06,
        empty=0.03,
        viral_pictures=3,
    ),
    people=People(repeated=0.25, nat_pairs=0.05, minors=0.04),
    endings=Endings(retracted=0.0, abandoned=0.0),
)

BUILT_IN = {profile.name: profile for profile in (DEMO, WORLD_2023)}
