"""Two readers in the style of the published tools: they index, and ask before almost nothing."""

from __future__ import annotations

from datetime import datetime

WIRE = "%Y-%m-%dT%H:%M:%SZ"


def spreadsheet(data):
    """Takes the first tag of every group; every key is indexed, an absent one is a KeyError."""
    about = data["reportedInformation"]
    rows = []
    for person in about["reportedPeople"]["reportedPersons"]:
        name = " ".join(filter(None, (person[k] for k in ("firstName", "middleName", "lastName"))))
        screen = person["screenName"]["value"] if person["screenName"] else "None"
        mails = person["emails"]["emails"] if person["emails"] else []
        phones = person["phones"]["phones"] if person["phones"] else []
        contacts = [f"{c['value']} ({c['verified']})" for c in [*mails, *phones]]
        rows.append(("person", name, screen, person["espUserId"], person["dateOfBirth"], contacts))
        rows += _addresses(person, "Suspect Account")
    for file in about["uploadedFiles"]["uploadedFiles"]:
        tags = []
        if file["ncmecTags"]:
            tags = [group["tags"][0]["value"] for group in file["ncmecTags"]["groups"]]
        seen = "No Information Provided" if file["viewedByEsp"] is None else file["viewedByEsp"]
        said = file["additionalInformations"]
        first = said[0]["value"] if said else "None"
        digest = file["verificationHash"]
        row = ("file", file["filename"], file["originalFilename"], seen, tags, digest, first)
        rows.append((*row, file["industryClassification"]))
        rows += _addresses(file, file["filename"])
    return data["reportId"], about["reportingEsp"]["espName"], rows


def _addresses(holder, owner):
    if not holder["sourceInformation"]:
        return []
    return [
        ("ip", c["value"], _utc(c["dateTime"]), owner, c["eventName"])
        for c in holder["sourceInformation"]["sourceCaptures"]
        if "IP" in c["captureType"]
    ]


def _utc(written):
    return datetime.strptime(written, WIRE).isoformat() if written else written  # noqa: DTZ007


def comparison(data):
    """Takes all tags of the first group; what it loops over must be a list."""
    about = data.get("reportedInformation", {})
    found = {
        "ips": set(),
        "emails": set(),
        "phones": set(),
        "urls": [],
        "tags": {},
        "hashes": set(),
    }
    name = about.get("reportingEsp", {}).get("espName", "N/A")
    found["bing"] = "Microsoft" in name
    found["texts"] = [info.get("value") for info in about.get("additionalInformations", [])]
    for mail in about.get("incidentDetails", {}).get("emailIncident", []):
        found["texts"] += mail.get("contents", [{}])[0].get("value", "").split("\n")
    for person in about.get("reportedPeople", {}).get("reportedPersons", []):
        for mail in (person.get("emails") or {}).get("emails", []):
            found["emails"].add(mail["value"].lower())
        for phone in (person.get("phones") or {}).get("phones", []):
            found["phones"].add(phone["value"])
        _collect(person, found)
    for file in about.get("uploadedFiles", {}).get("uploadedFiles", []):
        found["hashes"].add(file.get("verificationHash"))
        tags = file.get("ncmecTags")
        if tags is not None:
            first = tags.get("groups", [{}])[0].get("tags", [])
            found["tags"][file["filename"]] = [tag.get("value") for tag in first]
        _collect(file, found)
    for page in about.get("incidentDetails", {}).get("webpageIncident", []):
        for capture in (page.get("sourceInformation") or {}).get("sourceCaptures", []):
            if capture.get("captureType") == "URL":
                found["urls"].append(capture.get("value"))
                break
    return found


def _collect(holder, found):
    source = holder.get("sourceInformation")
    if source and "sourceCaptures" in source:
        for capture in source.get("sourceCaptures", []):
            if capture.get("captureType") == "IP Address":
                found["ips"].add(capture.get("value"))
