"""What a report lacks, in words for its sender and for analysts."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipline.record.reports.facts_types import Missing

MISSING_WORDS: Final[dict[Missing, str | Promise]] = {
    Missing.SUSPECT: _("Nobody is named as the person or user reported."),
    Missing.SUSPECT_IDENTIFIER: _(
        "The reported user has no account id, screen name, email, phone, device or address."
    ),
    Missing.LOCATION: _("Nothing says where: no IP address, location, address or phone code."),
    Missing.IP_ADDRESS: _("There is no IP address of the reported user or upload."),
    Missing.IP_TIME: _("No IP address has a time."),
    Missing.IP_ZONE: _("No IP address has a time with a time zone."),
    Missing.IP_PORT: _("No IP address has a port, so shared addresses lead nowhere."),
    Missing.IP_DIRECT: _("Every IP address may be a proxy."),
    Missing.CONTENT: _("There is no file, chat text or web address."),
    Missing.FILE: _("There is only a digest, neither the file nor a chat."),
    Missing.OPENABLE: _("No file was viewed or public: opening one may need a warrant."),
    Missing.VIEWED_FLAG: _("No file says whether it was viewed or public."),
    Missing.INCIDENT_TIME: _("The time of the incident is a placeholder."),
    Missing.INCIDENT_ZONE: _("The time of the incident has no time zone."),
    Missing.EVENT_TIME: _("Neither uploads nor IP addresses have a time."),
    Missing.CHILD: _("Nothing is said about the child."),
    Missing.REPORTER_EMAIL: _("The reporting person has no email address."),
}


def missing_in_words(code: str) -> str | Promise:
    """The words of a code that ``facts.missing`` gave; a ValueError for any other."""
    return MISSING_WORDS[Missing(code)]
