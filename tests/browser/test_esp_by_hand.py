"""An ESP's engineer makes a report by hand, with a file."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import keep
from tests.browser.world import picture
from tests.ispws.wire import report

pytestmark = pytest.mark.browser


def the_facts(page):
    """Step 1, with what must be there and the account."""
    page.goto("/esp/new/")
    page.get_by_label("Online Enticement").check()
    page.get_by_label("On which day did it happen?").fill("2026-11-20")
    page.get_by_label("At what time?").fill("10:00:00")
    page.get_by_label("In which time zone is that?").select_option("Z")
    page.get_by_label("User id at your service").fill("user-2001")
    page.get_by_label("E-mail address for questions").fill("safety@harborline.example")
    page.get_by_role("button", name="Keep this and add files").click()


def test_facts_a_file_what_is_said_of_it_and_the_end(begin, look_at, pictures):
    told = begin("enzo")
    page = told.page
    page.goto("/esp/")
    keep(page, pictures, "esp")
    page.get_by_role("button", name="Make a report by hand").click()
    the_facts(page)

    expect(page.get_by_role("heading", level=1)).to_contain_text("Files of report")
    kite = {"name": "kite.png", "mimeType": "image/png", "buffer": picture(9)}
    page.get_by_label("One more file").set_input_files(kite)
    page.get_by_role("button", name="Send this file").click()
    expect(page.locator("#messages")).to_contain_text("kite.png is safe")
    look_at(told)  # when the report is filed, these pages lead to the report's own
    viewed = page.get_by_role("group", name="Did a person of your company view the entire file?")
    viewed.get_by_label("yes", exact=True).check()
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_text("1 file, ")).to_be_visible()
    page.get_by_role("button", name="Finish: file the report").click()
    expect(page.locator("#messages")).to_contain_text("is filed, with 1 file.")
    keep(page, pictures, "esp-report")
    assert told.pictures == []


def test_what_is_missing_stands_on_top_and_beside_its_field(begin):
    page = begin("enzo").page
    page.goto("/esp/new/")
    page.get_by_role("button", name="Keep this and add files").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="E-mail address for questions").click()
    expect(page.get_by_label("E-mail address for questions")).to_be_focused()


def test_the_other_pages_of_the_desk_on_a_phone(begin):
    page = begin("enzo", width=360).page
    for address in ("/esp/", "/esp/refused/", "/esp/profile/"):
        assert page.goto(address).status == 200


def test_a_report_is_checked_before_it_is_sent(begin, pictures):
    page = begin("enzo").page
    page.goto("/esp/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before you send")
    page.get_by_role("button", name="Check it").click()
    expect(page.locator(".error-summary")).to_contain_text("Paste the XML")
    said = "<additionalInfo>meet you at the mall on Friday at 5</additionalInfo>"
    page.get_by_label("The report's XML").fill(report(after=said).decode())
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", level=2).first).to_be_focused()
    expect(page.locator("main")).to_contain_text("The text speaks of a meeting")
    expect(page.locator("main")).to_contain_text("What would help most")
    keep(page, pictures, "esp-check")


def test_a_check_fits_a_phone(begin):
    page = begin("enzo", width=360).page
    page.goto("/esp/check/")
    page.get_by_label("The report's XML").fill("<report>&")
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("cannot be read")
