"""What waits for the disk, and what need not: a job would write it once more."""

from __future__ import annotations

import pytest
from django.db import connection

from tipline.ground.foundation import jobs
from tipline.ground.foundation.models import Job
from tipline.ground.foundation.transactions import derived_statement, derived_tx, write_tx

pytestmark = pytest.mark.django_db(transaction=True)

WAITS = {"sqlite": "2", "postgresql": "on"}
WAITS_NOT = {"sqlite": "1", "postgresql": "off"}


@pytest.fixture(autouse=True)
def waiting():
    """As in a deployment: this test's own connection waits for the disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous=FULL")
        else:
            cursor.execute("SET synchronous_commit TO on")
    yield
    connection.close()


def said() -> str:
    asked = "PRAGMA synchronous" if connection.vendor == "sqlite" else "SHOW synchronous_commit"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return str(cursor.fetchone()[0])


def test_only_what_is_derived_does_not_wait():
    with write_tx():
        assert said() == WAITS[connection.vendor]
    with derived_tx():
        assert said() == WAITS_NOT[connection.vendor]
    assert said() == WAITS[connection.vendor]


def test_inside_another_it_waits_like_the_other():
    with write_tx(), derived_tx():
        assert said() == WAITS[connection.vendor]
    with write_tx(), derived_statement():
        assert said() == WAITS[connection.vendor]


@pytest.mark.parametrize("ways", [derived_tx, derived_statement])
def test_it_waits_again_after_an_error(ways):
    with pytest.raises(ZeroDivisionError), ways():
        raise ZeroDivisionError
    assert said() == WAITS[connection.vendor]


def asks_and_fails() -> None:
    with derived_tx():
        jobs.enqueue("test.none", {})
        raise ZeroDivisionError


def test_a_rolled_back_one_leaves_nothing():
    with pytest.raises(ZeroDivisionError):
        asks_and_fails()
    assert not Job.objects.exists()


def test_a_claim_and_a_finish_do_not_wait_and_what_follows_does():
    jobs.enqueue("test.none", {"word": "a"})
    job = jobs.claim("", "one")
    assert job is not None
    assert job.payload == {"word": "a"}
    assert said() == WAITS[connection.vendor]
    assert jobs.finish(job)
    assert said() == WAITS[connection.vendor]
    assert not Job.objects.exists()
