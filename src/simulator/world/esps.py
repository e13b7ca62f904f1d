"""Fictional ESPs: what an instance needs to know to make an account for each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from simulator.dice import Cut, dice
from simulator.world.esp_table import (
    MERGED_TAIL,
    SENDERS,
    TAIL_CLIENTS,
    TAIL_KINDS,
    TAIL_REPORTS,
    TAIL_SENDERS,
    TAIL_SMALL,
    Row,
)
from simulator.world.names import words
from simulator.world.places import us_states
from simulator.world.profiles import Profile

VIEWED = {
    "person": "this_upload_by_person_before_reporting",
    "twin": "other",  # a person once saw a file with the same hash
    "machine": "other",  # a classifier looked, no person did
    "unknown": "unknown",
}
TIMES = {"zoned": "zoned", "utc": "utc", "local": "local_to_user", "unknown": "unknown"}
NOTICE = {
    "never": "never_tells_user",
    "tells": "tells_user",
    "delay": "tells_user_after_delay",
    "unknown": "unknown",
}


@dataclass(frozen=True, slots=True)
class FictionalEsp:
    """One invented provider.

    ``share``: of all reports, 0 to 1. ``viewed`` and ``times``: its true practice, keys of
    :data:`VIEWED` and :data:`TIMES`. ``client``: the wire style it sends in, a name of
    :data:`simulator.wire.styles.STYLES`. ``merged``: how many senders it stands for.
    """

    name: str
    share: float
    kind: str
    client: str
    viewed: str
    times: str
    notice: str
    merged: int = 1

    @property
    def slug(self) -> str:
        """Lower-case name without spaces: user name, host name and identifier prefix."""
        return self.name.lower().replace(" ", "-")

    @property
    def host(self) -> str:
        return f"{self.slug}.test"

    @property
    def stamps_detection(self) -> bool:
        """Whether its incident time is when a machine found the item, not when it happened."""
        return dice("stamp", self.name).random() < 0.25

    @property
    def retention_days(self) -> dict[str, int]:
        """Days that the provider itself keeps each class of data."""
        pick = dice("retention", self.name)
        return {
            "content": pick.choice((90, 180, 365)),
            "account": pick.choice((180, 365, 730)),
            "access_logs": pick.choice((30, 60, 90)),
            "messages": pick.choice((30, 90, 180)),
        }

    @property
    def legal_process_address(self) -> str:
        """Where a court order would go: an invented address in fictional form."""
        pick = dice("legal", self.name)
        state = pick.choice(us_states())
        return (
            f"{self.name} Legal Response, {pick.randint(1, 99)}00 Example Street, "
            f"{state.city}, {state.state} {state.postal_code}, legal@{self.host}"
        )

    @property
    def emergency_contact(self) -> str:
        number = dice("emergency", self.name).randint(0, 99)
        return f"emergency@{self.host}, +1 202 555 01{number:02d}"

    @property
    def emergency_hours(self) -> str:
        return dice("hours", self.name).choice(
            ("24 hours, every day", "Mon-Fri 09:00-17:00 UTC", "06:00-22:00 UTC, every day")
        )

    def stated(self) -> dict[str, Any]:
        """What the provider states about itself, as an instance's ESP profile words it."""
        return {
            "legal_process_address": self.legal_process_address,
            "emergency_contact": self.emergency_contact,
            "emergency_hours": self.emergency_hours,
            "retention_days": self.retention_days,
            "user_notice": NOTICE[self.notice],
            "viewed_means": VIEWED[self.viewed],
            "times_mean": TIMES[self.times],
        }


class Sized(Protocol):
    """Anything that says how many senders it wants: scripted profiles and populations."""

    @property
    def esps(self) -> int: ...


def fictional_esps(profile: Sized) -> list[FictionalEsp]:
    """The senders of a profile, largest first; their shares sum to 1.

    With ``profile.esps`` set, at most so many: the smallest are merged into the last one.
    """
    rows = sorted((*SENDERS, *_tail()), key=lambda row: -row.reports)
    total = sum(row.reports for row in rows)
    if not profile.esps or profile.esps >= len(rows):
        return [_esp(row, row.reports / total, 1) for row in rows]
    kept, merged = rows[: profile.esps - 1], rows[profile.esps - 1 :]
    rest = sum(row.reports for row in merged) / total
    named = [_esp(row, row.reports / total, 1) for row in kept]
    return [*named, _esp(MERGED_TAIL, rest, len(merged))]


@lru_cache(maxsize=16)
def esp_cut(profile: Profile) -> Cut[FictionalEsp]:
    """The senders as a cut to deal from."""
    return Cut([(esp, esp.share) for esp in fictional_esps(profile)])


def _esp(row: Row, share: float, merged: int) -> FictionalEsp:
    return FictionalEsp(
        name=row.name,
        share=share,
        kind=row.kind,
        client=row.client,
        viewed=row.viewed,
        times=row.times,
        notice=row.notice,
        merged=merged,
    )


def _tail() -> list[Row]:
    """The long tail: 140 senders with fewer than 100 reports, the others by Zipf's law."""
    sizes = _tail_sizes()
    names = [
        first + second for second in words("company_second") for first in words("company_first")
    ][:TAIL_SENDERS]
    rows = []
    for name, size in zip(names, sizes, strict=True):
        pick = dice("tail", name)
        kind, client = pick.choice(TAIL_KINDS), pick.choice(TAIL_CLIENTS)
        viewed, times = pick.choice(sorted(VIEWED)), pick.choice(sorted(TIMES))
        rows.append(Row(name, size, kind, client, viewed, times, pick.choice(sorted(NOTICE))))
    return rows


def _tail_sizes() -> list[int]:
    small = [1 + 97 * number // TAIL_SMALL for number in range(TAIL_SMALL)]
    left = TAIL_REPORTS - sum(small)
    large = TAIL_SENDERS - TAIL_SMALL
    weights = [1 / (number + 1) for number in range(large)]
    middle = [max(100, int(left * weight / sum(weights))) for weight in weights]
    middle[0] += left - sum(middle)  # the first takes what rounding left over
    return [*middle, *small]
