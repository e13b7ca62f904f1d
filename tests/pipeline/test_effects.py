"""The order of proposals follows from what triage and routing say of the two reports."""

from __future__ import annotations

import copy

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.personas import DOCUMENT

from tipline.insight.entities.models import Link
from tipline.insight.triage.rules_effect import Move, moves
from tipline.pipeline import stages
from tipline.pipeline.effects import keep_effects


def about(account, *, place=True):
    """Somebody with the screen name of the others; without a place, no state has it."""
    document = copy.deepcopy(DOCUMENT)
    reported = document["personOrUserReported"][0]
    reported["espIdentifier"] = account
    reported["ipCaptureEvent"] = []
    person = reported["personOrUserReportedPerson"]
    person["email"] = [{"value": f"{account}@example.org"}]
    if not place:
        person["address"] = []
    return document


def effect_of(one, other):
    return Link.objects.get(low_id=one.pk, high_id=other.pk).effect


def test_a_proposal_is_worth_more_where_two_agencies_have_the_reports(filed):
    """Without a place a report is at the federal queue."""
    one = filed(document=about("one"))
    other = filed(document=about("two"))
    lost = filed(document=about("three", place=False))

    assert Move.TWO_AGENCIES in moves(effect_of(one, lost))
    assert Move.TWO_AGENCIES not in moves(effect_of(one, other))
    assert effect_of(one, lost) > effect_of(one, other)


def test_either_report_brings_the_order_of_both_up_to_date(filed):
    one, other = filed(document=about("one")), filed(document=about("two"))
    before = effect_of(one, other)
    for report in (one, other):
        Link.objects.update(effect=7_000)
        stages.run(report.pk)
        assert effect_of(one, other) == before


def test_a_report_without_proposals_costs_one_read(filed):
    report = filed(document={"incidentSummary": {"incidentType": "Child Pornography"}})
    with CaptureQueriesContext(connection) as told:
        keep_effects(report.pk)
    assert len(told) == 1


def test_more_proposals_cost_no_more_statements(filed):
    first = filed(document=about("one"))
    filed(document=about("two"))
    costs = []
    for n in range(2):
        Link.objects.update(effect=7_000)
        with CaptureQueriesContext(connection) as told:
            keep_effects(first.pk)
        costs.append(len(told))
        filed(document=about(f"more{n}"))
    assert costs[0] == costs[1]
