"""One chromium, the people who sit before it, and what is held against each of their pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect, sync_playwright
from tests import parts

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
WIDE, NARROW = 1280, 360
GRAVE = {"serious", "critical"}
#: Other tests run beside these on the same cores: what is waited for may take long.
expect.set_options(timeout=30_000)
#: A refused form answers 422 and chromium writes that down; the page itself says what is wrong.
#: htmx writes down the request for a pane that was given up because another row was chosen.
_EXPECTED = re.compile(r"Failed to load resource: .* status of 422|htmx:(afterRequest|sendAbort), ")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, found as all tests find it."""
    path = parts.need(parts.CHROMIUM)
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=str(path), args=FLAGS)
        yield started
        started.close()


@dataclass
class Journey:
    """One person's way through the pages, and everything that their browser heard of it."""

    page: Page
    width: int = WIDE
    complaints: list[str] = field(default_factory=list)
    pictures: list[Response] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)

    def heard(self, response: Response) -> None:
        path = urlsplit(response.url).path
        kind = response.headers.get("content-type", "")
        if kind.startswith(("image/", "video/")) and not path.startswith("/static/"):
            self.pictures.append(response)
        if response.request.is_navigation_request() and response.status == 200:
            self._visit(response, kind)

    def _visit(self, response: Response, kind: str) -> None:
        seen_by_get = response.request.method == "GET" and kind.startswith("text/html")
        if seen_by_get and response.url not in self.visited:
            self.visited.append(response.url)


@contextmanager
def journey(browser: Browser, url: str, *, width: int = WIDE, **wanted: Any) -> Iterator[Journey]:
    """A browser session of its own at this address, under the content policy of the product.

    ``wanted``: what else playwright's ``new_context`` takes, such as ``java_script_enabled``.
    """
    size = {"width": width, "height": 800}
    context = browser.new_context(base_url=url, viewport=size, **wanted)
    policed = not wanted.get("bypass_csp")  # a session for axe, which breaks the policy itself
    told = Journey(context.new_page(), width)
    if policed:
        told.page.on("console", lambda said: _note(told, said.type, said.text))
        told.page.on("pageerror", lambda error: told.complaints.append(str(error)))
    context.on("response", told.heard)
    yield told
    context.close()


def _note(told: Journey, kind: str, text: str) -> None:
    if kind in {"error", "warning"} and not _EXPECTED.match(text):
        told.complaints.append(text)


def inspect(browser: Browser, told: Journey, done: set[str]) -> list[str]:
    """What is wrong with the pages that were visited: sideways scrolling, grave axe findings.

    axe writes styles of its own that our policy refuses, so it looks at the same pages in a
    session of its own. ``done``: kinds of pages that were inspected already; added to.
    """
    kinds = {f"{kind_of(url)}": url for url in told.visited}
    wanted = {kind: url for kind, url in kinds.items() if kind not in done}
    done.update(wanted)
    if not wanted:
        return []
    context = browser.new_context(
        storage_state=told.page.context.storage_state(),
        viewport={"width": WIDE, "height": 800},
        bypass_csp=True,
    )
    found = [wrong for url in wanted.values() for wrong in _wrong_with(context, url, told.width)]
    context.close()
    return found


def kind_of(url: str) -> str:
    """The page behind an address: without numbers, ids and its query."""
    path = urlsplit(url).path
    return re.sub(r"/(?=[^/]*\d)[^/]+(?=/|$)", "/*", path)


def _wrong_with(context: BrowserContext, url: str, width: int) -> list[str]:
    page = context.new_page()
    page.goto(url)
    found = [wide for each in (NARROW, WIDE) if (wide := sideways(page, each))]
    page.set_viewport_size({"width": width, "height": 800})
    found += [f"{url}: {said}" for said in grave(page)]
    page.close()
    return found


def sideways(page: Page, width: int) -> str:
    """Says that the page must be scrolled sideways at this width; empty when it need not."""
    page.set_viewport_size({"width": width, "height": 800})
    needed = page.evaluate("document.documentElement.scrollWidth")
    if needed <= width:
        return ""
    return f"{page.url} needs {needed} pixels at {width}: {page.evaluate(_STICKS_OUT, width)}"


#: The innermost elements that reach beyond the given width, without those that a box scrolls.
_STICKS_OUT = """width => {
    const scrolls = one => one && (getComputedStyle(one).overflowX !== "visible"
        || (one !== document.body && scrolls(one.parentElement)));
    return [...document.querySelectorAll("body *")]
        .filter(one => one.getBoundingClientRect().right > width + 1)
        .filter(one => !scrolls(one.parentElement))
        .filter((one, _place, all) => !all.some(other => other !== one && one.contains(other)))
        .slice(0, 5).map(one => one.outerHTML.slice(0, 200));
}"""


def grave(page: Page) -> list[str]:
    """axe's serious and critical findings, with the element that each is about."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['html'][:200] for node in one['nodes'][:3]]}"
        for one in violations
        if one["impact"] in GRAVE
    ]


def keep(page: Page, folder: Path, name: str) -> Path:
    """The first screen of the page as a picture in the folder of the run."""
    page.evaluate("window.scrollTo(0, 0)")
    path = folder / f"{name}.png"
    page.screenshot(path=path, caret="initial")  # its own way to hide the caret is styling
    return path
