"""No picture reaches a browser before somebody asked for it, and then a small grey one."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import expect
from tests.browser.chromium import grave, sideways
from tests.browser.world import picture

pytestmark = pytest.mark.browser


def is_grey(image: Image.Image) -> bool:
    red, green, blue = image.convert("RGB").split()
    return not ImageChops.difference(red, green).getbbox() and not (
        ImageChops.difference(green, blue).getbbox()
    )


def steepest(image: Image.Image) -> int:
    """The largest step from one pixel to the next, of 255: sharp edges are steep."""
    grey = image.convert("L")
    shifted = ImageChops.offset(grey, 1, 0)
    inner = (1, 0, grey.width, grey.height)
    return ImageChops.difference(grey, shifted).crop(inner).getextrema()[1]


def test_nothing_is_shown_until_a_reason_was_given(begin, instance):
    told = begin("ana")
    page, number = told.page, instance.reports["looked-at"]
    page.goto("/desk/")
    page.goto(f"/desk/reports/{number}/")
    page.mouse.wheel(0, 20_000)  # pictures that load when they come into view would load now
    page.wait_for_load_state("networkidle")
    assert told.pictures == []

    card = page.locator("[id^=file-]").first
    card.get_by_text("Look at it").click()
    card.get_by_role("button", name="Show small grey preview").click()  # without a reason
    assert told.pictures == []
    card.get_by_label("Reason for looking").fill("To tell whether it is pertinent.")
    with page.expect_response("**/files/*.*") as coming:
        card.get_by_role("button", name="Show small grey preview").click()
    expect(page.locator("#messages")).to_contain_text("this look is on the ledger")

    shown = coming.value
    preview = Image.open(io.BytesIO(shown.body()))
    assert max(preview.size) <= 256
    assert is_grey(preview)
    sharp = Image.open(io.BytesIO(picture(6))).resize(preview.size)
    assert 4 * steepest(preview) < steepest(sharp)  # blurred
    assert told.pictures == [shown]
    assert shown.headers["cache-control"] == "no-store"
    assert urlsplit(shown.url).hostname != urlsplit(instance.url).hostname
    assert "cookie" not in shown.request.all_headers()
    seen = page.locator("img.preview")
    expect(seen).to_have_count(1)
    assert seen.evaluate("(img) => img.complete && img.naturalWidth") == preview.width


def test_a_preview_is_gone_with_its_page(begin, instance):
    told = begin("ana")
    page, number = told.page, instance.reports["looked-at"]
    page.goto(f"/desk/reports/{number}/")
    card = page.locator("[id^=file-]").first
    card.get_by_text("Look at it").click()
    card.get_by_label("Reason for looking").fill("To compare it.")
    with page.expect_response("**/files/*.*") as coming:
        card.get_by_role("button", name="Show small grey preview").click()
    address = coming.value.url

    page.reload()
    expect(page.locator("img.preview")).to_have_count(0)
    again = page.request.get(address)
    assert (again.status, again.headers["content-type"]) == (403, "text/plain; charset=utf-8")
    ours = {"Origin": instance.url, "Sec-Fetch-Dest": "image"}
    used = page.request.get(address, headers=ours)
    assert (used.status, "used already" in used.text()) == (410, True)
    bare = page.request.get(address.partition("/files/")[0] + "/desk/")
    assert (bare.status, "set-cookie" in bare.headers) == (404, False)


def test_a_file_that_the_gate_closes_offers_no_look_and_says_why(begin, instance):
    told = begin("ana")
    told.page.goto(f"/desk/reports/{instance.reports['urgent']}/")
    closed = told.page.locator("[id^=file-]").filter(has_text="boat.png")
    expect(closed).to_contain_text("The ESP does not say whether a person viewed it.")
    expect(closed.get_by_text("Look at it")).to_have_count(0)
    open_one = told.page.locator("[id^=file-]").filter(has_text="kite.png")
    expect(open_one.get_by_text("Look at it")).to_have_count(1)


def test_a_shown_preview_is_on_a_page_that_axe_accepts(begin, instance):
    page = begin("ana", bypass_csp=True).page
    page.goto(f"/desk/reports/{instance.reports['looked-at']}/")
    card = page.locator("[id^=file-]").first
    card.get_by_text("Look at it").click()
    card.get_by_label("Reason for looking").fill("To look at the page around it.")
    card.get_by_role("button", name="Show small grey preview").click()
    expect(page.locator("img.preview")).to_have_count(1)
    assert grave(page) == []
    assert sideways(page, 360) == ""
