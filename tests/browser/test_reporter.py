"""Who reported from the public is shown once for a reason, and to one agency when released."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import grave, sideways

pytestmark = pytest.mark.browser
WHY = "The agency asks for a witness."


def reveal(page, why):
    page.get_by_text("Show who it is").click()
    page.get_by_label("Why must you know who reported?").fill(why)
    page.get_by_role("button", name="Show it to me once").click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_it_is_shown_in_one_answer_and_hidden_again(begin, instance, script):
    page = begin("ana", java_script_enabled=script).page
    page.goto(f"/desk/reports/{instance.reports['told']}/")
    reporter = page.locator("#reporter")
    expect(reporter).to_contain_text("Sealed: First name, Email.")

    page.get_by_text("Show who it is").click()
    page.get_by_role("button", name="Show it to me once").click()  # without a reason
    expect(reporter).to_contain_text("There is a problem")
    page.get_by_label("Why must you know who reported?").fill(WHY)
    page.get_by_role("button", name="Show it to me once").click()
    expect(reporter).to_contain_text("rita@public.example")
    expect(reporter).to_be_in_viewport()

    page.get_by_role("button", name="Hide it again").click()
    expect(reporter).to_contain_text("Sealed: First name, Email.")
    expect(page.get_by_text("rita@public.example")).to_have_count(0)


def test_what_was_shown_is_not_there_when_one_comes_back(begin, instance):
    page = begin("ana").page
    page.goto(f"/desk/reports/{instance.reports['told']}/")
    reveal(page, WHY)
    expect(page.locator("#reporter")).to_contain_text("rita@public.example")
    page.goto("/desk/")
    page.go_back()

    expect(page.locator("#reporter")).to_contain_text("Sealed: First name, Email.")
    expect(page.get_by_text("rita@public.example")).to_have_count(0)


def test_it_is_released_to_an_agency_and_withdrawn(begin, instance):
    number = instance.reports["told"]
    desk, agency = begin("ana").page, begin("ines").page
    agency.goto(f"/agency/reports/{number}/")
    expect(agency.locator("#reporter")).to_contain_text("Who they are is sealed")

    desk.goto(f"/desk/reports/{number}/")
    section = desk.locator("#referrals")
    section.get_by_text("Release who reported").click()
    section.get_by_label("Why must this agency know who reported?").fill(WHY)
    section.get_by_role("button", name="Release it to this agency").click()
    expect(section).to_contain_text("May know who reported")
    agency.reload()
    expect(agency.locator("#reporter")).to_contain_text("rita@public.example")

    section.get_by_role("button", name="Withdraw who reported").click()
    expect(section).to_contain_text("Knew who reported")
    agency.reload()
    expect(agency.locator("#reporter")).to_contain_text("Who they are is sealed")


def test_the_revealed_part_is_one_that_axe_accepts(begin, instance):
    page = begin("ana", bypass_csp=True).page
    page.goto(f"/desk/reports/{instance.reports['told']}/")
    reveal(page, WHY)
    expect(page.locator("#reporter")).to_contain_text("rita@public.example")
    assert grave(page) == []
    assert sideways(page, 360) == ""
