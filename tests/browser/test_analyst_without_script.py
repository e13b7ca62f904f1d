"""The same hour of the same analyst with every script switched off: plain buttons only."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.people import arrive, path_of

pytestmark = pytest.mark.browser


@pytest.fixture
def page(begin):
    opened = begin("ana", java_script_enabled=False).page
    opened.goto("/desk/")
    return opened


def row(page, number):
    return page.locator(f"#report-{number}")


def button(where, name):
    return where.get_by_role("button", name=name)


def test_the_queue_is_searched_and_its_report_opened_and_left(page, instance):
    number = instance.reports["plain"]
    page.get_by_label("Number").fill(str(number))
    button(page, "Filter").click()
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.get_by_role("link", name=str(number)).first.click()
    assert path_of(page) == f"/desk/reports/{number}/"
    page.get_by_role("link", name="Back to the queue").click()
    assert path_of(page) == "/desk/"


def test_a_report_is_claimed_and_released_from_its_page(page, instance):
    number = instance.reports["plain"]
    page.goto(f"/desk/reports/{number}/")
    button(page, "Claim").click()
    arrive(page, f"/desk/reports/{number}/")
    expect(page.locator(".under-heading").first).to_contain_text("you have it")
    button(page, "Release").click()
    expect(page.locator(".under-heading").first).to_contain_text("not claimed")


def test_a_file_is_labelled_and_the_label_taken_back(page, instance):
    page.goto(f"/desk/reports/{instance.reports['plain']}/")
    label = button(page, "Generated or drawn")
    label.click()
    expect(page.locator("#undo")).to_contain_text("Label set: Generated or drawn.")
    expect(label).to_have_attribute("aria-pressed", "true")
    button(page.locator("#undo"), "Undo").click()
    expect(label).to_have_attribute("aria-pressed", "false")


def test_a_note_is_written_and_a_blank_one_is_refused_with_words(page, instance):
    page.goto(f"/desk/reports/{instance.reports['plain']}/")
    page.get_by_label("Add a note").fill("Written without a script.")
    button(page, "Add the note").click()
    expect(page.locator("#messages")).to_contain_text("Note added.")
    expect(page.locator("#notes dd").first).to_contain_text("Written without a script.")


def test_a_link_is_judged(page, instance):
    page.goto(f"/desk/reports/{instance.reports['plain']}/")
    link = page.locator("[id^=link-]").filter(has_text=str(instance.reports["plain-twin"]))
    expect(link).to_contain_text("waits for a person")
    button(link, "No").click()
    expect(link).to_contain_text("rejected, counts nothing")


def test_done_leads_back_to_the_queue_and_can_be_undone(page, instance):
    number = instance.reports["plain-twin"]
    page.goto(f"/desk/reports/{number}/")
    button(page, "Done, next").click()
    assert path_of(page) == "/desk/"
    expect(row(page, number)).to_have_count(0)
    button(page.locator("#undo"), "Undo").click()
    expect(page.locator("#messages")).to_contain_text(f"Report {number} is back in the queue.")


def test_many_are_claimed_after_a_preview_and_given_back(page, instance):
    number = instance.reports["plain-twin"]
    page.goto(f"/desk/?q={number}")
    page.get_by_label(f"Select report {number}").check()
    page.locator("#act summary").click()
    button(page, "Claim …").click()
    arrive(page, "/desk/batch/")
    expect(row_of_line(page, number)).to_have_count(1)
    button(page, "Claim: 1 report").click()
    expect(page.locator("h1")).to_have_text("Claim: 1 report")
    button(page.locator("#undo"), "Undo").click()
    expect(page.locator("#messages")).to_contain_text("1 restored.")


def row_of_line(page, number):
    return page.locator(f"#fit ~ * #line-{number}")


def test_what_is_new_is_looked_for_and_the_shift_handed_over(page):
    page.get_by_role("link", name="Look for new reports").click()
    arrive(page, "/desk/")
    page.get_by_role("link", name="Hand-over").click()
    page.get_by_label("What the next shift").fill("Written without a script.")
    button(page, "Hand over").click()
    expect(page.locator("main")).to_contain_text("Written without a script.")
    button(page.locator("#undo"), "Undo").click()
    expect(page.locator("#messages")).to_contain_text("taken back")


def test_everything_stands_on_a_phone_without_script(begin, instance):
    page = begin("ana", java_script_enabled=False, width=360).page
    page.goto("/desk/")
    expect(page.locator("tr[data-row]").first).to_be_visible()
    page.goto(f"/desk/reports/{instance.reports['plain']}/")
    expect(button(page, "Done, next")).to_be_visible()
