"""What the reader makes of a report: the document, value by value, and what it keeps besides."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reports.generated import Maker
from tests.reports.samples import (
    FILE_ID,
    TYPE,
    codes,
    file_details,
    lenient,
    lenient_file,
    report,
    suspect,
)

from tipline.ground.foundation.xml import to_bytes
from tipline.record.reports.schema import REPORT

FLAGS = "<reportAnnotations>{}</reportAnnotations>"
IP = "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress>{}</ipCaptureEvent>"


# --- what the document holds ---------------------------------------------------------------


def test_misspelled_incident_types_are_stored_as_meant():
    document = lenient(report(kind="Online Enticement of Children for Sexual Act")).document
    meant = "Online Enticement of Children for Sexual Acts"
    assert document["incidentSummary"]["incidentType"] == meant
    old = report(kind="Child Sexual Molestation (not by family member)")
    assert lenient(old).document["incidentSummary"]["incidentType"] == TYPE


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0"])
def test_blank_escalation_does_not_escalate(text):
    data = report(summary=f"<escalateToHighPriority>{text}</escalateToHighPriority>")
    assert "escalateToHighPriority" not in lenient(data).document["incidentSummary"]
    words = report(
        summary="<escalateToHighPriority>a child is at risk now</escalateToHighPriority>"
    )
    stored = lenient(words).document["incidentSummary"]["escalateToHighPriority"]
    assert stored == "a child is at risk now"


def test_blank_optional_elements_are_absent_and_say_nothing():
    data = suspect(
        "<personOrUserReportedPerson><firstName/></personOrUserReportedPerson>"
        "<espIdentifier></espIdentifier><screenName/><displayName> </displayName>"
        "<estimatedLocation><countryCode/></estimatedLocation><additionalInfo/>"
    )
    reading = lenient(data)
    assert reading.warnings == ()
    assert "personOrUserReported" not in reading.document


def test_empty_groups_of_flags_and_empty_kinds():
    data = report(
        summary="<reportAnnotations/>",
        before="<internetDetails><emailIncident/></internetDetails>",
    )
    document = lenient(data).document
    assert "reportAnnotations" not in document["incidentSummary"]
    assert document["internetDetails"] == [{"emailIncident": {}}]


@pytest.mark.parametrize(
    "flag", ["<spam/>", "<spam />", "<spam></spam>", "<spam>true</spam>", "<spam>1</spam>"]
)
def test_presence_flags_in_every_form(flag):
    document = lenient(report(summary=FLAGS.format(flag))).document
    assert document["incidentSummary"]["reportAnnotations"] == {"spam": True}


def test_unknown_flags_are_kept_as_flags_and_false_ones_are_not_set():
    data = report(summary=FLAGS.format("<spam>0</spam><unheardOf/><deep><er/></deep>"))
    document = lenient(data).document
    assert document["incidentSummary"]["reportAnnotations"] == {"unheardOf": True}
    kept = {entry["path"].rpartition("/")[2]: entry["xml"] for entry in document["unrecognised"]}
    assert kept == {"spam": "0", "deep": "<deep><er/></deep>"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("1", True), ("false", False), ("0", False), ("\ttrue ", True)],
)
def test_booleans(text, value):
    data = suspect(f"<compromisedAccount>{text}</compromisedAccount>")
    assert lenient(data).document["personOrUserReported"] == [{"compromisedAccount": value}]


def test_digit_strings_stay_as_written():
    inner = (
        "<espIdentifier>00042</espIdentifier><screenName>1e5</screenName>"
        "<displayName> 0x1F </displayName>"
    )
    entry = lenient(suspect(inner)).document["personOrUserReported"][0]
    assert entry == {"espIdentifier": "00042", "screenName": "1e5", "displayName": [" 0x1F "]}


def test_numbers_are_numbers():
    data = report(
        before="<internetDetails><cellPhoneIncident><latitude>1e-07</latitude>"
        "<longitude>-122.5</longitude></cellPhoneIncident></internetDetails>",
        after="<personOrUserReported><priorCTReports>42</priorCTReports>"
        "<priorCTReports>+043</priorCTReports></personOrUserReported>",
    )
    document = lenient(data).document
    place = document["internetDetails"][0]["cellPhoneIncident"]
    assert place == {"latitude": 1e-07, "longitude": -122.5}
    assert document["personOrUserReported"][0]["priorCTReports"] == [42, 43]


@pytest.mark.parametrize("text", ["NaN", "INF", "-INF", "90.5", "1e400", "-91"])
def test_impossible_latitudes_are_no_latitudes(text):
    data = report(
        before=f"<internetDetails><cellPhoneIncident><latitude>{text}</latitude>"
        "</cellPhoneIncident></internetDetails>"
    )
    document = lenient(data).document
    assert document["internetDetails"] == [{"cellPhoneIncident": {}}]
    assert document["unrecognised"][0]["xml"] == text


def test_bad_optional_values_are_kept_as_text():
    data = suspect(
        "<compromisedAccount>maybe</compromisedAccount><priorCTReports>CT-9</priorCTReports>"
        "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><dateTime>yesterday</dateTime>"
        "<port>99999</port></ipCaptureEvent>"
    )
    document = lenient(data).document
    assert document["personOrUserReported"] == [{"ipCaptureEvent": [{"ipAddress": "192.0.2.1"}]}]
    assert document["unrecognised"] == [
        {"path": "/report/personOrUserReported[1]/compromisedAccount", "xml": "maybe"},
        {"path": "/report/personOrUserReported[1]/priorCTReports[1]", "xml": "CT-9"},
        {"path": "/report/personOrUserReported[1]/ipCaptureEvent[1]/dateTime", "xml": "yesterday"},
        {"path": "/report/personOrUserReported[1]/ipCaptureEvent[1]/port", "xml": "99999"},
    ]


def test_a_number_of_ten_thousand_digits_is_only_text():
    reading = lenient(suspect(f"<priorCTReports>{'9' * 10_000}</priorCTReports>"))
    assert codes(reading.warnings) == ["bad_value"]
    assert len(reading.warnings[0].message) < 200


def test_what_the_schema_does_not_know_is_kept_whole():
    data = suspect(
        'words<username a="&amp;">u<b/>v</username><screenName x="1">s<i>t</i></screenName>'
    )
    document = lenient(data).document
    assert document["personOrUserReported"] == [{"screenName": "s"}]
    kept = {entry["path"]: entry["xml"] for entry in document["unrecognised"]}
    assert kept == {
        "/report/personOrUserReported[1]/text()": "words",
        "/report/personOrUserReported[1]/username": '<username a="&amp;">uv<b/></username>',
        "/report/personOrUserReported[1]/screenName/@x": "1",
        "/report/personOrUserReported[1]/screenName/i": "<i>t</i>",
    }


def test_out_of_order_and_repeated_elements_lose_nothing():
    data = suspect("<screenName>a</screenName><espService>s</espService><screenName>b</screenName>")
    document = lenient(data).document
    assert document["personOrUserReported"] == [{"screenName": "a", "espService": "s"}]
    assert document["unrecognised"][0]["xml"] == "<screenName>b</screenName>"


def test_a_text_that_is_too_long_is_kept_whole():
    entry = lenient(suspect(f"<screenName>{'x' * 5000}</screenName>")).document
    assert entry["personOrUserReported"][0]["screenName"] == "x" * 5000


def test_two_kinds_become_one_each():
    data = report(
        before="<internetDetails><webPageIncident><url>http://a.example</url></webPageIncident>"
        "<chatImIncident><content>c</content></chatImIncident></internetDetails>"
    )
    assert lenient(data).document["internetDetails"] == [
        {"webPageIncident": {"url": ["http://a.example"]}},
        {"chatImIncident": {"content": "c"}},
    ]


def test_several_addresses_of_one_file_are_all_kept():
    one = lenient_file(file_details(IP.format("")))
    assert one.document["ipCaptureEvent"] == [{"ipAddress": "192.0.2.1"}]
    assert one.warnings == ()
    many = lenient_file(file_details(IP.format("<port>1</port>") + IP.format("<port>2</port>")))
    assert [entry["port"] for entry in many.document["ipCaptureEvent"]] == [1, 2]


def test_a_victim_about_whom_nothing_is_known_is_a_victim():
    document = lenient(report(after="<victim><victimPerson/></victim>")).document
    assert document["victim"] == [{"victimPerson": {}}]


def test_values_with_attributes():
    data = report(
        person='<phone type="Mobile" verified="1" countryCallingCode="+1" extension="12">'
        "555</phone><email>a@b.example</email>",
        after="<personOrUserReported><accountTemporarilyDisabled disabledDate="
        '"2026-01-01T00:00:00Z" userNotified="false">true</accountTemporarilyDisabled>'
        "</personOrUserReported>",
    )
    document = lenient(data).document
    assert document["reporter"]["reportingPerson"]["phone"] == [
        {
            "value": "555",
            "type": "Mobile",
            "verified": True,
            "countryCallingCode": "+1",
            "extension": "12",
        }
    ]
    assert document["personOrUserReported"][0]["accountTemporarilyDisabled"] == {
        "value": True,
        "disabledDate": "2026-01-01T00:00:00Z",
        "userNotified": False,
    }


def test_attributes_without_a_value_are_kept_as_text():
    empty = '<accountTemporarilyDisabled disabledDate="2026-01-01T00:00:00Z"/>'
    wrong = '<accountPermanentlyDisabled userNotified="1">perhaps</accountPermanentlyDisabled>'
    reading = lenient(suspect(empty + wrong))
    assert codes(reading.warnings) == ["blank_value", "bad_value"]
    assert "personOrUserReported" not in reading.document
    kept = [entry["xml"] for entry in reading.document["unrecognised"]]
    assert kept == [empty, "perhaps", wrong]


def test_an_empty_digest_is_absent():
    reading = lenient_file(file_details("<originalFileHash/>"))
    assert (codes(reading.warnings), reading.problems) == (["blank_block"], ())
    assert "originalFileHash" not in reading.document


# --- documented in two places --------------------------------------------------------------


def police(process: str, attributes: str = "") -> dict:
    data = report(
        before=f"<lawEnforcement {attributes}><agencyName>A</agencyName>{process}</lawEnforcement>"
    )
    return lenient(data).document["lawEnforcement"]


def test_the_country_of_foreign_police():
    element = "<servedLegalProcessInternational{}>true</servedLegalProcessInternational>"
    home = {"value": True, "fleaCountry": "DE"}
    first = police(element.format(' fleaCountry="DE"'))
    second = police(element.format(""), 'fleaCountry="DE"')
    both = police(element.format(' fleaCountry="DE"'), 'fleaCountry="DE"')
    assert first == second == both == {"agencyName": "A", "servedLegalProcessInternational": home}
    differ = police(element.format(' fleaCountry="DE"'), 'fleaCountry="FR"')
    assert differ["servedLegalProcessInternational"] == home
    assert differ["fleaCountry"] == "FR"
    assert police("", 'fleaCountry="DE"') == {"agencyName": "A", "fleaCountry": "DE"}


def account(attributes: str, inner: str = "") -> dict:
    data = suspect(f"<associatedAccount {attributes}>{inner}</associatedAccount>")
    return lenient(data).document["personOrUserReported"][0]["associatedAccount"][0]


def test_the_kind_of_an_associated_account():
    assert account('type="Linked"') == account('accountType="Linked"') == {"type": "Linked"}
    assert account('type="Linked" accountType="Linked"') == {"type": "Linked"}
    assert account('type="Linked" accountType="Other"') == {
        "type": "Linked",
        "accountType": "Other",
    }


def test_an_account_on_a_third_party():
    home = {"type": "Other", "platform": {"value": "p", "thirdPartyUser": True}}
    assert account('type="Other"', '<platform thirdPartyUser="1">p</platform>') == home
    assert account('type="Other" thirdPartyUser="true"', "<platform>p</platform>") == home
    alone = account('type="Other" thirdPartyUser="true"')
    assert alone == {"type": "Other", "thirdPartyUser": True}


def metadata(attributes: str, *pairs: str) -> dict:
    inner = "".join(
        f"<nameValuePair {each}><name>n</name><value>v</value></nameValuePair>" for each in pairs
    )
    return lenient_file(file_details(f"<details {attributes}>{inner}</details>")).document[
        "details"
    ][0]


def test_the_kind_of_metadata():
    pair = {"name": "n", "value": "v"}
    home = {"type": "EXIF", "nameValuePair": [pair, pair]}
    assert metadata('type="EXIF"', "", "") == home
    assert metadata("", 'type="EXIF"', 'type="EXIF"') == home
    mixed = metadata("", 'type="EXIF"', 'type="HASH"')
    assert [each["type"] for each in mixed["nameValuePair"]] == ["EXIF", "HASH"]
    assert "type" not in mixed
    some = metadata("", 'type="EXIF"', "")
    assert some["nameValuePair"] == [{**pair, "type": "EXIF"}, pair]
    differ = metadata('type="HASH"', 'type="EXIF"')
    assert (differ["type"], differ["nameValuePair"][0]["type"]) == ("HASH", "EXIF")


# --- times ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "accepted"),
    [
        ("2026-11-23T12:10:00Z", True),  # the provider's clock may run ahead ten minutes
        ("2026-11-23T12:10:01Z", False),
        ("2026-11-24T02:10:00", True),  # without a zone this may be now, far in the east
        ("2026-11-24T02:10:01", False),
        ("2026-11-23T14:00:00+02:00", True),
        ("2026-11-23T06:00:00-06:30", False),
        ("9999-12-31T24:00:00Z", False),
        ("0001-01-01T00:00:00Z", True),
        ("-0001-01-01T00:00:00Z", True),
        ("2026-01-02T03:04:05.123456789Z", True),
    ],
)
def test_incidents_in_the_future_are_refused_beyond_doubt_only(time, accepted):
    assert lenient(report(time=time)).accepted is accepted


def test_a_day_where_a_time_belongs_is_kept_where_it_is_optional():
    reading = lenient_file(
        file_details("<uploadedToEspTimestamp>2026-01-02</uploadedToEspTimestamp>")
    )
    assert reading.document["uploadedToEspTimestamp"] == "2026-01-02"
    assert codes(reading.warnings) == ["odd_time_form", "time_without_zone"]


# --- nothing is lost


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.sampled_from([0.2, 0.6]))
def test_no_word_of_a_valid_document_is_lost(seed, fill):
    node = Maker(Random(seed), fill=fill, newer=True).node(REPORT)
    document = json.dumps(lenient(to_bytes(node)).document, ensure_ascii=False)

    def texts(each):
        yield each.text
        for child in each.children:
            yield from texts(child)

    for text in texts(node):
        word = json.dumps(text.strip(), ensure_ascii=False).strip('"')
        plain = text.strip() in {"true", "false", "1", "0", ""} or text.strip("+ \n").isdigit()
        number = text.strip() in {"-45.5", "1e-07", ".5", "+8E1", "-1", "-5"}
        assert plain or number or word in document, text


def test_file_details_carry_their_ids():
    document = lenient_file(file_details("", file_id=f"\n {FILE_ID} ")).document
    assert document == {"reportId": 7, "fileId": FILE_ID}
