"""What a caller told, as the same report document that every other door makes. Pure.

The operator's form gives plain values; blank ones leave no trace in the document. A caller
who stays anonymous is a reporter of whom nothing is said. The schema wants a time of the
incident in every report: where only the day is told the time of day is midnight without a
zone, where nothing is told it is 1970-01-01, and ``incidentDateTimeDescription`` says so;
a time without a zone routes nothing and dates nothing (it is no instant).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tipline.ground.taxonomy.incidents import IncidentType
from tipline.record.reports.document import without_blanks

UNKNOWN_TIME = "1970-01-01T00:00:00"
DAY_NOT_TOLD = "The caller does not know when."
TIME_NOT_TOLD = "The caller does not know the time of day."


@dataclass(frozen=True, slots=True)
class When:
    """When it happened, as far as the caller knows. ``zone``: an IANA name, or empty."""

    day: date | None = None
    time: time | None = None
    zone: str = ""
    told: str = ""

    @property
    def written(self) -> str:
        """As ``xs:dateTime``; with an offset only where the zone is known."""
        if self.day is None:
            return UNKNOWN_TIME
        if self.time is None:
            return f"{self.day.isoformat()}T00:00:00"
        zone = ZoneInfo(self.zone) if self.zone else None
        return datetime.combine(self.day, self.time, zone).isoformat(timespec="seconds")

    @property
    def description(self) -> str:
        """The caller's own words, and what they did not know."""
        gap = DAY_NOT_TOLD if self.day is None else TIME_NOT_TOLD if self.time is None else ""
        return " ".join(part for part in (self.told.strip(), gap) if part)


def document_of_call(said: Mapping[str, Any], when: When) -> dict[str, Any]:
    """The report document. ``said`` are the values of the form, by field."""
    document: dict[str, Any] = without_blanks(
        {
            "incidentSummary": {
                "incidentType": IncidentType(said["incident_type"]).wire,
                "escalateToHighPriority": said["danger_why"] if said["danger"] == "yes" else "",
                "incidentDateTime": when.written,
                "incidentDateTimeDescription": when.description,
            },
            "internetDetails": [{"webPageIncident": {"url": [said["url"]]}}],
            "personOrUserReported": [_reported(said)],
            "victim": [_victim(said)],
            "additionalInfo": said["told"],
        }
    )
    # Required by the schema even when the caller says nothing of themselves.
    document["reporter"] = {"reportingPerson": without_blanks(_caller(said))}
    return document


def _caller(said: Mapping[str, Any]) -> dict[str, Any]:
    if said["anonymous"]:
        return {}
    return {
        "firstName": said["caller_first_name"],
        "lastName": said["caller_last_name"],
        "phone": [{"value": said["caller_phone"]}] if said["caller_phone"] else [],
        "email": [{"value": said["caller_email"]}] if said["caller_email"] else [],
    }


def _reported(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "personOrUserReportedPerson": {
            "firstName": said["who_first_name"],
            "lastName": said["who_last_name"],
            "phone": [{"value": said["who_phone"]}] if said["who_phone"] else [],
            "email": [{"value": said["who_email"]}] if said["who_email"] else [],
            "address": [_address(said, "who")],
        },
        "espService": said["who_service"],
        "screenName": said["who_account"],
    }


def _victim(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"victimPerson": {"address": [_address(said, "child")], "age": said["child_age"]}}


def _address(said: Mapping[str, Any], whose: str) -> dict[str, Any]:
    return {
        "city": said[f"{whose}_city"],
        "state": said[f"{whose}_state"],
        "country": said[f"{whose}_country"],
    }
