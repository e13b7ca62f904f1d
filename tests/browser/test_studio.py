"""Labelling with the keyboard and nothing else; no picture comes before it is asked for."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import keep
from tests.browser.people import Keyboard

pytestmark = pytest.mark.browser


def test_look(begin, instance, pictures):
    instance.fill_studio()
    told = begin("ana")
    page, keys = told.page, Keyboard(told.page)
    page.goto("/desk/")
    keys.press("g", "s")
    page.wait_for_url("**/desk/studio/")
    keep(page, pictures, "studio-start")
    keys.press("n")
    page.wait_for_url("**/desk/studio/*/")
    keep(page, pictures, "studio-one")
    keys.press("1", "p", "c", "b", "v")
    keep(page, pictures, "studio-two")
    keys.press("o")
    expect(page.locator("img.preview")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    page.locator("#look").scroll_into_view_if_needed()
    page.screenshot(path=pictures / "studio-three.png", full_page=True)
    print([page.evaluate("[...document.querySelectorAll(':checked')].map(n => n.value)")])
    keys.press("?")
    page.screenshot(path=pictures / "studio-keys.png")
