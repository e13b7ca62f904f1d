"""The operator's form for a telephone call: what is asked, in the order of a conversation."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.desk.call_document import document_of_call
from tipline.doors.portals.telling import Text, clock_time, day, line, lines, zone
from tipline.ground.foundation import clock
from tipline.ground.foundation.ids import random_hex
from tipline.ground.taxonomy.areas import COUNTRIES, US_STATES
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.ground.taxonomy.words import choices
from tipline.record.reports.reading_rules import is_future
from tipline.record.reports.told_times import ToldTime

LONG = 3000
_NOT_SAID = ("", _("not said"))


class CallForm(forms.Form):
    """One call. Everything but the kind of incident and the caller's words may stay empty."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)

    danger = forms.ChoiceField(
        label=_("Is a child in danger now?"),
        help_text=_("Yes puts the report on top of the queue at once."),
        choices=[("no", _("No")), ("yes", _("Yes")), ("unknown", _("The caller does not know"))],
        widget=forms.RadioSelect,
    )
    danger_why = lines(
        _("Why do you think so?"), LONG, 2, help_text=_("Needed when a child is in danger now.")
    )

    incident_type = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[("", _("choose what fits best")), *choices(IncidentType)],
    )
    told = Text(
        label=_("What happened, in the caller's words"),
        help_text=_("Agencies read this. Who the caller is goes below, where it is sealed."),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    when_day = day(_("On which day"))
    when_time = clock_time(_("At what time"))
    when_zone = zone(
        _("In which time zone"),
        help_text=_("Leave it when the caller does not say: a guess would mislead."),
    )
    when_told = line(_("When, in the caller's words"), 500)
    url = line(_("Web address of it"), 2083)

    who_first_name = line(_("Reported person's first name"), 100)
    who_last_name = line(_("Reported person's last name"), 100)
    who_service = line(_("Service, app or game"), 100)
    who_account = line(_("Name of the account there"), 256)
    who_phone = line(_("Reported person's phone"), 50)
    who_email = line(_("Reported person's email"), 255)
    who_city = line(_("Reported person's city"), 100)
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
    child_city = line(_("Child's city"), 100)
    child_state = forms.ChoiceField(
        label=_("Child's state"), choices=[_NOT_SAID, *US_STATES.items()], required=False
    )
    child_country = forms.ChoiceField(
        label=_("Child's country"), choices=[_NOT_SAID, *COUNTRIES.items()], required=False
    )

    anonymous = forms.BooleanField(label=_("The caller stays anonymous"), required=False)
    caller_first_name = line(_("Caller's first name"), 100)
    caller_last_name = line(_("Caller's last name"), 100)
    caller_phone = line(_("Caller's phone"), 50)
    caller_email = forms.EmailField(label=_("Caller's email"), max_length=255, required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("danger") == "yes" and not said.get("danger_why"):
            self.add_error("danger_why", _("Say why the child is in danger."))
        if said.get("anonymous") and any(said.get(name) for name in CALLER):
            self.add_error("anonymous", _("Take out the caller's data, or untick this."))
        if (said.get("when_time") or said.get("when_zone")) and not said.get("when_day"):
            self.add_error("when_day", _("Give the day too, or leave time and zone empty."))
        if said.get("when_day") and is_future(self.when().written, clock.now()):
            self.add_error("when_day", _("This lies in the future."))
        return said

    def when(self) -> ToldTime:
        """The time as told."""
        said = self.cleaned_data
        return ToldTime(
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
