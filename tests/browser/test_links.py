"""Ten proposed links judged by keyboard alone, a cluster parted, a search."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import grave, keep, sideways
from tests.browser.people import Keyboard, arrive, path_of

pytestmark = pytest.mark.browser

VERDICTS = "ynuyynuyny"


@pytest.fixture
def ana(begin):
    return begin("ana")


def key_of(page):
    """The proposal that the page is of."""
    return int(re.fullmatch(r"/desk/links/(\d+)/", path_of(page))[1])


def judged(page):
    """How many this person has judged of late, as the page says."""
    told = page.locator("#pair .under-heading").inner_text()
    return int(re.search(r"you judged (\d+)", told)[1])


def come(page, link):
    """Until this proposal is before the person."""
    page.wait_for_url(f"**/desk/links/{link}/")
    expect(page.locator("#judge")).to_have_attribute("action", f"/desk/links/{link}/judge")


def test_ten_proposals_are_judged_by_keyboard(ana, instance, pictures):
    links = instance.propose_links()
    page, keys = ana.page, Keyboard(ana.page)
    page.goto("/desk/")
    keys.press("g", "k")
    arrive(page, "/desk/links/")
    expect(page.locator("#waits")).to_contain_text("wait")
    keep(page, pictures, "links-start")
    keys.press("n")
    come(page, links[0])
    before = judged(page)

    folded = page.locator("details.weighed")
    assert not folded.evaluate("node => node.open")
    expect(page.locator("table.pair .alike").first).to_contain_text("Same screen name")
    keep(page, pictures, "link-pair")
    keys.press("b")
    expect(page.locator(".weighed svg").first).to_be_visible()
    expect(page.locator(".weighed figure")).to_contain_text("proposed from here on")
    page.locator(".weighed").scroll_into_view_if_needed()
    keep(page, pictures, "link-waterfall")

    keys.press("t")
    keys.type("The same number: y and n are letters here.")
    keys.press("Enter")  # a note by itself says nothing
    assert key_of(page) == links[0]
    keys.press("Escape")
    for link, following, verdict in zip(links, links[1:], VERDICTS, strict=False):
        assert key_of(page) == link
        keys.press(verdict)
        come(page, following)
    expect(page.locator("#undo")).to_contain_text("confirmed, counts")
    assert judged(page) == before + len(VERDICTS)

    keys.press("z")
    come(page, links[9])
    expect(page.locator("main")).to_contain_text("Taken back.")
    expect(page.locator("#pair")).to_contain_text("taken back")
    keys.press("s")
    come(page, links[10])
    keys.press("q")
    arrive(page, "/desk/links/")
    expect(page.locator("main")).to_contain_text("You have left 1 to others.")


def test_the_cluster_of_a_confirmed_pair_is_parted_by_keyboard(ana, instance, pictures):
    number, twin = instance.reports["plain"], instance.reports["plain-twin"]
    page, keys = ana.page, Keyboard(ana.page)
    page.goto(f"/desk/reports/{number}/")
    page.locator("[id^=link-]", has_text=f"Report {twin}").get_by_role(
        "link", name="Side by side"
    ).click()
    page.wait_for_url(re.compile(r"/desk/links/\d+/$"))
    keys.press("y")
    page.wait_for_url(re.compile(r"/desk/links/.*"))
    expect(page.locator("#undo")).to_contain_text("confirmed, counts")
    page.goto(f"/desk/reports/{number}/")
    keys.press("K")
    arrive(page, f"/desk/clusters/{number}/")
    expect(page.locator(".pic-ties")).to_be_visible()
    keep(page, pictures, "cluster")
    keys.press("j", "j", "x", "t")
    keys.type("Two brothers.")
    keys.press("Escape", "p")
    expect(page.locator("#cluster")).to_contain_text("No link that counts leads from this report")
    keys.press("z")
    arrive(page, f"/desk/clusters/{number}/")
    expect(page.locator(f"#member-{twin}")).to_be_visible()
    link = page.locator("#ties table a, section .plain a").first
    expect(link).to_contain_text(str(number))


def test_a_search_by_keyboard(ana, pictures):
    page, keys = ana.page, Keyboard(ana.page)
    page.goto("/desk/")
    keys.press("g", "i")
    arrive(page, "/desk/search/")
    keys.press("/")
    keys.type("A call")  # the purpose comes first
    keys.press("Tab", "Tab")
    keys.type("GREY_HERON")
    keys.press("Enter")
    expect(page.locator("#found")).to_contain_text("2 reports")
    expect(page.locator("#search")).to_contain_text("Read as: Screen name.")
    assert "GREY" not in page.url
    keep(page, pictures, "search")
    keys.press("Escape", "g", "i")
    expect(page.locator("#found")).to_have_count(0)  # it is another page of the same address
    keys.press("/")
    keys.type("grey.heron")
    keys.press("Enter")
    expect(page.locator("#found")).to_be_visible()


def test_what_is_not_of_every_day_is_folded_and_opens_without_a_mouse(begin, pictures):
    page = begin("sofia", bypass_csp=True).page
    keys = Keyboard(page)
    page.goto("/desk/")
    more = page.locator(".nav-more")
    expect(more.get_by_role("link", name="Books")).to_be_hidden()
    more.locator("summary").focus()
    keys.press("Enter")
    expect(more.get_by_role("link", name="Books")).to_be_visible()
    assert not grave(page)
    keep(page, pictures, "navigation")
    page.set_viewport_size({"width": 360, "height": 800})
    assert not sideways(page, 360)
    keep(page, pictures, "navigation-narrow")
    page.set_viewport_size({"width": 1280, "height": 800})
    keys.press("Tab", "Tab", "Tab", "Tab", "Enter")
    arrive(page, "/desk/books/")
    expect(page.locator(".desk-nav > ul > li > a[aria-current=page]")).to_have_text("Books")
    keys.press("g", "f")
    arrive(page, "/desk/figures/")
