"""What an ESP sees of its own reports, and what it never sees."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.personas import DOCUMENT, file_report
from tests.portals_esp.conftest import signed_in

from tipline.delivery.cases.services import answer
from tipline.delivery.routing.queries import referral_for
from tipline.insight.annotation.services import set_labels
from tipline.pipeline import stages
from tipline.record.evidence.queries import files_of
from tipline.record.intake import services as intake
from tipline.record.intake.services import Arrival
from tipline.record.reports.doors import Door
from tipline.record.reports.facts import Missing
from tipline.record.reports.words import LACKS, lack

pytestmark = pytest.mark.django_db
POOR = {
    "incidentSummary": {
        "incidentType": "Child Pornography (possession, manufacture, and distribution)",
        "incidentDateTime": "2026-11-20T10:00:00",
    },
    "reporter": {"reportingPerson": {}},
    "personOrUserReported": [
        {"espIdentifier": "u", "ipCaptureEvent": [{"ipAddress": "169.229.216.200"}]}
    ],
}


def html(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def text(client, path):
    """The page's own words: without the frame's key dialog, tags and addresses."""
    page = html(client, path)
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def handled(world, **more):
    """A report that everybody has worked on: labelled, routed, answered."""
    report = file_report(world, files=[(b"one", {"fileViewedByEsp": True})], **more)
    stages.run(report.pk)
    file = files_of(report.pk)[0]
    set_labels(world.actor("ana"), file, ["apparent_csam", "violence"])
    stages.run(report.pk)
    return report


def test_the_list_has_own_reports_only(world, enzo, qadir):
    mine = file_report(world, files=[(b"one", {})])
    theirs = file_report(world, esp="quillnet")

    assert str(mine.pk) in text(enzo, "/esp/")
    assert str(theirs.pk) not in text(enzo, "/esp/")
    assert str(mine.pk) not in text(qadir, "/esp/")
    assert qadir.get(f"/esp/reports/{mine.pk}/").status_code == 404
    assert enzo.get("/esp/reports/99999999999999999999999/").status_code == 404


def test_the_list_filters_counts_and_turns_pages(world, enzo):
    numbers = [file_report(world).pk for _ in range(51)]
    opened = file_report(world, finished=False).pk

    assert "52 reports" in text(enzo, "/esp/")
    assert str(numbers[0]) not in text(enzo, "/esp/")
    assert str(numbers[0]) in text(enzo, "/esp/?page=2")
    assert "1 report " in text(enzo, "/esp/?state=open")
    assert str(opened) in text(enzo, "/esp/?state=open")
    assert "1 report " in text(enzo, f"/esp/?q={numbers[3]}")
    assert "No report here" in text(enzo, "/esp/?q=1")
    assert enzo.get("/esp/?q=x").status_code == 422
    assert enzo.get("/esp/?state=elsewhere").status_code == 422


def test_queries_do_not_grow_with_reports(world, enzo):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            html(enzo, "/esp/")
        return len(caught)

    file_report(world, files=[(b"one", {})])
    few = queries()
    for _ in range(8):
        file_report(world, files=[(b"one", {}), (b"two", {})])

    assert queries() == few


def test_queries_of_a_report_do_not_grow_with_its_files(world, enzo):
    def queries(report):
        with CaptureQueriesContext(connection) as caught:
            html(enzo, f"/esp/reports/{report.pk}/")
        return len(caught)

    one = file_report(world, files=[(b"one", {"fileViewedByEsp": True})])
    many = file_report(world, files=[(b"%d" % n, {"fileViewedByEsp": True}) for n in range(9)])

    assert queries(many) == queries(one)


def test_the_csv_has_the_same_rows_and_runs_nothing(world, enzo, qadir):
    report = file_report(world, files=[(b"one", {})])
    lines = enzo.get("/esp/reports.csv").content.decode().splitlines()

    assert lines[0].startswith("report,state,by,")
    assert lines[1].startswith(f"{report.pk},filed,API,")
    assert len(lines) == 2
    assert len(qadir.get("/esp/reports.csv").content.decode().splitlines()) == 1
    assert len(enzo.get("/esp/reports.csv?state=open").content.decode().splitlines()) == 1


def test_a_report_shows_what_was_sent_and_its_digests(world, enzo):
    said = {"fileViewedByEsp": True, "originalFileName": "=holiday.png"}
    report = file_report(world, files=[(b"abc", said)])
    page = text(enzo, f"/esp/reports/{report.pk}/")

    for words in ("blue.kite", "subject@example.org", "169.229.216.200", "=holiday.png"):
        assert words in page
    assert "900150983cd24fb0d6963f7d28e17f72" in page  # MD5 of abc
    assert "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" in page
    assert "profile version 1" in page
    assert "Filed" in page


def test_a_report_says_what_was_missing_and_how_to_mend_it(world, enzo):
    report = file_report(world, document=POOR, files=[(b"abc", {})])
    page = text(enzo, f"/esp/reports/{report.pk}/")

    for code in (Missing.IP_TIME, Missing.IP_PORT, Missing.INCIDENT_ZONE, Missing.REPORTER_EMAIL):
        assert str(lack(code).words) in page
        assert str(lack(code).fix) in page
    assert str(LACKS[Missing.SUSPECT].words) not in page


def test_every_lack_has_words():
    assert set(LACKS) == set(Missing)


def test_warnings_of_the_reader_are_shown_with_their_fix(world, enzo):
    warning = {
        "code": "time_without_zone",
        "path": "/report/incidentSummary/incidentDateTime",
        "line": 4,
        "message": "incidentDateTime has no time zone.",
        "fix": "Add Z for UTC.",
    }
    actor, sender = world.machine("harborline"), world.organisations["Harborline"]
    arrival = Arrival(Door.ISPWS, b"<report/>", sender)
    number = intake.submit(actor, arrival, DOCUMENT, [warning]).number
    page = text(enzo, f"/esp/reports/{number}/")

    assert "incidentDateTime has no time zone." in page
    assert "Add Z for UTC." in page


def test_what_was_refused_is_shown_with_code_line_and_fix(world, enzo, qadir):
    problem = {
        "code": "missing_element",
        "path": "/report/incidentSummary",
        "line": 3,
        "message": "incidentType is missing.",
        "fix": "Add incidentType.",
    }
    sender = world.organisations["Harborline"]
    intake.refuse_submission(Arrival(Door.ISPWS, b"<report>", sender), "4100", [problem])
    intake.refuse_call(Door.ISPWS, sender, "upload", ("5102", "7"), [])

    page = text(enzo, "/esp/refused/")
    for words in ("4100", "Line 3:", "incidentType is missing.", "Add incidentType.", "5102"):
        assert words in page
    assert "1 submission opened no report" in text(enzo, "/esp/")
    assert "1 call changed nothing" in text(enzo, "/esp/")
    assert "4100" not in text(qadir, "/esp/refused/")


def test_outcomes_are_told_in_sum_and_per_report_only_where_released(world, enzo):
    kept, released = handled(world), handled(world)
    ines = world.actor("ines")
    closed = {"status": "closed", "closing_reason": "no_crime", "useful": "yes"}
    answer(ines, referral_for(ines, kept.pk), {"status": "arrest"})
    answer(ines, referral_for(ines, released.pk), closed, release=True)

    listed = html(enzo, "/esp/")
    row = listed[listed.index(f'id="report-{released.pk}"') :]
    assert "Closed" in row[: row.index("</tr>")]
    row = listed[listed.index(f'id="report-{kept.pk}"') :]
    assert "Arrest" not in row[: row.index("</tr>")]
    assert "Arrest" in text(enzo, "/esp/")  # in the sum
    assert "Arrest" not in text(enzo, f"/esp/reports/{kept.pk}/")
    assert "No crime committed" in text(enzo, f"/esp/reports/{released.pk}/")


@pytest.mark.parametrize("path", ["/esp/", "/esp/reports/{}/", "/esp/refused/", "/esp/profile/"])
def test_no_page_tells_what_was_made_of_a_report(world, enzo, path):
    first = handled(world)
    second = handled(
        world,
        document={
            **DOCUMENT,
            "incidentSummary": {**DOCUMENT["incidentSummary"], "escalateToHighPriority": "now"},
        },
    )
    ines = world.actor("ines")
    answer(ines, referral_for(ines, second.pk), {"status": "ongoing"}, release=True)
    page = text(enzo, path.format(second.pk))

    never = [
        "danger", "urgent", "◆", "▲", "●", "○", "band", "Apparent CSAM", "Violence",
        "California ICAC", "Texas ICAC", "Federal queue", "referral", "informational",
        "Seen", "known", "linked", "score", "actionab", "gate", "analyst", "router",
    ]  # fmt: skip
    said = page.casefold()
    assert [word for word in never if word.casefold() in said] == []
    if path != "/esp/":
        assert str(first.pk) not in page


def test_the_profile_is_read_only_and_has_its_version(world, enzo, qadir):
    page = text(enzo, "/esp/profile/")

    assert "Version 1" in page
    assert "viewed this very upload" in page
    assert "90 days" in page
    assert "1 Harbor Way" in page
    main = html(enzo, "/esp/profile/").split("<main")[1].split("</main>")[0]
    assert "<form" not in main
    assert "Nothing is on record" in text(qadir, "/esp/profile/")


def test_a_suspended_engineer_finds_nothing(world):
    client = signed_in(world, "enzo")
    world.people["enzo"].is_active = False
    world.people["enzo"].save()

    assert client.get("/esp/").status_code in {302, 404}
