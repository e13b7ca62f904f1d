"""The only writer of series."""

from __future__ import annotations

from tipline.ground.foundation import clock
from tipline.ground.foundation.errors import Invalid
from tipline.insight.lists.models import Series

_LONGEST = 100


def series_named(name: str) -> Series:
    """The series of this name, made as one of an unidentified child where it is new."""
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST:
        raise Invalid(f"The name of a series has 1 to {_LONGEST} characters.", field="series")
    row, _new = Series.objects.get_or_create(name=name, defaults={"created_at": clock.now()})
    return row
