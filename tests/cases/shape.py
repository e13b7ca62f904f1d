"""The shape of a download, written down a second time: by hand, from the published description.

``None`` is a value that may be anything; a list holds the shape of its entries; a mapping its
keys. ``Maybe`` marks what may be null as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Maybe:
    shape: Any


TEXTS = [{"value": None}]
SOURCE = Maybe(
    {
        "sourceCaptures": [
            {"captureType": None, "value": None, "dateTime": None, "port": None, "eventName": None}
        ]
    }
)
CONTACTS = {"value": None, "verified": None}
_PLAIN = (
    "firstName",
    "middleName",
    "lastName",
    "preferredName",
    "gender",
    "preferredPronouns",
    "dateOfBirth",
    "approximateAge",
    "physicalDescription",
    "vehicleDescription",
    "vehicleTagNumber",
    "occupation",
    "espService",
    "espUserId",
    "ipAddress",
    "relationshipToReporter",
    "relationshipToChildVictim",
    "accessToChildVictim",
    "accessToChildren",
    "accessToFirearms",
    "convictedSexOffender",
    "awareOfReport",
    "gangAffiliation",
    "languages",
    "races",
    "disabilities",
    "additionalContactInformation",
    "additionalDisabilityInformation",
)
_ADDRESS = dict.fromkeys(["street1", "street2", "city", "state", "postalCode", "country"])
PERSON = {
    **dict.fromkeys(_PLAIN),
    "screenName": Maybe({"value": None}),
    "emails": Maybe({"emails": [CONTACTS]}),
    "phones": Maybe({"phones": [CONTACTS]}),
    "addresses": Maybe({"addresses": [_ADDRESS]}),
    "additionalInformations": TEXTS,
    "sourceInformation": SOURCE,
}
FILE = {
    **dict.fromkeys(
        ["filename", "originalFilename", "submittalId", "verificationHash", "viewedByEsp"]
    ),
    "industryClassification": None,
    "ncmecTags": Maybe({"groups": [{"tags": [{"value": None}]}]}),
    "espMetadata": Maybe({"metadatas": [{"name": None, "value": None}]}),
    "sourceInformation": SOURCE,
    "additionalInformations": TEXTS,
}
SHAPE = {
    "reportId": None,
    "dateReceived": None,
    "reportedInformation": {
        "reportingEsp": {"espName": None, "firstName": None, "lastName": None},
        "incidentSummary": {
            "incidentType": None,
            "incidentDateTime": None,
            "incidentDateTimeDescription": None,
        },
        "incidentDetails": {
            "webpageIncident": [{"sourceInformation": SOURCE, "additionalInformations": TEXTS}],
            "emailIncident": [{"contents": [{"value": None}]}],
        },
        "reportedPeople": {"reportedPersons": [PERSON]},
        "intendedRecipients": {"intendedRecipients": [PERSON]},
        "uploadedFiles": {"uploadedFiles": [FILE]},
        "additionalInformations": TEXTS,
    },
}


def absent(found: Any, shape: Any, path: str = "") -> list[str]:
    """The paths of keys that the shape has and the document has not."""
    if isinstance(shape, Maybe):
        return [] if found is None else absent(found, shape.shape, path)
    if isinstance(shape, list):
        if not isinstance(found, list):
            return [f"{path}[]"]
        entries = enumerate(found)
        return [one for n, each in entries for one in absent(each, shape[0], f"{path}[{n}]")]
    if isinstance(shape, dict):
        if not isinstance(found, dict):
            return [path]
        return [
            one
            for key, below in shape.items()
            for one in (
                absent(found[key], below, f"{path}.{key}") if key in found else [f"{path}.{key}"]
            )
        ]
    return []
