"""Which state of a pair is in force, and what each link is among the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.entities.judging.rules import (
    COUNTED,
    Machine,
    State,
    Tie,
    Verdict,
    Word,
    in_force,
    kinds,
    last_act,
    reopens,
    settle,
    torn,
)
from tipline.insight.entities.judging.rules_clusters import clusters
from tipline.insight.entities.judging.rules_draw import Sample, drawn

E_MAIL = frozenset({"email"})


def reason(code, points=100, **params):
    return {"code": code, "points": points, "params": params}


def said(*verdicts, **more):
    return [Word(n, Verdict(one), by=1, kinds=E_MAIL, **more) for n, one in enumerate(verdicts, 1)]


def state(*words, machine=Machine.PROPOSED, now=E_MAIL):
    return in_force(machine, now, words).state


class TestOnePair:
    @pytest.mark.parametrize("machine", list(Machine))
    def test_without_a_judgement_the_machines_word_holds(self, machine):
        assert state(machine=machine) == State(machine.value)

    @pytest.mark.parametrize("machine", list(Machine))
    @pytest.mark.parametrize(
        ("verdict", "wanted"),
        [
            ("yes", State.CONFIRMED),
            ("no", State.REJECTED),
            ("split", State.REJECTED),
            ("unsure", State.UNSURE),
        ],
    )
    def test_a_judgement_holds_whatever_the_machine_says(self, machine, verdict, wanted):
        assert state(*said(verdict), machine=machine) == wanted

    def test_the_newest_holds(self):
        assert state(*said("yes", "no", "unsure", "yes")) == State.CONFIRMED

    def test_taking_back_brings_back_what_was_before(self):
        words = said("yes", "no")
        assert state(*words, Word(3, Verdict.UNDO, 1, undoes=2)) == State.CONFIRMED
        both = [Word(3, Verdict.UNDO, 1, undoes=2), Word(4, Verdict.UNDO, 1, undoes=1)]
        assert state(*words, *both, machine=Machine.AUTOMATIC) == State.AUTOMATIC

    def test_a_rejected_pair_is_asked_about_again_for_a_new_kind_only(self):
        assert state(*said("no"), now=E_MAIL) == State.REJECTED
        again = in_force(Machine.PROPOSED, E_MAIL | {"device"}, said("no"))
        assert (again.state, again.news, again.apart) == (State.PROPOSED, ("device",), True)

    def test_evidence_that_is_gone_again_closes_it_again(self):
        assert state(*said("no"), now=E_MAIL | {"device"}) == State.PROPOSED
        assert state(*said("no"), now=E_MAIL) == State.REJECTED
        assert state(*said("no"), now=E_MAIL | {"device"}, machine=Machine.GONE) == State.REJECTED

    def test_an_automatic_link_that_was_rejected_comes_back_as_a_proposal_at_most(self):
        more = in_force(Machine.AUTOMATIC, E_MAIL | {"account"}, said("no"))
        assert more.state == State.PROPOSED

    def test_a_large_merge_counts_after_a_second_yes(self):
        first = Word(1, Verdict.YES, 1, needs_second=True)
        assert state(first) == State.WAITING
        assert state(first, Word(2, Verdict.YES, 2, seconds=1)) == State.CONFIRMED
        assert state(first, Word(2, Verdict.NO, 2, seconds=1)) == State.UNSURE

    def test_a_sample_counts_until_a_second_person_differs(self):
        assert state(*said("yes"), Word(2, Verdict.YES, 2, seconds=1)) == State.CONFIRMED
        for other in (Verdict.NO, Verdict.UNSURE):
            found = in_force(Machine.PROPOSED, E_MAIL, [*said("yes"), Word(2, other, 2, seconds=1)])
            assert (found.state, found.differ) == (State.UNSURE, True)

    def test_told_apart_stays_so_when_a_second_person_differs(self):
        found = in_force(
            Machine.PROPOSED, E_MAIL, [*said("no"), Word(2, Verdict.YES, 2, E_MAIL, seconds=1)]
        )
        assert (found.state, found.apart, found.differ) == (State.REJECTED, True, True)

    def test_an_answer_to_what_was_overtaken_counts_nothing(self):
        words = [*said("yes"), Word(2, Verdict.NO, 2, seconds=1), Word(3, Verdict.YES, 3)]
        assert state(*words) == State.CONFIRMED

    def test_what_an_undo_would_take_back(self):
        words = [Word(1, Verdict.YES, 1, act="a"), Word(2, Verdict.NO, 1, act="b")]
        assert last_act(words) == "b"
        assert last_act([*words, Word(3, Verdict.UNDO, 1, act="c", undoes=2)]) == "a"
        assert last_act([]) == ""


class TestKinds:
    def test_what_speaks_for_a_pair(self):
        reasons = [
            reason("bits.email.same_user"),
            reason("bits.device.same.seen"),
            reason("bits.name.else", -200),
            reason("bits.cap", -50, group="alias"),
            reason("link.verified_contact", 0, kind="phone"),
        ]
        assert kinds(reasons) == {"email", "device"}

    def test_links_of_before_the_scorer_are_of_the_same_kinds(self):
        old = [reason("link.same_value", 20, kind="esp_user_id", scope="x", reports=2)]
        assert reopens(old, [reason("bits.account.same")]) == ()
        assert reopens(old, [reason("bits.account.same"), reason("bits.ip.same_hour")]) == ("ip",)


@st.composite
def ties(draw, most=8):
    pairs = draw(
        st.lists(
            st.tuples(st.integers(1, most), st.integers(1, most)).filter(lambda p: p[0] < p[1]),
            max_size=14,
            unique=True,
        )
    )
    found = []
    for number, (low, high) in enumerate(pairs, 1):
        what = draw(st.sampled_from(["automatic", "proposed", "confirmed", "rejected", "reopened"]))
        found.append(
            Tie(
                number,
                low,
                high,
                State.PROPOSED if what == "reopened" else State(what),
                draw(st.integers(0, 3)),
                apart=what in ("rejected", "reopened"),
                reopened=what == "reopened",
            )
        )
    return found


def together(ties, settled):
    """Per report the cluster that it is in."""
    held = [(t.low, t.high) for t in ties if settled[t.id].state in COUNTED]
    return {number: part for part in clusters(held) for number in part}


class TestAmongOthers:
    @given(ties())
    def test_nobody_is_joined_with_whom_they_were_told_apart_from(self, found):
        settled = settle(found)
        if torn(found) is not None:
            return  # only people can bring that about, and they are refused
        cluster = together(found, settled)
        for tie in found:
            if tie.apart:
                assert cluster.get(tie.low, (tie.low,)) != cluster.get(tie.high, (tie.high,))

    @given(ties(), st.randoms(use_true_random=False))
    def test_the_order_makes_no_difference(self, found, dice):
        other = list(found)
        dice.shuffle(other)
        assert settle(other) == settle(found)

    @given(ties())
    def test_only_what_is_told_apart_bars_anything(self, found):
        settled = settle(found)
        apart = {tie.id for tie in found if tie.apart}
        for tie in found:
            now = settled[tie.id]
            if now.barred_by is not None:
                assert now.barred_by in apart
                assert tie.state in (State.AUTOMATIC, State.PROPOSED)
                assert now.state == (
                    State.PROPOSED if tie.state is State.AUTOMATIC else State.BARRED
                )
            else:
                assert now.state == tie.state

    @given(ties())
    def test_a_proposal_is_barred_just_where_its_clusters_were_told_apart(self, found):
        if torn(found) is not None:
            return
        settled = settle(found)
        cluster = together(found, settled)
        sides = {
            frozenset((cluster.get(t.low, (t.low,)), cluster.get(t.high, (t.high,))))
            for t in found
            if t.apart
        }
        for tie in found:
            if tie.state is State.PROPOSED and not tie.reopened:
                own = {cluster.get(tie.low, (tie.low,)), cluster.get(tie.high, (tie.high,))}
                assert (settled[tie.id].state is State.BARRED) == (frozenset(own) in sides)

    def test_the_weaker_of_two_automatic_links_gives_way(self):
        found = [
            Tie(1, 1, 2, State.AUTOMATIC, 900),
            Tie(2, 2, 3, State.AUTOMATIC, 300),
            Tie(3, 1, 3, State.REJECTED, apart=True),
        ]
        settled = settle(found)
        assert settled[1].state == State.AUTOMATIC
        assert (settled[2].state, settled[2].barred_by) == (State.PROPOSED, 3)

    def test_what_people_confirmed_tears_nothing_silently(self):
        found = [
            Tie(1, 1, 2, State.CONFIRMED),
            Tie(2, 2, 3, State.CONFIRMED),
            Tie(3, 1, 3, State.REJECTED, apart=True),
        ]
        tie, way = torn(found)
        assert (tie.id, way) == (3, [1, 2, 3])
        assert settle(found)[1].state == State.CONFIRMED


class TestDraw:
    def test_the_share_is_about_what_was_asked_for(self):
        many = sum(drawn(n, n + 7, Sample.CONFIRMED, "1", 5) for n in range(1, 20_001))
        assert 900 < many < 1_100

    def test_none_and_all(self):
        assert not any(drawn(n, n + 1, Sample.REJECTED, "1", 0) for n in range(200))
        assert all(drawn(n, n + 1, Sample.REJECTED, "1", 100) for n in range(200))

    def test_a_sample_does_not_tell_another(self):
        both = [
            (drawn(n, n + 1, Sample.CONFIRMED, "1", 50), drawn(n, n + 1, Sample.REJECTED, "1", 50))
            for n in range(400)
        ]
        assert len(set(both)) == 4
