"""Clocks: each its own, from the event's own time; an alarm where an answer takes too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from tests.filing import document, entry, newest, suspect
from tests.personas import VIEWED

from tipline.ground.accounts import services as accounts
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.policy import Policy
from tipline.ground.foundation.reasons import total
from tipline.insight.triage import queue
from tipline.insight.triage.policy import TriageRules, default_policy
from tipline.insight.triage.queue import QueueFilter
from tipline.insight.triage.rules import decay, nearness
from tipline.insight.triage.rules_decay import is_late
from tipline.insight.triage.rules_types import ALARM, NEAR, NO_ALARM, Clock
from tipline.insight.triage.services import assess
from tipline.pipeline import stages

POLICY = default_policy()
DAYS = POLICY.rules.clocks.access_provider_days
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PUBLIC_ADDRESS, OTHER_ADDRESS = "169.229.216.200", "128.32.10.20"


def clock(days, turnaround=None, kind="logs"):
    return Clock(kind, NOW - timedelta(days=30), NOW + timedelta(days=days), turnaround)


def clocks():
    made = st.builds(clock, st.floats(-400, 400), st.none() | st.integers(0, 400))
    return st.lists(made, max_size=5)


class TestAlarm:
    """Beside the day steps: less time is left than the provider usually takes."""

    @pytest.mark.parametrize(
        ("days", "turnaround", "late"),
        [(20, 21, True), (21, 21, False), (20, None, False), (-1, 21, False), (5, 0, False)],
    )
    def test_less_left_than_an_answer_takes(self, days, turnaround, late):
        assert is_late(clock(days, turnaround), NOW) is late

    def test_it_is_a_reason_of_its_own_and_moves_no_score(self):
        with_it, without = (decay([clock(60, days)], NOW, POLICY) for days in (90, None))
        [told] = [r for r in with_it.score.reasons if r.code == "triage.clock.alarm"]
        assert (told.points, told.params["left"], told.params["turnaround"]) == (0, 60, 90)
        assert (with_it.score.value, with_it.late) == (without.score.value, ("logs",))
        assert without.late == ()

    def test_every_clock_has_its_own_provider(self):
        result = decay([clock(10, 5, "account"), clock(60, 90, "messages")], NOW, POLICY)
        assert (result.clock, result.late) == ("account", ("messages",))

    @given(given_clocks=clocks(), later=st.floats(0, 300))
    def test_an_alarm_stays_until_the_clock_ends(self, given_clocks, later):
        then = NOW + timedelta(days=later)
        for one in given_clocks:
            if is_late(one, NOW):
                assert is_late(one, then) or one.ends <= then

    @given(given_clocks=clocks())
    def test_the_sum_holds_and_the_deadline_hears_nothing_of_it(self, given_clocks):
        result = decay(given_clocks, NOW, POLICY)
        plain = decay([replace(one, turnaround=None) for one in given_clocks], NOW, POLICY)
        assert total(result.score.reasons) == result.score.value == plain.score.value
        assert (result.deadline, result.alarm) == (plain.deadline, plain.alarm)
        assert nearness(result, POLICY) >= nearness(plain, POLICY)

    @pytest.mark.parametrize(
        ("one", "near"),
        [
            (clock(200), NO_ALARM),
            (clock(30), NEAR),
            (clock(3.5), NEAR),
            (clock(3), ALARM),
            (clock(200, 300), ALARM),
        ],
    )
    def test_how_near(self, one, near):
        assert nearness(decay([one], NOW, POLICY), POLICY) == near


def captured(*events, address=PUBLIC_ADDRESS, **more) -> list[dict]:
    return [{"ipAddress": address, "eventName": "Login", "dateTime": at, **more} for at in events]


@pytest.fixture
def running(filed):
    """``running(captures)``: the access provider's clock of a report with these captures."""

    def make(captures, **changes) -> dict | None:
        wanted = document(personOrUserReported=suspect(ipCaptureEvent=captures), **changes)
        report = filed(document=wanted, esp="quillnet")
        found = {one["kind"]: one for one in newest(report).result["clocks"]}
        return found.get("access_provider")

    return make


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as time:
        yield time


class TestAccessProvider:
    def test_it_starts_with_the_earliest_event_whose_logs_may_still_be_there(self, running):
        found = running(captured("2026-11-10T10:00:00Z", "2026-11-02T10:00:00+02:00"))
        assert found["started"] == "2026-11-02T08:00:00+00:00"
        ends = datetime.fromisoformat(found["started"]) + timedelta(days=DAYS)
        assert datetime.fromisoformat(found["ends"]) == ends
        assert found["turnaround"] == POLICY.rules.clocks.access_provider_turnaround_days

    def test_a_registration_years_ago_says_nothing_of_yesterday(self, running):
        found = running(captured("2019-03-01T10:00:00Z", "2026-11-20T10:00:00Z"))
        assert found["started"] == "2026-11-20T10:00:00+00:00"

    def test_where_all_have_ended_the_last_is_told(self, running):
        found = running(captured("2019-03-01T10:00:00Z", "2020-03-01T10:00:00Z"))
        assert found["started"] == "2020-03-01T10:00:00+00:00"

    @pytest.mark.parametrize("written", ["2026-11-20T10:00:00", "2026-11-20", "", "yesterday"])
    def test_without_an_instant_none(self, running, written):
        assert running(captured(written)) is None

    def test_1970_is_no_time(self, running):
        assert running(captured("1970-01-01T00:00:00Z")) is None

    @pytest.mark.parametrize(
        "address", ["192.168.1.7", "127.0.0.1", "100.64.0.1", "203.0.113.7", "1.1.1.1", "nonsense"]
    )
    def test_an_address_that_is_nobodys_line_starts_none(self, running, address):
        assert running(captured("2026-11-20T10:00:00Z", address=address)) is None

    def test_nor_does_a_proxy(self, running):
        assert running(captured("2026-11-20T10:00:00Z", possibleProxy=True)) is None
        both = [
            *captured("2026-11-01T10:00:00Z", possibleProxy=True),
            *captured("2026-11-20T10:00:00Z", address=OTHER_ADDRESS),
        ]
        assert running(both)["started"] == "2026-11-20T10:00:00+00:00"

    def test_an_event_after_the_report_starts_with_the_report(self, running):
        assert running(captured("9999-01-01T00:00:00Z"))["started"] == NOW.isoformat()

    def test_victims_addresses_start_none(self, running):
        victim = [{"ipCaptureEvent": captured("2026-11-20T10:00:00Z")}]
        assert running(None, victim=victim) is None

    def test_a_file_has_an_address_of_its_own(self, filed):
        details = {"ipCaptureEvent": captured("2026-11-12T10:00:00Z", address=OTHER_ADDRESS)}
        report = filed(
            document=document(personOrUserReported=suspect(ipCaptureEvent=None)),
            files=[(b"a few bytes", details)],
        )
        kinds = {one["kind"]: one["started"] for one in newest(report).result["clocks"]}
        assert kinds["access_provider"] == "2026-11-12T10:00:00+00:00"

    def test_zero_days_is_off(self, running, monkeypatch):
        off = replace(POLICY.rules.clocks, access_provider_days=0)
        without: Policy[TriageRules] = replace(POLICY, rules=replace(POLICY.rules, clocks=off))
        monkeypatch.setattr("tipline.insight.triage.services.policy", lambda: without)
        assert running(captured("2026-11-20T10:00:00Z")) is None


class TestProviders:
    """The ESP's own turnaround, from its profile as it was when the report came."""

    def stated(self, world, filed, **profile):
        accounts.set_esp_profile(SYSTEM, world.organisations["Harborline"], {**VIEWED, **profile})
        return filed()

    def test_an_esp_that_takes_long_raises_the_alarm(self, world, filed):
        report = self.stated(world, filed, turnaround_days=45)
        result = newest(report).result
        assert result["alarm"] == {"nearness": ALARM, "days": 30, "late": ["access_logs"]}
        codes = [one["code"] for one in result["decay"]["reasons"]]
        assert codes.count("triage.clock.alarm") == 1
        assert entry(report).alarm == ALARM

    def test_one_that_answers_fast_does_not(self, world, filed):
        report = self.stated(world, filed, turnaround_days=5)
        assert entry(report).alarm == NEAR

    def test_time_alone_raises_it(self, world, filed, now):
        report = self.stated(world, filed, turnaround_days=20, retention_days={"account": 90})
        assert entry(report).alarm == NO_ALARM
        now.shift(timedelta(days=70))
        assess(report)
        assert entry(report).alarm == ALARM
        assert "account" in newest(report).result["alarm"]["late"]

    def test_the_queue_shows_only_these_when_asked(self, world, filed):
        calm = filed(esp="quillnet")
        late = self.stated(world, filed, turnaround_days=45)
        ana = world.actor("ana")
        shown = queue.queue_for(ana, QueueFilter(due="alarm"))
        assert [row.report_id for row in shown] == [late.pk]
        assert {row.report_id for row in queue.queue_for(ana, QueueFilter())} == {calm.pk, late.pk}


def test_reports_from_before_the_act_keep_their_90_days(filed, now):
    now.move_to(datetime(2024, 5, 6, 12, 0, tzinfo=UTC))
    report = filed(esp="quillnet")
    found = {one["kind"]: one for one in newest(report).result["clocks"]}
    assert found["report_content"]["ends"] == "2024-08-04T12:00:00+00:00"
    now.move_to(datetime(2024, 5, 7, 0, 0, tzinfo=UTC))
    later = filed(esp="quillnet")
    stages.run(later.pk)
    ends = {one["kind"]: one["ends"] for one in newest(later).result["clocks"]}
    assert ends["report_content"] == "2025-05-07T00:00:00+00:00"
