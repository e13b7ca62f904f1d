"""Writing the summary on a report's page: history, conflicts, undo, and where it is shown."""

from __future__ import annotations

import csv
import io
import re

import pytest
from tests.portals_desk.test_queue import page_of

from tipline.insight.triage import summaries
from tipline.insight.triage.models import SummaryText

pytestmark = pytest.mark.django_db
WORDS = "Two pictures, sent by one account; nothing seen before."


@pytest.fixture
def page(ana, report):
    def read() -> str:
        return ana.get(f"/desk/reports/{report.pk}/").content.decode()

    return read


def seen(html: str) -> str:
    return re.search(r'name="seen" value="(\d+)"', html)[1]


def test_it_stands_on_the_page_the_row_the_pane_and_the_csv_as_an_analysts(ana, report, page):
    draft = re.search(r'class="summary-words">([^<]+)<', page())[1]
    answer = ana.post(
        f"/desk/reports/{report.pk}/summary", {"summary": WORDS, "seen": seen(page())}
    )
    assert (answer.status_code, answer["Location"]) == (303, f"/desk/reports/{report.pk}/#summary")
    html = page()
    head = html[html.index('id="summary"') : html.index("Write the summary")]
    assert WORDS in head
    assert "tag-analyst" in head
    assert draft in head  # the draft stays in sight
    row = page_of(ana)
    assert "Written by an analyst:" in row
    assert row.count(WORDS) >= 2  # the row and the pane
    [_head, line] = csv.reader(io.StringIO(ana.get("/desk/queue.csv").content.decode()))
    assert (line[3], line[-1]) == (WORDS, "analyst")


def test_the_agency_gets_it_marked_as_an_analysts(ana, report, world):
    from tipline.delivery.cases.downloads import download_report
    from tipline.delivery.routing.queries import referrals_for

    ines = world.actor("ines")
    referral = referrals_for(ines).get(report_id=report.pk)
    own = download_report(ines, referral)["tipline"]
    assert own["summaryBy"] == "system"
    summaries.write_summary(world.actor("ana"), report, WORDS)
    own = download_report(ines, referral)["tipline"]
    assert (own["summary"], own["summaryBy"]) == (WORDS, "analyst")


def test_the_agencys_pages_show_it(ana, report, world, signed_in):
    summaries.write_summary(world.actor("ana"), report, WORDS)
    ines = signed_in("ines")
    assert WORDS in ines.get("/agency/").content.decode()
    html = ines.get(f"/agency/reports/{report.pk}/").content.decode()
    assert re.search(rf"{re.escape(WORDS)}</span> <span class=\"tag tag-analyst\"", html)


def test_by_htmx_the_part_answers_with_its_undo(ana, report, page):
    answer = ana.post(
        f"/desk/reports/{report.pk}/summary",
        {"summary": WORDS, "seen": seen(page())},
        headers={"HX-Request": "true"},
    )
    html = answer.content.decode()
    assert "<html" not in html
    assert html.lstrip().startswith('<div id="summary"')
    undo = re.search(r'action="(/desk/reports/\d+/summary/\d+/undo)"', html)[1]
    assert ana.post(undo)["Location"] == f"/desk/reports/{report.pk}/#summary"
    assert WORDS in page()  # in the history only
    assert summaries.written_for([report.pk]) == {}


def test_saving_the_draft_as_it_stands_keeps_it_a_draft(ana, report, page):
    draft = re.search(r'class="summary-words">([^<]+)<', page())[1]
    ana.post(f"/desk/reports/{report.pk}/summary", {"summary": draft, "seen": "0"})
    assert SummaryText.objects.count() == 0


def test_an_empty_one_brings_the_draft_back(ana, report, page):
    ana.post(f"/desk/reports/{report.pk}/summary", {"summary": WORDS, "seen": "0"})
    ana.post(f"/desk/reports/{report.pk}/summary", {"summary": "", "seen": seen(page())})
    assert summaries.written_for([report.pk]) == {}
    assert "Back to the draft" in page()


def test_words_written_meanwhile_are_shown_and_ones_own_are_kept(ana, report, page, world):
    before = seen(page())
    summaries.write_summary(world.actor("sofia"), report, "Sofia's words.")
    answer = ana.post(f"/desk/reports/{report.pk}/summary", {"summary": WORDS, "seen": before})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else changed the summary meanwhile." in html
    assert "Sofia&#x27;s words." in html
    assert f">\n{WORDS}</textarea>" in html
    ana.post(f"/desk/reports/{report.pk}/summary", {"summary": WORDS, "seen": seen(html)})
    assert summaries.written_for([report.pk]) == {report.pk: WORDS}


@pytest.mark.parametrize(
    "wrong", [{"summary": "x" * 301}, {"seen": "x"}, {"summary": "a\N{RIGHT-TO-LEFT OVERRIDE}b"}]
)
def test_what_is_wrong_comes_back_with_its_words(ana, report, wrong):
    said = {"summary": WORDS, "seen": "0", **wrong}
    answer = ana.post(f"/desk/reports/{report.pk}/summary", said)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert SummaryText.objects.count() == 0
