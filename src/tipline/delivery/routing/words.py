"""Routing's reasons in words. Importing this module registers them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tipline.ground.foundation.reasons import register_words

WORDS = {
    "routing.holds_series": _("It holds the series {series}, of which a file was found here."),
    "routing.open_case": _(
        "It works report {report}, which is linked to this one, in an open case."
    ),
    # one piece of evidence
    "routing.evidence.gps": _("Coordinates point to {place}."),
    "routing.evidence.address": _("A postal address points to {place}."),
    "routing.evidence.school": _("A school points to {place}."),
    "routing.evidence.verified_phone": _("A verified phone number points to {place}."),
    "routing.evidence.billing": _("Billing data point to {place}."),
    "routing.evidence.ip": _("An IP address points to {place}."),
    "routing.evidence.estimated": _("An estimate of the ESP points to {place}."),
    "routing.evidence.phone_prefix": _("A phone number's prefix points to {place}."),
    "routing.evidence.self_declared": _("The profile says {place} of itself."),
    "routing.no_place": _("It gives no place."),
    "routing.elsewhere": _(
        "It is the exit of a proxy, a relay or a worldwide network: the person need not be there."
    ),
    "routing.low_trust": _("Low trust: only a hint."),
    "routing.seen_near_incident": _("Seen {hours} hours from the incident."),
    "routing.time_missing": _("No time is given for the address."),
    "routing.time_without_zone": _("The time of the address has no zone."),
    "routing.time_not_of_event": _("The time is that of a detection, viewing or report."),
    # one person's place
    "routing.person.victim": _("Where the victim is:"),
    "routing.person.recipient": _("Where the recipient is:"),
    "routing.person.incident": _("Where it happened:"),
    "routing.person.suspect": _("Where the reported person is:"),
    "routing.person.file": _("Where the file came from:"),
    "routing.person.associated": _("Where an associated account is:"),
    "routing.person.reporter": _("Where the reporter is, for want of anything else:"),
    "routing.refined": _("Further evidence says where in the country: {place}."),
    "routing.also_seen": _("Other evidence points to {place}; it decides nothing."),
    # the agency
    "routing.county_agency": _("The agency for {place}."),
    "routing.state_agency": _("The agency for {place}."),
    "routing.national_unit": _("The national unit for {place}."),
    "routing.foreign_liaison": _(
        "No agency for {place} is connected: to the federal queue, for its foreign liaison."
    ),
    "routing.state_unknown": _("In {place}, state unknown: to the federal queue."),
    "routing.no_state_agency": _("No agency answers for {place}: to the federal queue."),
    "routing.county_unknown": _("{place} has several agencies and the county is unknown."),
    "routing.no_county_agency": _("No agency answers for {place}: to the federal queue."),
    "routing.no_evidence": _("Nothing points to a place: to the federal queue."),
    "routing.unresolvable": _("What is given resolves to no place: to the federal queue."),
    "routing.only_elsewhere": _("Only exits of proxies and their like: to the federal queue."),
    "routing.by_analyst": _("An analyst chose this agency: {why}."),
    "routing.no_federal_queue": _(
        "No agency answers for {country} as a whole. Add one, or this report reaches nobody."
    ),
}

register_words(WORDS)
