# ruff: noqa: T201 - the journey prints what a file costs
"""Labelling with the keyboard and nothing else; no picture leaves the server before its act."""

from __future__ import annotations

import io
import re
import time
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Request, Response, Route, expect
from tests.browser.chromium import keep
from tests.browser.people import Keyboard

pytestmark = pytest.mark.browser

FILES = 30
#: What is said of one file after the other: its keys, a child or two among them.
SAID = (["5"], ["1", "v", "p"], ["5"], ["1", "p", "c", "b", "B"], ["3"])
SMALL = 256


class Counted(Keyboard):
    """A keyboard that counts its keys."""

    pressed = 0

    def press(self, *keys: str) -> None:
        self.pressed += len(keys)
        super().press(*keys)

    def type(self, text: str) -> None:
        self.pressed += len(text)
        super().type(text)


@dataclass
class Network:
    """What was asked for and what came, in order: acts of looking, and pictures."""

    told: list[str | Image.Image] = field(default_factory=list)

    def asked(self, request: Request) -> None:
        path = urlsplit(request.url).path
        if request.method != "POST" or "/studio/" not in path:
            return
        words = parse_qs(request.post_data or "").get("words", [""])[0].strip()
        if path.endswith("/reveal") or (path.endswith("/labels") and words):
            self.told.append("reveal")
        elif path.endswith("/preview"):
            self.told.append("preview")

    def passed(self, route: Route) -> None:
        """A picture of the evidence origin: it is kept as it left the server."""
        answer = route.fetch()
        self.told.append(Image.open(io.BytesIO(answer.body())))
        route.fulfill(response=answer)

    def heard(self, response: Response) -> None:
        """No other picture than those, and those of the look."""
        kind = response.headers.get("content-type", "")
        path = urlsplit(response.url).path
        if kind.startswith(("image/", "video/")) and not path.startswith(("/static/", "/files/")):
            raise AssertionError(response.url)

    def left_in_order(self) -> tuple[int, int]:
        """How many small and full pictures came; each has an act of its own before it."""
        allowed, came = {"preview": 0, "reveal": 0}, {"preview": 0, "reveal": 0}
        for one in self.told:
            if isinstance(one, str):
                allowed[one] += 1
                continue
            kind = "preview" if one.mode == "L" and max(one.size) <= SMALL else "reveal"
            allowed[kind] -= 1
            came[kind] += 1
            assert allowed[kind] >= 0, f"{kind} of {one.size} before it was asked for"
        return came["preview"], came["reveal"]


def chosen(page) -> set[str]:
    marked = page.evaluate("[...document.querySelectorAll('#judge :checked')].map(n => n.value)")
    return {value for value in marked if value}


def address(page) -> str:
    return urlsplit(page.url).path


def on_the_next(page, before: str) -> None:
    page.wait_for_url(lambda url: urlsplit(url).path != before)


def test_thirty_files_by_keyboard(begin, instance, pictures):
    instance.fill_studio()
    told, network = begin("ana"), Network()
    page = told.page
    keys = Counted(page)
    page.context.on("request", network.asked)
    page.context.on("response", network.heard)
    page.context.route("**/files/**", network.passed)
    page.goto("/desk/")
    keys.press("g", "s")
    page.wait_for_url("**/desk/studio/")
    keep(page, pictures, "studio-start")
    keys.press("n")
    page.wait_for_url(re.compile(r"/desk/studio/[0-9a-f]{64}/"))
    began, said = time.monotonic(), cycle(SAID)
    for number in range(FILES):
        here = address(page)
        expect(page.get_by_text("Not shown.")).to_be_visible()
        if number == 0:
            reveal(page, keys, pictures)
        if number < FILES - 3:  # the last ones by their metadata alone
            look(page, keys)
        keys.press(*next(said))
        if number == 3:
            keep(page, pictures, "studio")
        keys.press("n")
        on_the_next(page, here)
        if number == 4:
            undone(page, keys, here)
    seconds = time.monotonic() - began
    print(f"{FILES} files, {seconds / FILES:.2f} s and {keys.pressed / FILES:.1f} keys a file")
    small, full = network.left_in_order()
    assert (small, full) == (FILES - 3 + 1, 1)
    expect(page.locator(".under-heading")).to_contain_text(f"{FILES} reviewed")


def look(page, keys) -> None:
    keys.press("o")
    expect(page.locator("#look img.preview:not(.revealed)")).to_have_count(1)


def reveal(page, keys, pictures) -> None:
    """With a reason from the list and in words; what was chosen before is still marked."""
    keys.press("2")
    keys.press("r")
    expect(page.locator("#why")).to_be_focused()
    keys.press("ArrowDown", "Tab")
    keys.type("The place behind it is too small.")
    keys.press("Enter")
    expect(page.locator("#look img.revealed")).to_have_count(1)
    assert chosen(page) == {"unconfirmed_age"}
    keep(page, pictures, "studio-revealed")
    keys.press("2")


def undone(page, keys, before: str) -> None:
    """The last one comes back with its choice; it is said otherwise, and the work goes on."""
    keys.press("u")
    page.wait_for_url(f"**{before}")
    assert chosen(page) == {"exploitative"}
    look(page, keys)
    keys.press("3", "5", "n")
    on_the_next(page, before)


def test_a_second_look_disagrees_and_is_settled(begin, pictures):
    """Sofia looks at what Ana labelled, without knowing it; a third person says what holds."""
    page = begin("sofia").page
    keys = Counted(page)
    page.goto("/desk/studio/")
    keys.press("b")
    page.wait_for_url("**/desk/looks/")
    keys.press("e")
    page.wait_for_url(re.compile(r"/desk/looks/\d+/$"))
    assert page.locator("main :checked").count() == 0  # nothing of what Ana said
    keys.press("l", "4")  # "Generated", which Ana has said of none
    keep(page, pictures, "studio-second-look")
    keys.press("e")
    page.wait_for_url("**/desk/looks/")
    page = begin("silas").page
    keys = Keyboard(page)
    page.goto("/desk/looks/")
    keys.press("j", "Enter")
    page.wait_for_url(re.compile(r"/desk/looks/\d+/settle/"))
    keys.press("l", "4")
    page.get_by_label(re.compile("Why|reason", re.IGNORECASE)).focus()
    keys.type("It is drawn: the edges have no noise.")
    keys.press("Escape", "e")
    page.wait_for_url("**/desk/looks/")
    expect(page.get_by_text("Nothing waits to be settled by you.")).to_be_visible()


def test_a_break_is_offered_and_the_keys_are_told(begin, pictures):
    """After five and twenty looks in the journey before."""
    page = begin("ana").page
    keys = Keyboard(page)
    page.goto("/desk/studio/")
    expect(page.get_by_text("would do good")).to_be_visible()
    keys.press("n")
    page.wait_for_url(re.compile(r"/desk/studio/[0-9a-f]{64}/"))
    keys.press("?")
    dialog = page.locator("#keys")
    for words in ("Apparent CSAM", "Show a small grey preview", "Undo the last one"):
        expect(dialog.get_by_text(words, exact=True)).to_be_visible()
    keep(page, pictures, "studio-keys")
    keys.press("Escape")
    page.get_by_role("button", name="Take a break").focus()
    keys.press("Enter")
    page.wait_for_url("**/desk/care/")
    expect(page.get_by_text("Your break lasts until")).to_be_visible()


def test_without_a_script_the_same_can_be_done(begin):
    page = begin("silas", java_script_enabled=False).page
    page.goto("/desk/studio/")
    page.get_by_role("button", name="Take the first one").click()
    harmless = page.get_by_label("Harmless or not pertinent")
    harmless.check()
    page.get_by_role("button", name="Small, grey, blurred").click()
    expect(page.locator("#look img.preview")).to_have_count(1)
    expect(harmless).to_be_checked()
    page.get_by_role("button", name="Keep, next").click()
    expect(page.get_by_text("Labelled: Harmless or not pertinent.")).to_be_visible()
    page.get_by_role("button", name="Undo the last one").click()
    expect(harmless).to_be_checked()
    page.get_by_role("button", name="Leave the studio").click()
    expect(page.get_by_text("Nothing is held for you.")).to_be_visible()
