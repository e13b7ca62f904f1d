# ruff: noqa: T201 - a command for people who write documentation
"""``python -m tests.browser.pictures``: the pictures of the documentation, taken anew.

Starts a demo of 200 reports in a temporary folder, walks through its desks as its personas do,
and keeps the first screen of each in ``docs/pictures/``, 1,280 pixels wide.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page
from tests.browser.chromium import chromium, journey, keep
from tests.browser.instance import ROOT, environment_of, free_port
from tests.browser.people import sign_in
from tests.entities.models_made_up import learned_file

FOLDER = ROOT / "docs" / "pictures"
REPORTS = 200
LARGEST = 300_000


@contextmanager
def demo(home: Path) -> Iterator[tuple[str, str]]:
    """A demo that serves: its address and the password of its personas."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tipline", "demo", "--reports", str(REPORTS)]
    started = subprocess.Popen(
        [*command, "--port", str(port)],
        cwd=ROOT,
        env=environment_of(home, url),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield url, _password(started)
    finally:
        started.terminate()
        started.wait(timeout=60)


def _password(started: subprocess.Popen[str]) -> str:
    """What the demo prints when all its reports are ranked."""
    assert started.stdout is not None
    for line in started.stdout:
        if found := re.match(r"Password for all of them: (\S+)", line):
            return found[1]
    raise RuntimeError("The demo ended without a word about its personas.")


def take_all(browser: Browser, url: str, password: str) -> None:
    with journey(browser, url) as told:
        told.page.goto("/report/")
        take(told.page, "public")
    with journey(browser, url) as told:
        sign_in(told.page, "ana", password, "/desk/")
        take(told.page, "queue")
        told.page.locator("tr[data-row] [data-open]").first.click()
        take(told.page, "report")
        work_a_shift(told.page)
        review_files(told.page)
        judge_links(told.page)
        told.page.goto("/desk/care/")
        take(told.page, "care")
        told.page.goto("/desk/practice/?n=2")
        take(told.page, "practice")
    with journey(browser, url) as told:
        sign_in(told.page, "sofia", password, "/desk/")
        look_blindly(told.page)
        learn_links(told.page)
    with journey(browser, url) as told:
        sign_in(told.page, "ines", password, "/agency/")
        take(told.page, "agency")
        make_case(told.page)
        take(told.page, "case")
    with journey(browser, url) as told:
        sign_in(told.page, "enzo", password, "/esp/")
        take(told.page, "esp")


def work_a_shift(page: Page) -> None:
    """Claims, many done at once, a summary, the hand-over: as the guide to a shift tells it."""
    page.goto("/desk/?due=90")
    take(page, "queue-filters")
    page.goto("/desk/")
    page.keyboard.press("c")
    page.locator("#pane").get_by_text("You have it.").wait_for()
    urgent, low = (numbers(page, f"/desk/?band={band}") for band in ("urgent", "low"))
    chosen = "&".join(f"number={number}" for number in (*urgent[:2], *low[:6]))
    page.goto(f"/desk/batch/?act=done&{chosen}")
    page.get_by_label("Why may all").fill(
        "Looked at one by one: nothing in them needs a report of its own."
    )
    take(page, "batch")
    page.locator("form.card button").click()
    page.get_by_role("button", name="Undo").wait_for()
    page.goto("/desk/")
    page.locator("tr[data-row] [data-open]").first.click()
    page.locator("#summary summary").click()
    page.get_by_label("Summary").fill("A child may be met on Friday; the account is known here.")
    page.get_by_role("button", name="Keep the summary").click()
    page.locator("#summary .tag-analyst").first.wait_for()
    take(page, "summary")
    page.goto("/desk/hand-over/")
    page.get_by_label("What the next shift").fill("One urgent report is mine: I wait for a call.")
    page.get_by_role("button", name="Hand over").click()
    page.get_by_text("not read yet").wait_for()
    take(page, "hand-over")


def review_files(page: Page) -> None:
    """The studio's first page, and a file with a look that was asked for and two children."""
    page.goto("/desk/studio/")
    take(page, "studio-start")
    page.keyboard.press("n")
    page.wait_for_url(re.compile(r"/desk/studio/[0-9a-f]{64}/"))
    for key in "1pcbo":
        page.keyboard.press(key)
    page.locator("#look img.preview").wait_for()
    take(page, "studio")
    page.keyboard.press("?")
    page.locator("#keys").wait_for()
    take(page, "studio-keys")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_load_state("networkidle")


def judge_links(page: Page) -> None:
    """A proposed link with its evidence, a cluster, a search: as the guide to links tells it."""
    page.goto("/desk/links/")
    page.keyboard.press("n")
    page.wait_for_url(re.compile(r"/desk/links/\d+/"))
    take(page, "link")
    page.keyboard.press("b")
    page.locator(".weighed svg").first.wait_for()
    page.evaluate("document.activeElement.blur()")
    page.locator(".weighed").evaluate("node => node.scrollIntoView()")
    page.screenshot(path=FOLDER / "waterfall.png", caret="initial")
    in_few_colours(FOLDER / "waterfall.png")
    for _ in range(6):
        before = page.url
        page.keyboard.press("y")
        page.wait_for_url(lambda url, before=before: url != before)
    page.goto(f"/desk/clusters/{most_linked(page)}/")
    take(page, "cluster")
    names = page.locator("section[aria-labelledby=accounts] tr", has_text="Screen name")
    name = names.first.locator("th").inner_text()
    page.goto("/desk/search/")
    page.get_by_label("Search for").fill(name)
    page.get_by_label("What for?").select_option("report")
    page.locator("#search-now").press("Enter")
    page.locator("#found").wait_for()
    page.evaluate("document.activeElement.blur()")
    take(page, "search")


def most_linked(page: Page) -> int:
    """A report with as many links as any that the queue's first page has."""
    page.goto("/desk/")
    rows = page.locator("tr[data-row]").all()
    links = [int(row.locator("[data-label=Links]").inner_text()) for row in rows]
    return int(str(rows[links.index(max(links))].get_attribute("id")).removeprefix("report-"))


def look_blindly(page: Page) -> None:
    """The second look that the first label asked for."""
    page.goto("/desk/looks/")
    page.keyboard.press("e")
    page.wait_for_url(re.compile(r"/desk/looks/\d+/$"))
    take(page, "studio-second-look")


def learn_links(page: Page) -> None:
    """A link model that was proposed and tried, and what it changes."""
    learned = learned_file()
    page.goto("/desk/link-model/propose/")
    page.get_by_label("Or a file from your machine").set_input_files(
        {"name": "learned.toml", "mimeType": "application/toml", "buffer": learned}
    )
    page.get_by_label("What it is meant to do").fill("Learned from this store.")
    page.get_by_role("button", name="Propose it").click()
    page.get_by_role("button", name="Try it on history").click()
    page.get_by_text("You proposed it.").wait_for(timeout=120_000)
    page.evaluate("document.activeElement.blur()")
    page.locator("#trial").evaluate("node => node.scrollIntoView()")
    page.screenshot(path=FOLDER / "link-model.png", caret="initial")
    in_few_colours(FOLDER / "link-model.png")


def numbers(page: Page, address: str) -> list[str]:
    page.goto(address)
    return [str(box.get_attribute("value")) for box in page.locator("[data-select]").all()]


def make_case(page: Page) -> None:
    """A case of the two referrals that stand first, as an investigator makes it."""
    title = "Harbor 2026-17"
    links = page.locator("tr[data-row] .list-main a")
    first, second = (links.nth(n).get_attribute("href") for n in (0, 1))
    page.goto(str(first))
    page.get_by_text("Work it in a case").click()
    page.get_by_label("Title of the case").fill(title)
    page.get_by_role("button", name="Open a case").click()
    page.locator("#work").get_by_role("link", name=title).wait_for()
    page.goto(str(second))
    page.get_by_text("Work it in a case").click()
    page.get_by_label("Add to a case you have").select_option(label=title)
    page.get_by_role("button", name="Add to this case").click()
    page.locator("#work").get_by_role("link", name=title).click()
    page.get_by_role("heading", name=title).wait_for()


def take(page: Page, name: str) -> None:
    """Keep the first screen in few colours: pages have few, and the file becomes small."""
    page.wait_for_load_state("networkidle")
    in_few_colours(keep(page, FOLDER, name))


def in_few_colours(path: Path) -> None:
    """Write the picture anew in 256 colours. Raises RuntimeError where it is too large still."""
    with Image.open(path) as shot:
        few = shot.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    size = path.stat().st_size
    if size > LARGEST:
        raise RuntimeError(f"{path.name} has {size} bytes; {LARGEST} are allowed.")
    print(f"{path.name}: {few.width} by {few.height}, {size} bytes")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="tipline-pictures-") as home,
        demo(Path(home)) as (url, password),
        chromium() as browser,
    ):
        take_all(browser, url, password)


if __name__ == "__main__":
    main()
