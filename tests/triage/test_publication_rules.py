"""What an act brings back, what a version may be called, what differs: pure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.triage.policies import policies, rules, text_of

from tipline.ground.foundation.policy import PolicyError, parse
from tipline.insight.triage.policy import default_policy, validate
from tipline.insight.triage.publication.rules import Act, ActKind, before, read
from tipline.insight.triage.publication.rules_diff import Change, changes, values

PUBLISHED, BACK = ActKind.PUBLISHED, ActKind.TAKEN_BACK


def test_nothing_stands_before_the_file_that_ships():
    assert before([]) is None
    assert before([Act(PUBLISHED, 1), Act(BACK, None)]) is None


def test_what_was_in_force_before_comes_back():
    one, two = Act(PUBLISHED, 1), Act(PUBLISHED, 2)
    assert before([one]).policy is None
    assert before([one, two]).policy == 1
    assert before([one, two, Act(BACK, 1)]).policy is None
    assert before([one, two, Act(BACK, 1), Act(PUBLISHED, 3)]).policy == 1
    assert before([one, two, Act(BACK, 1), two]).policy == 1


@given(st.lists(st.none() | st.integers(1, 4), max_size=12))
def test_taking_back_to_the_end_ends_at_the_file_that_ships(deeds):
    """None: take back, where that can be done. A number: publish that version."""
    acts = []
    for deed in deeds:
        if deed is not None:
            acts.append(Act(PUBLISHED, deed))
        elif target := before(acts):
            acts.append(Act(BACK, target.policy))
    published = sum(act.kind is PUBLISHED for act in acts)
    for _ in range(published - sum(act.kind is BACK for act in acts)):
        acts.append(Act(BACK, before(acts).policy))
    assert before(acts) is None
    assert not acts or acts[-1].policy is None


BAD_NAMES = ["", "Upper", "a b", "-a", "a@b", "x" * 41, "ü"]
BAD_VERSIONS = ["", "1 2", "-1", "1@2", "1" * 20, "é"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_no_stamp_can_hold_is_refused(name):
    text = text_of(default_policy().rules).replace('name = "made-up"', f'name = "{name}"')
    with pytest.raises(PolicyError) as caught:
        read(text.encode(), "f")
    assert [problem.key for problem in caught.value.problems] == ["name"]


@pytest.mark.parametrize("version", BAD_VERSIONS)
def test_a_version_that_no_stamp_can_hold_is_refused(version):
    with pytest.raises(PolicyError) as caught:
        read(text_of(default_policy().rules, version=version).encode(), "f")
    assert [problem.key for problem in caught.value.problems] == ["version"]


def test_all_problems_are_named_at_once():
    text = text_of(default_policy().rules, version="1 2").replace("victim = 20", "victim = -1")
    with pytest.raises(PolicyError) as caught:
        read(text.encode(), "f")
    assert {problem.key for problem in caught.value.problems} == {"version", "danger.points.victim"}


def test_the_longest_stamp_fits_where_it_is_kept():
    from tipline.insight.triage.models import Assessment, PolicyVersion

    longest = Assessment._meta.get_field("policy").max_length
    parts = [PolicyVersion._meta.get_field(name).max_length for name in ("name", "version")]
    text = text_of(default_policy().rules, version="9" * 19).replace("made-up", "m" * 40)
    policy = read(text.encode(), "f")
    assert len(policy.stamp) == longest
    assert len(policy.name) <= parts[0]
    assert len(policy.version) <= parts[1]


@given(one=policies(), other=rules())
def test_the_changes_lead_from_one_policy_to_the_other(one, other):
    new = parse(text_of(other, version="2").encode(), "f", validate)
    assert changes(one, one) == ()
    told = dict(values(one.rules))
    for change in changes(one, new):
        assert told.get(change.key) == change.before
        told[change.key] = change.after
    kept = {key: value for key, value in told.items() if value is not None}
    assert kept == dict(values(new.rules))


def test_a_change_names_its_key():
    old = default_policy()
    danger = replace(old.rules.danger, points={**old.rules.danger.points, "victim": 21})
    also = (*old.rules.also_urgent, "sextortion")
    new = replace(old, rules=replace(old.rules, danger=danger, also_urgent=also))
    assert changes(old, new) == (
        Change("urgent.also.sextortion", None, True),
        Change("danger.points.victim", 20, 21),
    )
    assert changes(old, new)[1].section == "danger.points"
