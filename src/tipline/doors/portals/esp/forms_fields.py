"""Fields that the forms of a report and of a file share: times with an offset, yes and no.

An ESP's engineer reads times from logs: to the second, with an offset and not with a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

#: Every offset in use, as xs:dateTime writes it.
_OFFSETS = (
    *(f"-{hour:02}:00" for hour in range(12, 9, -1)),
    *("-09:30", "-09:00", "-08:00", "-07:00", "-06:00", "-05:00", "-04:00", "-03:30", "-03:00"),
    *("-02:30", "-02:00", "-01:00", "+00:00", "+01:00", "+02:00", "+03:00", "+03:30", "+04:00"),
    *("+04:30", "+05:00", "+05:30", "+05:45", "+06:00", "+06:30", "+07:00", "+08:00", "+08:45"),
    *("+09:00", "+09:30", "+10:00", "+10:30", "+11:00", "+12:00", "+12:45", "+13:00", "+14:00"),
)
UNKNOWN_ZONE = "unknown"
ZONES = [
    ("", "---------"),
    ("Z", "UTC"),
    (UNKNOWN_ZONE, _("not known")),
    *((offset, f"UTC{offset}") for offset in _OFFSETS),
]
YES_NO = [("", _("not said")), ("yes", _("yes")), ("no", _("no"))]


def day(label: Any, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


def clock_time(label: Any, *, required: bool = False) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time", "step": "1"}, format="%H:%M:%S")
    return forms.TimeField(label=label, required=required, widget=widget)


def zone(label: Any, *, required: bool = False) -> forms.ChoiceField:
    hint = _("If you do not know it, say so: no zone is better than a wrong one.")
    return forms.ChoiceField(label=label, required=required, choices=ZONES, help_text=hint)


def yes_no(label: Any, hint: Any = "") -> forms.ChoiceField:
    """Yes, no or nothing: absent is never no."""
    return forms.ChoiceField(
        label=label, required=False, choices=YES_NO, widget=forms.RadioSelect, help_text=hint
    )


def as_flag(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


def written(said: Mapping[str, Any], name: str) -> str:
    """The time under ``<name>_day``, ``_time`` and ``_zone`` as ``xs:dateTime``; else empty."""
    at_day, at_time = said.get(f"{name}_day"), said.get(f"{name}_time")
    if not isinstance(at_day, date) or not isinstance(at_time, time):
        return ""
    offset = said.get(f"{name}_zone", "")
    return f"{at_day.isoformat()}T{at_time.isoformat('seconds')}" + (
        "" if offset == UNKNOWN_ZONE else offset
    )


def check_time(form: forms.Form, name: str) -> None:
    """A time is whole or absent: day, time of day, and the zone or that it is not known."""
    parts = [f"{name}_day", f"{name}_time", f"{name}_zone"]
    given = [part for part in parts if form.cleaned_data.get(part)]
    if not given or any(part in form.errors for part in parts):
        return
    for part in parts:
        if part not in given:
            form.add_error(part, _("Give this too, or leave day, time and zone all empty."))
