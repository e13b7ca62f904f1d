"""Two people before one escalated report: one says that it is not urgent, the other does not."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import keep
from tests.browser.people import Keyboard, arrive

pytestmark = pytest.mark.browser


def test_a_report_is_judged_by_keyboard_and_the_second_person_declines(begin, instance, pictures):
    number = instance.reports["urgent"]
    page = begin("ana").page
    keys = Keyboard(page)
    page.goto(f"/desk/reports/{number}/")
    expect(page.locator("#report-band")).to_contain_text("unconfirmed")

    keys.press("o")
    assert page.locator("#judge details").evaluate("node => node.open")
    assert page.evaluate("document.activeElement.matches('#judge summary')")
    assert keys.focus_is_visible()
    keys.press("Tab")
    keys.press("ArrowDown")  # from the first answer to the second
    expect(page.get_by_label("It is not urgent (a second person must agree)")).to_be_checked()
    keys.press("Tab")
    keys.expect_focus("id_reason")
    keys.type("It reads like a school play: o and z are letters here.")
    keep(page, pictures, "judge-form")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#judge")).to_contain_text("waits for a second person")
    expect(page.locator("#report-band")).to_contain_text("Urgent")
    expect(page.locator("#undo")).to_contain_text("waits for a second person")
    page.reload()
    expect(page.locator("main")).to_contain_text("Ana says that it is not urgent")
    keep(page, pictures, "judge-waiting")

    theirs = begin("sofia").page
    theirs.goto("/desk/")
    Keyboard(theirs).press("g", "j")
    arrive(theirs, "/desk/judgements/")
    card = theirs.locator("[id^=waiting-]").first
    expect(card).to_contain_text("It reads like a school play")
    keep(theirs, pictures, "judgements")
    card.get_by_label("Why do you not agree?").fill("A child is named in it.")
    card.get_by_role("button", name="I do not agree").click()
    arrive(theirs, "/desk/judgements/")
    expect(theirs.locator("main")).to_contain_text("No judgement waits")
    theirs.goto(f"/desk/reports/{number}/")
    expect(theirs.locator("#judge")).to_contain_text("Sofia did not agree")
    expect(theirs.locator("#report-band")).to_contain_text("unconfirmed")
    keep(theirs, pictures, "judge-declined")


def test_one_press_confirms_and_one_key_takes_it_back(begin, instance):
    page = begin("ana").page
    keys = Keyboard(page)
    page.goto(f"/desk/reports/{instance.reports['urgent']}/")
    page.get_by_role("button", name="Confirm that it is urgent").click()
    expect(page.locator("#report-band")).not_to_contain_text("unconfirmed")
    keys.press("z")
    page.wait_for_load_state()
    expect(page.locator("#report-band")).to_contain_text("unconfirmed")
