"""What every test is promised: it stays on this machine, in a folder of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sqlite3
import urllib.request

import psycopg
import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from tests.loopback import OutsideError

FAR = ("192.0.2.1", 9)  # an address for documentation; nobody answers there


@pytest.mark.parametrize("verb", ["connect", "connect_ex"])
def test_no_connection_leaves_this_machine(verb):
    with socket.socket() as end, pytest.raises(OutsideError):
        getattr(end, verb)(FAR)


def test_no_datagram_leaves_this_machine():
    with socket.socket(type=socket.SOCK_DGRAM) as end, pytest.raises(OutsideError):
        end.sendto(b"x", FAR)


def test_no_name_is_looked_up():
    with pytest.raises(OutsideError):
        urllib.request.urlopen("http://tips.example.org/")


def test_asyncio_is_guarded_too():
    with pytest.raises(OutsideError):
        asyncio.run(asyncio.open_connection(*FAR))


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_this_machine_is_reached(name):
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((name, server.getsockname()[1])).close()


def test_a_test_has_a_home_of_its_own(tipline_home, tmp_path):
    assert tipline_home == tmp_path == django_settings.TIPLINE_HOME
    assert django_settings.TIPLINE_STORE.removeprefix("file://") == str(tmp_path / "objects")
    assert django_settings.TIPLINE_KEY_FILE.is_relative_to(tmp_path)


def test_without_a_home_it_is_a_temporary_one(tmp_path_factory):
    assert django_settings.TIPLINE_HOME.is_relative_to(tmp_path_factory.getbasetemp())


def test_the_database_is_a_test_database(db):
    name = str(connection.settings_dict["NAME"])

    assert ContentType.objects.exists()
    assert name.startswith("test_") if connection.vendor == "postgresql" else "pytest-" in name


@pytest.mark.sqlite_only
def test_sqlite_in_tests_is_a_file_in_wal_mode(db):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)


def tables(url: str) -> set[str]:
    """The names of the tables in a database of either kind."""
    if url.startswith("sqlite:"):
        words = "SELECT name FROM sqlite_master WHERE type = 'table'"
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite://"))) as found:
            return {name for (name,) in found.execute(words)}
    words = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with psycopg.connect(url) as found:
        return {name for (name,) in found.execute(words)}


@pytest.mark.both_databases
def test_own_database_is_of_the_runs_kind_and_has_every_table(own_database):
    kind = "postgresql" if os.environ.get("TIPLINE_TEST_DATABASE") == "postgresql" else "sqlite"
    assert own_database.startswith(f"{kind}://")
    assert {"django_migrations", "reports_report", "foundation_job"} <= tables(own_database)


@pytest.mark.both_databases
def test_an_empty_database_has_none(empty_database):
    assert tables(empty_database) == set()


@pytest.mark.xdist_group("kept-together")
def test_a_group_goes_to_one_process(request):
    """Dealt out one by one, its tests would start a server and a browser in each process."""
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("dealt to one process only")
    assert request.node.nodeid.endswith("@kept-together")
