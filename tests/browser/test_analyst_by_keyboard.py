"""An analyst's hour, with the keyboard and nothing else."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import keep
from tests.browser.people import Keyboard, arrive, path_of

pytestmark = pytest.mark.browser


def current(page):
    """The number of the row that is selected."""
    row = page.evaluate("document.querySelector('tr[aria-current=true]')?.id")
    return int(row.removeprefix("report-")) if row else None


@pytest.fixture
def ana(begin):
    """Ana on her queue, signed in before."""
    told = begin("ana")
    told.page.goto("/desk/")
    return told


@pytest.fixture
def keys(ana):
    return Keyboard(ana.page)


def find(page, keys, number):
    """By the search field, as an analyst who was given a number does."""
    keys.press("/")
    keys.expect_focus("id_q")
    page.keyboard.press("Control+a")
    keys.type(str(number))
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(1)


def open_report(page, keys, number):
    find(page, keys, number)
    keys.press("j", "Enter")
    arrive(page, f"/desk/reports/{number}/")


def test_signing_in_leads_to_where_one_wanted_to_go(begin, instance):
    told = begin()
    keys = Keyboard(told.page)
    told.page.goto("/desk/?band=urgent")
    assert path_of(told.page) == "/login/"
    keys.expect_focus("id_username")
    keys.type("ana")
    keys.press("Tab")
    keys.type(instance.password)
    keys.press("Enter")
    arrive(told.page, "/desk/")
    assert told.page.url.endswith("/desk/?band=urgent")


def test_the_queue_is_walked_and_the_pane_follows(ana, keys, pictures):
    page = ana.page
    rows = [int(row.get_attribute("id").removeprefix("report-")) for row in page.locator(
        "tr[data-row]").all()]  # fmt: skip
    assert len(rows) > 40
    expect(page.locator("#pane h2")).to_contain_text(str(rows[0]))

    keys.press("j")
    assert current(page) == rows[1]
    expect(page.locator("#pane h2")).to_contain_text(str(rows[1]))
    keys.press("j", "j", "k")
    assert current(page) == rows[2]
    expect(page.locator("#pane h2")).to_contain_text(str(rows[2]))
    keys.expect_focus(str(rows[2]))
    assert keys.focus_is_visible()
    keep(page, pictures, "queue")


def test_a_report_is_claimed_released_and_taken_back(ana, keys, instance):
    page = ana.page
    number = instance.reports["earlier"]
    find(page, keys, number)
    keys.press("j", "c")

    expect(page.locator("#pane")).to_contain_text("You have it.")
    expect(page.locator(f"#report-{number}")).to_contain_text("Ana")
    keys.expect_focus(str(number))  # claiming leaves the place alone
    keys.press("Shift+C")
    expect(page.locator("#pane [data-key=c]")).to_be_visible()
    expect(page.locator(f"#claimed-{number}")).to_have_text("\N{EN DASH}")
    keys.expect_focus(str(number))
    keys.press("z")  # undo of the release: it is hers again
    page.wait_for_load_state()
    expect(page.locator(f"#claimed-{number}")).to_contain_text("Ana")


def test_a_file_is_labelled_and_the_focus_stays_with_it(ana, keys, instance, pictures):
    page = ana.page
    open_report(page, keys, instance.reports["urgent"])
    keep(page, pictures, "report")

    keys.press("j", "j")
    second = page.locator("[data-row]").nth(1)
    card = second.get_attribute("id")
    assert page.evaluate("document.activeElement.id") == card
    assert keys.focus_is_visible()
    keys.press("l", "5")
    pressed = page.locator(f"#{card}").get_by_role("button", name="Harmless or not pertinent")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#undo")).to_contain_text("Label set: Harmless or not pertinent.")
    assert page.evaluate("document.activeElement.id") == card
    other = page.locator("[data-row]").first.get_by_role("button", name="Harmless")
    assert other.get_attribute("aria-pressed") == "false"

    keys.press("z")
    page.wait_for_load_state()
    expect(pressed).to_have_attribute("aria-pressed", "false")


def test_a_note_is_written_and_the_focus_returns(ana, keys, instance):
    page = ana.page
    open_report(page, keys, instance.reports["urgent"])

    keys.press("a")
    keys.expect_focus("id_text")
    keys.type("Called the ESP: the account is closed, e and z are letters here.")
    keys.press("Tab")
    keys.expect_focus("Add the note")
    keys.press("Enter")
    expect(page.locator("#notes dd")).to_contain_text("Called the ESP: the account is closed")
    keys.expect_focus("Add the note")
    assert keys.focus_is_visible()
    assert path_of(page) == f"/desk/reports/{instance.reports['urgent']}/"


def test_a_link_is_judged_yes_and_a_second_thought_is_possible(ana, keys, instance):
    page = ana.page
    open_report(page, keys, instance.reports["alike"])
    waiting = page.locator("[data-judge]:not([data-judged])")
    expect(waiting).to_have_count(1)

    keys.press("y")  # without the m before it, y is nothing
    assert waiting.count() == 1
    keys.press("m")
    assert page.evaluate("document.activeElement.hasAttribute('data-judge')")
    assert keys.focus_is_visible()
    keys.press("y")
    links = page.locator("[id^=link-]")
    expect(links.filter(has_text="confirmed, counts")).to_have_count(1)
    expect(waiting).to_have_count(0)
    assert page.evaluate("document.activeElement.hasAttribute('data-judge')")
    keys.press("n")
    expect(links.filter(has_text="rejected, counts nothing")).to_have_count(1)


def test_a_key_in_a_hurry_acts_on_the_row_that_is_selected(ana, keys):
    """The pane still shows the row before when the key is pressed: the key waits for it."""
    page = ana.page
    page.route("**/desk/pane/**", lambda route: (page.wait_for_timeout(400), route.continue_()))
    rows = [row.get_attribute("id") for row in page.locator("tr[data-row]").all()[:4]]
    with page.expect_navigation():
        keys.press("j", "j", "e")
    number = rows[2].removeprefix("report-")
    expect(page.locator("#undo")).to_contain_text(f"Report {number} is done.")
    page.unroute("**/desk/pane/**")
    keys.press("z")
    expect(page.locator("#messages")).to_contain_text(f"Report {number} is back in the queue.")


def test_an_answer_that_comes_late_does_not_take_the_pane(ana):
    """The first row's answer is slow and the second's quick: the pane stays with the second."""
    page, held = ana.page, []
    rows = [row.get_attribute("id").removeprefix("report-")
            for row in page.locator("tr[data-row]").all()[:3]]  # fmt: skip

    def hold_the_first(route):
        if f"/{rows[1]}/" in route.request.url:
            held.append(route)
        else:
            route.continue_()

    page.route("**/desk/pane/**", hold_the_first)
    with page.expect_request(f"**/desk/pane/{rows[1]}/**"):
        page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#pane h2")).to_contain_text(rows[2])
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#pane h2")).to_contain_text(rows[2])


def test_done_leads_to_the_next_one_and_can_be_undone(ana, keys):
    page = ana.page
    keys.press("j", "j")
    dealt_with = current(page)
    following = page.locator(f"#report-{dealt_with} + tr").get_attribute("id")
    expect(page.locator("#pane h2")).to_contain_text(str(dealt_with))

    with page.expect_navigation():
        keys.press("e")
    expect(page.locator("#undo")).to_contain_text(f"Report {dealt_with} is done.")
    expect(page.locator(f"#report-{dealt_with}")).to_have_count(0)
    assert f"report-{current(page)}" == following
    keys.expect_focus(str(current(page)))
    keys.press("z")
    expect(page.locator(f"#report-{dealt_with}")).to_have_count(1)
    expect(page.locator("#messages")).to_contain_text(f"Report {dealt_with} is back in the queue.")


def test_back_from_a_report_to_its_row(ana, keys):
    page = ana.page
    keys.press("j", "j", "j")
    number = current(page)
    keys.press("Enter")
    arrive(page, f"/desk/reports/{number}/")
    keys.press("u")
    arrive(page, "/desk/")
    assert current(page) == number
    keys.expect_focus(str(number))
    assert keys.focus_is_visible()


def test_the_keys_are_shown_and_the_place_is_kept(ana, keys):
    page = ana.page
    keys.press("j")
    number = current(page)
    keys.press("?")
    dialog = page.locator("#keys")
    expect(dialog).to_be_visible()
    for words in ("Next, previous", "Claim", "Search", "Done with this one, next"):
        expect(dialog.get_by_text(words, exact=True)).to_be_visible()
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    assert current(page) == number
    keys.expect_focus(str(number))


def test_everything_of_the_queue_is_reached_by_tab_alone(ana, keys):
    numbers = ana.page.locator("tr[data-row] [data-open]").all_inner_texts()
    keys.tab_to("Queue")
    keys.tab_to("Download CSV")
    keys.tab_to(numbers[0])
    keys.tab_to(numbers[-1], most=2 * len(numbers))  # each row has its box, too
    expect(ana.page.locator("#pane h2")).to_contain_text(numbers[-1])
    keys.tab_to("Done, next")


def test_the_queue_and_a_report_in_the_dark(begin, instance, pictures):
    page = begin("ana", color_scheme="dark").page
    page.goto("/desk/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"
    keep(page, pictures, "queue-dark")
    page.goto(f"/desk/reports/{instance.reports['urgent']}/")
    keep(page, pictures, "report-dark")


def test_a_link_that_looks_like_a_button_answers_to_the_space_bar(ana, keys, instance):
    page = ana.page
    open_report(page, keys, instance.reports["urgent"])
    keys.tab_to("Add a note")
    keys.press("Space")
    keys.expect_focus("id_text")


def test_the_parts_of_a_long_report_are_one_step_away(ana, keys, instance):
    page = ana.page
    open_report(page, keys, instance.reports["urgent"])
    keys.tab_to("Ledger")
    keys.press("Enter")
    expect(page.locator("#ledger")).to_be_in_viewport()
