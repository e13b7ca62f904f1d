"""Notes and hand-overs, made on the page of a report."""

from __future__ import annotations

import pytest
from tests.portals_desk.test_report import page_of, part

from tipline.delivery.routing.queries import referrals_of
from tipline.ground.accounts.queries import agencies
from tipline.record.reports.queries import notes_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_a_note_is_added_with_its_author(ana, report):
    answer = ana.post(f"/desk/reports/{report.pk}/notes", {"text": "Called the ESP.\nNo answer."})
    assert answer.status_code == 303
    assert answer["Location"].endswith(f"/desk/reports/{report.pk}/#notes")

    section = part(page_of(ana, report.pk), "section-c", "section-d")
    assert "Called the ESP.<br>No answer." in section
    assert "Said by an analyst" in section


def test_a_note_by_htmx_answers_the_notes(ana, report):
    answer = ana.post(f"/desk/reports/{report.pk}/notes", {"text": "Seen."}, headers=HTMX)
    html = answer.content.decode()

    assert answer.status_code == 200
    assert html.lstrip().startswith('<div id="notes">')
    assert "Seen." in html
    assert "Note added." in html


def test_a_wrong_note_loses_nothing(ana, report):
    long = "x" * 10_001
    plain = ana.post(f"/desk/reports/{report.pk}/notes", {"text": long})
    part_only = ana.post(f"/desk/reports/{report.pk}/notes", {"text": " "}, headers=HTMX)

    assert plain.status_code == part_only.status_code == 422
    assert long in plain.content.decode()
    assert "There is a problem" in part_only.content.decode()
    assert "<html" not in part_only.content.decode()
    assert notes_of(report.pk) == []


def agency_id(name):
    return next(row.pk for row, _facts in agencies() if row.name == name)


def test_one_more_agency_gets_the_report(ana, report):
    said = {"agency": agency_id("Texas ICAC"), "why": "The victim lives in Texas."}
    answer = ana.post(f"/desk/reports/{report.pk}/referrals", said)
    assert answer["Location"].endswith("#referrals")

    html = page_of(ana, report.pk)
    section = part(html, "section-d", "files")
    assert [row.agency.name for row in referrals_of(report.pk)] == ["California ICAC", "Texas ICAC"]
    assert "The victim lives in Texas." in section
    assert ">Texas ICAC</option>" not in section
    assert ">Federal queue</option>" in section


@pytest.mark.parametrize(
    "said",
    [
        {"agency": "", "why": "Because."},
        {"agency": "99999", "why": "Because."},
        {"agency": "Texas ICAC", "why": ""},
        {"agency": "California ICAC", "why": "It has it already."},
        {"agency": "Harborline", "why": "An ESP is no agency."},
    ],
)
def test_a_wrong_referral_is_refused_with_the_form(ana, world, report, said):
    organisation = world.organisations.get(said["agency"])
    data = {**said, "agency": organisation.pk if organisation else said["agency"]}

    answer = ana.post(f"/desk/reports/{report.pk}/referrals", data, headers=HTMX)

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert said["why"] in answer.content.decode()
    assert len(referrals_of(report.pk)) == 1
