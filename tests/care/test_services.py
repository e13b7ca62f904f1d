"""Looks are counted for who looked; limits stop looking; others are told a word, no number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.personas import file_report, make_world

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock
from tipline.ground.foundation.errors import Invalid, NotAllowed, NotVisible
from tipline.insight.annotation.services import set_label
from tipline.insight.care import queries, services
from tipline.insight.care.errors import LimitReached
from tipline.insight.care.models import Limit, Look
from tipline.insight.care.models import Wishes as WishesRow
from tipline.insight.care.rules import Allowed, Limits, Near, Stopped
from tipline.insight.care.rules_wishes import Wishes
from tipline.insight.care.services import Wanted
from tipline.record.evidence.models import FilePass
from tipline.record.evidence.queries import files_of
from tipline.record.evidence.rules_passes import Kind

pytestmark = pytest.mark.django_db
PREVIEW, REVEAL = Wanted(Kind.PREVIEW, "to compare"), Wanted(Kind.REVEAL, "age: to tell it")


@pytest.fixture
def world(db, tipline_home):
    return make_world()


@pytest.fixture
def file(world):
    [found] = files_of(file_report(world, files=[(b"bytes", {"fileViewedByEsp": True})]).pk)
    return found


@pytest.fixture
def ana(world):
    return world.actor("ana")


@pytest.fixture
def sofia(world):
    return world.actor("sofia")


def look(actor, file, times=1, wanted=PREVIEW):
    for _ in range(times):
        services.look(actor, file, wanted)


def test_a_look_is_counted_on_the_ledger_and_has_a_pass(ana, file):
    assert services.look(ana, file, REVEAL)

    row = Look.objects.get()
    assert (row.person_id, row.file_id, row.kind) == (ana.person_id, file.pk, "reveal")
    entry = LedgerEntry.objects.get(verb="file.revealed")
    assert (entry.purpose, entry.detail["file"]) == ("age: to tell it", file.file_id)
    assert FilePass.objects.get().kind == "reveal"


def test_a_limit_stops_the_look_and_leaves_nothing(ana, sofia, file):
    services.set_limit(sofia, None, Limits(3, 1), "A hard month.")
    look(ana, file, 3)
    with pytest.raises(LimitReached) as reached:
        look(ana, file)

    assert reached.value.stopped.limit == 3
    assert (Look.objects.count(), FilePass.objects.count()) == (3, 3)
    assert isinstance(queries.may_look(ana), Stopped)
    assert isinstance(queries.may_look(sofia), Allowed)


def test_reveals_have_a_limit_of_their_own(ana, sofia, file):
    services.set_limit(sofia, ana.person_id, Limits(reveals=1), "At her wish.")
    look(ana, file, 1, REVEAL)

    with pytest.raises(LimitReached):
        look(ana, file, 1, REVEAL)
    look(ana, file)


def test_a_limit_ends_with_its_day(ana, sofia, file, monkeypatch):
    services.set_limit(sofia, None, Limits(1), "A hard month.")
    look(ana, file)
    later = clock.now() + timedelta(hours=24)
    monkeypatch.setattr(clock, "now", lambda: later)

    look(ana, file)


def test_of_team_person_and_wish_the_lowest_holds(ana, sofia):
    assert queries.limits_of(ana) == queries.policy().limits
    services.set_limit(sofia, None, Limits(50, None), "For all.")
    services.set_limit(sofia, ana.person_id, Limits(80, 7), "For her.")
    services.wish(ana, Wishes(looks=20))

    assert queries.limits_of(ana) == Limits(20, 7)
    assert queries.limits_of(sofia) == Limits(50, None)


def test_a_supervisor_sees_words_by_name_and_sums_of_all(ana, sofia, file):
    services.set_limit(sofia, None, Limits(4, 4), "For all.")
    look(ana, file, 4)
    services.wish(sofia, Wishes(looks=1))
    look(sofia, file)
    team = queries.team_of(sofia)

    names = [one.person.name for one in team.people]
    assert names == sorted(names)
    near = {one.person.username: one.near for one in team.people}
    assert near == {"ana": Near.REACHED, "silas": Near.CLEAR, "sofia": Near.CLEAR}
    assert (team.day.looks, team.week.looks) == (5, 5)


def test_of_few_people_there_are_no_sums(world, sofia):
    type(world.people["silas"]).objects.filter(username="silas").update(is_active=False)

    team = queries.team_of(sofia)
    assert (team.day, team.week) == (None, None)


def test_only_a_supervisor_sets_limits_and_only_for_their_team(world, ana, sofia):
    with pytest.raises(NotAllowed):
        services.set_limit(ana, None, Limits(1), "No.")
    with pytest.raises(NotAllowed):
        queries.team_of(ana)
    for stranger in (world.people["ines"].pk, world.people["adam"].pk, 99_999):
        with pytest.raises(NotVisible):
            services.set_limit(sofia, stranger, Limits(1), "No.")


@pytest.mark.parametrize(
    ("limits", "why", "field"),
    [
        (Limits(-1), "A reason.", "looks"),
        (Limits(10_001), "A reason.", "looks"),
        (Limits(5, 6), "A reason.", "reveals"),
        (Limits(5), "", "why"),
        (Limits(5), "x" * 301, "why"),
    ],
)
def test_a_wrong_limit_names_its_field(sofia, limits, why, field):
    with pytest.raises(Invalid) as refused:
        services.set_limit(sofia, None, limits, why)

    assert refused.value.field == field
    assert not Limit.objects.exists()


def test_a_limit_is_on_the_ledger_without_its_numbers(sofia, ana):
    row = services.set_limit(sofia, ana.person_id, Limits(17), "At her wish.")

    entry = LedgerEntry.objects.get(verb="care.limit-set")
    assert (entry.subject, entry.detail) == (f"person:{ana.person_id}", {"limit": row.pk})


def test_wishes_are_kept_in_versions_and_not_twice(ana):
    first, second = Wishes(frozenset({"violence"})), Wishes(looks=9)
    for one in (first, first, second):
        services.wish(ana, one)

    assert queries.wishes_of(ana) == second
    assert WishesRow.objects.count() == 2


def test_a_wish_about_an_unknown_label_is_refused(ana):
    with pytest.raises(Invalid, match="no such label: nonsense"):
        services.wish(ana, Wishes(frozenset({"nonsense"})))


def test_what_is_wished_off_is_told_by_labels_and_by_the_esp(world, ana):
    flagged = {"fileAnnotations": {"infant": True}, "industryClassification": "B1"}
    report = file_report(world, files=[(b"one", flagged), (b"two", {}), (b"three", {})])
    said, labelled, unknown = files_of(report.pk)
    set_label(world.actor("sofia"), labelled, "violence", present=True)
    assert queries.unwished(ana, [said, labelled, unknown]) == {}

    services.wish(ana, Wishes(frozenset({"age_0_2", "violence", "age_12_14"})))

    assert queries.unwished(ana, [said, labelled, unknown]) == {
        said.pk: {"age_0_2", "age_12_14"},
        labelled.pk: {"violence"},
    }


def test_many_files_cost_no_more_statements(world, ana, django_assert_num_queries):
    report = file_report(world, files=[(bytes([n]), {}) for n in range(6)])
    files = files_of(report.pk)
    services.wish(ana, Wishes(frozenset({"violence"})))

    with django_assert_num_queries(3):
        queries.unwished(ana, files)


def test_a_break_is_offered_put_off_and_taken(ana, file):
    many = queries.policy().breaks
    look(ana, file, many.after_looks)
    assert queries.break_due(ana).looks == many.after_looks
    services.put_off_break(ana)
    assert queries.break_due(ana) is None
    look(ana, file, many.again_after_looks)
    assert queries.break_due(ana) is not None
    ends = services.take_break(ana)

    assert queries.break_due(ana) is None
    assert queries.break_now(ana) == ends
    assert queries.own_looks(ana).breaks == 1


def test_closing_a_picture_says_how_long_it_was_open(ana, file, monkeypatch):
    look(ana, file)
    later = clock.now() + timedelta(seconds=40)
    monkeypatch.setattr(clock, "now", lambda: later)
    services.closed(ana, file)
    services.closed(ana, file)

    assert Look.objects.get().seconds in {39, 40}
    assert queries.own_looks(ana).day.seconds in {39, 40}


def test_a_picture_left_open_counts_no_longer_than_anybody_looks(ana, file, monkeypatch):
    look(ana, file)
    later = clock.now() + timedelta(hours=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    services.closed(ana, file)

    assert Look.objects.get().seconds == services.MOST_SECONDS


def test_own_looks_are_ones_own(ana, sofia, file):
    look(ana, file, 2)
    look(ana, file, 1, REVEAL)

    assert (queries.own_looks(ana).day.looks, queries.own_looks(ana).day.reveals) == (3, 1)
    assert queries.own_looks(sofia).week.looks == 0
