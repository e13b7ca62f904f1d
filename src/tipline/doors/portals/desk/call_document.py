"""What a caller told, as the same report document that every other door makes. Pure.

The operator's form gives plain values; blank ones leave no trace in the document. A caller
who stays anonymous is a reporter of whom nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tipline.ground.taxonomy.incidents import IncidentType
from tipline.record.reports.document import without_blanks
from tipline.record.reports.told_times import ToldTime


def document_of_call(said: Mapping[str, Any], when: ToldTime) -> dict[str, Any]:
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
