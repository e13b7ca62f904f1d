"""Documents become XML and come back; answers are the bytes that every known client parses."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reports.generated import Maker
from tests.reports.samples import FILE_ID, lenient, lenient_file, report

from tipline.ground.foundation.xml import Schema, read, to_bytes
from tipline.record.reports.reading import read_file_details, read_report
from tipline.record.reports.schema import FILE_DETAILS, REPORT
from tipline.record.reports.writing import (
    file_details_xml,
    report_done_response,
    report_response,
    report_xml,
)
from tipline.record.reports.xsd import schema_document

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OURS = Schema(schema_document())
CASES = {
    "report": (REPORT, read_report, report_xml),
    "fileDetails": (FILE_DETAILS, read_file_details, file_details_xml),
}


@given(st.sampled_from(sorted(CASES)), st.integers(0, 2**32), st.sampled_from([0, 0.3, 0.8]))
def test_a_document_survives_the_way_to_xml_and_back(root, seed, fill):
    row, read_it, write = CASES[root]
    made = to_bytes(Maker(Random(seed), fill=fill, newer=True).node(row))
    document = read_it(made, strict=False, now=NOW).document
    document.pop("unrecognised", None)
    written = write(json.loads(json.dumps(document)))
    again = read_it(written, strict=False, now=NOW)
    assert again.document == document
    assert OURS.problems(written) == []
    assert write(again.document) == written


def test_the_schemas_order_is_kept_whatever_the_documents():
    document = {
        "reporter": {"reportingPerson": {"email": [{"verified": True, "value": "a@b.example"}]}},
        "incidentSummary": {
            "incidentDateTime": "2026-01-02T03:04:05Z",
            "reportAnnotations": {"spam": True, "sextortion": False, "unheardOf": True},
            "incidentType": "Child Sex Tourism",
        },
    }
    assert report_xml(document) == (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><report><incidentSummary>'
        b"<incidentType>Child Sex Tourism</incidentType><reportAnnotations><spam/><unheardOf/>"
        b"</reportAnnotations><incidentDateTime>2026-01-02T03:04:05Z</incidentDateTime>"
        b'</incidentSummary><reporter><reportingPerson><email verified="true">a@b.example</email>'
        b"</reportingPerson></reporter></report>"
    )


def test_what_no_schema_knows_is_kept_beside_and_not_written():
    document = lenient(report(after="<unheardOf/>")).document
    assert document["unrecognised"]
    assert b"unheardOf" not in report_xml(document)


def test_several_addresses_of_one_file_are_written():
    events = [{"ipAddress": "192.0.2.1"}, {"ipAddress": "192.0.2.2"}]
    document = {"reportId": 7, "fileId": FILE_ID, "ipCaptureEvent": events}
    assert lenient_file(file_details_xml(document)).document == document


@pytest.mark.parametrize(
    "document",
    [
        {"unheardOf": 1},
        {"incidentSummary": {"unheardOf": "x"}},
        {"reporter": {"reportingPerson": {"email": [{"value": "x", "unheardOf": "y"}]}}},
    ],
)
def test_a_key_without_a_place_is_an_error(document):
    with pytest.raises(ValueError, match="no place for unheardOf"):
        report_xml(document)


# --- answers: clients read them strictly in order ------------------------------------------

HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def test_the_answer_to_an_upload():
    assert report_response(0, "Success", report_id=7, file_id="ab", digest="cd") == (
        HEAD + b"<reportResponse><responseCode>0</responseCode>"
        b"<responseDescription>Success</responseDescription><reportId>7</reportId>"
        b"<fileId>ab</fileId><hash>cd</hash></reportResponse>"
    )


def test_the_answer_to_a_status_request_has_no_report():
    assert b"reportId" not in report_response(0, "Success")


def test_an_error_has_a_report_number_and_words():
    data = report_response(4110, "", report_id=0)
    assert b"<reportId>0</reportId>" in data
    assert read(data).children[1].text.strip()


def test_the_answer_to_finish():
    assert report_done_response(0, report_id=7, file_ids=["ab", "cd"]) == (
        HEAD + b"<reportDoneResponse><responseCode>0</responseCode><reportId>7</reportId>"
        b"<files><fileId>ab</fileId><fileId>cd</fileId></files></reportDoneResponse>"
    )
    assert b"<files/>" in report_done_response(0, report_id=7)


def test_words_come_last_when_finish_fails():
    root = read(report_done_response(5101, description="a < b"))
    tags = [child.tag for child in root.children]
    assert tags == ["responseCode", "reportId", "files", "responseDescription"]
    assert [child.text for child in root.children] == ["5101", "0", "", "a < b"]


@given(st.integers(0, 9999), st.text(max_size=30), st.integers(0, 2**53))
def test_answers_are_valid_against_our_schema(code, words, number):
    assert OURS.problems(report_response(code, words, report_id=number, file_id="ab")) == []
    assert OURS.problems(report_done_response(code, report_id=number, file_ids=["ab"])) == []
