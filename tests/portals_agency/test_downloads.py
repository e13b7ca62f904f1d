"""Reports and cases as JSON: every key, on the ledger, one agency's own."""

from __future__ import annotations

import json

import pytest
from tests.cases.readers import comparison, spreadsheet
from tests.cases.shape import SHAPE, absent
from tests.portals_agency.conftest import referred
from tests.portals_agency.pages import page, text

from tipline.delivery.cases.models import Case
from tipline.ground.audit.models import LedgerEntry
from tipline.insight.annotation.services import set_labels
from tipline.pipeline import stages
from tipline.record.evidence.queries import files_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(world):
    files = [(b"abc", {"fileViewedByEsp": True}), (b"def", {})]
    made = referred(world, files=files)
    set_labels(world.actor("ana"), files_of(made.pk)[0], ["violence", "apparent_csam"])
    stages.run(made.pk)
    return made


def downloaded(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["Cache-Control"] == "no-store"
    return json.loads(answer.content)


def test_a_report_has_every_key_and_both_tools_read_it(ines, report):
    made = downloaded(ines, f"/agency/reports/{report.pk}/report.json")

    assert absent(made, SHAPE) == []
    assert spreadsheet(made)[:2] == (report.pk, "Harborline")
    assert comparison(made)["tags"] == {"picture-1.png": ["Apparent CSAM", "Violence"]}
    assert comparison(made)["ips"] == {"169.229.216.200"}


def test_our_own_part_says_why_and_what_is_open(ines, report):
    own = downloaded(ines, f"/agency/reports/{report.pk}/report.json")["tipline"]

    assert own["disposition"] == "referral"
    assert own["danger"]["band"] in {"urgent", "high", "medium", "low"}
    assert own["danger"]["reasons"]
    assert own["routing"]["reasons"][0]["code"] == "routing.person.suspect"
    assert [file["gate"]["open"] for file in own["files"]] == [True, False]
    assert own["files"][1]["gate"]["rule"] == "5"
    assert own["files"][1]["sha256"] == files_of(report.pk)[1].sha256
    assert {clock["kind"] for clock in own["clocks"]} >= {"report_content", "access_logs"}
    assert own["attributions"] == [{"text": "IP Geolocation by DB-IP", "url": "https://db-ip.com/"}]
    assert own["agencies"][0]["name"] == "California ICAC"


def test_the_words_do_not_change_with_the_readers_language(ines, report):
    path = f"/agency/reports/{report.pk}/report.json"
    english = downloaded(ines, path)
    other = json.loads(ines.get(path, headers={"Accept-Language": "es"}).content)

    assert other == english


def test_a_download_is_on_the_ledger_with_its_case(ines, report):
    downloaded(ines, f"/agency/reports/{report.pk}/report.json")
    ines.post(f"/agency/reports/{report.pk}/case/", {"token": "t", "title": "Kite case"})
    case = Case.objects.get()
    downloaded(ines, f"/agency/reports/{report.pk}/report.json")
    downloaded(ines, f"/agency/cases/{case.pk}/reports.json")

    rows = LedgerEntry.objects.filter(verb="report.downloaded").order_by("pk")
    assert [(row.subject, row.purpose) for row in rows] == [
        (f"report:{report.pk}", ""),
        (f"report:{report.pk}", f"case:{case.pk}"),
        (f"report:{report.pk}", f"case:{case.pk}"),
    ]


def test_a_case_downloads_as_one_list(world, ines, report):
    ines.post(f"/agency/reports/{report.pk}/case/", {"token": "t", "title": "Kite case"})
    case, second = Case.objects.get(), referred(world)
    ines.post(f"/agency/reports/{second.pk}/add/", {"case": case.pk})
    made = downloaded(ines, f"/agency/cases/{case.pk}/reports.json")

    assert [one["reportId"] for one in made] == [report.pk, second.pk]
    assert all(absent(one, SHAPE) == [] for one in made)


def test_cases_are_listed_with_their_reports_and_found_by_title(world, ines, tomas, report):
    ines.post(f"/agency/reports/{report.pk}/case/", {"token": "t", "title": "Kite case"})
    other = referred(world)
    ines.post(f"/agency/reports/{other.pk}/case/", {"token": "u", "title": "Other"})

    assert "2 cases" in text(ines, "/agency/cases/")
    assert "Kite case" not in text(ines, "/agency/cases/?q=other")
    assert "No case here" in text(ines, "/agency/cases/?q=nothing")
    assert "No case here" in text(tomas, "/agency/cases/")
    assert ines.get("/agency/cases/?q=" + "x" * 201).status_code == 422


def test_a_case_shows_answers_and_downloads(ines, report):
    ines.post(f"/agency/reports/{report.pk}/case/", {"token": "t", "title": "Kite case"})
    case = Case.objects.get()
    ines.post(f"/agency/reports/{report.pk}/answer/", {"token": "t", "status": "arrest"})
    source = page(ines, f"/agency/cases/{case.pk}/")

    assert "Arrest" in source
    assert f'href="/agency/reports/{report.pk}/report.json"' in source
    assert f'href="/agency/cases/{case.pk}/reports.json"' in source
