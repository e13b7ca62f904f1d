"""Facts of a report: who, where, when, what, and whose; roles never mix."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reports.generated import Maker
from tests.reports.samples import FILE_ID, file_details, lenient, lenient_file, report

from tipline.ground.foundation.times import TimeKind
from tipline.ground.foundation.xml import to_bytes
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.record.reports import facts
from tipline.record.reports.document import at
from tipline.record.reports.facts import IdentifierKind as Kind
from tipline.record.reports.facts import LocationKind, Role
from tipline.record.reports.schema import FILE_DETAILS, REPORT

IP = (
    "<ipCaptureEvent><ipAddress>{}</ipAddress><eventName>{}</eventName>"
    "<dateTime>2026-01-01T00:00:00Z</dateTime><port>4000</port></ipCaptureEvent>"
)

REPORT_XML = report(
    summary="<escalateToHighPriority> at risk today </escalateToHighPriority>"
    "<reportAnnotations><sextortion/><unheardOf/></reportAnnotations>",
    before="<internetDetails><webPageIncident><url>https://a.example/x</url>"
    "<additionalInfo>seen on a page</additionalInfo></webPageIncident></internetDetails>"
    "<internetDetails><chatImIncident><chatClient>Chat</chatClient><chatRoomName>Room</chatRoomName>"
    "<content>words of a chat</content></chatImIncident></internetDetails>"
    "<internetDetails><cellPhoneIncident><phoneNumber>+43 1 555</phoneNumber>"
    "<latitude>48.2</latitude><longitude>16.4</longitude></cellPhoneIncident></internetDetails>"
    "<internetDetails><peer2peerIncident>"
    + IP.format("192.0.2.50", "Other")
    + "<fileNames>names of files</fileNames></peer2peerIncident></internetDetails>"
    '<lawEnforcement fleaCountry="AT"><agencyName>Police</agencyName><officerContact>'
    "<email>officer@police.example</email></officerContact></lawEnforcement>",
    person="<firstName>Desk</firstName><email>desk@esp.example</email>",
    after="<personOrUserReported><personOrUserReportedPerson><firstName>Pat</firstName>"
    "<lastName>Poe</lastName><phone type='Mobile' verified='true' countryCallingCode='+1'>555 0100"
    "</phone><email verified='0' verificationDate='2026-01-03T00:00:00Z'>pat@mail.example</email>"
    "<address><address>1 Road</address><city>Town</city><zipCode>00501</zipCode><state>NY</state>"
    "<country>US</country></address><dateOfBirth>1980-05-06</dateOfBirth></personOrUserReportedPerson>"
    "<vehicleDescription>a red van</vehicleDescription>"
    "<espIdentifier>00042</espIdentifier><espService>Videos</espService><screenName>pat_1</screenName>"
    "<displayName>Pat</displayName><profileUrl>https://a.example/pat</profileUrl>"
    "<profileBio>likes cats</profileBio>"
    + IP.format("192.0.2.1", "Login")
    + "<ipCaptureEvent><ipAddress>2001:db8::1</ipAddress><possibleProxy>true</possibleProxy>"
    "</ipCaptureEvent><deviceId><idType>IMEI</idType><idValue>35</idValue></deviceId>"
    "<priorCTReports>41</priorCTReports><groupIdentifier>G1</groupIdentifier>"
    "<accountTemporarilyDisabled disabledDate='2026-01-04T00:00:00Z'>true"
    "</accountTemporarilyDisabled>"
    "<estimatedLocation verified='true' timestamp='2026-01-05T00:00:00'><city>Town</city>"
    "<region>NY</region><countryCode>US</countryCode></estimatedLocation>"
    "<associatedAccount type='Linked'><platform>Elsewhere</platform><firstName>P</firstName>"
    "<email>second@mail.example</email><screenName>pat_2</screenName>"
    + IP.format("192.0.2.2", "Registration")
    + "<priorCTReport>40</priorCTReport><additionalInfo>same phone</additionalInfo>"
    "</associatedAccount><additionalInfo>about the suspect</additionalInfo></personOrUserReported>"
    "<intendedRecipient><screenName>recipient</screenName><additionalInfo>one</additionalInfo>"
    "<additionalInfo>two</additionalInfo></intendedRecipient>"
    "<victim><victimPerson><email>child@mail.example</email></victimPerson>"
    + IP.format("192.0.2.9", "Upload")
    + "<schoolName>School</schoolName><associatedAccount type='Parent/Guardian'>"
    "<email>parent@mail.example</email></associatedAccount></victim>"
    "<additionalInfo>about the whole</additionalInfo>",
).replace(
    b"</reportingPerson>",
    b"</reportingPerson><contactPerson><phone>555 0199</phone></contactPerson>"
    b"<companyTemplate>STANDING TEXT mail legal@esp.example</companyTemplate>"
    b"<termsOfService>TERMS</termsOfService>",
)
FILE_XML = file_details(
    "<uploadedToEspTimestamp>2026-01-06T00:00:00Z</uploadedToEspTimestamp>"
    "<locationOfFile>https://a.example/f</locationOfFile><fileViewedByEsp>true</fileViewedByEsp>"
    "<fileRelevance>Reported</fileRelevance><fileAnnotations><viral/></fileAnnotations>"
    "<industryClassification>B1</industryClassification>"
    '<originalFileHash hashType="MD5">aa</originalFileHash>'
    "<ipCaptureEvent><ipAddress>192.0.2.3</ipAddress><dateTime>2026-01-07T00:00:00Z</dateTime>"
    "</ipCaptureEvent><deviceId><idType>SSID</idType><idValue>home</idValue></deviceId>"
    '<details type="HASH"><nameValuePair><name>PDQ</name><value>bb</value></nameValuePair>'
    "</details>"
    '<details type="EXIF"><nameValuePair><name>Make</name><value>Cam</value></nameValuePair>'
    "</details>"
    "<additionalInfo>about the file</additionalInfo>"
)

DOCUMENT = lenient(REPORT_XML).document
FILES = [lenient_file(FILE_XML).document]


def test_the_sample_is_a_good_report():
    assert lenient(REPORT_XML).problems == lenient_file(FILE_XML).problems == ()
    assert lenient_file(FILE_XML).warnings == ()


def test_parties_in_their_roles():
    found = [
        (party.role, party.index, party.path, party.owner) for party in facts.parties(DOCUMENT)
    ]
    suspect, victim = "/report/personOrUserReported[1]", "/report/victim[1]"
    assert found == [
        (Role.SUSPECT, 1, suspect, None),
        (Role.ASSOCIATED, 1, f"{suspect}/associatedAccount[1]", Role.SUSPECT),
        (Role.RECIPIENT, 1, "/report/intendedRecipient[1]", None),
        (Role.VICTIM, 1, victim, None),
        (Role.ASSOCIATED, 2, f"{victim}/associatedAccount[1]", Role.VICTIM),
        (Role.REPORTER, 1, "/report/reporter/reportingPerson", None),
        (Role.REPORTER, 2, "/report/reporter/contactPerson", None),
    ]
    first = facts.parties(DOCUMENT)[0]
    assert first.person["lastName"] == at(DOCUMENT, f"{first.person_path}/lastName") == "Poe"


def by_kind(kind, role):
    return [
        each
        for each in facts.identifiers(DOCUMENT, FILES)
        if each.kind is kind and each.role is role
    ]


def raws(kind, role):
    return [each.raw for each in by_kind(kind, role)]


def test_identifiers_of_the_suspect():
    assert raws(Kind.NAME, Role.SUSPECT) == ["Pat Poe"]
    assert raws(Kind.DATE_OF_BIRTH, Role.SUSPECT) == ["1980-05-06"]
    assert raws(Kind.ADDRESS, Role.SUSPECT) == ["1 Road, Town, NY, 00501, US"]
    assert raws(Kind.ESP_USER_ID, Role.SUSPECT) == ["00042"]
    assert raws(Kind.DISPLAY_NAME, Role.SUSPECT) == ["Pat"]
    assert raws(Kind.PROFILE_URL, Role.SUSPECT) == ["https://a.example/pat"]
    assert raws(Kind.GROUP, Role.SUSPECT) == ["G1"]
    assert raws(Kind.IP, Role.SUSPECT) == ["192.0.2.1", "2001:db8::1"]
    (phone,) = by_kind(Kind.PHONE, Role.SUSPECT)
    assert (phone.raw, phone.verified, phone.qualifier) == ("555 0100", True, "+1")
    (email,) = by_kind(Kind.EMAIL, Role.SUSPECT)
    assert (email.raw, email.verified) == ("pat@mail.example", False)
    assert email.time.instant == datetime(2026, 1, 3, tzinfo=UTC)
    (name,) = by_kind(Kind.SCREEN_NAME, Role.SUSPECT)
    assert (name.scope, name.party) == ("Videos", "/report/personOrUserReported[1]")
    (device,) = by_kind(Kind.DEVICE_ID, Role.SUSPECT)
    assert (device.raw, device.qualifier, device.verified) == ("35", "IMEI", None)


def test_associated_accounts_say_whose_they_are():
    found = {
        (each.raw, each.owner, each.scope)
        for each in facts.identifiers(DOCUMENT)
        if each.role is Role.ASSOCIATED
    }
    assert found == {
        ("P", Role.SUSPECT, ""),
        ("second@mail.example", Role.SUSPECT, ""),
        ("pat_2", Role.SUSPECT, "Elsewhere"),
        ("192.0.2.2", Role.SUSPECT, ""),
        ("parent@mail.example", Role.VICTIM, ""),
    }


def test_identifiers_of_the_incident_and_of_files():
    assert raws(Kind.URL, Role.INCIDENT) == ["https://a.example/x"]
    assert raws(Kind.PHONE, Role.INCIDENT) == ["+43 1 555"]
    assert raws(Kind.IP, Role.INCIDENT) == ["192.0.2.50"]
    (room,) = by_kind(Kind.GROUP, Role.INCIDENT)
    assert (room.raw, room.scope) == ("Room", "Chat")
    digests = {(each.raw, each.qualifier) for each in by_kind(Kind.FILE_DIGEST, Role.FILE)}
    assert digests == {("aa", "MD5"), ("bb", "PDQ")}
    assert raws(Kind.URL, Role.FILE) == ["https://a.example/f"]
    assert raws(Kind.DEVICE_ID, Role.FILE) == ["home"]
    assert raws(Kind.IP, Role.FILE) == ["192.0.2.3"]


def test_police_and_standing_text_identify_nobody():
    text = json.dumps([each.raw for each in facts.identifiers(DOCUMENT, FILES)])
    assert "officer@police.example" not in text
    assert "legal@esp.example" not in text
    assert raws(Kind.EMAIL, Role.REPORTER) == ["desk@esp.example"]
    assert raws(Kind.EMAIL, Role.VICTIM) == ["child@mail.example"]


def test_every_fact_stands_where_its_path_says():
    for each in facts.identifiers(DOCUMENT):
        found = at(DOCUMENT, each.path)
        plain = found.get("value", found) if isinstance(found, dict) else found
        if each.kind not in {Kind.NAME, Kind.ADDRESS, Kind.IP, Kind.DEVICE_ID}:
            assert plain == each.raw
    for each in facts.narratives(DOCUMENT):
        assert at(DOCUMENT, each.path).strip() == each.text.strip()
    for each in facts.times(DOCUMENT):
        assert at(DOCUMENT, each.path) == each.time.as_written


def test_captured_addresses():
    found = {
        each.address: (each.role, each.owner, each.event, each.port, each.time and each.time.kind)
        for each in facts.ip_captures(DOCUMENT, FILES)
    }
    assert found == {
        "192.0.2.1": (Role.SUSPECT, None, "Login", 4000, TimeKind.LOGIN),
        "2001:db8::1": (Role.SUSPECT, None, "", None, None),
        "192.0.2.2": (Role.ASSOCIATED, Role.SUSPECT, "Registration", 4000, TimeKind.REGISTRATION),
        "192.0.2.9": (Role.VICTIM, None, "Upload", 4000, TimeKind.UPLOAD),
        "192.0.2.50": (Role.INCIDENT, None, "Other", 4000, TimeKind.OTHER),
        "192.0.2.3": (Role.FILE, None, "", None, TimeKind.UPLOAD),
    }
    proxies = [each.address for each in facts.ip_captures(DOCUMENT) if each.possible_proxy]
    assert proxies == ["2001:db8::1"]


def test_a_blank_address_is_no_capture():
    blank = {"victim": [{"victimPerson": {}, "ipCaptureEvent": [{"ipAddress": ""}]}]}
    assert facts.ip_captures(blank) == ()
    assert facts.identifiers(blank) == ()


def test_narratives_without_standing_text():
    found = {
        (each.text.strip(), each.role, each.owner) for each in facts.narratives(DOCUMENT, FILES)
    }
    assert found == {
        ("at risk today", Role.INCIDENT, None),
        ("about the whole", Role.INCIDENT, None),
        ("seen on a page", Role.INCIDENT, None),
        ("words of a chat", Role.INCIDENT, None),
        ("names of files", Role.INCIDENT, None),
        ("a red van", Role.SUSPECT, None),
        ("likes cats", Role.SUSPECT, None),
        ("about the suspect", Role.SUSPECT, None),
        ("same phone", Role.ASSOCIATED, Role.SUSPECT),
        ("one", Role.RECIPIENT, None),
        ("two", Role.RECIPIENT, None),
        ("about the file", Role.FILE, None),
    }


def test_times_know_their_kind_and_zone():
    found = {each.path: each.time for each in facts.times(DOCUMENT, FILES)}
    assert found["/report/incidentSummary/incidentDateTime"].kind is TimeKind.INCIDENT
    assert found["/fileDetails[1]/uploadedToEspTimestamp"].kind is TimeKind.UPLOAD
    assert found["/fileDetails[1]/ipCaptureEvent[1]/dateTime"].kind is TimeKind.UPLOAD
    suspect = "/report/personOrUserReported[1]"
    assert found[f"{suspect}/ipCaptureEvent[1]/dateTime"].kind is TimeKind.LOGIN
    assert found[f"{suspect}/accountTemporarilyDisabled/disabledDate"].kind is TimeKind.OTHER
    estimated = found[f"{suspect}/estimatedLocation/timestamp"]
    assert (estimated.zone_known, estimated.instant) == (False, None)
    assert f"{suspect}/personOrUserReportedPerson/email[1]/verificationDate" in found
    assert facts.incident_time(DOCUMENT).instant == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert not facts.incident_time({}).readable


def test_locations_with_what_they_rest_on():
    found = facts.locations(DOCUMENT)
    kinds = [(each.kind, each.role) for each in found]
    assert kinds == [
        (LocationKind.ESTIMATED, Role.SUSPECT),
        (LocationKind.ADDRESS, Role.SUSPECT),
        (LocationKind.PHONE_CODE, Role.SUSPECT),
        (LocationKind.SCHOOL, Role.VICTIM),
        (LocationKind.COORDINATES, Role.INCIDENT),
        (LocationKind.PHONE_CODE, Role.INCIDENT),
        (LocationKind.LEGAL_PROCESS, Role.INCIDENT),
    ]
    estimated, address, phone, school, place, dialled, process = found
    assert (estimated.country, estimated.region, estimated.verified) == ("US", "NY", True)
    assert (address.street, address.postal_code, address.region) == ("1 Road", "00501", "NY")
    assert (phone.calling_code, phone.text) == ("+1", "555 0100")
    assert school.text == "School"
    assert (place.latitude, place.longitude) == (48.2, 16.4)
    assert (dialled.calling_code, dialled.text) == ("", "+43 1 555")
    assert process.country == "AT"


def test_prior_reports_by_party():
    found = [(each.number, each.role, each.owner) for each in facts.prior_reports(DOCUMENT)]
    assert found == [(41, Role.SUSPECT, None), (40, Role.ASSOCIATED, Role.SUSPECT)]


def test_flags_escalation_and_type():
    assert facts.annotations(DOCUMENT) == {"sextortion", "unheardOf"}
    assert facts.escalation(DOCUMENT) == "at risk today"
    assert facts.incident_type(DOCUMENT) is IncidentType.MOLESTATION
    assert (facts.annotations({}), facts.escalation({}), facts.incident_type({})) == (
        set(),
        "",
        None,
    )
    assert facts.escalation({"incidentSummary": {"escalateToHighPriority": " \n"}}) == ""


def test_facts_of_a_file():
    said = facts.file_facts(FILES[0], index=3)
    assert (said.file_id, said.path, said.has_content) == (FILE_ID, "/fileDetails[3]", True)
    assert (said.viewed, said.public, said.exif_viewed) == (True, None, None)
    assert (said.supplemental, said.classification, said.annotations) == (False, "B1", {"viral"})
    assert said.digests == 1
    bare = facts.file_facts({"potentialMeme": True, "fileRelevance": "Supplemental Reported"})
    assert (bare.annotations, bare.supplemental) == ({"potentialMeme"}, True)
    nothing = facts.file_facts({}, has_content=False)
    assert (nothing.viewed, nothing.public, nothing.has_content) == (None, None, False)


def test_an_empty_document_has_no_facts():
    for walk in (facts.parties, facts.locations, facts.prior_reports):
        assert walk({}) == ()
    for walk in (facts.identifiers, facts.ip_captures, facts.narratives, facts.times):
        assert walk({}, [{}]) == ()


@given(st.integers(0, 2**32), st.sampled_from([0.1, 0.5, 0.9]))
def test_facts_of_any_document_lead_back_to_it(seed, fill):
    maker = Maker(Random(seed), fill=fill, newer=True)
    document = lenient(to_bytes(maker.node(REPORT))).document
    details = [lenient_file(to_bytes(maker.node(FILE_DETAILS))).document]
    found = [
        *facts.parties(document),
        *facts.identifiers(document, details),
        *facts.ip_captures(document, details),
        *facts.narratives(document, details),
        *facts.times(document, details),
        *facts.locations(document),
        *facts.prior_reports(document),
    ]
    for each in found:
        whole = each.path.startswith("/fileDetails[1]")
        source = {"fileDetails": details} if whole else document
        path = f"/root{each.path}" if whole else each.path
        person = getattr(each, "kind", None) is Kind.NAME and "associated" not in each.path
        assert person or at(source, path) is not None
    files = [facts.file_facts(details[0])]
    assert set(facts.missing(document, files, details)) <= set(facts.Missing)


@pytest.mark.parametrize("role", [Role.SUSPECT, Role.VICTIM, Role.REPORTER, Role.RECIPIENT])
def test_roles_never_mix(role):
    words = {
        Role.SUSPECT: "personOrUserReported",
        Role.VICTIM: "victim",
        Role.REPORTER: "reporter",
        Role.RECIPIENT: "intendedRecipient",
    }
    for each in facts.identifiers(DOCUMENT, FILES):
        inside = each.path.startswith(f"/report/{words[role]}")
        assert inside == ((each.owner or each.role) is role)
