"""Two supervisors change the link model: one proposes and tries, the other publishes; and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import keep
from tests.entities.models_made_up import model_file, taught

pytestmark = pytest.mark.browser


def test_a_link_model_from_proposal_to_taking_back(begin, instance, pictures):
    sofia, silas = begin("sofia").page, begin("silas").page
    sofia.goto("/desk/")
    sofia.keyboard.press("g")
    sofia.keyboard.press("m")
    expect(sofia.get_by_role("heading", level=1)).to_have_text("Link model")
    sofia.get_by_role("button", name="Propose a change").click()
    learned = model_file("learned", model=taught("screen_name", "same_at_service", 0.2))
    sofia.get_by_label("Or a file from your machine").set_input_files(
        {"name": "learned.toml", "mimeType": "application/toml", "buffer": learned}
    )
    sofia.get_by_label("What it is meant to do").fill("Learned from this store.")
    sofia.get_by_role("button", name="Propose it").click()
    expect(sofia.get_by_role("heading", level=1)).to_have_text("made-up@learned")
    expect(sofia.locator(".pic-shifts")).to_be_visible()
    sofia.get_by_role("button", name="Try it on history").click()
    instance.work()
    expect(sofia.locator("#trial")).to_contain_text("You proposed it.")
    expect(sofia.locator("#trial")).to_contain_text("that wait")
    keep(sofia, pictures, "link-model-version")

    silas.goto("/desk/link-model/")
    silas.get_by_role("link", name="made-up@learned").click()
    silas.get_by_label("Why this policy?").fill("The trial moves what it should.")
    silas.get_by_role("button", name="Put it in force").click()
    expect(silas.locator("#in-force")).to_contain_text("made-up@learned")
    expect(silas.locator("main")).to_contain_text("./tipline links again makes them anew")
    keep(silas, pictures, "link-model-published")
    silas.get_by_label("Why is it taken back?").fill("It was a drill.")
    silas.get_by_role("button", name="Bring the policy before back").click()
    expect(silas.locator("#in-force")).to_have_text("In force: link@2026.1")
