"""What an ESP states of itself, and what an agency is responsible for, as forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.telling import line, lines
from tipline.ground.accounts.profiles import DATA_CLASSES, MOST_TURNAROUND

VIEWED: Final = (
    (
        "this_upload_by_person_before_reporting",
        _("A person viewed this very upload, whole, before it was reported (opens the gate)"),
    ),
    ("other", _("Something else (opens nothing)")),
    ("unknown", _("Not known (opens nothing)")),
)
TIMES: Final = (
    ("zoned", _("Every time carries its zone")),
    ("utc", _("UTC")),
    ("local_to_user", _("The user's own time")),
    ("unknown", _("Not known")),
)
INCIDENT_TIMES: Final = (
    ("event", _("When it happened")),
    ("detection", _("When the ESP found it (routes nothing, dates nothing)")),
    ("unknown", _("Not known")),
)
NOTICE: Final = (
    ("never_tells_user", _("Never tells the user")),
    ("tells_user", _("Tells the user")),
    ("tells_user_after_delay", _("Tells the user after a delay")),
    ("unknown", _("Not known")),
)
_DAYS: Final = {
    "content": _("Days for which it keeps content"),
    "account": _("Days for which it keeps account data"),
    "access_logs": _("Days for which it keeps access logs"),
    "messages": _("Days for which it keeps messages"),
}


class ProfileForm(forms.Form):
    """Any profile: ``version`` is the one that was on the page when somebody began to type."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def content(self) -> dict[str, Any]:
        """The profile as the accounts room keeps it."""
        raise NotImplementedError


class EspProfileForm(ProfileForm):
    viewed_means = forms.ChoiceField(
        label=_("What its “viewed” flag means"),
        choices=VIEWED,
        widget=forms.RadioSelect,
        help_text=_("Only what the ESP has confirmed in writing."),
    )
    times_mean = forms.ChoiceField(label=_("What its times without a zone are"), choices=TIMES)
    incident_time_means = forms.ChoiceField(
        label=_("What its time of the incident is"), choices=INCIDENT_TIMES
    )
    user_notice = forms.ChoiceField(label=_("Whether it tells its user"), choices=NOTICE)
    legal_process_address = lines(_("Address for legal process"), 1000, 3)
    emergency_contact = line(_("Contact in an emergency"), 300)
    emergency_hours = line(_("Hours of that contact"), 200)
    turnaround_days = forms.IntegerField(
        label=_("Days that it usually takes to answer legal process"),
        min_value=0,
        max_value=MOST_TURNAROUND,
        required=False,
        help_text=_("Clocks with less time left than this raise an alarm."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in DATA_CLASSES:
            self.fields[f"days_{name}"] = forms.IntegerField(
                label=_DAYS[name], min_value=0, max_value=36_500, required=False
            )

    def content(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        said.pop("version")
        days = {name: said.pop(f"days_{name}") for name in DATA_CLASSES}
        kept = {name: count for name, count in days.items() if count is not None}
        return {**said, "retention_days": kept}


class AgencyProfileForm(ProfileForm):
    areas = lines(
        _("Areas"),
        2000,
        2,
        help_text=_("Codes with blanks between them: US-CA, DE, US-FEDERAL."),
    )
    urgent_phone = line(_("Telephone for urgent reports"), 100)
    allow_hash_confirm = forms.BooleanField(
        label=_("Its counsel lets an exact match confirm a single file"), required=False
    )
    public_opens = forms.BooleanField(
        label=_("Its counsel accepts that what is public may be opened"), required=False
    )
    receives_and_assesses = forms.BooleanField(
        label=_("The law makes it the one who receives reports and assesses them"),
        help_text=_("As the National Crime Agency in the United Kingdom. Elsewhere leave it out."),
        required=False,
    )

    def clean_areas(self) -> list[str]:
        # Which codes there are is for the accounts room to say.
        codes = str(self.cleaned_data["areas"]).replace(",", " ").upper().split()
        return list(dict.fromkeys(codes))

    def content(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        said.pop("version")
        return said


def initial_esp(content: Mapping[str, Any], version: int) -> dict[str, Any]:
    """What the form shows of a stored profile."""
    days = content.get("retention_days", {})
    return {**content, **{f"days_{name}": n for name, n in days.items()}, "version": version}


def initial_agency(content: Mapping[str, Any], version: int) -> dict[str, Any]:
    return {**content, "areas": " ".join(content.get("areas", ())), "version": version}
