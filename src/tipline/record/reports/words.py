"""What a report lacks, in words, and how its sender mends it in the next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipline.record.reports.facts_types import Missing


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing; ``fix`` names the elements of the reporting API."""

    words: Promise
    fix: Promise


LACKS: Final[dict[Missing, Lack]] = {
    Missing.SUSPECT: Lack(
        _("No reported person or account is named."),
        _("Add personOrUserReported with whatever identifies the account at your service."),
    ),
    Missing.SUSPECT_IDENTIFIER: Lack(
        _("Nothing identifies the reported person."),
        _("Give espIdentifier, screenName, email, phone or profileUrl."),
    ),
    Missing.LOCATION: Lack(
        _("Nothing points to a place."),
        _("Give an ipCaptureEvent with its time, an address or an estimatedLocation."),
    ),
    Missing.IP_ADDRESS: Lack(
        _("No IP address is given."),
        _("Add ipCaptureEvent to the reported person or to the file."),
    ),
    Missing.IP_TIME: Lack(
        _("The IP address has no time."),
        _("Add dateTime, with its zone, to ipCaptureEvent."),
    ),
    Missing.IP_ZONE: Lack(
        _("The time of the IP address has no zone."),
        _("End dateTime with Z, or with the offset, as in 2026-03-01T12:00:00-08:00."),
    ),
    Missing.IP_PORT: Lack(
        _("The IP address has no port."),
        _("Add port: where many share an address, only the port tells them apart."),
    ),
    Missing.IP_DIRECT: Lack(
        _("Every IP address may be a proxy."),
        _("Add one of the registration or of another login."),
    ),
    Missing.CONTENT: Lack(
        _("There is no file, no conversation and no web address."),
        _("Upload the file, or give the content of the conversation or the url."),
    ),
    Missing.FILE: Lack(
        _("There is only a digest, no file."),
        _("Upload the file itself."),
    ),
    Missing.OPENABLE: Lack(
        _("No file was viewed by a person, or open to the public, before the report."),
        _("If it was, say so in fileViewedByEsp or publiclyAvailable; else a warrant is needed."),
    ),
    Missing.VIEWED_FLAG: Lack(
        _("It is not said whether a person viewed a file."),
        _("Set fileViewedByEsp and publiclyAvailable to true or false for each file."),
    ),
    Missing.INCIDENT_TIME: Lack(
        _("It is not known when it happened."),
        _("Give the time of the incident itself in incidentDateTime."),
    ),
    Missing.INCIDENT_ZONE: Lack(
        _("The time of the incident has no zone."),
        _("End incidentDateTime with Z, or with the offset."),
    ),
    Missing.EVENT_TIME: Lack(
        _("No upload and no login has a time."),
        _("Add uploadedToEspTimestamp to the file, or dateTime to ipCaptureEvent."),
    ),
    Missing.CHILD: Lack(
        _("Nothing is said about the child."),
        _("Add victim or intendedRecipient with what you know: age, account, place."),
    ),
    Missing.REPORTER_EMAIL: Lack(
        _("The reporting person has no e-mail address."),
        _("Add email to reportingPerson."),
    ),
}


def lack(code: str) -> Lack:
    """The words for a code of :func:`tipline.record.reports.facts.missing`."""
    return LACKS[Missing(code)]
