"""Enzo checks a report before he sends it; nothing of it is kept."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.ispws.wire import report, suspect

from tipline.record.intake.models import RefusedCall, Submission
from tipline.record.reports.models import Report

pytestmark = pytest.mark.django_db
PLACED = (
    "<espIdentifier>u1</espIdentifier><ipCaptureEvent><ipAddress>169.229.216.200</ipAddress>"
    "</ipCaptureEvent>"
)


def chosen(content, name="report.xml"):
    return SimpleUploadedFile(name, content, "text/xml")


def sent(client, **fields):
    answer = client.post("/esp/check/", fields)
    return answer.status_code, answer.content.decode()


def test_pasted_or_chosen_it_says_the_same(enzo):
    for fields in ({"text": report().decode()}, {"report": chosen(report())}):
        status, html = sent(enzo, **fields)
        assert status == 200
        assert "This would be accepted." in html
        assert "By its own facts: informational" in html
        assert "Too little to find any location." in html
        assert "It would make this a referral." in html
        assert "Nothing is said about the child." in html


def test_what_was_pasted_stays_in_the_form(enzo):
    _status, html = sent(enzo, text=suspect(PLACED).decode())
    assert "By its own facts: a referral" in html
    assert "&lt;espIdentifier&gt;u1" in html


def test_errors_have_their_place(enzo):
    _status, html = sent(enzo, text=report(kind="No such type").decode())
    assert "This would be refused." in html
    assert "report, line 1, column" in html
    assert "incidentType does not take the value No such type." in html
    _status, html = sent(enzo, text="<report>&")
    assert "This cannot be read as a report." in html


def test_details_of_several_files_count(enzo):
    details = [chosen(b"<fileDetails><odd/></fileDetails>", f"{n}.xml") for n in (1, 2)]
    _status, html = sent(enzo, report=chosen(report()), details=details, count="5")
    assert "fileDetails[2], line 1" in html
    assert "A file is there." in html


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Paste the XML"),
        ({"text": "  \n"}, "Paste the XML"),
        ({"text": "<report/>", "count": "-1"}, "greater than or equal to 0"),
        ({"text": "<report/>", "count": "x"}, "whole number"),
    ],
)
def test_a_form_that_says_nothing_is_answered(enzo, fields, said):
    status, html = sent(enzo, **fields)
    assert status == 422
    assert said in html


def test_what_the_text_says_stays_text(enzo):
    words = "meet you &lt;script&gt;alert(1)&lt;/script&gt; on Friday at 5"
    body = report(after=f"<additionalInfo>{words}</additionalInfo>")
    _status, html = sent(enzo, text=body.decode())
    assert "The text speaks of a meeting" in html
    assert "<script>alert" not in html


def test_nothing_is_kept(enzo):
    sent(enzo, text=report().decode())
    sent(enzo, text="<report>&")
    sent(enzo)
    assert not Report.objects.exists()
    assert not Submission.objects.exists()
    assert not RefusedCall.objects.exists()
