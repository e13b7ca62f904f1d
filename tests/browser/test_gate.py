"""The gate's table by two supervisors, and why a file is open or closed, row by row."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import keep

pytestmark = pytest.mark.browser


def test_a_table_from_proposal_to_taking_back_and_what_it_says_of_a_file(begin, instance, pictures):
    sofia, silas = begin("sofia").page, begin("silas").page
    report = f"/desk/reports/{instance.reports['urgent']}/"
    sofia.goto(report)
    card = sofia.locator("[id^=file-]").first
    card.get_by_role("link", name="Why, row by row").click()
    expect(sofia.get_by_role("heading", level=2).first).to_contain_text("open, EXIF data closed")
    expect(sofia.locator("tr[aria-current=true]")).to_contain_text("holds and decides")
    keep(sofia, pictures, "gate-explained")
    address = sofia.url

    sofia.keyboard.press("g")
    sofia.keyboard.press("t")
    expect(sofia.get_by_role("heading", level=1)).to_have_text("The gate's table")
    sofia.get_by_role("button", name="Propose a change").click()
    field = sofia.get_by_label("The policy file")
    text = field.input_value()
    start, end = text.index('rule = "8"'), text.index('rule = "2"')
    head, tail = text[:start].rpartition("[[rows]]")[0], text[end:]
    field.fill(text.replace(', counsel_enabled_public = ["yes"]', ""))
    sofia.get_by_role("button", name="Propose it").click()
    expect(sofia.locator(".error-summary")).to_contain_text("opens by too little")
    keep(sofia, pictures, "gate-refused")

    changed = f"{head}[[rows]]\n{tail}".replace('version = "2026.2"', 'version = "2026.2-try"')
    sofia.get_by_label("The policy file").fill(changed)
    sofia.get_by_role("button", name="Propose it").click()
    sofia.get_by_role("button", name="Try it on history").click()
    instance.work()
    expect(sofia.locator("#trial")).to_contain_text("would close for somebody")
    keep(sofia, pictures, "gate-version")

    silas.goto("/desk/gate/")
    silas.get_by_role("link", name="gate-us@2026.2-try").click()
    silas.get_by_label("Why this policy?").fill("A drill.")
    silas.get_by_role("button", name="Put it in force").click()
    expect(silas.locator("#in-force")).to_contain_text("2026.2-try")
    sofia.goto(address)
    expect(sofia.get_by_role("heading", level=2).first).to_contain_text("closed")
    keep(sofia, pictures, "gate-closed")
    sofia.set_viewport_size({"width": 360, "height": 800})
    sofia.goto(address)
    sofia.screenshot(path=pictures / "gate-narrow.png", full_page=True, caret="initial")

    silas.goto("/desk/gate/")
    silas.get_by_label("Why is it taken back?").fill("It was a drill.")
    silas.get_by_role("button", name="Bring the policy before back").click()
    expect(silas.locator("#in-force")).to_have_text("In force: gate-us@2026.2")
    instance.work()


def test_a_paper_from_its_application_to_its_end(begin, instance, pictures):
    sofia = begin("sofia").page
    number = instance.reports["urgent"]
    sofia.goto(f"/desk/reports/{number}/opening/")
    sofia.get_by_label("Warrant").check()
    sofia.get_by_label("Applied for, not decided").check()
    sofia.get_by_label("Number of the paper").fill("26-SW-7")
    sofia.get_by_label("Who issued it").fill("District Court")
    sofia.get_by_label("Holds from (UTC)").fill("2026-01-01T00:00")
    sofia.get_by_label("boat.png").check()
    keep(sofia, pictures, "paper-form")
    sofia.get_by_role("button", name="Record it").click()
    expect(sofia.locator("#messages")).to_contain_text("nothing before it is granted")

    sofia.get_by_role("link", name="Warrant 26-SW-7").click()
    sofia.get_by_label("Denied").check()
    sofia.get_by_label("Why").fill("The court said no.")
    keep(sofia, pictures, "paper")
    sofia.get_by_role("button", name="Record it").click()
    expect(sofia.locator("#openings")).to_contain_text("denied, opens nothing")
