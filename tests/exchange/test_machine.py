"""A list and its copy are alike in the end, whatever happened in between, on both databases."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test
from tests.exchange.machine import Exchange

from tipline.doors.interfaces.hash_exchange import frame
from tipline.doors.interfaces.hash_exchange.rules_pace import Pace
from tipline.ground.foundation import clock
from tipline.insight.lists import positions


@pytest.mark.parametrize("runs", [8, pytest.param(2_000, marks=pytest.mark.proof)])
def test_writers_and_a_puller_in_any_order(db, tipline_home, monkeypatch, runs):
    monkeypatch.setattr(positions, "_now", clock.now)
    monkeypatch.setattr(frame, "_pace", Pace(at_once=1e9))
    run_state_machine_as_test(
        Exchange,
        settings=hypothesis_settings(
            max_examples=runs,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
