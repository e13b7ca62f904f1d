"""``TIPLINE_ESP_STRICT=1`` refuses what the schema refuses; without it the report is stored."""

from __future__ import annotations

import pytest
from tests.ispws.strict_client import ApiError, Ordered
from tests.ispws.transports import InProcess
from tests.ispws.wire import details, report, suspect

from tipline.record.reports.queries import warnings_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]

ODD_REPORTS = {
    "out_of_order": suspect("<screenName>b</screenName><espIdentifier>a</espIdentifier>"),
    "misspelled_value": report(kind="Online Enticement of Children for Sexual Act"),
    "unknown_element": suspect("<username>a</username>"),
    "too_long": suspect(f"<espIdentifier>{'x' * 256}</espIdentifier>"),
    "empty_details": report().replace(b"<reporter>", b"<internetDetails/><reporter>"),
    "several_kinds": report().replace(
        b"<reporter>",
        b"<internetDetails><emailIncident/><chatImIncident/></internetDetails><reporter>",
    ),
    "blank_escalation": report("<escalateToHighPriority/>"),
    "false_flag": report("<reportAnnotations><spam>false</spam></reportAnnotations>"),
}
VALID = {
    "small": report(),
    "flags": report("<reportAnnotations><spam/><sextortion>1</sextortion></reportAnnotations>"),
    "newer places": suspect('<associatedAccount accountType="Linked"/>'),
    "no zone": report(time="2026-02-03T04:05:06"),
    "blank text": suspect("<screenName/>"),
}
ODD_DETAILS = {
    "out_of_order": "<publiclyAvailable>1</publiclyAvailable><fileViewedByEsp>1</fileViewedByEsp>",
    "many_kept": "<ipCaptureEvent><ipAddress>192.0.2.7</ipAddress></ipCaptureEvent>" * 2,
    "exclusive": "<potentialMeme>true</potentialMeme><fileAnnotations><viral/></fileAnnotations>",
}


@pytest.fixture
def esp(world):
    return Ordered(InProcess())


@pytest.fixture
def strict(settings):
    settings.TIPLINE_ESP_STRICT = True


@pytest.mark.parametrize("name", ODD_REPORTS)
def test_lenient_stores_and_warns(esp, name):
    number = esp.submit(ODD_REPORTS[name]).report_id

    assert name in {warning["code"] for warning in warnings_of(number)}
    assert esp.finish(number).report_id == number


@pytest.mark.parametrize("name", ODD_REPORTS)
def test_strict_refuses_with_4100_and_says_where(esp, strict, name):
    with pytest.raises(ApiError) as refusal:
        esp.submit(ODD_REPORTS[name])

    assert refusal.value.code == 4100
    assert "Line 1: /report" in refusal.value.description


@pytest.mark.parametrize("name", VALID)
def test_strict_accepts_what_the_schema_accepts(esp, strict, name):
    assert esp.finish(esp.submit(VALID[name]).report_id).report_id


@pytest.mark.parametrize("name", ODD_DETAILS)
def test_strict_refuses_odd_file_details_and_lenient_keeps_them(esp, settings, name):
    number = esp.submit(report()).report_id
    xml = details(number, esp.upload(number, b"x").file_id, ODD_DETAILS[name])
    assert esp.fileinfo(xml).report_id == number
    settings.TIPLINE_ESP_STRICT = True

    with pytest.raises(ApiError) as refusal:
        esp.fileinfo(xml)
    assert (refusal.value.code, refusal.value.report_id) == (4100, number)
