"""Second looks are blind, drawn by nobody, never one's own, and settled by a third person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.filing import SEEN, filed, picture, world
from tests.triage.test_viral import add_otto

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.ground.foundation.policy import PolicyError, parse
from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.looks import policy as look_policies
from tipline.insight.annotation.looks import queries, rules, services
from tipline.insight.annotation.looks.rules import Answer
from tipline.insight.annotation.models import LabelEvent, Look
from tipline.insight.annotation.queries import agreeing_on, labels_of
from tipline.insight.annotation.rules_standing import Event, standing
from tipline.insight.annotation.services import set_label
from tipline.insight.annotation.writing import standing_of
from tipline.insight.lists.own import on_own_list
from tipline.record.evidence.queries import files_of
from tipline.record.reports.services import note_reading

__all__ = ["filed", "world"]

DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)
CONTENT = st.frozensets(st.sampled_from(["viral", "violence", "apparent_csam"]), max_size=3)
CHILD = st.frozensets(st.sampled_from(["age_0_2", "girl", "hurt"]), max_size=2)
ANSWERS = st.builds(Answer, CONTENT, st.lists(CHILD, max_size=3).map(tuple))


def test_the_share_of_a_sample_is_what_the_policy_says():
    digests = [f"{n:064x}" for n in range(20_000)]
    for percent in (0, 5, 50, 100):
        hit = sum(rules.drawn(d, "act", "1", percent) for d in digests)
        assert abs(hit / len(digests) * 100 - percent) < 1


@given(DIGESTS, st.integers(0, 99))
def test_a_draw_depends_on_digest_group_and_version_alone_and_grows_with_the_share(digest, share):
    first = rules.drawn(digest, "act", "1", share)
    assert first == rules.drawn(digest, "act", "1", share)
    assert not first or rules.drawn(digest, "act", "1", share + 1)
    assert rules.sampled(digest, ["act"], "1", {"act": share}) == first
    assert not rules.sampled(digest, [], "1", {"act": 100})


@given(ANSWERS, ANSWERS)
def test_agreeing_asks_for_the_same_labels_and_children_in_any_order(first, second):
    assert rules.agree(first, Answer(first.content, first.children[::-1]))
    assert rules.agree(first, second) == rules.agree(second, first)
    same = first.content == second.content
    alike = sorted(map(sorted, first.children)) == sorted(map(sorted, second.children))
    assert rules.agree(first, second) == (same and alike)
    assert Answer.from_json(first.as_json()) == first


@given(ANSWERS, ANSWERS)
def test_the_changes_to_an_answer_lead_to_it(first, second):
    events: list[Event] = []
    for answer in (first, second):
        for child, code, present in rules.changes_to(standing(events), answer):
            events.append(Event(len(events) + 1, code, child, present))
        assert rules.agree(rules.answer_of(standing(events)), answer)
        assert rules.changes_to(standing(events), answer) == []


def test_every_group_has_its_share_and_a_wrong_policy_names_the_key():
    assert set(look_policies.look_policy().rules.percent) == set(vocabulary.own().groups)
    text = b'name="l"\nversion="1"\njurisdiction="any"\n[percent]\ncontent=101\n[hold]\nhours=0'
    with pytest.raises(PolicyError) as error:
        parse(text, "looks.toml", look_policies.read)
    keys = {one.key for one in error.value.problems}
    assert {"percent.content", "percent.act", "hold.hours"} <= keys


# --- who is asked --------------------------------------------------------------------------


@pytest.fixture
def three(world):
    add_otto(world)
    return [world.actor(name) for name in ("ana", "otto", "sofia")]


@pytest.fixture
def file(filed, three):
    """A file that Ana called apparent CSAM, so that it waits for a list of ours."""
    [made] = files_of(filed(files=[(picture(1), SEEN)]).pk)
    set_label(three[0], made, "apparent_csam", present=True)
    return made


@pytest.fixture
def all_drawn(monkeypatch):
    """Every content is in the sample."""
    monkeypatch.setattr("tipline.insight.annotation.looks.asking.sampled", lambda *_: True)


def look() -> Look:
    return Look.objects.get()


def test_content_that_waits_for_a_list_is_always_looked_at_twice(file, three):
    assert (look().state, look().for_list, look().audit) == ("waiting", True, False)
    ana, otto, sofia = three
    assert services.take(ana) is None
    assert services.take(otto).pk == look().pk
    assert services.take(otto).pk == look().pk
    assert services.take(sofia) is None
    assert queries.held_by(otto) == {file.sha256}
    assert queries.held_by(ana) == frozenset()


def test_whoever_has_read_the_labels_is_not_asked(file, three):
    _ana, otto, sofia = three
    note_reading(otto, file.report)
    assert services.take(otto) is None
    assert services.take(sofia) is not None


def test_whoever_read_the_report_long_before_is_asked(filed, three, world, monkeypatch):
    [made] = files_of(filed(files=[(picture(1), SEEN)]).pk)
    _ana, otto, _sofia = three
    note_reading(otto, made.report)
    LedgerEntry.objects.filter(verb="report.read").update(at=clock.now().replace(year=2020))
    set_label(three[0], made, "apparent_csam", present=True)
    assert services.take(otto) is not None


def test_a_look_is_given_back_and_runs_out(file, three, monkeypatch):
    _ana, otto, sofia = three
    row = services.take(otto)
    with pytest.raises(NotVisible):
        services.give_back(sofia, row.pk)
    services.give_back(otto, row.pk)
    assert services.take(sofia).pk == row.pk
    Look.objects.update(taken_at=clock.now().replace(year=2020))
    assert services.take(otto).pk == row.pk
    with pytest.raises(NotVisible):
        services.answer(sofia, row.pk, Answer())


def test_other_labels_are_looked_at_when_drawn(filed, three, all_drawn):
    [made] = files_of(filed(files=[(picture(1), SEEN)]).pk)
    set_label(three[0], made, "violence", present=True)
    assert (look().drawn, look().for_list, look().policy) == (True, False, "looks@1")
    set_label(three[0], made, "viral", present=True)
    assert (look().drawn, look().for_list) == (True, True)


def test_a_look_without_a_reason_is_dropped(file, three):
    set_label(three[0], file, "apparent_csam", present=False)
    assert look().state == "dropped"
    set_label(three[0], file, "apparent_csam", present=True)
    assert Look.objects.filter(state="waiting").count() == 1


# --- answering -----------------------------------------------------------------------------


def test_two_more_who_say_the_same_blindly_put_it_on_the_list(file, three):
    same = Answer(frozenset({"apparent_csam"}))
    for actor in three[1:]:
        row = services.take(actor)
        assert services.answer(actor, row.pk, same).state == "agreed"
    people = tuple(actor.person_id for actor in three)
    assert agreeing_on([file.sha256], "apparent_csam") == {file.sha256: people}
    assert on_own_list("apparent_csam", [file.sha256]) == {file.sha256}
    assert not Look.objects.filter(state__in=Look.OPEN).exists()
    verbs = LedgerEntry.objects.filter(verb__startswith="look.").order_by("pk")
    assert [one.verb for one in verbs] == ["look.taken", "look.answered"] * 2


def test_an_answer_that_differs_changes_no_label_and_waits_for_a_senior(file, three):
    _ana, otto, sofia = three
    row = services.take(otto)
    row = services.answer(otto, row.pk, Answer(frozenset({"harmless"})))
    assert row.state == "disputed"
    assert labels_of([file.sha256]) == {file.sha256: {"apparent_csam"}}
    assert LabelEvent.objects.count() == 1
    assert [one.pk for one in queries.disputed(sofia)] == [row.pk]
    assert queries.disputed(otto) == []
    with pytest.raises(NotAllowed):
        services.settle(otto, row.pk, Answer(), "because")


def test_settling_becomes_new_statements_with_a_reason(file, three):
    _ana, otto, sofia = three
    set_label(three[0], file, "age_3_6", present=True, child=1)
    row = services.take(otto)
    said = Answer(frozenset({"apparent_csam", "violence"}), (frozenset({"age_7_11"}),))
    services.answer(otto, row.pk, said)
    assert agreeing_on([file.sha256], "apparent_csam")[file.sha256] == (
        three[0].person_id, otto.person_id,
    )  # fmt: skip
    with pytest.raises(Invalid, match="Say why"):
        services.settle(sofia, row.pk, said, " ")
    done = services.settle(sofia, row.pk, said, "The second has seen more.")
    assert (done.state, done.reason) == ("settled", "The second has seen more.")
    now = standing_of(file)
    assert now.content == {"apparent_csam", "violence"}
    assert [child.labels for child in now.children] == [{"age_7_11"}]
    assert on_own_list("apparent_csam", [file.sha256]) == {file.sha256}
    assert LabelEvent.objects.filter(code="violence").get().author_id == sofia.person_id
    with pytest.raises(NotVisible):
        services.settle(sofia, row.pk, said, "Again.")


def test_a_senior_may_take_the_label_away(file, three):
    _ana, otto, sofia = three
    row = services.take(otto)
    services.answer(otto, row.pk, Answer(frozenset({"harmless"})))
    services.settle(sofia, row.pk, Answer(frozenset({"harmless"})), "It is a doll.")
    assert labels_of([file.sha256]) == {file.sha256: {"harmless"}}
    assert agreeing_on([file.sha256], "apparent_csam") == {}
    assert Look.objects.get(state="waiting").for_list


def test_nobody_settles_their_own_work(filed, three, world):
    [made] = files_of(filed(files=[(picture(1), SEEN)]).pk)
    ana, otto, sofia = three
    set_label(sofia, made, "apparent_csam", present=True)
    row = services.take(otto)
    services.answer(otto, row.pk, Answer())
    assert queries.disputed(sofia) == []
    with pytest.raises(NotVisible):
        services.settle(sofia, row.pk, Answer(), "Mine was right.")
    assert [one.pk for one in queries.disputed(world.actor("silas"))] == [row.pk]
    with pytest.raises(NotAllowed):
        services.settle(ana, row.pk, Answer(), "Why not.")


def test_what_is_wrong_in_an_answer_is_named(file, three):
    otto = three[1]
    row = services.take(otto)
    wrong = [
        (Answer(frozenset({"nonsense"})), "nonsense"),
        (Answer(frozenset({"age_0_2"})), "age_0_2"),
        (Answer(frozenset({"infant_toddler"})), "infant_toddler"),
        (Answer(children=(frozenset({"violence"}),)), "violence"),
        (Answer(children=(frozenset({"age_0_2", "age_3_6"}),)), "one of these"),
        (Answer(children=(frozenset({"girl"}),) * 51), "at most 50"),
    ]
    for said, words in wrong:
        with pytest.raises(Invalid, match=words):
            services.answer(otto, row.pk, said)
    set_label(otto, file, "violence", present=True)
    with pytest.raises(Conflict):
        services.answer(otto, row.pk, Answer())


def test_one_is_found_behind_many_that_the_person_may_not_have(file, filed, three, monkeypatch):
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    _ana, otto, sofia = three
    for seed in range(2, 6):
        [made] = files_of(filed(files=[(picture(seed), SEEN)]).pk)
        set_label(otto if seed < 5 else sofia, made, "apparent_csam", present=True)
    note_reading(otto, file.report)
    assert services.take(otto).sha256 == made.sha256


def test_whoever_labels_what_they_hold_finds_it_again_and_gives_it_back(file, three):
    otto = three[1]
    row = services.take(otto)
    set_label(otto, file, "violence", present=True)
    assert services.take(otto) == queries.mine(otto) == row
    services.give_back(otto, row.pk)
    assert services.take(otto) is None


def test_only_those_who_label_are_asked(file, world):
    for name in ("adam", "enzo", "ines"):
        with pytest.raises(NotAllowed):
            services.take(world.actor(name))
        assert queries.offered(world.actor(name)) == []
        assert queries.held_by(world.actor(name)) == frozenset()


def test_agreement_is_of_the_sample_alone(file, filed, three, world, all_drawn):
    ana, otto, _sofia = three
    row = services.take(otto)
    services.answer(otto, row.pk, Answer(frozenset({"apparent_csam"})))
    assert queries.agreements(ana) == []

    for seed, said in ((2, {"violence"}), (3, {"violence", "bestiality"})):
        [made] = files_of(filed(files=[(picture(seed), SEEN)]).pk)
        set_label(ana, made, "violence", present=True)
        row = next(one for one in queries.offered(otto) if one.sha256 == made.sha256)
        services._claim(otto, row)
        services.answer(otto, row.pk, Answer(frozenset(said)))
    found = {code: (one.pairs, one.same) for code, one in queries.agreements(ana)}
    assert found == {"violence": (2, 2), "bestiality": (2, 1)}
    with pytest.raises(NotAllowed):
        queries.agreements(world.actor("ines"))
