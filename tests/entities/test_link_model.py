"""The link model as two people change it: what a trial finds, what is in force, what stays."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.entities.models_made_up import model_file, taught
from tests.entities.related import about, between, told
from tests.personas import file_report

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import worker
from tipline.ground.foundation.errors import Conflict, NotAllowed, NotVisible
from tipline.ground.foundation.policy import PolicyError
from tipline.insight.entities.history.queries import standing
from tipline.insight.entities.judging.services import judge
from tipline.insight.entities.models import LinkModelVersion
from tipline.insight.entities.proposals.evidence import waterfall_of
from tipline.insight.entities.publication import queries, rules_trial, trials
from tipline.insight.entities.publication.rules_diff import levels, others
from tipline.insight.entities.publication.rules_trial import Moved, Said
from tipline.insight.entities.publication.services import PUBLICATION, propose, publish, take_back
from tipline.insight.entities.scoring.in_force import in_force
from tipline.insight.entities.scoring.rules_model import shipped
from tipline.insight.entities.scoring.rules_waterfall import BarKind
from tipline.pipeline import stages
from tipline.record.evidence.contents import Contents

NAME = "kestrel_of_the_north"
HIGH = 40.0  # log2 odds that no pair of these reaches


@pytest.fixture(autouse=True)
def _forgotten():
    """Stamps and digests of other tests."""
    queries._digest_of.cache_clear()
    queries.READING.parsed.cache_clear()


@pytest.fixture
def sofia(world):
    return world.actor("sofia")


@pytest.fixture
def silas(world):
    return world.actor("silas")


def filed(world, name, **changes):
    report = file_report(world, document=about(name, **{"screenName": NAME, **changes}))
    stages._link(Contents(report))
    return report


def tried(sofia, data):
    row = propose(sofia, data)
    return trials.try_now(sofia, row.pk)


def published(sofia, silas, data):
    return publish(silas, tried(sofia, data).pk, "The trial moves what it should.")


def counts(row, said):
    return dict(
        zip(("tried", "before", "after", "gone", "come"), row.trial["pairs"][said], strict=True)
    )


class TestDifferences:
    def test_a_model_differs_from_itself_in_nothing(self):
        same = shipped().rules
        assert not others(same, same)
        assert not any(one.moves for one in levels(same, same))
        assert len(levels(same, same)) == sum(
            len(said.weights) for said in same.comparisons.values()
        )

    def test_what_a_level_is_worth_is_told_in_bits(self):
        old, new = shipped().rules, taught("screen_name", "same_at_service", 0.2)
        moved = {(one.comparison, one.level) for one in levels(old, new) if one.moves}
        assert ("screen_name", "same_at_service") in moved
        assert {comparison for comparison, _level in moved} == {"screen_name"}

    def test_the_line_stands_beside_what_makes_it(self):
        new = queries.read(model_file(least=0.0), "made-up").rules
        said = {
            change.key: (change.before, change.after) for change in others(shipped().rules, new)
        }
        assert said["prior.least_odds_bits"] == ("-5", "0")
        assert said["prior.needed"] == ("15.9", "20.9")


MOVED = st.builds(
    Moved,
    low=st.integers(1, 50),
    high=st.integers(51, 99),
    said=st.sampled_from(Said),
    before=st.integers(-2_000, 5_000),
    after=st.integers(-2_000, 5_000),
    was=st.booleans(),
    is_=st.booleans(),
)


class TestSums:
    @given(st.lists(MOVED, max_size=150), st.integers(0, 150))
    def test_pages_add_up_to_the_whole(self, moved, cut):
        whole = rules_trial.add(rules_trial.empty(), moved)
        parts = rules_trial.add(rules_trial.add(rules_trial.empty(), moved[:cut]), moved[cut:])
        assert parts["pairs"] == whole["pairs"]
        order = [rules_trial._judged_first(one) for one in whole["movers"]]
        assert order == [rules_trial._judged_first(one) for one in parts["movers"]]
        assert len(whole["movers"]) <= rules_trial.MOST_MOVERS

    @given(st.lists(MOVED, max_size=50))
    def test_what_crosses_is_what_is_proposed_under_one_model_only(self, moved):
        for tried_, before, after, gone, come in rules_trial.add(rules_trial.empty(), moved)[
            "pairs"
        ].values():
            assert after - before == come - gone
            assert max(before, after) <= tried_


class TestTrial:
    def test_what_waits_and_would_be_no_proposal_any_more_goes(self, world, sofia):
        low, high = filed(world, "one"), filed(world, "two")
        before = told()
        row = tried(sofia, model_file(least=HIGH))

        assert counts(row, "waiting") == {
            "tried": 1, "before": 1, "after": 0, "gone": 1, "come": 0,
        }  # fmt: skip
        [mover] = row.trial["movers"]
        assert (mover["low"], mover["high"], mover["said"]) == (low.pk, high.pk, "waiting")
        assert mover["points"][0] == mover["points"][1] == between(low, high).points
        assert told() == before

    def test_what_was_judged_is_told_apart(self, world, sofia):
        first, second, third = (filed(world, name) for name in ("one", "two", "three"))
        judge(world.actor("ana"), between(first, second), "yes")
        judge(world.actor("ana"), between(second, third), "no")
        row = tried(sofia, model_file(least=HIGH))
        assert counts(row, "confirmed")["gone"] == 1
        assert counts(row, "rejected")["gone"] == 1
        assert [one["said"] for one in row.trial["movers"]][:2] == ["confirmed", "rejected"]

    def test_pairs_that_are_no_link_now_are_found_among_those_that_share_a_key(
        self, world, sofia, silas
    ):
        published(sofia, silas, model_file("high", least=HIGH))
        low, high = filed(world, "one"), filed(world, "two")
        filed(world, "three", screenName="somebody.else")
        assert between(low, high) is None

        row = tried(sofia, model_file("usual"))
        assert counts(row, "new") == {"tried": 1, "before": 0, "after": 1, "gone": 0, "come": 1}
        assert row.trial["reports"] == 3
        assert [(one["low"], one["high"]) for one in row.trial["movers"]] == [(low.pk, high.pk)]
        assert between(low, high) is None

    def test_links_of_policy_and_of_tests_are_not_tried(self, world, sofia):
        filed(world, "one", espIdentifier="same")
        filed(world, "two", espIdentifier="same")
        row = tried(sofia, model_file(least=HIGH))
        assert not any(any(one) for one in row.trial["pairs"].values())

    def test_it_goes_on_page_by_page_and_counts_each_pair_once(self, world, sofia, monkeypatch):
        for name in ("one", "two", "three"):
            filed(world, name)
        whole = tried(sofia, model_file(least=HIGH)).trial
        monkeypatch.setattr(trials, "LINKS_PAGE", 2)
        monkeypatch.setattr(trials, "REPORTS_PAGE", 1)
        row = trials.start(sofia, LinkModelVersion.objects.get().pk)
        worker.run_ready("one")
        row.refresh_from_db()
        assert row.trial["state"] == "done"
        assert (row.trial["pairs"], row.trial["movers"]) == (whole["pairs"], whole["movers"])
        assert row.trial_done == row.trial_of == 6


class TestInForce:
    def test_new_links_are_made_by_it_and_those_that_are_there_stay(self, world, sofia, silas):
        low, high = filed(world, "one"), filed(world, "two")
        judge(world.actor("ana"), between(low, high), "yes")
        before = told()
        published(
            sofia, silas, model_file("2", model=taught("screen_name", "same_at_service", 0.2))
        )

        assert told() == before
        assert in_force().model.stamp == "made-up@2"
        late = filed(world, "three")
        assert between(high, late).version == "made-up@2"
        assert between(low, high).version == shipped().stamp

    def test_it_costs_one_statement_as_it_did(self, world, sofia, silas):
        published(sofia, silas, model_file("2"))
        in_force()
        with CaptureQueriesContext(connection) as asked:
            assert in_force().version == "made-up@2"
        assert len(asked) == 1

    def test_evidence_is_shown_by_the_model_that_made_it(self, world, sofia, silas):
        old = between(filed(world, "one"), filed(world, "two"))
        published(
            sofia,
            silas,
            model_file("2", model=taught("screen_name", "same_at_service", 0.2), least=0.0),
        )
        filed(world, "three")

        for link in (old, *type(old).objects.exclude(pk=old.pk)):
            reasons = link_reasons(link)
            shown = waterfall_of(reasons, link.version).waterfall
            [prior] = [bar for bar in shown.bars if bar.kind is BarKind.PRIOR]
            model = queries.made_by(link.version).rules
            assert prior.points == round(model.least * 100) - model.enough
        assert queries.made_by("another@1") is None

    def test_nobody_publishes_alone_nor_untried(self, world, sofia, silas):
        row = propose(sofia, model_file())
        with pytest.raises(Conflict, match="Try it on history"):
            publish(silas, row.pk, "why")
        trials.try_now(sofia, row.pk)
        for name in ("sofia", "ana"):
            with pytest.raises(NotAllowed):
                publish(world.actor(name), row.pk, "why")
        with pytest.raises(NotVisible):
            queries.READING.version_for(world.actor("ines"), row.pk)
        assert in_force().model == shipped()

    def test_a_file_whose_levels_are_out_of_order_cannot_be_proposed(self, sofia):
        wrong = model_file(model=taught("screen_name", "same_at_service", 0.001))
        with pytest.raises(PolicyError, match="which is nearer"):
            propose(sofia, wrong)

    def test_taking_back_is_one_act_and_history_may_be_linked_again(self, sofia, silas):
        assert not standing().behind
        act = published(sofia, silas, model_file("2"))
        assert standing().behind
        take_back(sofia, "It was a drill.", seen=act.pk)
        assert in_force().model == shipped()
        said = LedgerEntry.objects.filter(subject__startswith="link-model:").order_by("pk")
        assert [one.verb for one in said] == [
            "policy.proposed", "policy.tried", "policy.published", "policy.rolled-back",
        ]  # fmt: skip
        assert said.last().subject == "link-model:shipped"

    def test_a_version_that_can_no_longer_be_read_gives_way_to_the_shipped_one(self, sofia, silas):
        act = published(sofia, silas, model_file("2"))
        rows = LinkModelVersion.objects.filter(pk=act.policy_id)
        rows.update(content=rows.get().content.replace("[caps]", "[limits]"))
        queries.READING.parsed.cache_clear()
        assert in_force().model == shipped()
        assert PUBLICATION.reading.standing(sofia).problems


def link_reasons(link):
    from tipline.ground.foundation.reasons import Reason

    return [Reason.from_json(one) for one in link.reasons]
