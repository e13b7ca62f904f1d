"""Every difference between our schema and the published one, and between reader and schema."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from tests.reports.samples import codes, file_details, lenient, report, strict, strict_file, suspect

from tipline.ground.foundation.xml import Schema
from tipline.record.reports.xsd import schema_document

ORACLE = Path(__file__).parents[2].parent / "shared" / "reference" / "cyber_tipline.xsd"
OURS = Schema(schema_document())
POLICE = (
    "<agencyName>A</agencyName>"
    "<servedLegalProcessInternational>true</servedLegalProcessInternational>"
)

# What newer documentation has and the published schema refuses (API table 8).
NEWER = {
    "informational": report(summary="<reportAnnotations><informational/></reportAnnotations>"),
    "potentialAggravatingFactors": report(
        summary="<reportAnnotations><potentialAggravatingFactors/></reportAnnotations>"
    ),
    "instrumentalUse": report(summary="<reportAnnotations><instrumentalUse/></reportAnnotations>"),
    "ageAssertionDiscrepancy in person": report(
        person="<email>a@b.example</email><age>15</age>"
        "<ageAssertionDiscrepancy>true</ageAssertionDiscrepancy>"
    ),
    "ageAssertionDiscrepancy in account": suspect(
        '<associatedAccount type="Linked"><approximateAge>15</approximateAge>'
        "<ageAssertionDiscrepancy>true</ageAssertionDiscrepancy></associatedAccount>"
    ),
    "fleaCountry on lawEnforcement": report(
        before=f'<lawEnforcement fleaCountry="DE">{POLICE}</lawEnforcement>'
    ),
    "accountType": suspect('<associatedAccount accountType="Linked"/>'),
    "thirdPartyUser on account": suspect(
        '<associatedAccount type="Linked" thirdPartyUser="true"><platform>P</platform>'
        "</associatedAccount>"
    ),
    "type on nameValuePair": file_details(
        '<details><nameValuePair type="EXIF"><name>a</name><value>b</value></nameValuePair>'
        "</details>"
    ),
}

# What both schemas accept although the documentation has dropped or limited it.
OLDER = {
    "several personOrUserReported": report(
        after="<personOrUserReported><screenName>a</screenName></personOrUserReported>" * 2
    ),
    "fileName": file_details("<fileName>a.jpg</fileName>"),
    "bare potentialMeme": file_details("<potentialMeme>true</potentialMeme>"),
    "fleaCountry in its first place": report(
        before="<lawEnforcement><agencyName>A</agencyName><servedLegalProcessInternational "
        'fleaCountry="DE">true</servedLegalProcessInternational></lawEnforcement>'
    ),
    "thirdPartyUser in its first place": suspect(
        '<associatedAccount type="Linked"><platform thirdPartyUser="true">P</platform>'
        "</associatedAccount>"
    ),
    "type on details": file_details(
        '<details type="HASH"><nameValuePair><name>a</name><value/></nameValuePair></details>'
    ),
    "no kind of incident": report(),
    "reporter without email": report(person=""),
}

# Where two places contradict each other our schema is as strict as the published one.
REFUSED = {
    "no kind of account": suspect("<associatedAccount/>"),
    "two kinds of account": suspect('<associatedAccount type="Linked" accountType="Other"/>'),
    "unknown flag": report(summary="<reportAnnotations><unheardOf/></reportAnnotations>"),
    "several ipCaptureEvent in a file": file_details(
        "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress></ipCaptureEvent>" * 2
    ),
    "potentialMeme twice": file_details("<potentialMeme>true</potentialMeme><fileAnnotations/>"),
}


@pytest.fixture(scope="module")
def oracle():
    if not ORACLE.exists():
        pytest.skip(f"the published schema is not beside this checkout ({ORACLE.name})")
    return Schema(ORACLE.read_bytes())


def read_strictly(data):
    return (strict if data.startswith(b"<report") else strict_file)(data)


@pytest.mark.parametrize("name", NEWER)
def test_newer_forms_are_valid_for_us_only(oracle, name):
    assert OURS.problems(NEWER[name]) == []
    assert read_strictly(NEWER[name]).problems == ()
    assert oracle.problems(NEWER[name])


@pytest.mark.parametrize("name", OLDER)
def test_older_forms_are_valid_for_both(oracle, name):
    assert OURS.problems(OLDER[name]) == []
    assert read_strictly(OLDER[name]).problems == ()
    assert oracle.problems(OLDER[name]) == []


@pytest.mark.parametrize("name", REFUSED)
def test_contradictions_are_refused_by_both(oracle, name):
    assert OURS.problems(REFUSED[name])
    assert read_strictly(REFUSED[name]).problems
    assert oracle.problems(REFUSED[name])


# Where libxml2 is stricter than XML Schema says; the real service, another validator, is not.
VALIDATOR_ONLY = {
    "1 for a fixed true": report(summary="<reportAnnotations><spam>1</spam></reportAnnotations>"),
    "white space around a time": report(time="\n 2026-01-02T03:04:05Z\n "),
}


@pytest.mark.parametrize("name", VALIDATOR_ONLY)
def test_the_reader_follows_xml_schema_where_the_validator_does_not(oracle, name):
    assert oracle.problems(VALIDATOR_ONLY[name])
    assert strict(VALIDATOR_ONLY[name]).problems == ()


# What the reader refuses in strict mode beyond any schema.
BEYOND = {
    "too_long": suspect(f"<screenName>{'x' * 257}</screenName>"),
    "out_of_range": suspect(
        "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><port>0</port></ipCaptureEvent>"
    ),
    "blank_escalation": report(summary="<escalateToHighPriority> </escalateToHighPriority>"),
    "future_incident": report(time="2027-01-01T00:00:00Z"),
    "url_with_space": report(
        before="<internetDetails><webPageIncident><url>http://a b</url></webPageIncident>"
        "</internetDetails>"
    ),
    "exif_without_file": file_details("<exifViewedByEsp>true</exifViewedByEsp>"),
    "supplemental_classified": file_details(
        "<fileRelevance>Supplemental Reported</fileRelevance>"
        "<industryClassification>A1</industryClassification>"
    ),
}


@pytest.mark.parametrize("code", BEYOND)
def test_rules_beyond_the_schema(oracle, code):
    assert OURS.problems(BEYOND[code]) == oracle.problems(BEYOND[code]) == []
    assert codes(read_strictly(BEYOND[code]).problems) == [code]


def test_the_words_of_our_schema_are_ours(oracle):
    del oracle  # present, or this test is skipped
    find = "{http://www.w3.org/2001/XMLSchema}documentation"

    def notes(data):
        return {" ".join((each.text or "").split()) for each in etree.fromstring(data).iter(find)}

    assert notes(schema_document()).isdisjoint(notes(ORACLE.read_bytes()))


def test_our_schema_is_always_the_same_bytes():
    first = schema_document()
    schema_document.cache_clear()
    assert schema_document() == first
    assert first.startswith(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<xs:schema')
    assert "targetNamespace" not in first.decode()
    for root in ("report", "fileDetails", "reportResponse", "reportDoneResponse"):
        assert f'<xs:element name="{root}">' in first.decode()


def test_documented_limits_are_said_and_not_enforced():
    assert b"At most 3000 characters." in schema_document()
    assert b"From 1 to 65535." in schema_document()
    assert b"maxLength" not in schema_document()
    assert lenient(BEYOND["too_long"]).accepted
