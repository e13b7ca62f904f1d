"""When an open report ends: 24 hours after opening or 1 hour after the last change, the later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from tests.ispws.strict_client import ApiError, Ordered
from tests.ispws.transports import InProcess
from tests.ispws.wire import details, report

from tipline.ground.foundation.actor import SYSTEM
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.services import sweep_destroyed
from tipline.record.intake.queries import books
from tipline.record.intake.services import expire_due
from tipline.record.reports.models import Report

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def esp(world):
    return Ordered(InProcess())


@pytest.fixture
def clock():
    with time_machine.travel(T0, tick=False) as traveller:
        yield traveller


def _hours(hours):
    return T0 + timedelta(hours=hours)


def _code(call, *given):
    with pytest.raises(ApiError) as refusal:
        call(*given)
    return refusal.value.code


def test_an_untouched_report_lives_for_24_hours(esp, clock):
    number = esp.submit(report()).report_id
    clock.move_to(_hours(24) - SECOND)
    assert expire_due() == 0
    assert esp.upload(number, b"x").report_id == number


def test_after_24_hours_it_is_gone_at_once(esp, clock):
    """Even before the job that ends it has come by."""
    number = esp.submit(report()).report_id
    clock.move_to(_hours(24))

    assert _code(esp.upload, number, b"x") == 5001
    assert _code(esp.finish, number) == 5001
    assert _code(esp.retract, number) == 5001
    assert _code(esp.fileinfo, details(number, "ab" * 16)) == 5001
    assert expire_due() == 1
    assert _code(esp.finish, number) == 5001
    assert books(SYSTEM).sums()["expired"] == 1


def test_an_upload_after_23_and_a_half_hours_gives_until_24_and_a_half(esp, clock):
    number = esp.submit(report()).report_id
    clock.move_to(_hours(23.5))
    file_id = esp.upload(number, b"x").file_id
    clock.move_to(_hours(24.5) - SECOND)

    assert expire_due() == 0
    assert esp.finish(number).files == (file_id,)


def test_and_no_longer(esp, clock):
    number = esp.submit(report()).report_id
    clock.move_to(_hours(23.5))
    esp.upload(number, b"x")
    clock.move_to(_hours(24.5))

    assert _code(esp.finish, number) == 5001


def test_file_details_give_an_hour_too_and_refused_calls_give_nothing(esp, clock):
    number = esp.submit(report()).report_id
    file_id = esp.upload(number, b"x").file_id
    clock.move_to(_hours(23.5))
    esp.fileinfo(details(number, file_id))
    clock.move_to(_hours(24.25))
    _code(esp.fileinfo, details(number, "ab" * 16))
    clock.move_to(_hours(24.5))

    assert _code(esp.finish, number) == 5001


def test_an_early_change_never_shortens_a_life(esp, clock):
    number = esp.submit(report()).report_id
    clock.move_to(_hours(1))
    esp.upload(number, b"x")
    clock.move_to(_hours(23.9))

    assert expire_due() == 0
    assert esp.finish(number).report_id == number


def test_expiry_destroys_what_was_sent_and_leaves_a_tombstone(esp, clock, tipline_home):
    number = esp.submit(report(after="<additionalInfo>canary</additionalInfo>")).report_id
    esp.upload(number, b"bytes of the file")
    clock.move_to(_hours(25))

    assert (expire_due(), expire_due()) == (1, 0)
    assert (sweep_destroyed(), sweep_destroyed()) == (1, 0)
    assert list((tipline_home / "objects" / "files").rglob("*/*")) == []
    file = EvidenceFile.objects.get()
    assert (file.size, len(file.sha256)) == (17, 64)
    assert Report.objects.get().state == "expired"


def test_finished_reports_never_expire(esp, clock):
    number = esp.submit(report()).report_id
    esp.finish(number)
    clock.move_to(T0 + timedelta(days=400))

    assert expire_due() == 0
    assert _code(esp.retract, number) == 5102
