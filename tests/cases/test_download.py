"""A download has every key that the field's tools index, and loses nothing on the way."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases.readers import comparison, spreadsheet
from tests.cases.shape import PERSON, SHAPE, absent
from tests.reports.generated import MUTATIONS, Maker, mutated

import tipline
from tipline.delivery.cases.download import VERSION, FilePart, Parts, report_json
from tipline.delivery.cases.download_files import tag_groups
from tipline.ground.foundation.xml import to_bytes
from tipline.record.reports.reading import read_file_details, read_report
from tipline.record.reports.schema import FILE_DETAILS, REPORT

RECEIVED = datetime(2026, 11, 20, 12, 0, 30, 250_000, tzinfo=UTC)
NOW = datetime(2030, 1, 1, tzinfo=UTC)
DOCUMENT = {
    "incidentSummary": {
        "incidentType": "Online Enticement of Children for Sexual Acts",
        "platform": "Kites",
        "escalateToHighPriority": "a child may be in danger",
        "incidentDateTime": "2026-11-20T10:00:00-08:00",
        "incidentDateTimeDescription": "about ten",
    },
    "internetDetails": [
        {"webPageIncident": {"url": ["https://a.example/1", "https://a.example/2"]}},
        {"emailIncident": {"emailAddress": [{"value": "x@a.example"}]}},
        {"chatImIncident": {"chatClient": "Kites chat", "content": "hello there"}},
    ],
    "reporter": {
        "reportingPerson": {"firstName": "Rita", "email": [{"value": "rita@harbor.example"}]},
        "companyTemplate": "Serve us at 1 Harbor Way.",
    },
    "personOrUserReported": [
        {
            "personOrUserReportedPerson": {
                "firstName": "Sam",
                "age": 33,
                "email": [{"value": "Sam@a.example", "verified": True, "type": "Home"}],
                "phone": [{"value": "4155550100", "countryCallingCode": "+1"}],
                "address": [{"address": "1 Road", "city": "Fresno", "state": "CA"}],
            },
            "espIdentifier": "user-1",
            "screenName": "blue.kite",
            "displayName": ["Blue", "Kite"],
            "profileUrl": ["https://a.example/blue"],
            "ipCaptureEvent": [
                {"ipAddress": "169.229.216.200", "dateTime": "2026-11-20T09:58:00", "port": 5},
                {
                    "ipAddress": "169.229.216.201",
                    "eventName": "Login",
                    "dateTime": "2026-11-20T09:58:00.5+01:00",
                    "possibleProxy": True,
                },
            ],
            "associatedAccount": [{"type": "Linked", "screenName": "red.kite"}],
        }
    ],
    "victim": [{"victimPerson": {"firstName": "Vic", "age": 12}, "schoolName": "Hill School"}],
    "additionalInfo": "He wrote first.",
}
FILE = FilePart(
    file_id="ab" * 16,
    name="one.png",
    md5="5" * 32,
    sha1="1" * 40,
    sha256="2" * 64,
    size=12,
    content_type="image/png",
    details={
        "reportId": 7,
        "fileId": "ab" * 16,
        "originalFileName": "holiday.png",
        "locationOfFile": "https://a.example/one",
        "fileViewedByEsp": True,
        "industryClassification": "B2",
        "publiclyAvailable": False,
        "fileAnnotations": {"viral": True},
        "ipCaptureEvent": [{"ipAddress": "169.229.216.202", "dateTime": "2026-11-19T01:02:03Z"}],
        "details": [{"type": "EXIF", "nameValuePair": [{"name": "Make", "value": "Box"}]}],
        "additionalInfo": ["sent in a chat"],
    },
    tags=("Apparent CSAM", "Prepubescent", "Violence"),
    gate={"open": False, "rule": "5"},
)
PARTS = Parts(
    number=7,
    received=RECEIVED,
    sender="Harborline",
    document=DOCUMENT,
    files=(FILE, replace(FILE, tags=(), name="", details={})),
)


def about(parts=PARTS):
    return report_json(parts)["reportedInformation"]


def documents(seed, change=""):
    """A report and file details as the reader makes them of made XML, faults and all."""
    random = Random(seed)
    maker = Maker(random, fill=random.choice([0.1, 0.5, 0.9]), newer=random.random() < 0.5)
    nodes = [maker.node(REPORT), maker.node(FILE_DETAILS)]
    if change:
        rows = [REPORT, FILE_DETAILS]
        pairs = zip(nodes, rows, strict=True)
        nodes = [mutated(node, row, change, random) or node for node, row in pairs]
    report, details = map(to_bytes, nodes)
    return (
        read_report(report, strict=False, now=NOW).document,
        read_file_details(details, strict=False, now=NOW).document,
    )


@given(
    seed=st.integers(0, 2**32),
    change=st.sampled_from(["", *MUTATIONS]),
    tags=st.lists(st.text(min_size=1), max_size=4),
)
def test_every_key_stands_whatever_the_document(seed, change, tags):
    document, details = documents(seed, change)
    part = replace(FILE, details=details, tags=tags)
    parts = replace(PARTS, document=document, files=(part, replace(part, tags=())))

    made = report_json(parts)

    assert absent(made, SHAPE) == []
    assert json.loads(json.dumps(made)) == made
    assert made["tipline"]["document"] == {"reporter": None, **document}
    assert spreadsheet(made)[0] == 7
    assert len(comparison(made)["tags"]) == (1 if tags else 0)


@given(seed=st.integers(0, 2**32))
def test_no_zone_is_ever_made_up(seed):
    document, _details = documents(seed)
    written = str(document.get("incidentSummary", {}).get("incidentDateTime", ""))

    summary = about(replace(PARTS, document=document))["incidentSummary"]

    if not written.endswith("Z") and "+" not in written:
        assert summary["incidentDateTime"] is None
    assert summary["incidentDateTimeAsWritten"] == (written or None)


def test_a_missing_key_would_be_found():
    made = report_json(PARTS)
    del made["reportedInformation"]["uploadedFiles"]["uploadedFiles"][0]["viewedByEsp"]
    made["reportedInformation"]["reportedPeople"]["reportedPersons"] = None

    assert absent(made, SHAPE) == [
        ".reportedInformation.reportedPeople.reportedPersons[]",
        ".reportedInformation.uploadedFiles.uploadedFiles[0].viewedByEsp",
    ]


def test_an_empty_report_has_every_key_too():
    made = report_json(Parts(number=1, received=RECEIVED, sender="Public", document={}))

    assert absent(made, SHAPE) == []
    assert made["reportedInformation"]["incidentSummary"] == {
        "incidentType": None,
        "incidentDateTime": None,
        "incidentDateTimeAsWritten": None,
        "incidentDateTimeDescription": None,
    }


def test_times_are_utc_to_the_second_with_the_original_beside_them():
    made = report_json(replace(PARTS, received=RECEIVED.astimezone(timezone(timedelta(hours=5)))))

    assert made["dateReceived"] == "2026-11-20T12:00:30Z"
    summary = made["reportedInformation"]["incidentSummary"]
    assert summary["incidentDateTime"] == "2026-11-20T18:00:00Z"
    assert summary["incidentDateTimeAsWritten"] == "2026-11-20T10:00:00-08:00"


def test_captures_say_what_they_are_and_keep_a_time_without_a_zone_as_written():
    person = about()["reportedPeople"]["reportedPersons"][0]

    assert person["sourceInformation"]["sourceCaptures"] == [
        {
            "captureType": "IP Address",
            "value": "169.229.216.200",
            "dateTime": None,
            "dateTimeAsWritten": "2026-11-20T09:58:00",
            "port": 5,
            "eventName": None,
            "possibleProxy": None,
        },
        {
            "captureType": "IP Address",
            "value": "169.229.216.201",
            "dateTime": "2026-11-20T08:58:00Z",
            "dateTimeAsWritten": "2026-11-20T09:58:00.5+01:00",
            "port": None,
            "eventName": "Login",
            "possibleProxy": True,
        },
        {
            "captureType": "Profile URL",
            "value": "https://a.example/blue",
            "dateTime": None,
            "dateTimeAsWritten": None,
            "port": None,
            "eventName": None,
            "possibleProxy": None,
        },
    ]


def test_a_person_is_told_by_the_fields_own_keys():
    person = about()["reportedPeople"]["reportedPersons"][0]

    assert person["firstName"] == "Sam"
    assert person["approximateAge"] == 33
    assert person["espUserId"] == "user-1"
    assert person["screenName"] == {"value": "blue.kite"}
    assert person["emails"] == {"emails": [{"value": "Sam@a.example", "verified": True}]}
    assert person["phones"] == {"phones": [{"value": "4155550100", "verified": None}]}
    assert person["addresses"]["addresses"][0]["street1"] == "1 Road"
    assert person["additionalInformations"] == [
        {"value": "displayName: Blue"},
        {"value": "displayName: Kite"},
    ]


def test_victims_and_associated_accounts_stand_apart_from_suspects():
    made = report_json(PARTS)
    suspects = made["reportedInformation"]["reportedPeople"]["reportedPersons"]

    assert [one["firstName"] for one in suspects] == ["Sam"]
    assert [one["firstName"] for one in made["tipline"]["victims"]] == ["Vic"]
    accounts = made["tipline"]["associatedAccounts"]
    assert [(one["screenName"], one["listedUnder"]) for one in accounts] == [
        ({"value": "red.kite"}, "suspect")
    ]


def test_what_the_shape_has_no_key_for_is_told_in_words():
    texts = [one["value"] for one in about()["additionalInformations"]]

    assert texts[0] == "He wrote first."
    assert "escalateToHighPriority: a child may be in danger" in texts
    assert "chatImIncident: chatClient: Kites chat; content: hello there" in texts
    assert "victim: victimPerson: firstName: Vic; age: 12; schoolName: Hill School" in texts
    assert any(text.startswith("reporter: ") and "1 Harbor Way" in text for text in texts)


def test_each_web_address_is_an_incident_of_its_own():
    pages = about()["incidentDetails"]["webpageIncident"]

    values = [page["sourceInformation"]["sourceCaptures"][0]["value"] for page in pages]
    assert values == ["https://a.example/1", "https://a.example/2"]
    assert comparison(report_json(PARTS))["urls"] == values


def test_a_file_is_told_with_its_md5_and_what_the_esp_said():
    first, bare = about()["uploadedFiles"]["uploadedFiles"]

    assert first["filename"] == "one.png"
    assert first["originalFilename"] == "holiday.png"
    assert first["verificationHash"] == "5" * 32
    assert first["viewedByEsp"] is True
    assert first["espMetadata"] == {"metadatas": [{"name": "Make", "value": "Box"}]}
    captures = first["sourceInformation"]["sourceCaptures"]
    assert [one["captureType"] for one in captures] == ["IP Address", "URL"]
    assert first["additionalInformations"][0] == {"value": "sent in a chat"}
    assert {"value": "publiclyAvailable: false"} in first["additionalInformations"]
    assert bare["viewedByEsp"] is None
    assert bare["ncmecTags"] is None
    assert bare["filename"] == "ab" * 16


@pytest.mark.parametrize("said", [True, False, None])
def test_viewed_is_yes_no_or_no_information(said):
    details = {} if said is None else {"fileViewedByEsp": said}
    parts = replace(PARTS, files=(replace(FILE, details=details),))

    assert about(parts)["uploadedFiles"]["uploadedFiles"][0]["viewedByEsp"] is said


@given(st.lists(st.text(min_size=1), unique=True))
def test_both_kinds_of_reader_see_every_tag_once_the_most_important_first(tags):
    part = replace(FILE, tags=tags)
    made = report_json(replace(PARTS, files=(part,)))

    file_row = next(row for row in spreadsheet(made)[2] if row[0] == "file")
    assert file_row[4] == tags
    assert comparison(made)["tags"].get("one.png", []) == tags


def test_no_group_is_ever_empty():
    assert tag_groups(()) is None
    groups = tag_groups(("a", "b"))["groups"]
    assert [[tag["value"] for tag in group["tags"]] for group in groups] == [["a", "b"], ["b"]]


def test_the_first_reader_gets_its_rows():
    number, esp, rows = spreadsheet(report_json(PARTS))

    assert (number, esp) == (7, "Harborline")
    assert ("ip", "169.229.216.200", None, "Suspect Account", None) in rows
    assert ("ip", "169.229.216.201", "2026-11-20T08:58:00", "Suspect Account", "Login") in rows
    assert ("ip", "169.229.216.202", "2026-11-19T01:02:03", "one.png", None) in rows
    assert rows[0][:5] == ("person", "Sam", "blue.kite", "user-1", None)


def test_the_second_reader_gets_its_identifiers():
    found = comparison(report_json(PARTS))

    assert found["emails"] == {"sam@a.example"}
    assert found["phones"] == {"4155550100"}
    assert found["ips"] == {"169.229.216.200", "169.229.216.201", "169.229.216.202"}
    assert found["hashes"] == {"5" * 32}


def test_a_member_of_the_public_stays_sealed():
    open_text = json.dumps(report_json(PARTS))
    sealed = report_json(replace(PARTS, reporter_sealed=True))

    assert "rita@harbor.example" in open_text
    assert "Rita" not in json.dumps(sealed)
    assert "rita@harbor.example" not in json.dumps(sealed)
    assert sealed["tipline"]["reporterSealed"] is True
    for name in ("reporters", "reporterReleased"):
        assert sealed["tipline"][name] is None
    assert sealed["tipline"]["document"]["reporter"] is None
    assert sealed["reportedInformation"]["reportingEsp"]["firstName"] is None


def test_a_released_reporter_is_told_under_the_same_keys():
    released = report_json(replace(PARTS, reporter_released=datetime(2026, 11, 25, 9, tzinfo=UTC)))
    sealed = report_json(replace(PARTS, reporter_sealed=True))
    own = released["tipline"]

    assert own.keys() == sealed["tipline"].keys()
    assert own["reporterSealed"] is False
    assert own["reporterReleased"] == "2026-11-25T09:00:00Z"
    (person,) = own["reporters"]
    assert absent(person, PERSON) == []
    assert person["firstName"] == "Rita"
    assert person["emails"] == {"emails": [{"value": "rita@harbor.example", "verified": None}]}
    assert released["reportedInformation"]["reportingEsp"]["firstName"] == "Rita"


def test_our_own_additions_stand_under_one_key():
    made = report_json(replace(PARTS, additions={"disposition": "referral"}))

    assert set(made) == {"reportId", "dateReceived", "reportedInformation", "tipline"}
    assert made["tipline"]["version"] == VERSION
    assert made["tipline"]["disposition"] == "referral"
    assert made["tipline"]["files"][0]["gate"] == {"open": False, "rule": "5"}
    assert made["tipline"]["files"][0]["sha256"] == "2" * 64


def test_a_download_needs_no_framework():
    code = "import sys; import tipline.delivery.cases.download; sys.exit('django' in sys.modules)"
    source = Path(tipline.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, env={"PYTHONPATH": str(source)}
    )

    assert done.returncode == 0
