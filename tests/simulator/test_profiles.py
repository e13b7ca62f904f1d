from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.planning.plan import plan
from simulator.population.cases import Case
from simulator.population.files import SHIPPED, population_from_toml
from simulator.population.population import Burst, Population
from simulator.population.ranges import RANGES, random_population
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


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_populations_load_and_say_what_they_are(name):
    population = profile_named(name)
    assert isinstance(population, Population)
    assert population.name == name
    assert population.about
    assert 1000 < population.reports < 5000


@given(st.integers(0, 10**9))
def test_a_random_population_is_valid_and_stays_in_its_ranges(seed):
    population = random_population(str(seed))
    assert population == random_population(str(seed)) == profile_named(f"random:{seed}")
    for name, one in RANGES.items():
        part, _, number = name.partition(".")
        if number and part not in ("bursts", "floods"):
            value = getattr(getattr(population, part), number)
            assert one.low - 1 < value < one.high + 1
            assert one.low <= value <= one.high or number in ("per_day", "count")
        assert one.source
    assert sum(population.share(case, 29) for case in Case) == pytest.approx(1)
    assert min(population.share(case, day) for case in Case for day in (0, 29)) >= 0
    assert min(vars_of(population.languages)) >= 0


def vars_of(part):
    return [getattr(part, f.name) for f in fields(part)]


def test_two_random_populations_differ():
    assert random_population("7") != random_population("8")


def test_a_population_file_changes_only_what_it_names(tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text("about = 'ours'\n[volume]\nper_day = 10\n[[bursts]]\nday = 3\n")
    population = profile_named(str(file))
    assert (population.name, population.volume.per_day, population.volume.days) == ("ours", 10, 30)
    assert population.bursts == (Burst(day=3),)
    assert population.shares == Population("x").shares


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[", "no TOML"),
        ("moon = 1", "'moon'"),
        ("[volume]\nmoon = 1", "'volume.moon'"),
        ("volume = 3", "'volume' must be"),
        ("[volume]\nper_day = 0", "'volume.per_day' must be from 1"),
        ("[volume]\nper_day = 1.5", "'volume.per_day'"),
        ("[volume]\ngrowth = nan", "'volume.growth' must be from 0"),
        ("[habits]\ntyped = 1.2", "'habits.typed' must be from 0 to 1"),
        ("[habits]\ntyped = true", "'habits.typed'"),
        ("[shares]\nviral = 0.9", "'shares' must sum to 1"),
        ("[drift]\nviral = 0.9", "'drift' must sum to 1"),
        ("[drift]\nmoon = 0.9", "'drift.moon'"),
        ("drift = 1", "'drift' must be a table"),
        ("[languages]\nen = 0.9", "'languages' must sum to 1"),
        ("bursts = 1", "'bursts' must be a list"),
        ("[[bursts]]\nmoon = 1", r"'bursts\[1\].moon'"),
        ("[[bursts]]\nextra = -1", r"'bursts\[1\].extra' must be"),
        ("[[floods]]\ncase = 'moon'", r"'floods\[1\].case' must be one of: contact"),
        ("[senders]\nsensitivity_low = 0.9", "'senders.sensitivity_low'"),
        ("[places]\nus = 0.99", "'places.us'"),
        ("until = 'tomorrow'", "ISO 8601"),
        ("[volume]\nweekend = 0\ndays = 1\ngrowth = 0", ""),
    ],
)
def test_an_unfit_population_is_refused_with_its_field(text, words):
    if not words:
        assert population_from_toml(text, "x").reports == 100
        return
    with pytest.raises(ProfileError, match=words):
        population_from_toml(text, "x")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ProfileError, match="cannot be read"):
        profile_named(str(tmp_path / "odd.toml"))


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
