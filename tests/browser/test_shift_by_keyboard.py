"""A whole shift of two analysts, with the keyboard and nothing else."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import keep
from tests.browser.people import Keyboard, arrive
from tests.browser.test_analyst_by_keyboard import current, find, open_report

pytestmark = pytest.mark.browser


@pytest.fixture
def ana(begin):
    told = begin("ana")
    told.page.goto("/desk/")
    return told


@pytest.fixture
def keys(ana):
    return Keyboard(ana.page)


def submit(page, keys):
    """Press the focused button or field's Enter, and wait for the page that answers."""
    with page.expect_navigation():
        keys.press("Enter")


def focused_id(page):
    return page.evaluate("document.activeElement.id")


def tab_to_field(page, keys, name):
    for _ in range(20):
        keys.press("Tab")
        if focused_id(page) == name:
            return
    raise AssertionError(name)


def numbers(page):
    return [
        int(row.get_attribute("id").removeprefix("report-"))
        for row in page.locator("tr[data-row][id^=report-]").all()
    ]


def test_what_comes_is_told_and_the_place_is_kept(ana, keys, instance, pictures):
    """The server is asked at once instead of after twenty seconds; nothing else is different."""
    page = ana.page
    keys.press("j", "j", "x")
    here = current(page)
    expect(page.locator("#pane h2")).to_contain_text(str(here))
    number = instance.send_urgent()
    page.evaluate("document.querySelector('[data-poll]').dispatchEvent(new Event('look:poll'))")
    news = page.locator("#news")
    # What other journeys sent may have waited for the worker, too.
    expect(news).to_contain_text(re.compile(r"\d+ new reports?, (\d+ assessed anew, )?1 urgent"))
    assert news.get_attribute("aria-live") == "polite"
    assert current(page) == here
    keys.expect_focus(str(here))
    assert number not in numbers(page)  # nothing moves under the cursor
    keep(page, pictures, "queue-news")

    keys.press("Shift+R")
    expect(page.locator(f"#report-{number}")).to_have_count(1)
    expect(news).to_contain_text("Look for new reports")
    assert current(page) == here
    keys.expect_focus(str(here))
    expect(page.locator(f"#report-{here} [data-select]")).to_be_checked()
    assert keys.focus_is_visible()


def test_a_list_that_is_behind_says_so_and_takes_it_back(ana):
    page = ana.page
    ask = "document.querySelector('[data-poll]').dispatchEvent(new Event('look:poll'))"
    page.route("**/desk/news/**", lambda route: route.fulfill(status=503, body=""))
    page.evaluate(ask)
    expect(page.locator("#live")).to_contain_text("does not hear what is new")
    page.unroute("**/desk/news/**")
    page.evaluate(ask)
    expect(page.locator("#live")).to_be_empty()
    ana.complaints.clear()  # chromium wrote the 503 down


def test_a_list_is_narrowed_kept_shared_renamed_and_deleted(ana, keys, begin, pictures):
    page = ana.page
    keys.press("f")
    assert focused_id(page) == "id_level"
    tab_to_field(page, keys, "id_due")
    keys.type("within 90")
    tab_to_field(page, keys, "id_new")
    submit(page, keys)  # Enter in any field of the form
    assert "due=90" in page.url
    assert page.locator(".more-filters").get_attribute("open") is not None

    keys.press("v")
    keys.expect_focus("id_name")
    keys.type("Runs out this season")
    keys.press("Tab", "Space", "Tab")
    keys.expect_focus("Keep")
    submit(page, keys)
    expect(page.locator("#undo")).to_contain_text("View “Runs out this season” is kept.")
    here = page.locator(".views a[aria-current=page]")
    expect(here).to_have_text("Runs out this season")

    sofia = begin("sofia").page
    sofia.goto("/desk/")
    expect(sofia.locator(".views")).to_contain_text("Runs out this season (Ana)")

    keys.press("g", "v")
    arrive(page, "/desk/views/")
    keep(page, pictures, "views")
    keys.tab_to("Delete")
    submit(page, keys)
    expect(page.locator("#mine + p")).to_contain_text("You keep no view yet.")
    submit_z(page, keys)
    expect(page.locator("main")).to_contain_text("Runs out this season")
    keys.tab_to("Delete")
    submit(page, keys)


def submit_z(page, keys):
    with page.expect_navigation():
        keys.press("z")


def test_a_claim_shows_its_time_and_is_lengthened(ana, keys, instance):
    page = ana.page
    number = instance.reports["calling"]
    find(page, keys, number)
    keys.press("j", "c")
    expect(page.locator(f"#claimed-{number}")).to_contain_text("min left")
    expect(page.locator("#pane [data-key=c]")).to_contain_text("Keep for half an hour more")
    keys.press("c")
    expect(page.locator("#undo")).to_contain_text("for half an hour.")
    keys.press("Shift+C")
    expect(page.locator(f"#claimed-{number}")).to_have_text("\N{EN DASH}")


def test_a_meme_is_closed_with_one_key_and_what_is_none_says_why(ana, keys, instance):
    page = ana.page
    find(page, keys, instance.reports["plain"])
    keys.press("j", "Shift+M")
    why = page.locator("#pane details[data-key=M]")
    expect(why).to_contain_text("Not every file is on our own viral list.")
    assert keys.focus_is_visible()

    instance.put_on_list("meme")  # now: whatever has it judged again forgets this
    find(page, keys, instance.reports["meme"])
    with page.expect_navigation():
        keys.press("j", "Shift+M")
    expect(page.locator("#undo")).to_contain_text("is closed as a meme.")
    submit_z(page, keys)
    expect(page.locator("#messages")).to_contain_text("is back in the queue.")


def test_many_are_done_after_a_preview_and_come_back(ana, keys, pictures):
    page = ana.page
    before = numbers(page)
    keys.press("x", "j", "x", "j", "j", "j", "j", "j", "x", "j", "x")
    expect(page.locator("[data-selected]")).to_have_text("4")
    keys.press("b", "Tab")
    keys.expect_focus("Done …")
    submit(page, keys)
    arrive(page, "/desk/batch/")
    main = page.locator("main")
    expect(main).to_contain_text("urgent reports are looked at one by one.")
    will = page.locator("#fit").inner_text()
    keys.expect_focus("id_reason")
    keep(page, pictures, "batch")
    keys.type("Same account, same file, seen by me.")
    submit(page, keys)
    expect(page.locator("h1")).to_contain_text("Done: ")
    assert will.split()[0] == page.locator("h1").inner_text().split()[1]
    keep(page, pictures, "batch-done")
    submit_z(page, keys)
    expect(page.locator("#messages")).to_contain_text("restored.")
    with page.expect_navigation():
        keys.press("u")
    assert numbers(page) == before


def test_a_summary_is_written_and_taken_back(ana, keys, instance, pictures):
    page = ana.page
    open_report(page, keys, instance.reports["looked-at"])
    keys.press("w")
    keys.expect_focus("id_summary")
    page.keyboard.press("Control+a")
    keys.type("One picture, known to nobody here; the account is closed.")
    keys.press("Tab")
    keys.expect_focus("Keep the summary")
    keys.press("Enter")
    box = page.locator("#summary")
    expect(box.locator(".summary-words")).to_contain_text("known to nobody here")
    expect(box).to_contain_text("The draft from the facts:")
    expect(box.locator(".tag-analyst").first).to_be_visible()
    assert keys.focus_is_visible()
    keep(page, pictures, "summary")
    submit_z(page, keys)
    expect(box.locator(".tag-system").first).to_be_visible()


def test_the_shift_ends_and_the_next_person_reads(ana, keys, begin, pictures):
    page = ana.page
    keys.press("g", "h")
    arrive(page, "/desk/hand-over/")
    keys.press("a")
    keys.expect_focus("id_text")
    keys.type("Two calls wait. The account of the heron is with the ESP.")
    keys.press("Tab")
    submit(page, keys)
    expect(page.locator("#undo")).to_contain_text("Handed over.")
    keep(page, pictures, "hand-over")

    told = begin("sofia")
    sofia, next_keys = told.page, Keyboard(told.page)
    sofia.goto("/desk/hand-over/")
    expect(sofia.locator("main")).to_contain_text("Two calls wait.")
    with sofia.expect_navigation():
        next_keys.press("r")
    expect(sofia.locator("main")).to_contain_text("read by Sofia")
    submit_z(sofia, next_keys)
    expect(sofia.locator("main")).to_contain_text("not read yet")


def test_the_keys_of_the_shift_are_listed(ana, keys):
    keys.press("j", "?")
    dialog = ana.page.locator("#keys")
    for words in (
        "Select", "Act on the selected reports", "More filters", "Keep this list as a view",
        "Show what is new", "Views", "Hand-over", "Close as a meme, or why that cannot be",
    ):  # fmt: skip
        expect(dialog.get_by_text(words, exact=True)).to_be_visible()
