"""What a member of the public told, as the same report document that every other door makes.

Pure: answers by page and field in, the document out; blank answers leave no trace. Sentences
that the form adds are English, whatever the visitor's language, as documents are.

The schema wants an incident type in every report and has none for "not sure": such a report
gets the one that moves no score (:data:`UNSURE_TYPE`), and its first words say so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from tipline.ground.taxonomy.incidents import IncidentType
from tipline.record.reports.document import without_blanks
from tipline.record.reports.told_times import ToldTime

Answers = Mapping[str, Mapping[str, Any]]
"""Checked answers, by page and field."""

UNSURE: Final = "unsure"
UNSURE_TYPE: Final = IncidentType.CSAM
IN_DANGER: Final = "The reporter says that a child is in danger right now."
MAYBE_IN_DANGER: Final = "The reporter is not sure whether a child is in danger right now."
TYPE_NOT_TOLD: Final = (
    "The reporter is not sure what kind of incident this is: the incident type is a placeholder."
)
_KNOWN: Final = {
    "me": "The reporter is the child.",
    "yes": "The reporter knows the child.",
    "no": "The reporter does not know the child.",
}


def document_of(said: Answers, when: ToldTime) -> dict[str, Any]:
    """The report document of a whole set of checked answers."""
    document: dict[str, Any] = without_blanks(
        {
            "incidentSummary": {
                "incidentType": _type(said).wire,
                "platform": said["where"]["service"],
                "escalateToHighPriority": IN_DANGER if said["danger"]["danger"] == "yes" else "",
                "incidentDateTime": when.written,
                "incidentDateTimeDescription": when.description,
            },
            "internetDetails": [{"webPageIncident": _page(said["where"]["link"])}],
            "personOrUserReported": [_reported(said)],
            "victim": [_victim(said["child"])],
            "additionalInfo": _words(said),
        }
    )
    # Required by the schema even when the reporter says nothing of themselves.
    document["reporter"] = {"reportingPerson": without_blanks(_reporter(said["you"]))}
    return document


def canonical(said: Answers) -> bytes:
    """The same answers as the same bytes: what the books keep of the form."""
    return json.dumps(
        said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    ).encode()


def _type(said: Answers) -> IncidentType:
    told = said["what"]["what"]
    return UNSURE_TYPE if told == UNSURE else IncidentType(told)


def _page(link: str) -> dict[str, Any]:
    """A web address; what holds a blank is a description and no address."""
    return {"additionalInfo": link} if link.split() != [link] else {"url": [link]}


def _reported(said: Answers) -> dict[str, Any]:
    who, where = said["who"], said["where"]
    person = without_blanks(_person(who))
    if not person and not where["account"]:
        return {}
    return {
        "personOrUserReportedPerson": person,
        "espService": where["service"],
        "screenName": where["account"],
    }


def _victim(child: Mapping[str, Any]) -> dict[str, Any]:
    person = without_blanks({"address": [_address(child)], "age": child["age"]})
    known = _KNOWN.get(child["known"], "")
    return {"victimPerson": person, "additionalInfo": known} if person else {}


def _person(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "firstName": said["first_name"],
        "lastName": said["last_name"],
        "phone": [{"value": said["phone"]}] if said["phone"] else [],
        "email": [{"value": said["email"]}] if said["email"] else [],
        "address": [_address(said)],
        "age": said["age"],
    }


def _reporter(you: Mapping[str, Any]) -> dict[str, Any]:
    if you["contact"] != "contact":
        return {}
    return _person({**you, "age": None, "city": "", "state": "", "country": ""})


def _address(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"city": said["city"], "state": said["state"], "country": said["country"]}


def _words(said: Answers) -> str:
    """What the form could not place, then the reporter's own words."""
    child = said["child"]
    placed = bool(child["age"] is not None or any(_address(child).values()))
    parts = (
        TYPE_NOT_TOLD if said["what"]["what"] == UNSURE else "",
        MAYBE_IN_DANGER if said["danger"]["danger"] == UNSURE else "",
        "" if placed else _KNOWN.get(child["known"], ""),
        said["words"]["words"],
    )
    return "\n".join(part for part in parts if part)
