"""What every test has: two databases, a home of its own, no way out of this machine.

``./tipline test`` runs everything on SQLite and, with ``TIPLINE_TEST_DATABASE=postgresql``,
the tests that touch a database once more on PostgreSQL.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from tests import loopback, migrated
from tests.shares import Shares, room_of

#: Rooms whose tests or files take long each, begun first: at the end of a run both workers are
#: then busy with short ones, and end together.
LONG_ROOMS = (
    "browser", "crash", "access", "terminal", "entities", "exchange", "matching", "hostile",
    "running", "benchmarks", "pipeline",
)  # fmt: skip
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}
FAST_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

hypothesis_settings.register_profile(
    "suite",  # the same examples each time: a test that fails now and then teaches nobody
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.register_profile(
    "prove",
    max_examples=5000,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
hypothesis_settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite_only: touches a database, SQLite is enough")
    config.pluginmanager.register(Shares(), "tipline-shares")
    loopback.guard()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Ten thousand tests and their modules stay to the end: they are not searched for garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


def _touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)


@pytest.hookimpl(wrapper=True)  # before -m looks at the marks, and xdist at the groups
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    left_out = []
    for item in items:
        browser = item.get_closest_marker("browser") is not None
        if browser:  # one chromium at a time
            item.add_marker(pytest.mark.xdist_group("browser"))
        elif _touches_database(item) and not item.get_closest_marker("sqlite_only"):
            _mark_databases(item, config)
        if not _belongs_to_run(item, config):
            left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]
    places = {room: place for place, room in enumerate(LONG_ROOMS)}
    items.sort(key=lambda item: places.get(room_of(item.nodeid), len(places)))
    return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file at a time to each worker, a group of files to one.

    A test at a time has the fixtures of a module made in each worker, and takes xdist longer the
    more tests have run.
    """
    if config.option.dist != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    class ByFile(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return str(super()._split_scope(nodeid)).partition("::")[0]

    return ByFile(config, log)


def _mark_databases(item: pytest.Item, config: pytest.Config) -> None:
    """Both, but for what pages and answers say.

    On PostgreSQL ``access/test_table`` asks each address once.

    ``./tipline prove pages`` runs these on PostgreSQL, too.
    """
    is_portal = room_of(item.nodeid).startswith("portals_")
    is_page = is_portal or item.get_closest_marker("pages") is not None
    if is_portal:
        item.add_marker(pytest.mark.pages)
    if not is_page or "pages" in config.option.markexpr:
        item.add_marker(pytest.mark.both_databases)


def _belongs_to_run(item: pytest.Item, config: pytest.Config) -> bool:
    if item.get_closest_marker("proof") and "proof" not in config.option.markexpr:
        return False
    on_postgres = os.environ.get("TIPLINE_TEST_DATABASE") == "postgresql"
    return not on_postgres or item.get_closest_marker("both_databases") is not None


def _home(folder: Path) -> dict[str, Any]:
    """The settings that say where this deployment keeps its things."""
    return {
        "TIPLINE_HOME": folder,
        "TIPLINE_STORE": f"file://{folder}/objects",
        "TIPLINE_KEY_FILE": folder / "keys" / "master.key",
    }


@pytest.fixture(scope="session", autouse=True)
def _settings_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing is written to the folder of a real deployment, and passwords hash at once."""
    from django.conf import settings

    for name, value in _home(tmp_path_factory.mktemp("home")).items():
        setattr(settings, name, value)
    settings.PASSWORD_HASHERS = FAST_HASHERS


@pytest.fixture(scope="session", autouse=True)
def _nothing_waits_for_the_disk() -> None:
    """A test's folder need not survive a power cut. That it would is asked by watching the calls.

    Processes that a test starts sync as always.
    """
    os.fsync = lambda _handle: None


@pytest.fixture(scope="session", autouse=True)
def _templates_as_served(django_test_environment: None) -> None:
    """Django's own test set-up copies the context of every template for ``response.context``.

    Nobody reads that here, and a page of ours has a hundred small templates.
    """
    from django.template.base import Template
    from django.test import utils

    Template._render = utils._TestState.saved_data.template_render


@pytest.fixture
def tipline_home(tmp_path: Path, settings: Any) -> Path:
    """An empty home folder (store, keys) of this test alone."""
    for name, value in _home(tmp_path).items():
        setattr(settings, name, value)
    return tmp_path


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The test database is a copy of one that has been migrated.

    SQLite in a file, because one in memory locks otherwise than the real one does.
    """
    from django.conf import settings

    database = settings.DATABASES["default"]
    wanted = database.setdefault("TEST", {})
    if database["ENGINE"].endswith("sqlite3"):
        file = tmp_path_factory.mktemp("database") / "tipline.sqlite3"
        migrated.copy_to(file)
        wanted["NAME"] = str(file)
        options = database["OPTIONS"]
        options["init_command"] = options["init_command"].replace("=FULL", "=OFF")
    elif template := os.environ.get(migrated.DATABASE):
        wanted["TEMPLATE"] = template


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """SQLite's copy is used as it is. It goes with the temporary folders of the run."""
    from django.conf import settings

    return bool(settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"))


@pytest.fixture
def own_database(tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database of this run's kind, for processes that a test starts."""
    with migrated.database(tmp_path, "own") as url:
        yield url


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    """The same without any table."""
    with migrated.database(tmp_path, "own", empty=True) as url:
        yield url
