"""Second looks at links: a blind sample, and large merges that wait."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.entities.linked import link_of, machine_says, some_reports, states

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation.errors import Conflict, NotAllowed, NotVisible
from tipline.ground.foundation.policy import Policy
from tipline.insight.entities.judging import looks, policy, seconds, services
from tipline.insight.entities.judging import queries_seconds as queries
from tipline.insight.entities.judging.queries import cluster_of
from tipline.insight.entities.judging.rules_draw import Sample
from tipline.insight.entities.models import Judgement, SecondLook
from tipline.insight.entities.queries import counted_neighbours

AUTOMATIC, PROPOSED = ("automatic", ["account"]), ("proposed", ["email"])


def under(monkeypatch, percent: int, most_reports: int = 10) -> None:
    """Everything is judged under these figures from now on."""
    own = policy.judging_policy()
    rules = replace(own.rules, percent=dict.fromkeys(Sample, percent), most_reports=most_reports)
    made = Policy(own.name, own.version, own.jurisdiction, own.digest, rules)
    for module in (looks, services, queries):
        monkeypatch.setattr(module, "judging_policy", lambda: made)


@pytest.fixture
def all_drawn(monkeypatch):
    under(monkeypatch, 100)


@pytest.fixture
def none_drawn(monkeypatch):
    under(monkeypatch, 0, most_reports=4)


@pytest.fixture
def people(world):
    return [world.actor(name) for name in ("ana", "sofia", "silas")]


@pytest.fixture
def pair(world):
    a, b = some_reports(world, 2)
    machine_says(b, {a: PROPOSED})
    return a, b


def judge(actor, one, other, verdict, **more):
    return services.judge(actor, link_of(one, other), verdict, **more)


@pytest.mark.usefixtures("all_drawn")
class TestBlindSample:
    def test_what_is_drawn_counts_and_waits_for_somebody_else(self, people, pair):
        ana, sofia, _ = people
        row = judge(ana, *pair, "yes")
        assert states()[pair] == "confirmed"
        assert seconds.take_second(ana) is None
        look = seconds.take_second(sofia)
        assert (look.judgement_id, look.why) == (row.pk, "sample")
        assert queries.hidden_from(sofia) == {look.link_id}
        assert queries.hidden_from(ana) == frozenset()

    def test_a_look_is_held_by_one_until_it_is_given_back(self, people, pair):
        ana, sofia, silas = people
        judge(ana, *pair, "no")
        look = seconds.take_second(sofia)
        assert seconds.take_second(sofia) == look
        assert seconds.take_second(silas) is None
        seconds.give_back(sofia, look.pk)
        assert seconds.take_second(silas) == look
        with pytest.raises(NotVisible):
            seconds.give_back(sofia, look.pk)

    def test_whoever_read_a_report_since_is_not_asked(self, people, pair):
        ana, sofia, silas = people
        judge(ana, *pair, "yes")
        record(sofia, Verb.REPORT_READ, f"report:{pair[1]}")
        assert seconds.take_second(sofia) is None
        assert seconds.take_second(silas) is not None

    @pytest.mark.parametrize(
        ("first", "second", "state", "agrees"),
        [
            ("yes", "yes", "confirmed", True),
            ("yes", "no", "unsure", False),
            ("yes", "unsure", "unsure", False),
            ("no", "no", "rejected", True),
            ("no", "yes", "rejected", False),
        ],
    )
    def test_what_two_answers_come_to(self, people, pair, *, first, second, state, agrees):
        ana, sofia, silas = people
        judge(ana, *pair, first)
        look = seconds.take_second(sofia)
        seconds.second(sofia, look.pk, second, "my own reading")
        assert states()[pair] == state
        assert list(queries.open_looks()) == []
        assert list(queries.differing(silas)) == ([] if agrees else [look])
        assert list(queries.differing(ana)) == []
        judge(silas, *pair, "unsure")
        assert list(queries.differing(silas)) == []

    def test_it_is_answered_by_who_holds_it_and_never_by_who_judged(self, people, pair):
        ana, sofia, silas = people
        judge(ana, *pair, "yes")
        look = seconds.take_second(sofia)
        with pytest.raises(NotAllowed):
            seconds.second(ana, look.pk, "yes")
        with pytest.raises(NotVisible):
            seconds.second(silas, look.pk, "yes")
        assert seconds.second(sofia, look.pk, "yes") == seconds.second(sofia, look.pk, "yes")
        assert Judgement.objects.count() == 2

    def test_what_was_judged_anew_or_taken_back_waits_no_more(self, people, pair):
        ana, sofia, _ = people
        row = judge(ana, *pair, "yes")
        look = seconds.take_second(sofia)
        judge(ana, *pair, "unsure")
        assert queries.held(sofia) is None
        with pytest.raises(Conflict):
            seconds.second(sofia, look.pk, "yes")
        services.undo(ana, Judgement.objects.order_by("pk").last().pk)
        assert queries.held(sofia) == look
        services.undo(ana, row.pk)
        assert list(queries.open_looks()) == []

    def test_an_answer_taken_back_waits_again(self, people, pair):
        ana, sofia, silas = people
        judge(ana, *pair, "yes")
        look = seconds.take_second(sofia)
        answer = seconds.second(sofia, look.pk, "no")
        services.undo(sofia, answer.pk)
        assert states()[pair] == "confirmed"
        assert seconds.take_second(silas) == look

    def test_an_automatic_link_is_looked_at_too_and_a_no_parts_it(self, world, people):
        ana, sofia, _ = people
        a, b = some_reports(world, 2)
        machine_says(b, {a: AUTOMATIC})
        machine_says(b, {a: ("automatic", ["account", "email"])})
        assert SecondLook.objects.count() == 1
        look = seconds.take_second(ana)
        seconds.second(ana, look.pk, "no", "another child's account")
        assert states() == {(a, b): "rejected"}
        assert counted_neighbours(a) == []
        assert seconds.take_second(sofia) is None

    def test_an_automatic_link_that_goes_takes_its_look_along(self, world):
        a, b = some_reports(world, 2)
        machine_says(b, {a: AUTOMATIC})
        machine_says(b, {})
        assert not SecondLook.objects.exists()

    def test_the_figures_count_the_sample(self, world, people):
        ana, sofia, _ = people
        reports = some_reports(world, 6)
        for n, (first, second) in enumerate([("yes", "yes"), ("no", "no"), ("yes", "no")]):
            low, high = reports[2 * n : 2 * n + 2]
            machine_says(high, {low: PROPOSED})
            judge(ana, low, high, first)
            seconds.second(sofia, seconds.take_second(sofia).pk, second)
        machine_says(reports[2], {reports[0]: AUTOMATIC})
        seconds.second(ana, seconds.take_second(ana).pk, "yes")
        found = queries.figures(sofia)
        assert (found.people.pairs, found.people.same, found.waiting) == (3, 2, 0)
        assert (found.automatic, found.held) == (1, 1)
        assert found.interval[0] < 1 == found.interval[1]

    def test_the_ledger_says_who_looked_and_not_what_the_note_said(self, people, pair):
        ana, sofia, _ = people
        judge(ana, *pair, "yes")
        look = seconds.take_second(sofia)
        seconds.second(sofia, look.pk, "yes", "secret words")
        entries = LedgerEntry.objects.filter(subject=f"report:{pair[0]}", verb__startswith="link")
        assert list(entries.order_by("pk").values_list("verb", flat=True)) == [
            "link.judged", "link.look-taken", "link.seconded",
        ]  # fmt: skip
        assert "secret" not in str(list(entries.values("detail", "purpose")))


@pytest.mark.usefixtures("none_drawn")
class TestLargeMerge:
    @pytest.fixture
    def halves(self, world):
        """Two clusters of three, and a proposal between them: together more than four."""
        a, b, c, d, e, f = some_reports(world, 6)
        machine_says(c, {a: AUTOMATIC, b: AUTOMATIC})
        machine_says(f, {a: PROPOSED, d: AUTOMATIC, e: AUTOMATIC})
        return a, f

    def test_it_counts_nothing_until_a_second_person_agrees(self, people, halves):
        ana, sofia, _ = people
        row = judge(ana, *halves, "yes", note="one network")
        assert row.needs_second
        assert states()[halves] == "waiting"
        assert len(cluster_of(ana, halves[0]).members) == 3
        [look] = queries.waiting_merges(sofia)
        assert look.judgement.note == "one network"  # openly: it is no sample
        seconds.second(sofia, look.pk, "yes")
        assert states()[halves] == "confirmed"
        assert len(cluster_of(ana, halves[0]).members) == 6
        assert list(queries.waiting_merges(sofia)) == []

    def test_who_judged_cannot_be_the_second_and_a_no_ends_it(self, people, halves):
        ana, sofia, _ = people
        judge(ana, *halves, "yes")
        [look] = queries.waiting_merges(ana)
        with pytest.raises(NotAllowed):
            seconds.second(ana, look.pk, "yes")
        seconds.second(sofia, look.pk, "no", "a class-room")
        assert states()[halves] == "unsure"
        assert len(cluster_of(ana, halves[0]).members) == 3

    def test_what_was_told_apart_meanwhile_is_not_joined(self, people, halves):
        ana, sofia, silas = people
        judge(ana, *halves, "yes")
        a, f = halves
        machine_says(f, {a: PROPOSED, a + 1: PROPOSED, f - 2: AUTOMATIC, f - 1: AUTOMATIC})
        judge(silas, a + 1, f, "no")
        [look] = queries.waiting_merges(sofia)
        with pytest.raises(Conflict, match=f"Reports {a + 1} and {f}"):
            seconds.second(sofia, look.pk, "yes")
        assert states()[halves] == "waiting"

    def test_a_yes_of_another_is_the_second_one_wherever_it_is_said(self, people, halves):
        ana, sofia, _ = people
        first = judge(ana, *halves, "yes")
        assert judge(ana, *halves, "yes", note="again").needs_second
        assert states()[halves] == "waiting"
        row = judge(sofia, *halves, "yes")
        assert states()[halves] == "confirmed"
        assert (row.seconds.author_id, row.needs_second) == (ana.person_key, False)
        assert list(queries.waiting_merges(sofia)) == []
        services.undo(sofia, row.pk)
        assert states()[halves] == "waiting"
        assert [look.judgement_id for look in queries.waiting_merges(sofia)] == [row.seconds_id]
        assert first.pk < row.seconds_id

    def test_a_no_of_another_holds_by_itself(self, people, halves):
        ana, sofia, _ = people
        judge(ana, *halves, "yes")
        judge(sofia, *halves, "no")
        assert states()[halves] == "rejected"

    def test_a_small_one_waits_for_nobody(self, people, pair):
        ana, sofia, _ = people
        assert not judge(ana, *pair, "yes").needs_second
        assert list(queries.waiting_merges(sofia)) == []

    def test_only_by_those_who_may(self, world, people, halves):
        judge(people[0], *halves, "yes")
        look = SecondLook.objects.get()
        for name in ("adam", "enzo", "ines"):
            assert list(queries.waiting_merges(world.actor(name))) == []
            with pytest.raises(NotAllowed):
                seconds.second(world.actor(name), look.pk, "yes")
            with pytest.raises(NotAllowed):
                seconds.take_second(world.actor(name))
