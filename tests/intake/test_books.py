"""The books add up under any sequence of calls, and retries have one effect, on both databases."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test
from tests.intake.machine import Intake
from tests.personas import make_world

from tipline.ground.audit.queries import verify
from tipline.ground.foundation.actor import SYSTEM
from tipline.record.intake import services as intake
from tipline.record.intake.queries import books
from tipline.record.intake.services import Arrival, Incoming
from tipline.record.reports.doors import Door
from tipline.record.reports.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db, tipline_home):
    return make_world()


@pytest.mark.parametrize("runs", [12, pytest.param(5_000, marks=pytest.mark.proof)])
def test_any_sequence_of_calls(world, runs):
    Intake.world = world
    run_state_machine_as_test(
        Intake,
        settings=hypothesis_settings(
            max_examples=runs,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert books(SYSTEM).lines == []
    assert verify().ok


def test_what_does_not_add_up_is_named(world):
    """The books do not vouch for themselves: a loss behind their back is found."""
    actor, sender = world.machine("harborline"), world.organisations["Harborline"]
    arrivals = [Arrival(Door.ISPWS, raw, sender) for raw in (b"<a/>", b"<b/>")]
    numbers = [intake.submit(actor, arrival, {}).number for arrival in arrivals]
    report = Report.objects.select_related("key").get(pk=numbers[0])
    incoming = Incoming([b"bytes"])
    file = intake.receive_file(actor, report, incoming, intake.deposit(incoming))
    assert books(SYSTEM, check_files=True).balanced

    from tipline.ground.foundation.keys import store
    from tipline.record.intake.models import Submission

    store().delete(file.object_name)
    Submission.objects.filter(report_id=numbers[1]).delete()
    found = books(SYSTEM, check_files=True)

    assert not found.balanced
    assert found.files_without_bytes == [file.file_id]
    assert found.reports_without_submission == [numbers[1]]


def test_the_bytes_of_a_retracted_report_may_go_any_moment(world):
    """Deleted first, marked then: whoever looks in between sees no loss."""
    actor, sender = world.machine("harborline"), world.organisations["Harborline"]
    number = intake.submit(actor, Arrival(Door.ISPWS, b"<a/>", sender), {}).number
    report = Report.objects.select_related("key").get(pk=number)
    incoming = Incoming([b"bytes"])
    file = intake.receive_file(actor, report, incoming, intake.deposit(incoming))
    intake.retract(actor, report)

    from tipline.ground.foundation.keys import store

    store().delete(file.object_name)
    assert books(SYSTEM, check_files=True).balanced


def test_a_submission_that_lost_its_report_is_named(world):
    from tipline.record.intake.models import Submission

    actor, sender = world.machine("harborline"), world.organisations["Harborline"]
    intake.submit(actor, Arrival(Door.ISPWS, b"<a/>", sender), {})
    row = Submission.objects.get()
    Submission.objects.update(report=None)
    found = books(SYSTEM)

    assert not found.balanced
    assert found.submissions_without_report == [row.pk]
    assert [line.difference for line in found.lines] == [1]
