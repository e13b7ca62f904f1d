"""The routing policy file."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tipline.delivery.routing.policy import EvidenceKind, default_policy, validate
from tipline.ground.foundation.policy import PolicyError, parse

TEXT = files("tipline.delivery.routing").joinpath("policies/routing-us.toml").read_text()


def problems(old, new):
    assert old in TEXT
    with pytest.raises(PolicyError) as caught:
        parse(TEXT.replace(old, new, 1).encode(), "routing.toml", validate)
    return {problem.key: problem.fix for problem in caught.value.problems}


def test_the_shipped_policy_ranks_every_kind():
    rules = default_policy().rules
    assert rules.home_country == "US"
    assert rules.route_on_proxy is False
    assert set(rules.tiers) == set(EvidenceKind)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"US"\n\n# A proxy', '"USA"\n\n# A proxy', "home_country"),
        ('"US"\n\n# A proxy', '"A1"\n\n# A proxy', "home_country"),
        ("gps = 1", "gps = 0", "tiers.gps"),
        ("gps = 1\n", "", "tiers.gps"),
        ("gps = 1\n", "gps = 1\nwifi = 2\n", "tiers.wifi"),
        ("route_on_proxy = false", 'route_on_proxy = "no"', "route_on_proxy"),
    ],
)
def test_mistakes_are_told_by_key(old, new, key):
    assert list(problems(old, new)) == [key]
