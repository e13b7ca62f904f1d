"""Recording a warrant, consent or exigency, and what the gate makes of it."""

from __future__ import annotations

import pytest
from tests.portals_desk.conftest import UNSEEN, picture

from tipline.record.evidence.queries import files_of, openings_of

pytestmark = pytest.mark.django_db


def said(file, **other):
    return {
        "kind": "warrant",
        "state": "granted",
        "reference": "26-SW-0042",
        "issuer": "District Court of Sampletown",
        "approved_by": "",
        "valid_from": "2026-01-02T08:00",
        "valid_until": "",
        "named": [file.file_id],
        **other,
    }


@pytest.fixture
def sofia(signed_in):
    return signed_in("sofia")


@pytest.fixture
def address(report):
    return f"/desk/reports/{report.pk}/opening/"


def test_a_warrant_opens_the_files_that_it_names_and_no_other(sofia, filed, address, files):
    (other,) = files_of(filed(files=[(picture(7), UNSEEN)]).pk)

    answer = sofia.post(address, said(files.unseen))
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/desk/reports/{files.unseen.report_id}/#openings",
    )

    html = sofia.get(f"/desk/reports/{files.unseen.report_id}/").content.decode()
    assert "26-SW-0042 of District Court of Sampletown" in html
    assert "A granted warrant of your organisation names this file." in html
    asked = {"reason": "The warrant names it."}
    number = files.unseen.report_id
    opened = sofia.post(f"/desk/reports/{number}/files/{files.unseen.file_id}/preview", asked)
    closed = sofia.post(f"/desk/reports/{other.report_id}/files/{other.file_id}/preview", asked)
    assert (opened.status_code, closed.status_code) == (303, 403)


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost(sofia, address, files):
    wrong = {
        "Consent and exigency need an end.": {"kind": "consent"},
        "Name the supervisor who approved it.": {
            "kind": "exigency",
            "valid_until": "2027-01-01T00:00",
        },
        "The end must be after the start.": {"valid_until": "2025-01-01T00:00"},
        "This field is required.": {"reference": ""},
        "Select a valid choice.": {"named": ["0" * 32]},
        "Enter a valid date/time.": {"valid_from": "soon"},
    }
    for sentence, change in wrong.items():
        answer = sofia.post(address, said(files.unseen, **change))
        html = answer.content.decode()

        assert answer.status_code == 422, sentence
        assert sentence in html
        assert "District Court of Sampletown" in html
    assert openings_of([files.unseen]) == []


def test_it_is_the_supervisors_to_record(ana, sofia, address, report, files):
    assert ana.get(address).status_code == 404
    assert ana.post(address, said(files.unseen)).status_code == 404
    assert address not in ana.get(f"/desk/reports/{report.pk}/").content.decode()
    assert address in sofia.get(f"/desk/reports/{report.pk}/").content.decode()
    assert openings_of([files.unseen]) == []


def test_a_report_without_files_has_nothing_to_open(sofia, filed):
    html = sofia.get(f"/desk/reports/{filed().pk}/opening/").content.decode()

    assert "No files" in html
    assert '<form method="post" novalidate>' not in html
