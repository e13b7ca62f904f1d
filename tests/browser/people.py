"""Hands: signing in, and a keyboard that is all that a person uses."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page

RING = "solid 3px"
PATIENCE = 10.0  # seconds, on a machine that does other work as well


def sign_in(page: Page, name: str, password: str, desk: str) -> None:
    """By mouse; the journeys by keyboard have their own way."""
    page.goto("/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    arrive(page, desk)


def arrive(page: Page, path: str) -> None:
    """Wait until the page at this path, whatever its query, has come."""
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


class Keyboard:
    """Keys, and what a person sees of where they are. It cannot click."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self._page.keyboard.press(key)

    def type(self, text: str) -> None:
        self._page.keyboard.type(text)

    def focused(self) -> str:
        """The words of the element that has the focus, or its id, or nothing for the page."""
        return self._page.evaluate(
            "(() => { const node = document.activeElement;"
            " return node === document.body ? '' : node.innerText?.trim() || node.id })()"
        )

    def expect_focus(self, words: str) -> None:
        """Until the element with these words, or this id, has the focus: what is swapped in
        takes its place a moment later.
        """
        self._soon(lambda: self.focused() == words)
        assert self.focused() == words

    def focus_is_visible(self) -> bool:
        """Something has the focus, and a solid ring is drawn around it; at once, or soon."""
        self._soon(lambda: self._ring() == RING)
        return self._ring() == RING

    def _ring(self) -> object:
        return self._page.evaluate(
            "(() => { const node = document.activeElement, look = getComputedStyle(node);"
            " return node !== document.body && `${look.outlineStyle} ${look.outlineWidth}` })()"
        )

    def _soon(self, come: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not come() and time.monotonic() < until:
            self._page.wait_for_timeout(20)

    def tab_to(self, words: str, most: int = 40) -> None:
        """Tab until the focus is on the element with these words; every stop is visible."""
        for _ in range(most):
            self.press("Tab")
            assert self.focus_is_visible(), f"at {self.focused()!r}"
            if self.focused().startswith(words):
                return
        raise AssertionError(f"{most} tabs did not reach {words!r}")
