"""What people say of links, and what follows for the links around them."""

from __future__ import annotations

import itertools
import threading

import pytest
from django.db import connection
from tests.entities.linked import link_of, machine_says, some_reports, states
from tests.personas import make_world

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.ground.foundation.models import Job
from tipline.insight.entities.judging import services
from tipline.insight.entities.judging.policy import judging_policy
from tipline.insight.entities.judging.queries import cannot_link, cluster_of
from tipline.insight.entities.models import Judgement, Link, NearApart
from tipline.insight.entities.queries import counted_neighbours, proposals
from tipline.record.reports.models import Report

AUTOMATIC, PROPOSED = ("automatic", ["account"]), ("proposed", ["email"])


@pytest.fixture
def ana(world):
    return world.actor("ana")


@pytest.fixture
def sofia(world):
    return world.actor("sofia")


def chain(reports, said=AUTOMATIC) -> None:
    """Each hangs on the one before."""
    for low, high in itertools.pairwise(reports):
        machine_says(high, {low: said})


def judge(actor, one, other, verdict, note="", **more):
    return services.judge(actor, link_of(one, other), verdict, note, **more)


class TestRejected:
    def test_what_is_rejected_stays_so_while_nothing_new_is_known(self, world, ana):
        a, b = some_reports(world, 2)
        machine_says(b, {a: PROPOSED})
        judge(ana, a, b, "no", "another person")
        machine_says(b, {a: ("automatic", ["email", "email"])}, points=4_000)
        assert states() == {(a, b): "rejected"}
        assert proposals() == 0

    def test_a_new_kind_of_evidence_asks_again_and_says_which(self, world, ana):
        a, b = some_reports(world, 2)
        machine_says(b, {a: PROPOSED})
        judge(ana, a, b, "no")
        machine_says(b, {a: ("automatic", ["email", "device"])})
        link = link_of(a, b)
        assert (link.state, link.news, link.apart) == ("proposed", ["device"], True)
        judge(ana, a, b, "no")
        link = link_of(a, b)
        assert (link.state, link.news) == ("rejected", [])
        assert Judgement.objects.count() == 2

    def test_the_judgement_keeps_the_reasons_points_and_version_of_its_time(self, world, ana):
        a, b = some_reports(world, 2)
        machine_says(b, {a: PROPOSED}, points=1_410)
        row = judge(ana, a, b, "no")
        machine_says(b, {a: ("proposed", ["device"])}, points=99)
        row.refresh_from_db()
        assert [one["code"] for one in row.reasons] == ["bits.email.same"]
        assert (row.points, row.version) == (1_410, "link@test")

    def test_a_judged_link_of_which_nothing_is_said_any_more_is_kept(self, world, ana):
        a, b = some_reports(world, 2)
        machine_says(b, {a: PROPOSED})
        row = judge(ana, a, b, "yes")
        machine_says(b, {})
        assert states() == {(a, b): "confirmed"}
        services.undo(ana, row.pk)
        assert states() == {(a, b): "gone"}
        assert counted_neighbours(a) == []


class TestCannotLink:
    def test_a_confirmation_across_is_refused_and_names_the_pair(self, world, ana, sofia):
        a, b, c, d = some_reports(world, 4)
        machine_says(b, {a: AUTOMATIC})
        machine_says(d, {b: PROPOSED, a: PROPOSED, c: AUTOMATIC})
        judge(sofia, b, d, "no")
        assert states()[a, d] == "barred"
        assert cannot_link(a, c) == link_of(b, d)
        with pytest.raises(Conflict, match=rf"Reports {b} and {d} were judged") as refused:
            judge(ana, a, d, "yes")
        assert refused.value.code == "cannot_link"
        assert Judgement.objects.count() == 1

    def test_what_is_lifted_is_asked_about_again(self, world, ana):
        a, b, c, d = some_reports(world, 4)
        machine_says(b, {a: AUTOMATIC})
        machine_says(d, {b: PROPOSED, a: PROPOSED, c: AUTOMATIC})
        row = judge(ana, b, d, "no")
        services.undo(ana, row.pk)
        assert states()[a, d] == "proposed"
        judge(ana, a, d, "yes")
        assert cluster_of(ana, c).members == (a, b, c, d)

    def test_an_automatic_link_across_becomes_a_proposal_that_says_why(self, world, ana):
        a, b, c = some_reports(world, 3)
        machine_says(b, {a: PROPOSED})
        judge(ana, a, b, "no")
        machine_says(c, {a: AUTOMATIC}, points=2_000)
        assert states()[a, c] == "automatic"
        changed = machine_says(c, {a: AUTOMATIC, b: AUTOMATIC}, points=2_000)
        link = link_of(b, c)
        assert (link.state, link.machine) == ("proposed", "automatic")
        assert link.barred_by == link_of(a, b)
        assert states()[a, c] == "automatic"
        assert counted_neighbours(b) == []
        assert c in changed

    def test_telling_apart_inside_a_cluster_takes_the_weaker_link_out(self, world, ana):
        a, b, c = some_reports(world, 3)
        machine_says(b, {a: PROPOSED})
        machine_says(c, {a: ("automatic", ["account"]), b: ("automatic", ["account", "email"])})
        Job.objects.all().delete()
        judge(ana, a, b, "no")
        assert states() == {(a, b): "rejected", (b, c): "automatic", (a, c): "proposed"}
        told = Job.objects.filter(kind="LinkChanged>pipeline").values_list("payload", flat=True)
        assert sorted(one["report"] for one in told) == [a, b, c]

    def test_a_no_against_what_people_confirmed_is_refused_and_says_by_what(self, world, ana):
        a, b, c = some_reports(world, 3)
        machine_says(b, {a: PROPOSED})
        machine_says(c, {a: PROPOSED, b: PROPOSED})
        judge(ana, a, b, "yes")
        judge(ana, b, c, "yes")
        with pytest.raises(Conflict, match=f"{a} - {b} - {c}"):
            judge(ana, a, c, "no")
        assert states()[a, c] == "proposed"

    def test_where_nobody_was_told_apart_nothing_is_walked(
        self, world, ana, django_assert_max_num_queries
    ):
        reports = some_reports(world, 8)
        chain(reports[:6])
        with django_assert_max_num_queries(7):  # savepoint, turn, stored, new, look, near
            machine_says(reports[6], dict.fromkeys(reports[:6], AUTOMATIC))
        assert not NearApart.objects.exists()


class TestSplit:
    @pytest.fixture
    def five(self, world, ana):
        """A ring of three and two that hang on it, one of them told apart from a stranger."""
        made = some_reports(world, 6)
        a, b, c, d, e, stranger = made
        chain([a, b, c])
        machine_says(c, {a: AUTOMATIC, b: AUTOMATIC})
        machine_says(d, {c: PROPOSED, a: PROPOSED})
        machine_says(e, {d: AUTOMATIC})
        machine_says(stranger, {e: PROPOSED})
        judge(ana, c, d, "yes")
        judge(ana, e, stranger, "no")
        return made

    def test_bridges_are_what_holds_a_cluster_alone(self, ana, five):
        _a, _b, c, d, e, stranger = five
        cluster = cluster_of(ana, five[0])
        assert cluster.members == tuple(five[:5])
        assert cluster.bridges == {link_of(c, d).pk, link_of(d, e).pk}
        assert [(one.low_id, one.high_id) for one in cluster.apart] == [(e, stranger)]
        assert cluster.whole

    def test_all_that_tied_the_two_sides_is_rejected_in_one_act(self, ana, five):
        a, b, c, d, e, stranger = five
        rows = services.split(ana, a, {d, e}, "two people in one household")
        assert len({row.act for row in rows}) == 1
        assert {row.verdict for row in rows} == {"split"}
        now = states()
        assert (now[c, d], now[a, d]) == ("rejected", "rejected")
        assert (now[d, e], now[e, stranger]) == ("automatic", "rejected")
        assert cluster_of(ana, a).members == (a, b, c)
        assert cluster_of(ana, d).members == (d, e)

    def test_taking_it_back_restores_what_was_before(self, ana, five):
        a, _b, _c, d, e, _stranger = five
        before = list(Link.objects.order_by("pk").values("state", "apart", "news", "barred_by"))
        rows = services.split(ana, a, {d, e}, "two people in one household")
        services.undo(ana, rows[0].pk)
        after = list(Link.objects.order_by("pk").values("state", "apart", "news", "barred_by"))
        assert after == before
        assert Judgement.objects.filter(verdict="undo").count() == len(rows) == 2

    def test_parted_in_the_middle_of_what_was_confirmed_since(self, ana, five):
        """A later word on one of the links stands: the split is no longer the newest act."""
        a, _b, c, d, e, _stranger = five
        rows = services.split(ana, a, {d, e}, "two people in one household")
        judge(ana, a, d, "unsure")
        with pytest.raises(Conflict, match=f"Reports {a} and {d} were judged again"):
            services.undo(ana, rows[0].pk)
        assert states()[c, d] == "rejected"

    @pytest.mark.parametrize("chosen", [[], range(5)])
    def test_some_and_not_all_are_parted(self, ana, five, chosen):
        with pytest.raises(Invalid, match="not none and not all"):
            services.split(ana, five[0], [five[n] for n in chosen], "a reason")

    def test_with_a_reason_and_of_this_cluster(self, ana, five):
        with pytest.raises(Invalid, match="Say why"):
            services.split(ana, five[0], [five[4]], " ")
        with pytest.raises(Conflict, match="No longer in this cluster"):
            services.split(ana, five[0], [five[5]], "a reason")
        assert Judgement.objects.filter(verdict="split").count() == 0


class TestUndo:
    @pytest.fixture
    def pair(self, world):
        a, b = some_reports(world, 2)
        machine_says(b, {a: PROPOSED})
        return a, b

    def test_ones_own_or_for_a_senior_anybodys(self, world, ana, sofia, pair):
        row = judge(sofia, *pair, "yes")
        with pytest.raises(NotAllowed):
            services.undo(ana, row.pk)
        row = judge(ana, *pair, "no")
        services.undo(sofia, row.pk, "the note says otherwise")
        assert states() == {pair: "confirmed"}
        undone = Judgement.objects.get(verdict="undo")
        assert (undone.undoes_id, undone.author_id) == (row.pk, sofia.person_key)

    def test_the_newest_first_and_twice_has_one_effect(self, ana, pair):
        first, second = judge(ana, *pair, "yes"), judge(ana, *pair, "unsure")
        with pytest.raises(Conflict, match="judged again since"):
            services.undo(ana, first.pk)
        assert services.undo(ana, second.pk) == services.undo(ana, second.pk)
        services.undo(ana, first.pk)
        assert states() == {pair: "proposed"}
        assert Judgement.objects.count() == 4

    def test_there_is_something_to_take_back(self, ana, pair):
        with pytest.raises(NotVisible):
            services.undo(ana, 10**9)
        row = services.undo(ana, judge(ana, *pair, "yes").pk)[0]
        with pytest.raises(Conflict):
            services.undo(ana, row.pk)

    def test_it_stands_on_the_ledger_without_the_note(self, ana, pair):
        services.undo(ana, judge(ana, *pair, "yes", "secret words").pk, "secret too")
        told = list(LedgerEntry.objects.filter(verb__startswith="link.").order_by("pk"))
        assert [one.verb for one in told] == [
            "link.judged", "link.judged", "link.judgement-undone", "link.judgement-undone",
        ]  # fmt: skip
        assert "secret" not in str([(one.purpose, one.detail) for one in told])


class TestTheSameFormTwice:
    def test_has_one_effect(self, world, ana):
        a, b = some_reports(world, 2)
        machine_says(b, {a: PROPOSED})
        assert judge(ana, a, b, "yes", "so") == judge(ana, a, b, "yes", "so")
        assert judge(ana, a, b, "yes", "and more") != judge(ana, a, b, "yes", "so")
        assert Judgement.objects.count() == 3

    def test_whoever_has_not_seen_the_last_word_is_told(self, world, ana, sofia):
        a, b = some_reports(world, 2)
        machine_says(b, {a: PROPOSED})
        judge(sofia, a, b, "no", seen=0)
        with pytest.raises(Conflict, match="meanwhile"):
            judge(ana, a, b, "yes", seen=0)
        assert states() == {(a, b): "rejected"}


class TestRows:
    def test_are_never_changed_and_never_deleted(self, world, ana):
        a, b = some_reports(world, 2)
        machine_says(b, {a: PROPOSED})
        row = judge(ana, a, b, "yes")
        row.note = "otherwise"
        for deed in (
            row.save,
            row.delete,
            lambda: Judgement.objects.update(note="x"),
            Judgement.objects.filter(pk=row.pk).delete,
        ):
            with pytest.raises(TypeError):
                deed()
        assert Judgement.objects.get().note == ""

    def test_a_note_that_is_too_long_is_refused_whole(self, world, ana):
        a, b = some_reports(world, 2)
        machine_says(b, {a: PROPOSED})
        with pytest.raises(Invalid) as refused:
            judge(ana, a, b, "yes", "x" * 1_001)
        assert refused.value.field == "note"
        assert not Judgement.objects.exists()

    @pytest.mark.parametrize("name", ["adam", "enzo", "ines"])
    def test_only_by_those_who_may(self, world, ana, name):
        a, b = some_reports(world, 2)
        machine_says(b, {a: PROPOSED})
        other = world.actor(name)
        row = judge(ana, a, b, "yes")
        for deed in (
            lambda: judge(other, a, b, "no"),
            lambda: services.split(other, a, [b], "a reason"),
            lambda: services.undo(other, row.pk),
            lambda: cluster_of(other, a),
        ):
            with pytest.raises(NotAllowed):
                deed()


def test_a_cluster_of_more_than_is_shown_says_so(world, ana, monkeypatch):
    reports = some_reports(world, 9)
    chain(reports)
    monkeypatch.setattr("tipline.insight.entities.judging.queries.MOST_MEMBERS", 4)
    cluster = cluster_of(ana, reports[4])
    assert len(cluster.members) == 4
    assert reports[4] in cluster.members
    assert not cluster.whole


def at_once(*deeds) -> list[BaseException]:
    """Each in a thread of its own; what they raised."""
    errors: list[BaseException] = []

    def run(deed) -> None:
        try:
            deed()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test tells
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_people_on_one_pair_are_both_kept_and_one_is_in_force(
        self, transactional_db, tipline_home
    ):
        world = make_world()
        a, b = some_reports(world, 2)
        machine_says(b, {a: PROPOSED})
        ana, sofia = world.actor("ana"), world.actor("sofia")
        errors = at_once(
            lambda: judge(ana, a, b, "yes"),
            lambda: judge(sofia, a, b, "no"),
        )
        assert errors == []
        last = Judgement.objects.order_by("pk").last()
        assert Judgement.objects.count() == 2
        assert states()[a, b] == {"yes": "confirmed", "no": "rejected"}[last.verdict]

    def test_two_confirmations_never_join_what_was_told_apart(self, transactional_db, tipline_home):
        """Each alone would be right; together they would tear."""
        world = make_world()
        a, b, c = some_reports(world, 3)
        machine_says(b, {a: PROPOSED})
        machine_says(c, {a: PROPOSED, b: PROPOSED})
        ana, sofia = world.actor("ana"), world.actor("sofia")
        judge(ana, a, c, "no")
        errors = at_once(
            lambda: judge(ana, a, b, "yes"),
            lambda: judge(sofia, b, c, "yes"),
        )
        assert [type(error) for error in errors] == [Conflict]
        assert sorted(states().values()) == ["barred", "confirmed", "rejected"]

    def test_a_link_made_while_somebody_judges_tears_nothing(self, transactional_db, tipline_home):
        world = make_world()
        a, b, c = some_reports(world, 3)
        machine_says(b, {a: PROPOSED})
        ana = world.actor("ana")
        errors = at_once(
            lambda: machine_says(c, {a: AUTOMATIC, b: AUTOMATIC}),
            lambda: judge(ana, a, b, "no"),
        )
        assert errors == []
        assert cluster_of(ana, a).members != cluster_of(ana, b).members
        assert Report.objects.count() == 3


def test_the_policy_of_second_looks_is_whole():
    rules = judging_policy().rules
    assert all(0 < share <= 100 for share in rules.percent.values())
    assert rules.most_reports >= 2
