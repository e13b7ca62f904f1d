"""Two supervisors change the policy: one proposes and tries, the other publishes and takes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import keep

pytestmark = pytest.mark.browser


def test_a_policy_from_proposal_to_taking_back(begin, instance, pictures):
    sofia, silas = begin("sofia").page, begin("silas").page
    sofia.goto("/desk/")
    sofia.keyboard.press("g")
    sofia.keyboard.press("p")
    expect(sofia.get_by_role("heading", level=1)).to_have_text("Triage policy")
    sofia.get_by_role("button", name="Propose a change").click()
    field = sofia.get_by_label("The policy file")
    text = field.input_value()
    assert 'version = "2026.5"' in text

    field.fill(text.replace("type_enticement = 25", "type_enticement = -55"))
    sofia.get_by_role("button", name="Propose it").click()
    expect(sofia.locator(".error-summary")).to_contain_text("danger.points.type_enticement")
    keep(sofia, pictures, "policy-refused")

    changed = text.replace('version = "2026.5"', 'version = "2026.5-try"')
    changed = changed.replace("type_enticement = 25", "type_enticement = 55")
    changed = changed.replace("novel_viewed = 10", "novel_viewed = 4")
    changed = changed.replace('also = ["sadistic"', 'also = ["sextortion", "sadistic"')
    sofia.get_by_label("The policy file").fill(changed)
    sofia.get_by_label("What it is meant to do").fill("More for enticement, less for new files.")
    sofia.get_by_role("button", name="Propose it").click()
    expect(sofia.get_by_role("heading", level=1)).to_have_text("triage-us@2026.5-try")
    sofia.get_by_role("button", name="Try it on history").click()
    expect(sofia.locator("#trial")).to_contain_text("Tried so far")
    keep(sofia, pictures, "policy-trying")

    instance.work()
    expect(sofia.locator("#trial")).to_contain_text("You proposed it.")  # it came by itself
    keep(sofia, pictures, "policy-version")
    sofia.screenshot(path=pictures / "policy-version-whole.png", full_page=True, caret="initial")

    silas.goto("/desk/policy/")
    silas.get_by_role("link", name="triage-us@2026.5-try").click()
    silas.get_by_label("Why this policy?").fill("The trial moves what it should.")
    silas.get_by_role("button", name="Put it in force").click()
    expect(silas.locator("#in-force")).to_contain_text("2026.5-try")
    expect(silas.locator("#again")).to_contain_text("Open reports under this policy: 0 of")
    keep(silas, pictures, "policy-published")
    instance.work()
    silas.set_viewport_size({"width": 360, "height": 800})
    silas.goto("/desk/policy/")
    silas.screenshot(path=pictures / "policy-narrow.png", full_page=True, caret="initial")
    silas.set_viewport_size({"width": 1280, "height": 800})

    silas.get_by_label("Why is it taken back?").fill("It was a drill.")
    silas.get_by_role("button", name="Bring the policy before back").click()
    expect(silas.locator("#in-force")).to_have_text("In force: triage-us@2026.5")
    instance.work()
