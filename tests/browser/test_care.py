"""Looking with care: a picture revealed for a reason, a break, a limit, wishes, practice."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect
from tests.browser.chromium import keep
from tests.browser.people import Keyboard
from tests.browser.test_looking import is_grey

pytestmark = pytest.mark.browser


def look_at(page, number):
    page.goto(f"/desk/reports/{number}/")
    card = page.locator("[id^=file-]").first
    card.get_by_text("Look at it").click()
    card.get_by_label("Reason for looking").fill("To tell whether it is pertinent.")
    with page.expect_response("**/files/*.*"):  # the picture itself, not only its place
        card.get_by_role("button", name="Show small grey preview").click()
    expect(page.locator("img.preview")).to_have_count(1)
    return card


def test_no_full_picture_leaves_before_it_is_revealed_and_one_key_closes_it(
    begin, instance, pictures
):
    told = begin("ana")
    page = told.page
    card = look_at(page, instance.reports["looked-at"])
    card.get_by_text("Reveal it").click()
    assert [is_grey(Image.open(io.BytesIO(one.body()))) for one in told.pictures] == [True]
    card.get_by_label("What do you need to see it for?").select_option("age")
    card.get_by_label("In your own words").fill("It cannot be told from the small one.")
    keep(page, pictures, "reveal-asked")
    with page.expect_response("**/files/*.*") as coming:
        card.get_by_role("button", name="Reveal the picture").click()
    expect(page.locator("img.preview.revealed")).to_have_count(1)

    shown = Image.open(io.BytesIO(coming.value.body()))
    assert not is_grey(shown)
    assert max(shown.size) > 256
    assert len(told.pictures) == 2
    page.keyboard.press("Escape")
    Keyboard(page).press("h")
    expect(page.locator("img.preview")).to_have_count(0)
    expect(page.locator("#messages")).to_contain_text("The picture is closed.")


def test_a_persons_own_page_and_wishes(begin, pictures):
    page = begin("ana").page
    page.goto("/desk/care/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Care")
    page.get_by_label("Violence").check()
    page.get_by_label("Blur previews more").check()
    keep(page, pictures, "care")
    page.get_by_role("button", name="Keep my wishes").click()
    expect(page.locator("#messages")).to_contain_text("Your wishes are kept.")
    expect(page.get_by_label("Violence")).to_be_checked()
    page.get_by_label("Violence").uncheck()
    page.get_by_label("Blur previews more").uncheck()
    page.get_by_role("button", name="Keep my wishes").click()
    page.get_by_role("button", name="Take a break").click()
    expect(page.locator("main")).to_contain_text("Your break lasts until")


def test_a_limit_stops_looking_with_a_plain_page(begin, instance, pictures):
    page = begin("sofia").page
    page.goto("/desk/care/team/")
    page.get_by_label("For whom").select_option(label="Silas")
    page.get_by_label("Most looks in any 24 hours").fill("0")
    page.get_by_label("Why").fill("He trains others this week.")
    keep(page, pictures, "care-team")
    page.get_by_role("button", name="Set the limit").click()
    expect(page.get_by_role("row", name="Silas")).to_contain_text("limit reached")

    told = begin("silas")
    other = told.page
    other.goto(f"/desk/reports/{instance.reports['looked-at']}/")
    card = other.locator("[id^=file-]").first
    card.get_by_text("Look at it").click()
    card.get_by_label("Reason for looking").fill("To compare it.")
    card.get_by_role("button", name="Show small grey preview").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("That is enough looking for now")
    expect(other.locator("main")).to_contain_text("He trains others this week.")
    keep(other, pictures, "care-enough")
    assert told.pictures == []
    other.get_by_role("button", name="Go on with the queue").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("Queue")


def test_practice_by_keyboard(begin, pictures):
    told = begin("ana")
    page, keys = told.page, Keyboard(told.page)
    page.goto("/desk/practice/?n=2")
    keep(page, pictures, "practice")
    keys.press("1", "n")
    expect(page.locator("main")).to_contain_text("Missed:")
    keep(page, pictures, "practice-marked")
    keys.press("N")
    expect(page.get_by_role("heading", level=1)).to_have_text("PRACTICE: picture 3")
    assert told.pictures == []


def test_a_break_is_offered_beside_the_picture_and_may_wait(begin, instance, pictures):
    instance.tire("silas", "earlier")
    page = begin("sofia").page
    page.goto("/desk/care/team/")
    page.get_by_label("For whom").select_option(label="Silas")
    page.get_by_label("Most looks in any 24 hours").fill("90")
    page.get_by_label("Why").fill("He is back.")
    page.get_by_role("button", name="Set the limit").click()

    told = begin("silas")
    tired = told.page
    card = look_at(tired, instance.reports["looked-at"])
    banner = card.locator(".care-break")
    expect(banner).to_contain_text("A break of 10 minutes would do good.")
    banner.scroll_into_view_if_needed()
    tired.screenshot(path=pictures / "break.png", caret="initial")
    banner.get_by_role("button", name="Later").click()
    expect(tired.get_by_role("heading", level=1)).to_have_text("Care")
    expect(tired.locator(".care-break")).to_have_count(0)
