"""The queue of proposed links: order, leases, who sees what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.entities.test_services import about

from tipline.ground.foundation import clock
from tipline.ground.foundation.errors import Conflict, NotAllowed, NotVisible
from tipline.insight.entities.models import Link
from tipline.insight.entities.proposals import queries, services
from tipline.record.reports.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed(filed):
    """Four reports and three proposals between the first and each other, of no effect."""
    reports = [filed(document=about(f"p{n}")) for n in range(4)]
    Link.objects.all().delete()
    return [
        Link.objects.create(
            low=reports[0], high=other, state="proposed", version="t", at=clock.now(), points=points
        )
        for other, points in zip(reports[1:], (900, 1500, 1200), strict=True)
    ]


def test_the_most_useful_first_then_the_strongest(world, proposed):
    ana = world.actor("ana")
    weak, strong, middle = proposed
    assert list(queries.waiting(ana)) == [strong, middle, weak]
    services.set_effects({weak.pk: 130})
    assert list(queries.waiting(ana)) == [weak, strong, middle]
    assert queries.next_ones(ana, [weak.pk], 1) == [strong]


def tied_by_another(filed, *reports):
    """A report to which links that count tie these."""
    other = filed(document=about("tie"))
    Link.objects.filter(high=other).delete()
    for one in reports:
        Link.objects.create(
            low=one, high=other, machine="automatic", state="automatic", version="t", at=clock.now()
        )


def test_what_hangs_together_already_and_moves_nothing_comes_last(world, filed, proposed):
    ana = world.actor("ana")
    weak, strong, middle = proposed
    assert not queries.together(strong)
    tied_by_another(filed, strong.low, strong.high, middle.high)
    assert queries.together(strong)
    assert queries.together(middle)
    assert not queries.together(weak)

    assert services.take(ana) == weak
    assert list(queries.waiting(ana)) == [weak, strong, middle]
    last = queries.NOTHING_NEW
    assert [one.effect for one in queries.waiting(ana)] == [0, last, last]
    # They are asked about all the same, when nothing else waits.
    assert services.take(ana, but=[weak.pk]) == strong


def test_what_a_yes_would_move_keeps_its_place_in_a_cluster_too(world, filed, proposed):
    ana = world.actor("ana")
    _weak, strong, middle = proposed
    tied_by_another(filed, middle.low, middle.high)
    services.set_effects({middle.pk: 60})
    assert queries.together(middle)
    assert services.take(ana) == middle
    assert strong in queries.waiting(ana)


def test_two_people_never_have_the_same_one(world, proposed):
    ana, sofia = world.actor("ana"), world.actor("sofia")
    mine, theirs = services.take(ana), services.take(sofia)
    assert mine != theirs
    assert services.take(ana) == mine
    with pytest.raises(Conflict):
        services.hold(sofia, mine)
    assert mine not in queries.waiting(sofia)
    assert queries.standing(sofia, clock.now()).left == 2


def test_a_lease_ends_by_itself_or_when_it_is_given_back(world, proposed):
    ana, sofia = world.actor("ana"), world.actor("sofia")
    mine = services.take(ana)
    assert services.give_back(ana) == 1
    assert services.take(sofia) == mine
    Link.objects.filter(pk=mine.pk).update(held_until=clock.now() - timedelta(seconds=1))
    assert services.take(ana) == mine


def test_what_is_left_to_others_is_not_offered_again(world, proposed):
    ana = world.actor("ana")
    left = services.take(ana)
    second = services.take(ana, but=[left.pk])
    assert second not in (None, left)
    assert services.take(ana, but=[one.pk for one in proposed]) is None


def test_of_many_who_reach_for_one_a_single_one_gets_it(world, proposed, monkeypatch):
    """The same first row was read by both before either wrote."""
    ana, sofia = world.actor("ana"), world.actor("sofia")
    first = queries.waiting(ana).first()
    assert services._held_now(sofia, first)
    assert not services._held_now(ana, first)


def test_only_analysts_and_only_links_between_reports_that_they_see(world, proposed):
    ana = world.actor("ana")
    for actor in (world.actor("adam"), world.actor("ines"), world.machine("harborline")):
        assert not queries.waiting(actor).exists()
        with pytest.raises(NotAllowed):
            services.take(actor)
        with pytest.raises(NotAllowed):
            queries.link_for(actor, proposed[0].pk)
    Report.objects.filter(pk=proposed[0].high_id).update(state=Report.State.RETRACTED)
    assert proposed[0] not in queries.waiting(ana)
    with pytest.raises(NotVisible):
        queries.link_for(ana, proposed[0].pk)


def test_effects_are_written_in_one_statement_and_none_costs_none(proposed):
    with CaptureQueriesContext(connection) as none:
        services.set_effects({})
    with CaptureQueriesContext(connection) as many:
        services.set_effects({one.pk: n for n, one in enumerate(proposed, 1)})
    assert len(none) == 0
    updates = [one for one in many.captured_queries if one["sql"].startswith("UPDATE")]
    assert len(updates) == 1
    assert sorted(Link.objects.values_list("effect", flat=True)) == [1, 2, 3]
