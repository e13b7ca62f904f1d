"""Whatever a valid policy file says, the table of directions holds (reference "domain", 7)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.triage.policies import CLASSES, HEADER, policies, rules, text_of
from tests.triage.reports import COUNTS, features, with_more
from tests.triage.test_scores import (
    GUARD_CHANGES,
    NOT_ABOUT_DANGER,
    RAISES,
    SCORES,
    VIRAL,
    raised,
)

from tipline.ground.foundation.policy import PolicyError, parse
from tipline.ground.foundation.reasons import total
from tipline.ground.taxonomy.files import FileAnnotation, IndustryClassification
from tipline.insight.triage.features import CARRIED_ONLY
from tipline.insight.triage.policy import default_policy, validate
from tipline.insight.triage.rules import actionability, danger, disposition, urgency
from tipline.insight.triage.rules_signs import GRAVEST_FIRST
from tipline.insight.triage.rules_text import as_toml, with_danger
from tipline.insight.triage.rules_types import Band


@given(made=rules())
def test_what_is_written_reads_back(made):
    assert parse(text_of(made).encode(), "f", validate).rules == made


@given(policy=policies(), base=features())
def test_the_sum_of_the_reasons_is_the_score_within_its_bounds(policy, base):
    for score, bounds in (
        (danger, policy.rules.danger),
        (actionability, policy.rules.actionability),
    ):
        result = score(base, policy)
        assert total(result.reasons) == result.value
        assert bounds.lowest <= result.value <= bounds.highest


@given(policy=policies(), base=features())
def test_a_fact_that_raises_never_lowers(policy, base):
    for score, name in RAISES:
        without, having = raised(base, name)
        assert score(having, policy).value >= score(without, policy).value, name


@given(policies(), features(urgent_refuted=frozenset()), st.sampled_from(IndustryClassification))
def test_a_graver_class_never_lowers(policy, base, code):
    """Unless a person has judged that the graver class is not urgent."""
    more = with_more(base, "industry_classes", code)
    assert danger(more, policy).value >= danger(base, policy).value


@given(policy=policies(), base=features(), data=st.data())
def test_what_must_not_move_danger_moves_it_under_no_policy(policy, base, data):
    other = data.draw(features())
    swapped = replace(base, **{name: getattr(other, name) for name in NOT_ABOUT_DANGER})
    assert danger(swapped, policy) == danger(base, policy)
    ai = with_more(base, "file_annotations", FileAnnotation.GENERATIVE_AI)
    child = replace(base, minor_suspect=True)
    for score in SCORES:
        assert score(ai, policy) == score(base, policy)
        assert score(child, policy) == score(base, policy)


@given(policy=policies(), base=features(), more=st.integers(2, 10**9))
def test_size_moves_no_score_under_any_policy(policy, base, more):
    counted = {n: getattr(base, n) * more for n in COUNTS - {"linked_esps"} if getattr(base, n)}
    carried = dict.fromkeys(CARRIED_ONLY - {"with_police"}, more)
    for score in SCORES:
        assert score(replace(base, **{**counted, **carried}), policy) == score(base, policy)


LOWERS = {
    "own viral list": {"all_files_on_viral_list": True},
    "viral by the ESP": {"all_files_flagged_viral": True},
    "batched": {"batched": True},
    "only a hash": {"only_hash": True},
    "no location": {"places": 0, "place_resolved": False},
    "no time": {"incident_time_known": False, "incident_time_zoned": False},
    "a meme that nobody viewed": {"unviewed_meme": True},
}


@given(policy=policies(), base=features())
def test_a_fact_that_lowers_never_raises(policy, base):
    for name, change in LOWERS.items():
        fewer = replace(base, **change)
        unknown = replace(base, **dict.fromkeys(change, None))
        for score in SCORES:
            assert score(fewer, policy).value <= score(unknown, policy).value, name


@given(policy=policies(), base=features())
def test_viral_flags_never_count_against_a_guard_under_any_policy(policy, base):
    for change in GUARD_CHANGES.values():
        guarded = replace(base, **change)
        plain = replace(guarded, **dict.fromkeys(VIRAL, False))
        for score in SCORES:
            assert score(replace(guarded, **VIRAL), policy) == score(plain, policy)


@given(policy=policies(), base=features())
def test_urgent_is_urgent_under_every_policy(policy, base):
    escalated = replace(base, escalated=True, urgent_refuted=frozenset())
    assert danger(escalated, policy).band is Band.URGENT
    assert disposition(escalated, policy).code == "referral" or base.disposition_judged
    assert (danger(base, policy).band is Band.URGENT) == urgency(base, policy).urgent


def test_a_class_is_urgent_only_with_all_graver_ones():
    """Else a report with a graver file beside the urgent one would not be urgent."""
    text = as_toml(HEADER, default_policy().rules)
    line = next(line for line in text.splitlines() if line.startswith("also"))
    with pytest.raises(PolicyError) as caught:
        parse(text.replace(line, 'also = ["industry_b2"]').encode(), "f", validate)
    assert [p.key for p in caught.value.problems] == ["urgent.also"]
    all_four = ", ".join(f'"industry_{code.lower()}"' for code in GRAVEST_FIRST)
    parse(text.replace(line, f"also = [{all_four}]").encode(), "f", validate)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("days = [3, 14", "days = [3, 99999999999999", "decay.days"),
        ("alarms = [3,", "alarms = [99999999999999,", "decay.alarms"),
        ("stale_days = 365", "stale_days = 99999999999999", "limits.stale_days"),
        ("content = 20", "content = 99999999999999", "danger.caps.content"),
    ],
)
def test_numbers_that_no_calendar_has_are_refused(old, new, key):
    text = as_toml(HEADER, default_policy().rules)
    assert old in text
    with pytest.raises(PolicyError) as caught:
        parse(text.replace(old, new).encode(), "f", validate)
    assert key in {problem.key for problem in caught.value.problems}


@given(made=rules(), data=st.data())
def test_other_points_change_nothing_else(made, data):
    signs = sorted(set(made.danger.points) - {*CLASSES, "own_viral"})
    signs = data.draw(st.lists(st.sampled_from(signs), unique=True, max_size=5))
    points = {sign: data.draw(st.integers(0, 90)) for sign in signs}
    text, read = with_danger(text_of(made), "2", points, remark="one\ntwo")
    wanted = replace(made, danger=replace(made.danger, points={**made.danger.points, **points}))
    assert read == wanted
    policy = parse(text.encode(), "f", validate)
    assert (policy.version, policy.rules) == ("2", wanted)


def test_comments_stay_with_their_lines():
    from importlib.resources import files

    shipped = files("tipline.insight.triage").joinpath("policies/triage-us.toml").read_text()
    text, _rules = with_danger(shipped, "2026.5-l1", {"victim": 21})
    assert text == shipped.replace('version = "2026.5"', 'version = "2026.5-l1"').replace(
        "\nvictim = 20", "\nvictim = 21"
    )


def test_a_file_that_is_written_another_way_is_written_anew():
    made = default_policy().rules
    text = as_toml(HEADER, made)
    points = "".join(f"danger.points.{sign} = {n}\n" for sign, n in made.danger.points.items())
    before, _, after = text.partition("[danger.points]")
    inline = points + before + after.partition("\n\n")[2]
    read = parse(inline.encode(), "f", validate).rules
    assert read == made
    assert with_danger(inline, "9", {"victim": 1})[1].danger.points["victim"] == 1


@given(noise=st.text(max_size=200) | st.integers(4000, 5000).map(lambda n: f"a = {'9' * n}"))
def test_any_text_is_a_policy_or_has_its_problems_named(noise):
    with pytest.raises(PolicyError) as caught:
        parse(noise.encode("utf-8", "replace"), "f", validate)
    assert caught.value.problems
    assert all(problem.fix for problem in caught.value.problems)


@pytest.mark.parametrize(
    "noise", [b"a = " + b"[" * 5000, b"#" * 70_000, b"\xff", b"a.b = 1\na = 2"]
)
def test_hostile_bytes_are_refused_whole(noise):
    with pytest.raises(PolicyError):
        parse(noise, "f", validate)
