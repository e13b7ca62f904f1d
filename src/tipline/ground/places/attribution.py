"""Whose data a page shows.

DB-IP's licence (CC BY 4.0) asks for "a link back to DB-IP.com on pages that display or use
results from the database". The other sources (phonenumbers: Apache-2.0, zipcodes: MIT) ask
for nothing on pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tipline.ground.places.place import Place


@dataclass(frozen=True, slots=True)
class Attribution:
    """A link that a page must show. The text is the licensor's wording: do not translate."""

    text: str
    url: str


DB_IP: Final = Attribution(text="IP Geolocation by DB-IP", url="https://db-ip.com/")


def attribution_of(place: Place | None) -> Attribution | None:
    """The link that a page showing this place must carry, or None."""
    return DB_IP if place is not None and place.method == "ip" else None
