"""The gate's policy file: what it may switch, and what it may not."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tipline.ground.foundation.policy import PolicyError, parse
from tipline.record.evidence.gate_policy import Match, default_policy, validate

TEXT = files("tipline.record.evidence").joinpath("policies/gate-us.toml").read_text()


def problems(old, new):
    assert old in TEXT
    with pytest.raises(PolicyError) as caught:
        parse(TEXT.replace(old, new, 1).encode(), "gate.toml", validate)
    return {problem.key: problem.fix for problem in caught.value.problems}


def test_the_shipped_policy():
    rules = default_policy().rules
    assert rules.fingerprint_blocked_files is True
    assert rules.counsel_may_enable_public is True
    assert rules.hash_confirm_circuits == {"5", "6"}
    assert rules.hash_confirm_matches == {Match.EXACT, Match.PHOTODNA}


def test_no_policy_lets_a_perceptual_match_or_no_match_open():
    for kind in ("perceptual", "none"):
        told = problems('"photodna"', f'"{kind}"')
        assert list(told) == ["hash_confirm.matches"]


def test_circuits_are_those_of_the_statute():
    for none in ("0", "12", "13"):
        assert list(problems('["5", "6"]', f'["5", "{none}"]')) == ["hash_confirm.circuits"]
    every = {*(str(number) for number in range(1, 12)), "DC"}
    text = TEXT.replace('["5", "6"]', str(sorted(every)).replace("'", '"'))
    assert parse(text.encode(), "gate.toml", validate).rules.hash_confirm_circuits == every


def test_a_switch_left_out_is_refused_not_guessed():
    told = problems("fingerprint_blocked_files = true", "")
    assert told == {"fingerprint_blocked_files": "is missing; give true or false"}


def test_a_misspelt_switch_is_refused():
    told = problems("counsel_may_enable_public = true", "counsel_may_enable_pubic = true")
    assert "counsel_may_enable_pubic" in told
