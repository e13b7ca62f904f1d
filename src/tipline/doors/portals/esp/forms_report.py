"""The form of a report by hand: its facts, in the order in which people know them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import validate_ipv46_address
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.esp.forms_fields import (
    check_time,
    clock_time,
    day,
    written,
    zone,
)
from tipline.doors.portals.telling import line, lines
from tipline.ground.taxonomy.contacts import EventName
from tipline.ground.taxonomy.incidents import IncidentType, ReportAnnotation
from tipline.ground.taxonomy.words import choices
from tipline.record.reports.document import without_blanks

LONG = 3000
MOST_URLS = 50
_EVENTS = [("", "---------"), *choices(EventName)]


class ReportForm(forms.Form):
    """The facts of one report. ``token`` makes a form that is sent twice one report."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)

    incident_type = forms.ChoiceField(
        label=_("What is it about?"), choices=choices(IncidentType), widget=forms.RadioSelect
    )
    incident_day = day(_("On which day did it happen?"), required=True)
    incident_time = clock_time(_("At what time?"), required=True)
    incident_zone = zone(_("In which time zone is that?"), required=True)
    incident_about = line(_("Anything to say about this time"), LONG)
    annotations = forms.MultipleChoiceField(
        label=_("Does any of these apply?"),
        choices=choices(ReportAnnotation),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    platform = line(_("Platform or product"), 256)
    urls = lines(_("Web addresses"), 20_000, 2, help_text=_("One a line."))
    chat = lines(_("The conversation, if there was one"), 100_000, 4)
    escalate = lines(
        _("Why this must be looked at first"),
        LONG,
        2,
        help_text=_(
            "Only if a child may be at risk right now. Anything you write here gives priority."
        ),
    )

    user_id = line(_("User id at your service"), 255)
    screen_name = line(_("Screen name"), 256)
    email = line(_("E-mail address"), 255)
    phone = line(_("Phone number"), 50)
    ip = line(_("IP address"), 45)
    ip_port = forms.IntegerField(
        label=_("Port"), min_value=1, max_value=65535, required=False,
        help_text=_("Where many share an address, only the port tells them apart."),
    )  # fmt: skip
    ip_event = forms.ChoiceField(label=_("What happened there"), choices=_EVENTS, required=False)
    ip_day = day(_("Day of the IP address"))
    ip_time = clock_time(_("Time of the IP address"))
    ip_zone = zone(_("Time zone of the IP address"))

    narrative = lines(_("What happened, in your words"), LONG, 6)

    contact_first = line(_("First name"), 100)
    contact_last = line(_("Last name"), 100)
    contact_email = forms.EmailField(
        label=_("E-mail address for questions"), max_length=255,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip

    def clean_ip(self) -> str:
        address = str(self.cleaned_data["ip"]).strip()
        if address:
            validate_ipv46_address(address)
        return address

    def clean_urls(self) -> list[str]:
        found = [each.strip() for each in str(self.cleaned_data["urls"]).splitlines()]
        found = [each for each in found if each]
        if len(found) > MOST_URLS:
            raise forms.ValidationError(_("Give at most %d addresses.") % MOST_URLS)
        if any(len(each) > 2083 or " " in each for each in found):
            raise forms.ValidationError(_("Write one address a line, without blanks."))
        return found

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        check_time(self, "ip")
        beside = ("ip_port", "ip_event", "ip_day", "ip_time", "ip_zone")
        if "ip" in said and not said["ip"] and any(said.get(name) for name in beside):
            self.add_error("ip", _("Give the IP address too, or leave all of its fields empty."))
        return said

    def document(self) -> dict[str, Any]:
        """The report document of a form that is valid."""
        return document_of(self.cleaned_data)


SECTIONS = (
    (
        _("What happened"),
        (
            "incident_type",
            "incident_day",
            "incident_time",
            "incident_zone",
            "incident_about",
            "annotations",
        ),
    ),
    (_("Where it happened"), ("platform", "urls", "chat")),
    (_("Priority"), ("escalate",)),
    (
        _("The reported user"),
        (
            "user_id",
            "screen_name",
            "email",
            "phone",
            "ip",
            "ip_port",
            "ip_event",
            "ip_day",
            "ip_time",
            "ip_zone",
        ),
    ),
    (_("In your words"), ("narrative",)),
    (_("Who reports"), ("contact_first", "contact_last", "contact_email")),
)

#: Where a finding of the reader belongs on the form.
_FIELDS = {
    "incidentDateTime": "incident_day",
    "incidentType": "incident_type",
    "ipCaptureEvent": "ip",
    "url": "urls",
    "escalateToHighPriority": "escalate",
    "email": "email",
    "phone": "phone",
}


def field_for(path: str) -> str | None:
    """The field of the form that a path of the document came from; None for none."""
    steps = [step.split("[")[0].lstrip("@") for step in path.split("/")]
    return next((_FIELDS[step] for step in reversed(steps) if step in _FIELDS), None)


def document_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """The document that the API would make of the same facts; blanks leave no trace."""
    found: dict[str, Any] = without_blanks(
        {
            "incidentSummary": {
                "incidentType": IncidentType(said["incident_type"]).wire,
                "platform": said["platform"],
                "escalateToHighPriority": said["escalate"],
                "reportAnnotations": dict.fromkeys(said["annotations"], True),
                "incidentDateTime": written(said, "incident"),
                "incidentDateTimeDescription": said["incident_about"],
            },
            "internetDetails": [
                {"webPageIncident": {"url": said["urls"]}},
                {"chatImIncident": {"content": said["chat"]}},
            ],
            "reporter": {
                "reportingPerson": {
                    "firstName": said["contact_first"],
                    "lastName": said["contact_last"],
                    "email": [{"value": said["contact_email"]}],
                }
            },
            "personOrUserReported": [_reported(said)],
            "additionalInfo": said["narrative"],
        }
    )
    return found


def _reported(said: Mapping[str, Any]) -> dict[str, Any]:
    capture = {
        "ipAddress": said["ip"],
        "eventName": said["ip_event"],
        "dateTime": written(said, "ip"),
        "port": said["ip_port"],
    }
    return {
        "personOrUserReportedPerson": {
            "phone": [{"value": said["phone"]}],
            "email": [{"value": said["email"]}],
        },
        "espIdentifier": said["user_id"],
        "screenName": said["screen_name"],
        "ipCaptureEvent": [capture],
    }
