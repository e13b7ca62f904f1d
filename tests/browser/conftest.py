"""The served store, the browser, and journeys whose pages must all be right."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.browser.chromium import Journey, chromium, inspect, journey
from tests.browser.instance import Instance, running


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
def inspected() -> set[str]:
    """The kinds of pages that axe has seen in this run."""
    return set()


@pytest.fixture
def begin(
    browser: Browser, instance: Instance, inspected: set[str]
) -> Iterator[Callable[..., Journey]]:
    """``begin(script=…, width=…)``: a fresh session, at the end of which nothing was amiss:
    no complaint of the content policy or a script, and every page visited is inspected."""
    with ExitStack() as sessions:
        begun: list[Journey] = []

        def start(**wanted: Any) -> Journey:
            begun.append(sessions.enter_context(journey(browser, instance.url, **wanted)))
            return begun[-1]

        yield start
        assert [said for told in begun for said in told.complaints] == []
        assert [said for told in begun for said in inspect(browser, told, inspected)] == []
