"""The public form on a small phone: without script, without an account, without a trace."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import grave, keep, sideways

pytestmark = pytest.mark.browser

PAGES = 8


def fill_in(page, at_each):
    """From the first question to the receipt; ``at_each(page)`` is called on every page."""

    def on():
        at_each(page)
        page.get_by_role("button", name="Continue").click()

    page.goto("/report/")
    page.get_by_label("I am not sure").check()
    on()
    page.get_by_label("Someone online asks a child").check()
    on()
    page.get_by_label("In your own words").fill("last Friday evening")
    on()
    page.get_by_label("App, game or site").fill("Kites")
    page.get_by_label("User name of the person there").fill("grey.heron")
    on()
    page.get_by_label("Town").fill("Fresno")
    on()
    page.get_by_label(re.compile("^Age")).fill("12")
    on()
    page.get_by_label("Is there anything else").fill("They asked for a meeting.")
    on()
    page.get_by_label("No, I stay anonymous").check()
    on()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    at_each(page)
    page.get_by_role("button", name="Send the report").click()
    at_each(page)
    return page.locator(".receipt").inner_text()


def test_a_report_is_made_on_a_phone_and_reaches_the_queue(begin, instance, pictures):
    told = begin(java_script_enabled=False, width=360)
    page, seen = told.page, []

    def at_each(page):
        seen.append(page.get_by_role("heading", level=1).inner_text())
        assert page.locator("[data-quick-exit]").is_visible()
        assert page.locator(".help-line").is_visible()
        assert sideways(page, 360) == ""
        if len(seen) == 1:
            keep(page, pictures, "public")

    number = fill_in(page, at_each)
    assert re.fullmatch(r"\d{9,}", number)
    keep(page, pictures, "receipt")
    assert len(seen) == PAGES + 2
    assert {cookie["name"] for cookie in page.context.cookies()} <= {"csrftoken"}
    assert told.pictures == []

    instance.work()
    desk = begin("ana").page
    desk.goto(f"/desk/?q={number}")
    expect(desk.locator("tr[data-row]")).to_have_count(1)
    expect(desk.locator("#pane")).to_contain_text("from the public")
    desk.goto(f"/desk/reports/{number}/")
    expect(desk.locator(".under-heading").first).to_contain_text("from the public")


def test_axe_finds_nothing_on_any_page_of_it(begin):
    told = begin(bypass_csp=True, width=360)
    found = []
    fill_in(told.page, lambda page: found.extend(grave(page)))
    assert found == []


def test_what_is_missing_is_said_and_nothing_typed_is_lost(begin):
    page = begin(java_script_enabled=False, width=360).page
    page.goto("/report/")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".error-summary")).to_contain_text("Choose one of the answers.")
    page.get_by_label("I am not sure").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Back").click()
    assert page.get_by_label("I am not sure").is_checked()
