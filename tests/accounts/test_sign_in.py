"""Signing in: nobody learns who exists, guesses are few, and being locked out ends."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.personas import PASSWORD, make_world

from tipline.ground.accounts import services
from tipline.ground.accounts.models import Person
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def fail(name: str = "ana", times: int = 1) -> None:
    for _time in range(times):
        assert services.sign_in(name, "wrong guess") is None


@pytest.mark.parametrize("name", ["ana", " ANA ", "Ana"])
def test_the_right_password_signs_in_and_stands_on_the_ledger(world, name):
    person = services.sign_in(name, PASSWORD)

    assert person == world.people["ana"]
    entry = LedgerEntry.objects.latest("pk")
    assert (entry.verb, entry.subject) == ("person.signed-in", f"person:{person.pk}")


def test_neither_a_wrong_nor_an_unknown_name_signs_in(world):
    fail("ana")
    fail("nobody")
    fail("")


def test_a_suspended_person_does_not_sign_in(world):
    services.suspend_person(world.actor("adam"), world.people["ana"])
    assert services.sign_in("ana", PASSWORD) is None


def test_nobody_suspends_themselves(world):
    with pytest.raises(services.NotAllowed):
        services.suspend_person(world.actor("adam"), world.people["adam"])


def test_a_failure_is_on_the_ledger_without_the_name_that_was_typed(world):
    fail("ana")
    fail("a name that is personal")

    said = str(list(LedgerEntry.objects.values_list("verb", "subject", "detail", "purpose")))
    assert "sign-in-failed" in said
    assert "personal" not in said
    assert "wrong guess" not in said


def _steps(name: str, password: str = "wrong guess") -> list[bool]:
    """For each transaction of a try, in order, whether something was written in it."""
    with CaptureQueriesContext(connection) as caught:
        services.sign_in(name, password)
    steps: list[bool] = []
    for query in caught.captured_queries:
        sql = query["sql"]
        if sql.startswith("SAVEPOINT"):
            steps.append(False)
        elif steps and sql.startswith(("UPDATE", "INSERT")):
            steps[-1] = True
    return steps


def test_every_failure_costs_one_look_and_the_same_commits(world, looks):
    for person in world.people.values():
        Person.objects.filter(pk=person.pk).update(password=make_password(PASSWORD))
    services._dummy_hash.cache_clear()
    services._dummy_hash()
    fail("sofia", 5)  # waits now
    services.suspend_person(SYSTEM, world.people["qadir"])
    cases = ["nobody", "ana", "sofia", "qadir"]

    found = {}
    for name in cases:
        looks.looks = 0
        steps = _steps(name)
        found[name] = (looks.looks, steps)

    services._dummy_hash.cache_clear()
    assert found == dict.fromkeys(cases, (1, [True, True]))


def test_after_five_failures_even_the_right_password_waits_and_then_works_again(world):
    with time_machine.travel(START, tick=False) as time:
        fail("ana", 5)
        assert services.sign_in("ana", PASSWORD) is None
        time.shift(timedelta(minutes=7))
        assert services.sign_in("ana", PASSWORD) is not None
        fail("ana", 4)  # the count began anew
        assert services.sign_in("ana", PASSWORD) is not None


def test_the_wait_never_grows_beyond_half_an_hour(world):
    with time_machine.travel(START, tick=False) as time:
        for _round in range(20):
            fail("ana", 5)
            time.shift(timedelta(minutes=31))
        assert services.sign_in("ana", PASSWORD) is not None


def test_at_most_ten_guesses_an_hour_are_looked_at(world):
    with time_machine.travel(START, tick=False) as time:
        hours = []
        for _hour in range(3):
            before = Person.objects.get(username="ana").failed_sign_ins
            for _minute in range(60):
                fail("ana", 3)
                time.shift(timedelta(minutes=1))
            hours.append(Person.objects.get(username="ana").failed_sign_ins - before)
    assert max(hours) <= 10
    assert min(hours) >= 1  # waiting ends: the next try is heard


def test_one_persons_failures_are_no_other_persons(world):
    fail("ana", 9)
    assert services.sign_in("sofia", PASSWORD) is not None


@pytest.mark.django_db(transaction=True)
def test_guesses_made_at_once_count_as_those_made_one_after_the_other(tipline_home):
    make_world()
    ready = threading.Barrier(10)

    def guess() -> None:
        try:
            ready.wait(10)
            services.sign_in("ana", "wrong guess")
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    ana = Person.objects.get(username="ana")
    assert ana.failed_sign_ins == 5
    assert ana.locked_until > clock.now()
