"""The tolerant reader: what it refuses, what it keeps with a warning, and that nothing is lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reports.samples import (
    NOW,
    TYPE,
    codes,
    file_details,
    lenient,
    lenient_file,
    report,
    strict,
    strict_file,
    suspect,
)

from tipline.record.reports.reading import Code, read_file_details, read_report
from tipline.record.reports.reading_findings import MOST_OF_A_KIND
from tipline.record.reports.reading_problems import POLICIES, Effect


def test_a_plain_report_has_neither_problems_nor_warnings():
    reading = lenient(report())
    assert (reading.problems, reading.warnings, reading.response_code) == ((), (), 0)
    assert reading.document == {
        "incidentSummary": {"incidentType": TYPE, "incidentDateTime": "2026-01-02T03:04:05Z"},
        "reporter": {"reportingPerson": {"email": [{"value": "desk@esp.example"}]}},
    }


# --- refused in both modes -----------------------------------------------------------------

REFUSED = {
    "malformed: bare ampersand": (b"<report>\n<a>x?b=1&c=2</a></report>", "malformed_xml", 2, 4110),
    "malformed: cut off": (report()[:-5], "malformed_xml", 1, 4110),
    "document type": (b"<!DOCTYPE report>" + report(), "forbidden_xml", None, 4110),
    "another root": (b"<reports/>", "wrong_root", 1, 4100),
    "default namespace": (report(root=' xmlns="urn:x"'), "wrong_root", 1, 4100),
    "no incident type": (
        report().replace(f"<incidentType>{TYPE}</incidentType>".encode(), b""),
        "missing_element",
        1,
        4100,
    ),
    "unknown incident type": (report(kind="Sextortion"), "unknown_value", 1, 4100),
    "blank incident type": (report(kind=""), "unknown_value", 1, 4100),
    "incident type in lower case": (report(kind=TYPE.lower()), "unknown_value", 1, 4100),
    "no incident time": (
        report().replace(b"<incidentDateTime>2026-01-02T03:04:05Z</incidentDateTime>", b""),
        "missing_element",
        1,
        4100,
    ),
    "blank incident time": (report(time=""), "bad_required_value", 1, 4100),
    "incident time without a clock": (report(time="2026-01-02"), "bad_required_value", 1, 4100),
    "impossible incident time": (
        report(time="2026-02-30T00:00:00Z"),
        "bad_required_value",
        1,
        4100,
    ),
    "incident in the future": (report(time="2026-11-23T12:10:01Z"), "future_incident", 1, 4100),
    "incident in the far future": (
        report(time="20260-01-01T00:00:00Z"),
        "future_incident",
        1,
        4100,
    ),
    "no reporter": (
        b"<report><incidentSummary><incidentType>%s</incidentType><incidentDateTime>"
        b"2026-01-02T03:04:05Z</incidentDateTime></incidentSummary></report>" % TYPE.encode(),
        "missing_element",
        1,
        4100,
    ),
    "unknown event": (
        suspect(
            "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><eventName>Logout</eventName>"
            "</ipCaptureEvent>"
        ),
        "unknown_value",
        1,
        4100,
    ),
    "unknown country": (
        suspect("<estimatedLocation><countryCode>us</countryCode></estimatedLocation>"),
        "unknown_value",
        1,
        4100,
    ),
    "unknown kind of email": (
        report(person='<email type="Old">a@b.example</email>'),
        "unknown_value",
        1,
        4100,
    ),
    "IP capture without address": (
        suspect("<ipCaptureEvent><port>80</port></ipCaptureEvent>"),
        "missing_element",
        1,
        4100,
    ),
    "device without value": (
        suspect("<deviceId><idType>IMEI</idType></deviceId>"),
        "missing_element",
        1,
        4100,
    ),
    "account of no kind": (
        suspect("<associatedAccount><screenName>a</screenName></associatedAccount>"),
        "missing_attribute",
        1,
        4100,
    ),
    "batch without a reason": (
        report().replace(b"<report>", b"<report><batchedReport/>"),
        "missing_attribute",
        1,
        4100,
    ),
    "victim without person": (
        report(after="<victim><screenName>a</screenName></victim>"),
        "missing_element",
        1,
        4100,
    ),
    "police without agency": (
        report(before="<lawEnforcement><caseNumber>1</caseNumber></lawEnforcement>"),
        "missing_element",
        1,
        4100,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("read", [lenient, strict])
def test_refused_in_both_modes(name, read):
    data, code, line, response = REFUSED[name]
    reading = read(data)
    assert codes(reading.problems) == [code]
    assert (reading.problems[0].line, reading.response_code) == (line, response)
    assert reading.problems[0].message
    assert reading.problems[0].fix
    assert not reading.accepted


FILES_REFUSED = {
    "no report number": (file_details("", report_id="x"), "bad_required_value"),
    "blank report number": (file_details("", report_id=" "), "bad_required_value"),
    "number too large": (file_details("", report_id="9223372036854775808"), "bad_required_value"),
    "blank file id": (file_details("", file_id="  "), "blank_identifier"),
    "digest without algorithm": (
        file_details("<originalFileHash>abc</originalFileHash>"),
        "missing_attribute",
    ),
    "unknown classification": (
        file_details("<industryClassification>C1</industryClassification>"),
        "unknown_value",
    ),
    "metadata without pairs": (file_details('<details type="EXIF"/>'), "missing_element"),
    "EXIF viewed, file not": (
        file_details(
            "<fileViewedByEsp>false</fileViewedByEsp><exifViewedByEsp>1</exifViewedByEsp>"
        ),
        "exif_without_file",
    ),
    "supplemental and classified": (
        file_details(
            "<fileRelevance>Supplemental Reported</fileRelevance>"
            "<industryClassification>B2</industryClassification>"
        ),
        "supplemental_classified",
    ),
    "supplemental meme": (
        file_details(
            "<fileRelevance>Supplemental Reported</fileRelevance>"
            "<fileAnnotations><potentialMeme/></fileAnnotations>"
        ),
        "supplemental_classified",
    ),
    "supplemental bare meme": (
        file_details(
            "<fileRelevance>Supplemental Reported</fileRelevance><potentialMeme>1</potentialMeme>"
        ),
        "supplemental_classified",
    ),
}


@pytest.mark.parametrize("name", FILES_REFUSED)
@pytest.mark.parametrize("read", [lenient_file, strict_file])
def test_files_refused_in_both_modes(name, read):
    data, code = FILES_REFUSED[name]
    assert codes(read(data).problems) == [code]
    assert read(data).response_code == 4100


# --- kept with a warning, refused when strict ----------------------------------------------

MEME = "<reportAnnotations>{}</reportAnnotations>"
IP = "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress>{}</ipCaptureEvent>"

KEPT = {
    "misspelled_value": report(kind="Online Enticement of Children for Sexual Act"),
    "padded_value": report(kind=f"\n  {TYPE}\n "),
    "odd_time_form": report(time="2026-01-02 03:04:05Z"),
    "bad_value": report(person="<email>a@b.example</email><age>fifteen</age>"),
    "out_of_range": report(person="<email>a@b.example</email><age>151</age>"),
    "bad_form": report(
        person='<phone countryCallingCode="1">5550100</phone><email>a@b.example</email>'
    ),
    "too_long": report(summary=f"<platform>{'x' * 257}</platform>"),
    "out_of_order": suspect("<screenName>a</screenName><espService>s</espService>"),
    "repeated": suspect("<screenName>a</screenName><screenName>b</screenName>"),
    "unknown_element": suspect("<username>a</username>"),
    "unknown_flag": report(summary=MEME.format("<unheardOf/>")),
    "unknown_attribute": suspect('<screenName kind="new">a</screenName>'),
    "stray_text": suspect("words<screenName>a</screenName>"),
    "false_flag": report(summary=MEME.format("<spam>false</spam>")),
    "blank_value": suspect("<compromisedAccount/>"),
    "blank_block": suspect("<screenName>a</screenName><ipCaptureEvent/>"),
    "empty_details": report(before="<internetDetails/>"),
    "several_kinds": report(
        before="<internetDetails><emailIncident/><chatImIncident/></internetDetails>"
    ),
    "blank_escalation": report(summary="<escalateToHighPriority>\n</escalateToHighPriority>"),
    "url_with_space": report(
        before="<internetDetails><webPageIncident><url>http://a.example/ b</url>"
        "</webPageIncident></internetDetails>"
    ),
}


@pytest.mark.parametrize("code", KEPT)
def test_kept_with_a_warning_unless_strict(code):
    assert codes(lenient(KEPT[code]).warnings) == [code]
    assert lenient(KEPT[code]).problems == ()
    assert codes(strict(KEPT[code]).problems) == [code]
    assert strict(KEPT[code]).response_code == 4100


FILES_KEPT = {
    "many_kept": file_details(IP.format("") * 2),
    "exclusive": file_details("<potentialMeme>1</potentialMeme><fileAnnotations/>"),
}


@pytest.mark.parametrize("code", FILES_KEPT)
def test_in_files_kept_with_a_warning_unless_strict(code):
    assert codes(lenient_file(FILES_KEPT[code]).warnings) == [code]
    assert codes(strict_file(FILES_KEPT[code]).problems) == [code]


# --- said in both modes, refused in none ---------------------------------------------------

WARNED = {
    "time_without_zone": report(time="2026-01-02T03:04:05"),
    "reporter_without_email": report(person=""),
    "several_reported": report(
        after="<personOrUserReported><screenName>a</screenName></personOrUserReported>" * 2
    ),
    "country_without_process": report(
        before='<lawEnforcement fleaCountry="DE"><agencyName>A</agencyName></lawEnforcement>'
    ),
    "other_place": suspect('<associatedAccount accountType="Linked"/>'),
    "two_places": suspect(
        '<associatedAccount type="Linked" thirdPartyUser="true">'
        '<platform thirdPartyUser="false">p</platform></associatedAccount>'
    ),
    "blank_required": suspect("<ipCaptureEvent><ipAddress/><port>80</port></ipCaptureEvent>"),
    "blank_kept": report(person='<email>a@b.example</email><email verified="true"/>'),
}


@pytest.mark.parametrize("code", WARNED)
@pytest.mark.parametrize("read", [lenient, strict])
def test_warned_of_in_both_modes(code, read):
    reading = read(WARNED[code])
    assert (codes(reading.warnings), reading.problems) == ([code], ())


def test_an_upload_in_the_future_is_warned_of():
    data = file_details("<uploadedToEspTimestamp>2027-01-01T00:00:00Z</uploadedToEspTimestamp>")
    for read in (lenient_file, strict_file):
        assert codes(read(data).warnings) == ["future_upload"]
        assert read(data).accepted


def test_every_code_has_a_test_and_a_policy():
    tested = {code for _, code, *_ in REFUSED.values()} | {
        code for _, code in FILES_REFUSED.values()
    }
    tested |= KEPT.keys() | FILES_KEPT.keys() | WARNED.keys() | {"future_upload"}
    assert tested == {code.value for code in Code}
    assert POLICIES.keys() == set(Code)
    for code in KEPT | FILES_KEPT:
        assert (POLICIES[Code(code)].lenient, POLICIES[Code(code)].strict) == (
            Effect.WARN,
            Effect.REFUSE,
        )


# --- shape of findings ---------------------------------------------------------------------


def test_findings_say_where_and_how_to_mend_it():
    data = b"<report>\n" + report(kind="Nonsense")[len("<report>") :]
    found = lenient(data).problems[0]
    assert found.path == "/report/incidentSummary/incidentType"
    assert found.line == 2
    assert "Nonsense" in found.message
    assert "Child Sex Tourism" in found.fix


def test_findings_of_one_kind_are_counted_beyond_a_few():
    reading = lenient(suspect("<unheardOf/>" * 1000))
    assert len(reading.warnings) == MOST_OF_A_KIND + 1
    assert reading.warnings[-1].message == f"{1000 - MOST_OF_A_KIND} more of this kind."
    assert len(reading.document["unrecognised"]) == 1000


def test_messages_do_not_grow_with_their_input():
    reading = lenient(report(kind="x" * 100_000))
    assert len(reading.problems[0].message) < 300


def test_words_in_braces_are_only_words():
    reading = lenient(report(kind="{value} {0} {name.__class__}"))
    assert "{value} {0} {name.__class__}" in reading.problems[0].message


def test_a_refused_document_is_still_given():
    reading = lenient(report(kind="Nonsense"))
    assert reading.document["reporter"]["reportingPerson"]["email"]
    assert lenient(b"<report>").document == {}


# --- properties ----------------------------------------------------------------------------


@given(st.binary(max_size=100))
def test_any_bytes_give_an_answer(data):
    for read in (read_report, read_file_details):
        reading = read(data, strict=False, now=NOW)
        assert reading.response_code == 4110


words = st.sampled_from(
    ["report", "incidentSummary", "incidentType", "reporter", "reportingPerson", "email", "person",
     "internetDetails", "emailIncident", "reportAnnotations", "spam", "victim", "ipCaptureEvent"]
)  # fmt: skip
attributes = st.sampled_from(["", 'type="Home"', 'x="1"'])
soup = st.recursive(
    st.sampled_from(["", "x", "true", "2026-01-02T03:04:05Z", "1"]),
    lambda inner: st.builds(
        lambda parts: "".join(f"<{tag} {attr}>{text}</{tag}>" for tag, attr, text in parts),
        st.lists(
            st.tuples(words, st.sampled_from(["", 'type="Home"', 'x="1"']), inner), max_size=4
        ),
    ),
    max_leaves=10,
)


@given(soup)
def test_any_elements_give_a_document_of_plain_values(inner):
    data = f"<report>{inner}</report>".encode()
    mild, hard = lenient(data), strict(data)
    assert json.loads(json.dumps(mild.document)) == mild.document == hard.document
    assert set(codes(mild.problems)) <= set(codes(hard.problems))
    findings = len(mild.problems) + len(mild.warnings)
    assert findings == len(hard.problems) + len(hard.warnings)
