from __future__ import annotations

import json

import pytest

from simulator.planning.plan import plan
from simulator.world.esps import NOTICE, TIMES, VIEWED, fictional_esps
from simulator.world.profile_files import ProfileError, profile_from_json, profile_named
from simulator.world.profiles import DEMO, WORLD_2023


def test_built_in_profiles_have_names():
    assert profile_named("demo") is DEMO
    assert profile_named("world2023") is WORLD_2023


def test_a_file_changes_only_what_it_names(tmp_path):
    file = tmp_path / "profile.json"
    file.write_text(
        json.dumps(
            {"like": "demo", "esps": 3, "places": {"us": 1, "unknown": 0}, "until": "2026-01-02"}
        )
    )
    profile = profile_named(str(file))
    assert (profile.esps, profile.places.us, profile.until.year) == (3, 1.0, 2026)
    assert profile.scenes == DEMO.scenes
    regions = {r.truth.expected_region[:2] for r in plan(1, 100, profile)}
    assert regions == {"US"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no JSON"),
        ("[]", "object"),
        ('{"like": "x"}', "'like'"),
        ('{"country": 1}', "'country'"),
        ('{"places": {"moon": 1}}', "'places.moon'"),
        ('{"places": 1}', "'places'"),
        ('{"places": {"us": "all"}}', "'places.us'"),
        ('{"places": {"us": 2}}', "'us'"),
        ('{"places": {"us": 0.9, "unknown": 0.2}}', "'places'"),
        ('{"scenes": {"viral": 0.9, "poor": 0.2}}', "'scenes'"),
        ('{"esps": true}', "'esps'"),
        ('{"esps": -1}', "no negative"),
        ('{"until": "tomorrow"}', "ISO 8601"),
    ],
)
def test_an_unfit_profile_is_refused_with_its_field(text, words):
    with pytest.raises(ProfileError, match=words):
        profile_from_json(text)


def test_a_random_profile_is_the_same_again_and_stays_in_its_ranges():
    assert profile_named("random:7") == profile_named("random:7")
    assert profile_named("random:7") != profile_named("random:8")
    for seed in range(20):
        profile = profile_named(f"random:{seed}")
        assert 0.03 <= profile.places.us <= 0.16
        assert 2.7 <= profile.files.per_report <= 4.1


@pytest.mark.parametrize("esps", [1, 2, 12, 400])
def test_merging_the_tail_keeps_every_report(esps):
    from dataclasses import replace

    senders = fictional_esps(replace(DEMO, esps=esps))
    assert len(senders) == min(esps, 246)
    assert sum(esp.share for esp in senders) == pytest.approx(1)
    assert sum(esp.merged for esp in senders) == 246


def test_a_sender_states_what_an_instance_asks_for():
    for esp in fictional_esps(DEMO):
        stated = esp.stated()
        assert stated["viewed_means"] in VIEWED.values()
        assert stated["times_mean"] in TIMES.values()
        assert stated["user_notice"] in NOTICE.values()
        assert esp.host.endswith(".test")
        assert esp.host in stated["legal_process_address"]
        assert all(days > 0 for days in stated["retention_days"].values())
