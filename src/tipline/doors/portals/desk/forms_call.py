"""The operator's form for a telephone call: what is asked, in the order of a conversation."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.desk.call_document import When, document_of_call
from tipline.ground.foundation import clock
from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.times import read_time
from tipline.ground.taxonomy.areas import COUNTRIES, US_STATES
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.ground.taxonomy.words import choices

LONG = 3000
_NOT_SAID = ("", _("not said"))
_ZONES = [
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
]
#: A wall clock without a zone may be this far ahead of UTC; clocks run ahead a little.
_AHEAD = timedelta(hours=14, minutes=10)


class Text(forms.CharField):
    """A text without control characters: no document can carry them."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not isinstance(text, str):
            return text
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _NO_TEXT)


_NO_TEXT = frozenset({"Cc", "Cs", "Cn"})


def _line(label: Any, most: int, **more: Any) -> Text:
    return Text(label=label, max_length=most, required=False, **more)


def _lines(label: Any, rows: int, *, required: bool = False, **more: Any) -> Text:
    area = forms.Textarea(attrs={"rows": rows})
    return Text(label=label, max_length=LONG, required=required, widget=area, **more)


class CallForm(forms.Form):
    """One call. Everything but the kind of incident and the caller's words may stay empty."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)

    danger = forms.ChoiceField(
        label=_("Is a child in danger now?"),
        help_text=_("Yes puts the report on top of the queue at once."),
        choices=[("no", _("No")), ("yes", _("Yes")), ("unknown", _("The caller does not know"))],
        widget=forms.RadioSelect,
    )
    danger_why = _lines(
        _("Why do you think so?"), 2, help_text=_("Needed when a child is in danger now.")
    )

    incident_type = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[("", _("choose what fits best")), *choices(IncidentType)],
    )
    told = _lines(_("What happened, in the caller's words"), 6, required=True)
    when_day = forms.DateField(
        label=_("On which day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    when_time = forms.TimeField(
        label=_("At what time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    when_zone = forms.ChoiceField(
        label=_("In which time zone"),
        help_text=_("Leave it when the caller does not say: a guess would mislead."),
        choices=_ZONES,
        required=False,
    )
    when_told = _line(_("When, in the caller's words"), 500)
    url = _line(_("Web address of it"), 2083)

    who_first_name = _line(_("Reported person's first name"), 100)
    who_last_name = _line(_("Reported person's last name"), 100)
    who_service = _line(_("Service, app or game"), 100)
    who_account = _line(_("Name of the account there"), 256)
    who_phone = _line(_("Reported person's phone"), 50)
    who_email = _line(_("Reported person's email"), 255)
    who_city = _line(_("Reported person's city"), 100)
    who_state = forms.ChoiceField(
        label=_("Reported person's state"), choices=[_NOT_SAID, *US_STATES.items()], required=False
    )
    who_country = forms.ChoiceField(
        label=_("Reported person's country"),
        choices=[_NOT_SAID, *COUNTRIES.items()],
        required=False,
    )

    child_age = forms.IntegerField(
        label=_("Age of the child"), min_value=0, max_value=150, required=False
    )
    child_city = _line(_("Child's city"), 100)
    child_state = forms.ChoiceField(
        label=_("Child's state"), choices=[_NOT_SAID, *US_STATES.items()], required=False
    )
    child_country = forms.ChoiceField(
        label=_("Child's country"), choices=[_NOT_SAID, *COUNTRIES.items()], required=False
    )

    anonymous = forms.BooleanField(label=_("The caller stays anonymous"), required=False)
    caller_first_name = _line(_("Caller's first name"), 100)
    caller_last_name = _line(_("Caller's last name"), 100)
    caller_phone = _line(_("Caller's phone"), 50)
    caller_email = forms.EmailField(label=_("Caller's email"), max_length=255, required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("danger") == "yes" and not said.get("danger_why"):
            self.add_error("danger_why", _("Say why the child is in danger."))
        if said.get("anonymous") and any(said.get(name) for name in CALLER):
            self.add_error("anonymous", _("Take out the caller's data, or untick this."))
        if (said.get("when_time") or said.get("when_zone")) and not said.get("when_day"):
            self.add_error("when_day", _("Give the day too, or leave time and zone empty."))
        if "when_day" in said and self._in_future():
            self.add_error("when_day", _("This lies in the future."))
        return said

    def _in_future(self) -> bool:
        when = self.when()
        found = read_time(when.written)
        now = clock.now()
        if found.instant is not None:
            return found.instant > now + timedelta(minutes=10)
        return found.naive is not None and found.naive.replace(tzinfo=UTC) > now + _AHEAD

    def when(self) -> When:
        """The time as told."""
        said = self.cleaned_data
        return When(
            said.get("when_day"),
            said.get("when_time"),
            said.get("when_zone", ""),
            said.get("when_told", ""),
        )

    def document(self) -> dict[str, Any]:
        """The report document of a form that is valid."""
        return document_of_call(self.cleaned_data, self.when())

    def raw(self) -> bytes:
        """The form as it was sent, in one canonical form: what the books keep."""
        said = {name: _canonical(value) for name, value in self.cleaned_data.items()}
        return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


CALLER = ("caller_first_name", "caller_last_name", "caller_phone", "caller_email")


def _canonical(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | bool) else value.isoformat()


def new_call(data: Any = None) -> CallForm:
    """An empty form with a token of its own, or one with what was typed."""
    return CallForm(data) if data is not None else CallForm(initial={"token": random_hex()})


def with_new_token(data: Any) -> CallForm:
    """The same words under a new token: sent again, they are another report."""
    copied = data.copy()
    copied["token"] = random_hex()
    return CallForm(copied)


GROUPS = (
    (_("Danger"), ("danger", "danger_why")),
    (
        _("What happened"),
        ("incident_type", "told", "when_day", "when_time", "when_zone", "when_told", "url"),
    ),
    (
        _("Who is reported"),
        (
            "who_first_name",
            "who_last_name",
            "who_service",
            "who_account",
            "who_phone",
            "who_email",
            "who_city",
            "who_state",
            "who_country",
        ),
    ),
    (_("The child"), ("child_age", "child_city", "child_state", "child_country")),
    (_("The caller"), ("anonymous", *CALLER)),
)
