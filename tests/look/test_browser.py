"""The look in a real browser, under the content policy of the product.

Pages are answered from memory: no server, no network.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from tests.browser.chromium import chromium
from tests.look.gallery import NAMES, pages

from tipline.doors.portals.headers import policy_for

SITE = "http://gallery.test"
PANE = (
    '<h2>Answered</h2><button data-key="c" data-pressed="c">Claim</button>'
    '<button data-key="e">Done, next</button>'
)
WIDTHS = (360, 1280)

pytestmark = pytest.mark.browser
all_pages = cache(pages)


def answer(route: Route) -> None:
    path = urlsplit(route.request.url).path
    headers = {"Content-Security-Policy": policy_for("/desk/")}
    if path.startswith("/static/"):
        found = finders.find(path.removeprefix("/static/"))
        assert isinstance(found, str), path
        kind = mimetypes.guess_type(found)[0] or ""
        route.fulfill(body=Path(found).read_bytes(), content_type=kind, headers=headers)
    elif path == "/pane":
        route.fulfill(body=PANE, content_type="text/html", headers=headers)
    elif path == "/gone":
        route.fulfill(status=409, body="gone", headers=headers)
    elif path.strip("/") in NAMES:
        html = all_pages()[path.strip("/")]
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
    else:
        route.fulfill(body=f"<title>{path}</title>", content_type="text/html", headers=headers)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def context(browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800})
    made.route("**/*", answer)
    yield made
    made.close()


@pytest.fixture
def page(context) -> Iterator[Page]:
    """A page whose every complaint (content policy, script error) fails the test."""
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if _is_ours(said) else None)
    yield opened
    assert complaints == []


@pytest.fixture
def inspected(browser) -> Iterator[Page]:
    """A page for axe, which writes styles of its own that our policy would refuse."""
    made = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    made.route("**/*", answer)
    yield made.new_page()
    made.close()


def _is_ours(said) -> bool:
    return said.type in {"error", "warning"} and "409" not in said.text


def show(page: Page, name: str) -> None:
    page.goto(f"{SITE}/{name}")


def current(page: Page) -> str | None:
    return page.evaluate("document.querySelector('[data-row][aria-current=true]')?.id")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_and_axe_finds_nothing_serious(inspected, scheme):
    inspected.emulate_media(color_scheme=scheme)
    for name in NAMES:
        show(inspected, name)
        for width in WIDTHS:
            inspected.set_viewport_size({"width": width, "height": 800})
            wide = inspected.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} at {width} is {wide} wide"
        found = Axe().run(inspected).response["violations"]
        serious = [(v["id"], [n["html"] for n in v["nodes"]]) for v in found
                   if v["impact"] in {"serious", "critical"}]  # fmt: skip
        assert serious == [], name


def test_axe_is_awake(inspected):
    show(inspected, "queue")
    inspected.evaluate("document.querySelector('h1').append(document.createElement('button'))")
    assert [v["id"] for v in Axe().run(inspected).response["violations"]] == ["button-name"]


def test_rows_are_forty_pixels_and_a_narrow_queue_is_cards(page):
    show(page, "queue")
    rows = page.locator("[data-row]")
    heights = [rows.nth(n).bounding_box()["height"] for n in range(rows.count())]
    assert max(heights) <= 43  # 40 and what two lines of words and the rule need
    page.set_viewport_size({"width": 360, "height": 800})
    first, second = (rows.nth(n).bounding_box() for n in (0, 1))
    assert first["width"] <= 328
    assert second["y"] > first["y"] + first["height"]


def test_the_styles_come_through_the_policy(page):
    show(page, "queue")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(245, 246, 248)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"
    layered = "getComputedStyle(document.querySelector('main')).display"  # Pico has loaded, too
    assert page.evaluate(layered) == "block"
    assert page.evaluate("getComputedStyle(document.documentElement).tabSize") == "4"


def test_j_and_k_walk_the_rows_and_the_pane_follows(page):
    show(page, "queue")
    page.keyboard.press("j")
    assert (current(page), focused(page)) == ("report-100000231", "100000231")
    page.keyboard.press("j")
    assert current(page) == "report-100000268"
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert current(page) == "report-100000231"  # the first row: no wrapping around
    expect(page.locator("#pane h2")).to_have_text("Answered")
    assert focused(page) == "100000231"


def test_enter_opens_and_x_selects(page):
    show(page, "queue")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("#report-100000231 [data-select]").is_checked()
    page.keyboard.press("Enter")
    expect(page).to_have_title("/desk/reports/100000231/")


def test_a_key_presses_what_stands_on_the_page(page):
    show(page, "queue")
    page.keyboard.press("c")
    expect(page).to_have_title("/claim")


def test_two_step_keys_and_back(page):
    show(page, "queue")
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page).to_have_title("/staff/books/")
    show(page, "report")
    page.keyboard.press("u")
    expect(page).to_have_title("/desk/")


def test_a_first_key_alone_does_nothing_and_is_forgotten(page):
    show(page, "queue")
    page.keyboard.press("g")
    page.keyboard.press("j")
    page.keyboard.press("b")
    assert urlsplit(page.url).path == "/queue"
    assert current(page) == "report-100000231"


def test_judgements_need_their_group_first(page):
    show(page, "report")
    page.evaluate(
        "document.querySelectorAll('[data-judge] button').forEach((b) =>"
        " b.addEventListener('click', () => { document.title = b.dataset.key; }))"
    )
    page.keyboard.press("y")
    assert page.title().startswith("Report")
    page.keyboard.press("m")
    assert page.evaluate("document.activeElement.hasAttribute('data-judge')")
    page.keyboard.press("y")
    expect(page).to_have_title("y")


def test_the_dialog_lists_what_is_here_and_focus_returns(page):
    show(page, "queue")
    page.keyboard.press("j")
    expect(page.locator("#pane h2")).to_have_text("Answered")
    page.keyboard.press("?")
    dialog = page.locator("#keys")
    expect(dialog).to_be_visible()
    lines = [line for line in dialog.locator("dl > div").all() if line.is_visible()]
    said = [line.inner_text().split("\n")[-1] for line in lines]
    assert said == [
        "Next, previous", "Open", "Select", "Claim", "Done with this one, next", "Queue", "Books",
        "Close, or leave a field", "These keys",
    ]  # fmt: skip
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert focused(page) == "100000231"


def test_the_dialog_names_keys_of_this_page_only(page):
    show(page, "report")
    page.evaluate(
        "const b = document.createElement('button'); b.dataset.key = '1';"
        " b.textContent = 'Label one'; document.querySelector('main').append(b)"
    )
    page.locator("[data-keys-open]").click()
    assert page.locator("#keys [data-other]").inner_text().split("\n")[-1] == "Label one"
    assert page.locator("#keys [data-for-key=r]").is_visible()
    assert page.locator("#keys [data-for=rows]").first.is_hidden()


def test_keys_typed_in_a_field_are_text_and_escape_leaves_it(page):
    show(page, "outcome")
    page.locator("#id_note").focus()
    page.keyboard.type("g b?u")
    assert page.locator("#id_note").input_value() == "g b?u"
    assert urlsplit(page.url).path == "/outcome"
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")


def test_single_keys_can_be_switched_off(page):
    show(page, "queue")
    page.keyboard.press("?")
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert current(page) is None
    page.reload()
    page.keyboard.press("j")
    assert current(page) is None
    page.keyboard.press("?")
    page.locator("[data-keys-on]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert current(page) == "report-100000231"


def test_a_background_request_that_is_refused_says_so(page):
    show(page, "queue")
    page.evaluate("document.querySelector('[data-row]').setAttribute('hx-get', '/gone')")
    page.evaluate("htmx.process(document.querySelector('[data-row]'))")
    page.keyboard.press("j")
    expect(page.locator("#live")).to_contain_text("This was refused, and nothing was changed.")
    expect(page.locator("#live")).to_contain_text("(409)")


def test_the_error_summary_has_the_focus_and_leads_to_the_field(page):
    show(page, "sign-in")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="Password").click()
    assert page.evaluate("document.activeElement.id") == "id_password"


def test_the_quick_exit_leaves_no_way_back(page):
    show(page, "queue")
    show(page, "question")
    before = page.evaluate("history.length")
    page.locator("[data-quick-exit]").click()
    expect(page).to_have_title("/weather")
    assert page.evaluate("history.length") == before


def test_everything_is_reachable_without_script(browser):
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    plain.route("**/*", answer)
    page = plain.new_page()
    show(page, "question")
    assert page.locator("[data-quick-exit]").get_attribute("href") == "/weather"
    assert page.locator("[data-keys-open]").is_hidden()
    show(page, "waterfalls")
    page.locator("summary").first.click()
    expect(page.locator("details[open] table").first).to_be_visible()
    plain.close()


def test_focus_is_always_visible(page):
    show(page, "queue")
    for _ in range(14):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px", focused(page)


def test_print_shows_absolute_times_and_no_buttons(page):
    show(page, "report")
    page.emulate_media(media="print")
    assert page.locator(".row-actions").first.is_hidden()
    after = "getComputedStyle(document.querySelector('.when'), '::after').content"
    assert "UTC" in page.evaluate(after)
