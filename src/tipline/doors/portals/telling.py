"""Fields for what people tell in their own words: clean texts, days, times and zones."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

ZONES: Final = (
    ("", _("not known")),
    ("America/New_York", _("US Eastern")),
    ("America/Chicago", _("US Central")),
    ("America/Denver", _("US Mountain")),
    ("America/Phoenix", _("Arizona")),
    ("America/Los_Angeles", _("US Pacific")),
    ("America/Anchorage", _("Alaska")),
    ("Pacific/Honolulu", _("Hawaii")),
    ("America/Puerto_Rico", _("Puerto Rico")),
    ("Pacific/Guam", _("Guam")),
    ("UTC", _("UTC")),
    ("Europe/London", _("United Kingdom")),
    ("Europe/Berlin", _("Central Europe")),
    ("Asia/Kolkata", _("India")),
    ("Asia/Manila", _("Philippines")),
)
_NO_TEXT = frozenset({"Cc", "Cs", "Cn"})


class Text(forms.CharField):
    """A text without control characters: no document can carry them."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not isinstance(text, str):
            return text
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in _NO_TEXT)
        return "".join(kept).strip()


def line(label: Any, most: int, **more: Any) -> Text:
    """One line of text that may stay empty."""
    return Text(label=label, max_length=most, required=False, **more)


def lines(label: Any, most: int, rows: int, **more: Any) -> Text:
    """Several lines of text that may stay empty."""
    area = forms.Textarea(attrs={"rows": rows})
    return Text(label=label, max_length=most, required=False, widget=area, **more)


def day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **more)


def clock_time(label: Any, **more: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget, **more)


def zone(label: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=ZONES, **more)
