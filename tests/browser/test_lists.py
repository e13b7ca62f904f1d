"""Lists in the browser: a foreign one is fed and trusted, a match is judged by key, ours grow."""

from __future__ import annotations

from hashlib import md5

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import keep
from tests.browser.world import picture

pytestmark = pytest.mark.browser

KNOWN = md5(picture(6)).hexdigest()


def csv_file(*lines: str) -> dict[str, object]:
    content = "\n".join(["md5,series", *lines]).encode()
    return {"name": "list.csv", "mimeType": "text/csv", "buffer": content}


def test_a_foreign_list_from_its_first_file_to_a_match_that_is_judged(begin, instance, pictures):
    sofia, ana = begin("sofia").page, begin("ana").page
    sofia.goto("/desk/")
    sofia.keyboard.press("g")
    sofia.keyboard.press("l")
    expect(sofia.get_by_role("heading", level=1)).to_have_text("Lists of known content")
    keep(sofia, pictures, "lists")
    sofia.get_by_role("button", name="Add a foreign list").click()
    sofia.get_by_label("Short name").fill("harbour")
    sofia.get_by_label("Name", exact=True).fill("Harbour hotline")
    sofia.get_by_role("button", name="Add it").click()
    expect(sofia.get_by_role("heading", level=1)).to_have_text("Harbour hotline")

    sofia.get_by_role("button", name="Import a file").click()
    sofia.get_by_label("The file", exact=True).set_input_files(
        csv_file(f"{KNOWN},Blue lantern", "!!,")
    )
    sofia.get_by_role("button", name="Check it only").click()
    expect(sofia.locator(".problems")).to_contain_text("line 3, entry 2: md5 is neither")
    keep(sofia, pictures, "list-import-checked")
    sofia.get_by_label("The file", exact=True).set_input_files(csv_file(f"{KNOWN},Blue lantern"))
    sofia.get_by_role("button", name="Import", exact=True).click()
    expect(sofia.locator(".messages")).to_contain_text("1 new")

    sofia.get_by_role("button", name="Change the policy").click()
    sofia.get_by_label("Trust").select_option("known")
    keep(sofia, pictures, "list-policy")
    sofia.get_by_role("button", name="Publish it").click()
    expect(sofia.locator("#goes + dl")).to_contain_text("Known material")
    instance.work()
    sofia.reload()
    sofia.screenshot(path=pictures / "list.png", full_page=True, caret="initial")

    number = instance.reports["looked-at"]
    ana.goto(f"/desk/reports/{number}/")
    card = ana.locator("[data-row]", has=ana.locator(".list-matches"))
    expect(card).to_contain_text("Same bytes: Harbour hotline")
    expect(card).to_contain_text("Series Blue lantern: the child is unidentified.")
    keep(ana, pictures, "list-match")
    card.locator(".list-matches").first.scroll_into_view_if_needed()
    ana.screenshot(path=pictures / "list-match-card.png", caret="initial")
    ana.locator(".list-matches [data-judge]").focus()
    ana.keyboard.press("y")
    expect(card).to_contain_text("Ana confirmed this match.")

    ana.get_by_role("link", name="Harbour hotline").first.click()
    expect(ana.get_by_role("heading", level=1)).to_have_text("Entry of Harbour hotline")
    expect(ana.locator("main")).to_contain_text(str(number))
    expect(ana.locator("main img")).to_have_count(0)
    keep(ana, pictures, "list-entry")
    ana.keyboard.press("u")
    expect(ana.get_by_role("heading", level=1)).to_have_text("Harbour hotline")


def test_a_series_is_held_and_our_own_list_waits_for_people(begin, instance, pictures):
    sofia, ana = begin("sofia").page, begin("ana").page
    sofia.goto("/desk/lists/series/")
    sofia.get_by_label("Name of the series").fill("Blue lantern")
    sofia.get_by_label("Agency that holds it").select_option(label="California ICAC")
    sofia.get_by_role("button", name="Keep it").click()
    expect(sofia.locator("table")).to_contain_text("California ICAC")
    keep(sofia, pictures, "series")
    instance.work()
    the_agency_reads_of_it(begin("ines").page, pictures)

    ana.goto(f"/desk/reports/{instance.reports['plain']}/")
    ana.get_by_role("button", name="Harmless or not pertinent").first.click()
    expect(ana.locator("#messages, .undo").first).to_be_visible()
    sofia.goto("/desk/looks/")
    keep(sofia, pictures, "blind-looks")
    sofia.get_by_role("button", name="Take the next one").click()
    keep(sofia, pictures, "blind-look")
    sofia.get_by_label("Harmless or not pertinent").check()
    sofia.get_by_role("button", name="This is what I see").click()
    expect(sofia.locator(".messages")).to_contain_text("you say the same")
    sofia.goto("/desk/lists/own-harmless/")
    expect(sofia.locator("main")).to_contain_text("2 of 3 people.")
    keep(sofia, pictures, "own-list-waiting")
    sofia.set_viewport_size({"width": 360, "height": 800})
    sofia.goto("/desk/lists/")
    sofia.screenshot(path=pictures / "lists-narrow.png", full_page=True, caret="initial")


def the_agency_reads_of_it(ines, pictures):
    ines.goto("/agency/")
    notice = ines.locator("#series")
    expect(notice).to_contain_text("Series Blue lantern")
    keep(ines, pictures, "agency-series")
    notice.get_by_role("button", name="Seen").first.click()
    expect(ines.locator(".messages")).to_contain_text("Seen.")
