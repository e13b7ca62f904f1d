"""Pages off the beaten journeys: all come, and at the end of each test all are inspected."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_supervisors_pages(begin, instance):
    page = begin("sofia").page
    page.goto("/desk/")
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", level=1)).to_have_text("Books")
    expect(page.locator("main")).to_contain_text("Balanced")
    for keys, heading in (("gd", "Draws"), ("gf", "Figures")):
        for key in keys:
            page.keyboard.press(key)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.goto("/desk/call/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Take a call")
    page.goto(f"/desk/reports/{instance.reports['earlier']}/opening/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Record what opens files")


def test_a_file_that_stands_in_two_reports_leads_to_both(begin, instance):
    page = begin("ana").page
    page.goto(f"/desk/reports/{instance.reports['calling']}/")
    page.get_by_role("link", name="These bytes stand in 2 reports").click()
    for name in ("earlier", "calling"):
        link = page.get_by_role("link", name=str(instance.reports[name]))
        expect(link).to_have_count(1)


def test_the_administrators_pages(begin):
    page = begin("adam").page
    page.goto("/staff/")
    links = page.get_by_role("navigation", name="This desk").get_by_role("link")
    addresses = [link.get_attribute("href") for link in links.all()]
    assert len(addresses) > 4
    for address in addresses:
        assert page.goto(address).status == 200


def test_an_administrator_checks_the_vault(begin, instance):
    page = begin("adam").page
    page.goto("/staff/")
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vault")
    page.get_by_role("button", name="Check everything now").click()
    expect(page.locator("main")).to_contain_text("A check is under way.")
    expect(page.get_by_role("button", name="Check everything now")).to_be_disabled()
    instance.work()
    page.reload()
    expect(page.locator("main")).to_contain_text("All bytes were there at the last look.")
    page.keyboard.press("g")
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1)).to_have_text("Master keys")
    expect(page.locator("main")).to_contain_text("The key in use wraps every data key.")
    page.keyboard.press("u")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vault")


def test_a_member_of_the_hash_exchange_is_let_in(begin):
    page = begin("adam").page
    page.goto("/staff/")
    page.keyboard.press("g")
    page.keyboard.press("x")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hash exchange")
    page.get_by_role("button", name="Add a member").click()
    page.get_by_label("Name of the member").fill("Reef Hotline")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reef Hotline")
    page.get_by_label("The member may vote on its entries").check()
    page.get_by_role("button", name="Let it read").click()
    expect(page.locator("main")).to_contain_text("/hashes/own-")
    page.get_by_label("User name of the machine account").fill("reef")
    page.get_by_role("button", name="Issue").click()
    expect(page.locator("main")).to_contain_text("This is the only time")
    page.get_by_role("button", name="I have kept it").click()
    expect(page.get_by_role("button", name="Revoke reef")).to_be_visible()
