"""The triage policy file: what ships, and what a file may never say."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tipline.ground.foundation.policy import PolicyError, parse
from tipline.insight.triage.policy import default_policy, validate
from tipline.insight.triage.rules_terms import (
    ACTIONABILITY,
    DANGER,
    NEVER_ACTIONABILITY,
    NEVER_DANGER,
    Direction,
)

TEXT = files("tipline.insight.triage").joinpath("policies/triage-us.toml").read_text()


def problems(old, new):
    assert TEXT.count(old) >= 1
    with pytest.raises(PolicyError) as caught:
        parse(TEXT.replace(old, new, 1).encode(), "triage.toml", validate)
    return {problem.key: problem.fix for problem in caught.value.problems}


def test_the_shipped_policy_gives_points_to_every_sign():
    policy = default_policy()
    assert policy.stamp == "triage-us@2026.5"
    assert set(policy.rules.danger.points) == set(DANGER)
    assert set(policy.rules.actionability.points) == set(ACTIONABILITY)
    assert all(policy.rules.danger.points.values())


def test_a_direction_cannot_be_turned_round():
    assert problems("\nescalated = 40", "\nescalated = -40") == {
        "danger.points.escalated": "-40 is out of bounds: give 0 to 1000"
    }
    assert problems("own_viral = -40", "own_viral = 40") == {
        "danger.points.own_viral": "40 is out of bounds: give -1000 to 0"
    }


def test_identifiers_cannot_be_danger():
    told = problems("\nescalated = 40", "\nescalated = 40\nuser_id = 5")
    assert told == {"danger.points.user_id": "unknown key; remove it"}


@pytest.mark.parametrize("sign", sorted(NEVER_DANGER))
def test_what_must_not_move_danger_is_refused_points_with_the_reason(sign):
    told = problems("\nescalated = 40", f"\nescalated = 40\n{sign} = -1")
    assert list(told) == [f"danger.points.{sign}"]
    assert told[f"danger.points.{sign}"] == (
        f"must not move this score: {NEVER_DANGER[sign]}; remove it"
    )


@pytest.mark.parametrize("sign", sorted(NEVER_ACTIONABILITY))
def test_what_must_not_move_actionability_is_refused_too(sign):
    told = problems("\nuser_id = 10", f"\nuser_id = 10\n{sign} = 1")
    assert list(told) == [f"actionability.points.{sign}"]


def test_no_sign_both_moves_and_must_not_move_a_score():
    assert not set(DANGER) & set(NEVER_DANGER)
    assert not set(ACTIONABILITY) & set(NEVER_ACTIONABILITY)


def test_only_the_own_viral_list_lowers_danger():
    lowering = [sign for sign, term in DANGER.items() if term.direction is Direction.LOWERS]
    assert lowering == ["own_viral"]
    assert DANGER["own_viral"].guarded


def test_a_graver_class_never_gets_fewer_points():
    told = problems("industry_a1 = 10", "industry_a1 = 1")
    assert told == {
        "danger.points.industry_a1": (
            "points must not rise along industry_a1, industry_b1, industry_a2, industry_b2"
        )
    }


def test_bands_rise():
    assert "danger.bands.high" in problems("high = 50", "high = 15")
    assert "danger.bands.high" in problems("high = 50", "high = 20")
    assert "danger.bands.high" in problems("high = 50", "high = 80")


def test_bounds_and_bands_lie_where_scores_can_be():
    for old, new, key in (
        ("lowest = 0", "lowest = 1", "danger.bounds.lowest"),
        ("highest = 100", "highest = 0", "danger.bounds.highest"),
        ("highest = 100", "highest = 1001", "danger.bounds.highest"),
        ("urgent = 80", "urgent = 101", "danger.bands.urgent"),
        ("medium = 20", "medium = 0", "danger.bands.medium"),
    ):
        assert key in problems(old, new)


ALSO = next(line for line in TEXT.splitlines() if line.startswith("also = "))


def test_an_urgent_sign_cannot_be_made_up_and_the_viral_list_is_none():
    told = problems(ALSO, 'also = ["own_viral", "sextorsion"]')
    assert list(told) == ["urgent.also"]
    both = parse(TEXT.replace(ALSO, 'also = ["sextortion"]').encode(), "f", validate)
    assert both.rules.also_urgent == ("sextortion",)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("days = [3, 14, 30, 90, 365]", "days = [14, 3, 30, 90, 365]", "decay.days"),
        ("points = [100, 70, 40, 15, 5]", "points = [5, 70, 40, 15, 100]", "decay.points"),
        ("points = [100, 70, 40, 15, 5]", "points = [100, 70]", "decay.points"),
        ("alarms = [30, 14, 3]", "alarms = [-1]", "decay.alarms"),
        ("stale_days = 365", "stale_days = 0", "limits.stale_days"),
        ('["misleading_domain", "misleading_words"]', '["csam"]', "disposition.no_nexus_types"),
        ('["spam", "esp_informational"]', '["batched"]', "disposition.no_nexus_signs"),
        ("content = 20", "contents = 20", "danger.caps.contents"),
    ],
)
def test_other_mistakes_are_told_by_key(old, new, key):
    assert key in problems(old, new)


def test_bundles_have_bounds_that_can_be_counted():
    told = problems("viral_least = 3", "viral_least = 1")
    assert told == {"bundles.viral_least": "1 is out of bounds: give 2 to 1000"}
    told = problems("flood_window_hours = 1", "flood_window_hours = 5")
    assert told == {"bundles.flood_window_hours": "must divide a day: 1, 2, 3, 4, 6, 8, 12 or 24"}
    told = problems("incident_hours = 24", "incident_hours = 0")
    assert told == {"bundles.incident_hours": "0 is out of bounds: give 1 to 168"}
