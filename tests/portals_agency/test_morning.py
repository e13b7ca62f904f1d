"""The agency's morning: its own referrals, the most dangerous first."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.personas import DOCUMENT
from tests.portals_agency.conftest import elsewhere, referred, signed_in
from tests.portals_agency.pages import page, text

from tipline.delivery.cases.queries import ReferralFilter, morning_counts, referrals_wanted
from tipline.delivery.cases.services import answer, open_case
from tipline.delivery.routing.queries import referral_for
from tipline.delivery.routing.services import accept, refuse
from tipline.ground.accounts import services as accounts
from tipline.ground.foundation import clock, worker
from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.triage.judgements.queries import standing_of
from tipline.insight.triage.judgements.rules import Question
from tipline.insight.triage.judgements.services import Said, judge

pytestmark = pytest.mark.django_db
SUMMARY = DOCUMENT["incidentSummary"]
URGENT = {**DOCUMENT, "incidentSummary": {**SUMMARY, "escalateToHighPriority": "a child, now"}}


def days_ago(days: int, **more) -> dict:
    """The model report about something that happened so many days ago."""
    at = clock.now() - timedelta(days=days)
    summary = {**SUMMARY, "incidentDateTime": at.isoformat(), **more}
    return {**DOCUMENT, "incidentSummary": summary}


def numbers(client, query=""):
    source = page(client, f"/agency/{query}")
    return [int(part.split('"')[0]) for part in source.split('id="report-')[1:]]


def test_each_agency_has_its_own(world, ines, tomas, fay):
    california = referred(world).pk
    texas = referred(world, document=elsewhere("TX")).pk
    nowhere = referred(world, document=elsewhere("")).pk

    assert numbers(ines) == [california]
    assert numbers(tomas) == [texas]
    assert numbers(fay) == [nowhere]
    for number in (texas, nowhere):
        assert ines.get(f"/agency/reports/{number}/").status_code == 404


def test_the_most_dangerous_comes_first(world, ines):
    calm = referred(world).pk
    urgent = referred(world, document=URGENT).pk

    assert numbers(ines) == [urgent, calm]
    source = page(ines, "/agency/")
    assert "Urgent <span" in source
    assert "The reporter escalated the report" in source


def test_views_count_and_narrow(world, ines):
    actor = world.actor("ines")
    calm = referred(world, document=days_ago(1)).pk
    urgent = referred(world, document=days_ago(1, escalateToHighPriority="a child, now")).pk

    assert morning_counts(actor, clock.now()) == {
        "new": 2, "urgent": 1, "expiring": 0, "waiting": 2
    }  # fmt: skip
    assert numbers(ines, "?view=urgent") == [urgent]
    answer(actor, referral_for(actor, urgent), {"status": "closed", "closing_reason": "other"})
    assert numbers(ines, "?view=urgent") == []
    assert numbers(ines, "?view=waiting") == [calm]
    accept(actor, referral_for(actor, calm))
    assert numbers(ines, "?view=waiting") == [calm]
    answer(actor, referral_for(actor, calm), {"status": "ongoing"})
    assert numbers(ines, "?view=waiting") == []
    later = clock.now() + timedelta(days=2)
    assert morning_counts(actor, later)["new"] == 0


def test_what_expires_soon_is_told_in_time(world):
    actor = world.actor("ines")
    number = referred(world, document=days_ago(3)).pk  # Harborline keeps access logs 30 days
    soon = clock.now() + timedelta(days=20)

    def expiring(now):
        return [row.report_id for row in referrals_wanted(actor, ReferralFilter("expiring"), now)]

    assert expiring(clock.now()) == []
    assert expiring(soon) == [number]
    refuse(actor, referral_for(actor, number), "not ours")
    assert expiring(soon) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=available", True),
        ("?state=accepted", False),
        ("?disposition=referral", True),
        ("?disposition=informational", False),
        ("?band=low", True),
        ("?band=urgent", False),
        ("?q=1", False),
    ],
)
def test_filters_narrow(world, ines, query, found):
    number = referred(world, files=[(b"one", {"fileViewedByEsp": True})]).pk

    assert numbers(ines, query) == ([number] if found else [])
    assert numbers(ines, f"?q={number}") == [number]


@pytest.mark.parametrize("query", ["?q=abc", "?state=x", "?band=x", "?view=x", "?disposition=x"])
def test_a_wrong_filter_says_so_and_shows_nothing(world, ines, query):
    referred(world)
    response = ines.get(f"/agency/{query}")

    assert response.status_code == 422
    assert b'id="report-' not in response.content


def test_the_list_sorts_both_ways(world, ines):
    first = referred(world, document=days_ago(1)).pk
    urgent = referred(world, document=days_ago(2, escalateToHighPriority="a child, now")).pk
    old = referred(world, document=days_ago(9)).pk

    assert numbers(ines, "?sort=number") == [first, urgent, old]
    assert numbers(ines, "?sort=-number") == [old, urgent, first]
    assert numbers(ines, "?sort=deadline")[0] == old
    assert numbers(ines, "?sort=-deadline")[-1] == old
    assert numbers(ines, "?sort=-danger")[-1] == urgent
    assert numbers(ines, "?sort=came") == [first, urgent, old]
    assert numbers(ines, "?sort=password") == numbers(ines)


def test_a_list_turns_pages(world, ines, monkeypatch):
    monkeypatch.setattr("tipline.doors.portals.agency.views_morning.PER_PAGE", 2)
    made = [referred(world).pk for _ in range(3)]

    assert numbers(ines) == made[:2]
    assert numbers(ines, "?page=2") == made[2:]
    assert "3 referrals" in text(ines, "/agency/")


def test_queries_do_not_grow_with_referrals(world, ines):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            page(ines, "/agency/")
        return len(caught)

    referred(world, files=[(b"one", {})])
    few = queries()
    for n in range(5):
        referred(world, files=[(b"%d" % n, {}), (b"x%d" % n, {})])

    assert queries() == few


def test_the_csv_has_the_same_rows_and_runs_nothing(world, ines, tomas):
    number = referred(world).pk
    actor = world.actor("ines")
    open_case(actor, referral_for(actor, number), "=HYPERLINK(1)")
    lines = ines.get("/agency/reports.csv").content.decode().splitlines()

    assert len(lines) == 2
    assert lines[1].startswith(f"{number},")
    assert "'=HYPERLINK(1)" in lines[1]
    assert len(tomas.get("/agency/reports.csv").content.decode().splitlines()) == 1
    assert len(ines.get("/agency/reports.csv?state=refused").content.splitlines()) == 1


def test_an_empty_morning_says_so(world, ines):
    assert "nothing waits for you" in text(ines, "/agency/")


@pytest.mark.parametrize("name", ["ana", "sofia", "adam", "enzo"])
def test_other_people_find_no_such_desk(world, name):
    number = referred(world).pk
    other = signed_in(world, name)

    for path in ("", "reports.csv", "cases/", f"reports/{number}/", f"reports/{number}/answer/"):
        assert other.get(f"/agency/{path}").status_code == 404
    assert other.post(f"/agency/reports/{number}/accept/").status_code == 404


def test_an_agency_that_stands_still_sees_nothing(world, ines):
    number = referred(world).pk
    accounts.suspend_person(SYSTEM, world.people["ines"])

    assert ines.get(f"/agency/reports/{number}/").status_code in {302, 404}


class TestUrgentLater:
    """An analyst's word after the hand-over reaches the agency, whatever it answered before."""

    def judged(self, world, report) -> None:
        said = Said(Question.LEVEL, "1", "", standing_of(report.pk).seen)
        judge(world.actor("ana"), report, said)
        worker.run_ready("one")

    def counts(self, world) -> dict[str, int]:
        return morning_counts(world.actor("ines"), clock.now())

    def test_it_is_new_and_urgent_and_says_since_when(self, world, ines):
        with time_machine.travel(clock.now() - timedelta(days=3), tick=False):
            report = referred(world)
        assert (self.counts(world)["new"], self.counts(world)["urgent"]) == (0, 0)
        self.judged(world, report)
        assert (self.counts(world)["new"], self.counts(world)["urgent"]) == (1, 1)
        assert "urgent since" in text(ines, "/agency/")
        shown = text(ines, f"/agency/reports/{report.pk}/")
        assert "Urgent since it was made available to you" in shown
        assert "An analyst set level 1." in shown

    def test_an_answer_from_before_does_not_settle_it(self, world, ines):
        report = referred(world)
        actor = world.actor("ines")
        said = {"status": "closed", "closing_reason": "unfounded"}
        with time_machine.travel(clock.now() - timedelta(hours=1), tick=False):
            answer(actor, referral_for(actor, report.pk), said)
        self.judged(world, report)
        assert self.counts(world)["urgent"] == 1
        with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
            answer(actor, referral_for(actor, report.pk), said)
        assert self.counts(world)["urgent"] == 0

    def test_a_report_that_was_urgent_from_the_start_says_nothing_of_it(self, world, ines):
        report = referred(world, document=URGENT)
        shown = text(ines, f"/agency/reports/{report.pk}/")
        assert "Urgent since it was made available" not in shown
