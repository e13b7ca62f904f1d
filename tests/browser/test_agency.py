"""An investigator's morning: the urgent referral, a case, its JSON, an answer in one click."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import keep

pytestmark = pytest.mark.browser


@pytest.fixture
def page(begin):
    opened = begin("ines").page
    opened.goto("/agency/")
    return opened


def open_case(page, number, title):
    page.goto(f"/agency/reports/{number}/")
    page.get_by_text("Work it in a case").click()
    page.get_by_label("Title of the case").fill(title)
    page.get_by_role("button", name="Open a case").click()
    return page.locator("#work").get_by_role("link", name=title)


def test_the_urgent_referral_stands_first_and_is_opened(page, instance):
    first = page.locator("tr[data-row]").first
    expect(first).to_contain_text("Urgent")
    page.get_by_role("navigation", name="Saved views").get_by_role("link", name="Urgent").click()
    number = instance.reports["urgent"]
    page.locator(f"#report-{number}").get_by_role("link", name=str(number)).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Report {number}")
    expect(page.locator("#work")).to_contain_text("waits for you")


def test_a_case_is_opened_and_its_reports_are_downloaded(page, instance, pictures):
    number = instance.reports["urgent"]
    open_case(page, number, "Kite and boat").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Case: Kite and boat")
    keep(page, pictures, "case")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download all reports as JSON").click()
    (report,) = json.loads(coming.value.path().read_text(encoding="utf-8"))
    assert str(number) in json.dumps(report)
    assert "Possible immediate risk to a child." in json.dumps(report)

    page.goto(f"/agency/reports/{number}/")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download as JSON").click()
    assert coming.value.suggested_filename == f"report-{number}.json"
    assert json.loads(coming.value.path().read_text(encoding="utf-8")) == report


def test_one_click_answers(page, instance):
    page.goto(f"/agency/reports/{instance.reports['calling']}/")
    work = page.locator("#work")
    work.get_by_role("button", name="Ongoing").click()
    expect(page.locator("#messages")).to_contain_text("Answered: ")
    expect(work.get_by_role("heading", name="Your answers")).to_be_visible()
    page.reload()
    expect(work.get_by_role("heading", name="Your answers")).to_be_visible()


def test_the_long_answer_and_the_lists_have_their_pages(page, instance):
    page.goto(f"/agency/reports/{instance.reports['calling']}/answer/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Answer to report")
    page.goto("/agency/cases/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cases")


def test_the_morning_on_a_phone_without_script(begin, instance):
    told = begin("ines", java_script_enabled=False, width=360)
    page, number = told.page, instance.reports["earlier"]
    page.goto("/agency/")
    page.locator(f"#report-{number}").get_by_role("link", name=str(number)).click()
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("#undo")).to_contain_text(f"Report {number} accepted.")
    page.get_by_role("button", name="Closed: ").first.click()
    expect(page.locator("#messages")).to_contain_text("Answered: ")
    assert told.pictures == []


def test_nothing_of_another_agency_is_there(page, instance):
    answer = page.request.get(f"/desk/reports/{instance.reports['urgent']}/")
    assert answer.status == 404
