"""The served store, the browser, and journeys whose pages must all be right."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.browser.chromium import Journey, chromium, inspect, journey
from tests.browser.instance import Instance, running
from tests.browser.people import sign_in


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def instance(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """Asks for the browser first: without one there is no need for a server."""
    with running(tmp_path_factory.mktemp("browser-home")) as served:
        yield served


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this run keeps its screenshots: TIPLINE_TEST_PICTURES, or a temporary folder."""
    named = os.environ.get("TIPLINE_TEST_PICTURES")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="package")
def signed_in(browser: Browser, instance: Instance) -> Callable[[str], Any]:
    """``signed_in("ana")``: the cookies of that person, who signs in once in a run."""
    desks = {
        "ana": "/desk/",
        "sofia": "/desk/",
        "silas": "/desk/",
        "ines": "/agency/",
        "enzo": "/esp/",
        "adam": "/staff/",
    }

    @cache
    def state_of(name: str) -> Any:
        with journey(browser, instance.url) as told:
            sign_in(told.page, name, instance.password, desks[name])
            return told.page.context.storage_state()

    return state_of


@pytest.fixture(scope="package")
def inspected() -> set[str]:
    """The kinds of pages that axe has seen in this run."""
    return set()


@pytest.fixture
def look_at(browser: Browser, inspected: set[str]) -> Callable[[Journey], None]:
    """Inspect the pages visited so far now, because some will not be there at the end."""

    def look(told: Journey) -> None:
        assert inspect(browser, told, inspected) == []

    return look


@pytest.fixture
def begin(
    browser: Browser,
    instance: Instance,
    inspected: set[str],
    signed_in: Callable[[str], Any],
) -> Iterator[Callable[..., Journey]]:
    """``begin("ana", width=…)``: a session of that person (of nobody, without a name).

    At its end nothing was amiss: no complaint of the content policy or of a script, and every
    kind of page that was visited has been inspected.
    """
    with ExitStack() as sessions:
        begun: list[Journey] = []

        def start(name: str = "", **wanted: Any) -> Journey:
            if name:
                wanted["storage_state"] = signed_in(name)
            begun.append(sessions.enter_context(journey(browser, instance.url, **wanted)))
            return begun[-1]

        yield start
        assert [said for told in begun for said in told.complaints] == []
        assert [said for told in begun for said in inspect(browser, told, inspected)] == []
