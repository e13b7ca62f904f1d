"""How a sender writes an instant: in its client's zoned form, or without a zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from simulator.wire.styles import STYLES, unknown_zone, unzoned, zoned
from simulator.world.esps import FictionalEsp
from simulator.world.places import Place


@dataclass(frozen=True, slots=True)
class SenderClock:
    """``zone`` None: times carry their zone. Else the wall clock of ``zone``, unsaid."""

    form: str
    zone: str | None

    def __call__(self, instant: datetime | None) -> str | None:
        if instant is None:
            return None
        return unzoned(instant, self.zone) if self.zone else zoned(instant, self.form)


def sender_clock(esp: FictionalEsp, user_place: Place) -> SenderClock:
    """The clock by which the ESP writes times about a user at this place."""
    zones = {"zoned": None, "utc": "UTC", "local": user_place.zone, "unknown": unknown_zone()}
    return SenderClock(STYLES[esp.client].instant, zones[esp.times])
