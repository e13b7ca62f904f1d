"""Danger and actionability: sums of reasons, and which way each fact may move them."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.triage.reports import COUNTS, FLAGS, OTHERS, SETS, features, with_more

from tipline.ground.foundation.reasons import Source, total
from tipline.ground.taxonomy.files import FileAnnotation
from tipline.ground.taxonomy.incidents import IncidentType, ReportAnnotation
from tipline.insight.triage.features import CARRIED_ONLY, Features, Label
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.rules import actionability, danger
from tipline.insight.triage.rules_score import step
from tipline.insight.triage.rules_terms import ALWAYS_URGENT
from tipline.insight.triage.rules_types import STEPS, Band, Score

POLICY = default_policy()
SCORES = [danger, actionability]

# Facts that raise danger, each as a change; written from the table, not from the program.
RAISE_DANGER = {
    "escalate flag": ("escalated", True),
    "child in danger": ("child_in_danger_now", True),
    "live streaming": ("file_annotations", FileAnnotation.LIVE_STREAMING),
    "production": ("labels", Label.PRODUCTION),
    "self-production": ("file_annotations", FileAnnotation.POSSIBLE_SELF_PRODUCTION),
    "novel viewed file": ("novel_viewed", True),
    "infant": ("file_annotations", FileAnnotation.INFANT),
    "toddler label": ("labels", Label.INFANT_TODDLER),
    "violence": ("file_annotations", FileAnnotation.PHYSICAL_HARM),
    "gore": ("file_annotations", FileAnnotation.VIOLENCE_GORE),
    "bestiality": ("file_annotations", FileAnnotation.BESTIALITY),
    "access to children": ("access_to_children", True),
    "prior sexual conviction": ("convicted", True),
    "grooming": ("labels", Label.GROOMING),
    "sexual talk": ("labels", Label.SEXUAL_TALK),
    "other convictions": ("other_convictions", True),
    "sextortion": ("annotations", ReportAnnotation.SEXTORTION),
    "sadistic": ("annotations", ReportAnnotation.SADISTIC_ONLINE_EXPLOITATION),
    "several ESPs": ("linked_esps", 2),
    "linked report": ("linked_reports", 1),
    "several children": ("several_children", True),
    "victim": ("victim_present", True),
    "imminent danger": ("labels", Label.IMMINENT_DANGER),
    "suicidal victim": ("labels", Label.SUICIDAL_VICTIM),
    "planned meeting": ("labels", Label.PLANNED_MEETING),
}
RAISE_ACTIONABILITY = {
    "user id": ("user_ids", 1),
    "verified contact": ("verified_contacts", 1),
    "contact": ("contacts", 1),
    "screen name": ("screen_names", 1),
    "IP": ("ips_untimed", 1),
    "IP with time": ("ips_zoned", 1),
    "IP with port and time": ("ips_with_port", 1),
    "file": ("files_with_bytes", 1),
    "openable file": ("files_openable", 1),
    "chat": ("chat_content", True),
    "place": ("places", 1),
    "incident time": ("incident_time_known", True),
    "zone": ("incident_time_zoned", True),
}
RAISES = [(danger, name) for name in RAISE_DANGER] + [
    (actionability, name) for name in RAISE_ACTIONABILITY
]


def raised(base: Features, name: str) -> tuple[Features, Features]:
    """The features without the fact (known to be absent) and with it."""
    field, value = (RAISE_DANGER | RAISE_ACTIONABILITY)[name]
    if field in SETS:
        without = replace(base, **{field: getattr(base, field) - {value}})
        return without, with_more(base, field, value)
    absent = False if value is True else 0
    return replace(base, **{field: absent}), replace(base, **{field: value})


@pytest.mark.parametrize("score", SCORES)
@given(base=features())
def test_the_sum_of_the_reasons_is_the_score_within_its_bounds(score, base):
    result = score(base, POLICY)
    assert total(result.reasons) == result.value
    assert 0 <= result.value <= 100
    assert all(reason.points for reason in result.reasons)
    assert all(reason.version == POLICY.stamp for reason in result.reasons)
    assert score(base, POLICY) == result


def test_reasons_that_do_not_add_up_cannot_be_a_score():
    reasons = danger(Features(escalated=True), POLICY).reasons
    with pytest.raises(ValueError, match="add up to 80, not 79"):
        Score(79, Band.HIGH, reasons)


@given(base=features())
def test_a_fact_that_raises_never_lowers(base):
    for score, name in RAISES:
        without, having = raised(base, name)
        value = score(having, POLICY).value
        assert value >= score(without, POLICY).value, name
        assert value >= score(base, POLICY).value, name


@pytest.mark.parametrize(("score", "name"), RAISES, ids=[name for _, name in RAISES])
def test_and_alone_it_raises(score, name):
    # The place is unknown, not impossible, so that zero does not hide the step.
    base = Features(user_ids=1, contacts=1, incident_type=IncidentType.CSAM)
    if name in {"user id", "contact"}:
        base = Features()
    without, having = raised(base, name)
    assert score(having, POLICY).value > score(without, POLICY).value


@given(base=features(), value=st.none() | st.integers(0, 10**9))
def test_carried_facts_move_no_score(base, value):
    for score, field in product(SCORES, sorted(CARRIED_ONLY)):
        assert score(replace(base, **{field: value}), POLICY) == score(base, POLICY), field


@pytest.mark.parametrize("score", SCORES)
@given(base=features(), more=st.integers(2, 10**9))
def test_more_of_the_same_never_moves_a_score(score, base, more):
    counted = {
        name: getattr(base, name) * more for name in COUNTS - {"linked_esps"} if getattr(base, name)
    }
    assert score(replace(base, **counted), POLICY) == score(base, POLICY)


NOT_ABOUT_DANGER = [
    *("user_ids", "verified_contacts", "contacts", "screen_names", "person_named", "urls"),
    *("ips_zoned", "ips_with_port", "ips_untimed", "places", "place_resolved"),
    *("incident_time_known", "incident_time_zoned", "hours_since_incident", "files_with_bytes"),
    *("files_openable", "only_hash", "known_files", "new_files", "third_party", "recipients"),
    *("compromised_account", "with_police", "minor_suspect", "unviewed_meme", "from_esp"),
    *("batched", "all_files_flagged_viral", "completeness", "duplicates", "bundle_size", "files"),
]


@given(base=features(), data=st.data())
def test_completeness_identifiers_and_esp_viral_flags_never_move_danger(base, data):
    other = data.draw(features())
    swapped = replace(base, **{name: getattr(other, name) for name in NOT_ABOUT_DANGER})
    assert danger(swapped, POLICY) == danger(base, POLICY)


@pytest.mark.parametrize("score", SCORES)
@given(base=features())
def test_the_generative_ai_flag_alone_moves_nothing(score, base):
    flagged = with_more(base, "file_annotations", FileAnnotation.GENERATIVE_AI)
    assert score(flagged, POLICY) == score(base, POLICY)


@given(base=features())
def test_a_child_as_reported_person_moves_no_score(base):
    child = replace(base, minor_suspect=True)
    assert danger(child, POLICY) == danger(base, POLICY)
    assert actionability(child, POLICY) == actionability(base, POLICY)


VIRAL = {"all_files_on_viral_list": True, "all_files_flagged_viral": True, "batched": True}
GUARD_CHANGES = {
    "victim": {"victim_present": True},
    "chat": {"chat_content": True},
    "enticement": {"incident_type": IncidentType.ENTICEMENT},
    "trafficking": {"incident_type": IncidentType.TRAFFICKING},
    "escalation": {"escalated": True},
    "sextortion": {"annotations": frozenset({ReportAnnotation.SEXTORTION})},
    "access": {"access_to_children": True},
}


@given(base=features())
def test_viral_flags_never_count_against_a_guard(base):
    for score, (guard, change) in product(SCORES, GUARD_CHANGES.items()):
        guarded = replace(base, **change)
        plain = replace(guarded, **dict.fromkeys(VIRAL, False))
        assert score(replace(guarded, **VIRAL), POLICY) == score(plain, POLICY), guard


def test_only_our_own_viral_list_lowers_danger():
    base = Features(
        incident_type=IncidentType.CSAM,
        industry_classes=frozenset({"A1"}),
        file_annotations=frozenset({FileAnnotation.VIRAL, FileAnnotation.INFANT}),
    )
    assert danger(base, POLICY).value == 18
    flagged = replace(base, batched=True, all_files_flagged_viral=True)
    assert danger(flagged, POLICY).value == 18
    listed = danger(replace(base, all_files_on_viral_list=True), POLICY)
    assert listed.value == 0
    assert [reason.points for reason in listed.reasons] == [8, 10, -40, 22]
    assert listed.reasons[-1].code == "triage.bound.lowest"


@given(base=features())
def test_the_urgent_band_is_for_urgent_reports_and_for_nothing_else(base):
    from tipline.insight.triage.rules import urgency

    urgent = urgency(base, POLICY).urgency.urgent
    assert (danger(base, POLICY).band is Band.URGENT) == urgent


@given(base=features())
def test_an_escalation_stands_in_the_urgent_band_until_a_person_judges_it(base):
    escalated = replace(base, escalated=True, urgent_refuted=frozenset())
    assert danger(escalated, POLICY).band is Band.URGENT


def test_everything_bad_at_once_stops_below_urgent_without_a_signal():
    worst = Features(
        incident_type=IncidentType.TRAFFICKING,
        labels=frozenset({Label.PRODUCTION, Label.GROOMING, Label.VIOLENCE}),
        access_to_children=True,
        convicted=True,
        victim_age=4,
        novel_viewed=True,
    )
    result = danger(worst, POLICY)
    assert (result.value, result.band) == (79, Band.HIGH)
    assert result.reasons[-1].code == "triage.bound.not_urgent"
    assert result.reasons[-1].points < 0


def test_a_known_file_alone_is_low_and_a_new_one_seen_by_the_esp_is_more():
    known = Features(
        incident_type=IncidentType.CSAM,
        industry_classes=frozenset({"A1", "B2"}),
        files=1,
        files_with_bytes=1,
        known_files=1,
    )
    assert danger(known, POLICY).band is Band.LOW
    assert danger(replace(known, novel_viewed=True), POLICY).band is Band.MEDIUM


def test_a_band_begins_at_its_threshold():
    from tipline.insight.triage.rules_score import band

    bands = POLICY.rules.danger.bands
    edges = {0: Band.LOW, 19: Band.LOW, 20: Band.MEDIUM, 49: Band.MEDIUM, 50: Band.HIGH}
    edges |= {79: Band.HIGH, 80: Band.URGENT, 100: Band.URGENT}
    assert {value: band(value, bands) for value in edges} == edges
    # The second score has no urgent band.
    assert band(100, POLICY.rules.actionability.bands) is Band.HIGH


def test_young_and_stale_begin_where_the_policy_says():
    def codes(**values):
        both = (danger(Features(**values), POLICY), actionability(Features(**values), POLICY))
        return {reason.code for score in both for reason in score.reasons}

    assert "triage.young_victim" in codes(victim_age=12)
    assert "triage.young_victim" not in codes(victim_age=13)
    assert "triage.stale" not in codes(hours_since_incident=365 * 24)
    assert "triage.stale" in codes(hours_since_incident=365 * 24 + 1)
    # Points below zero are given back at the bottom, so the sign shows among the reasons.
    stale = actionability(Features(hours_since_incident=367 * 24 + 1), POLICY).reasons[0]
    assert (stale.params["days"], stale.points) == (367, -10)


def test_a_sum_exactly_at_its_cap_needs_no_cap():
    shown = Features(industry_classes=frozenset({"A1"}), labels=frozenset({Label.BESTIALITY}))
    exactly = replace(POLICY.rules.danger, caps={"content": 16})
    policy = replace(POLICY, rules=replace(POLICY.rules, danger=exactly))
    assert [reason.points for reason in danger(shown, policy).reasons] == [6, 10]


def test_text_only_enticement_is_not_overlooked():
    result = danger(
        Features(
            incident_type=IncidentType.ENTICEMENT,
            chat_content=True,
            victim_present=True,
            victim_age=11,
            files=0,
        ),
        POLICY,
    )
    assert (result.value, result.band) == (70, Band.HIGH)


def test_only_the_gravest_industry_class_counts():
    one = Features(industry_classes=frozenset({"A1"}))
    all_four = Features(industry_classes=frozenset({"A1", "A2", "B1", "B2"}))
    assert danger(one, POLICY) == danger(all_four, POLICY)


def test_what_files_show_is_capped():
    shown = Features(
        file_annotations=frozenset(
            {FileAnnotation.INFANT, FileAnnotation.BESTIALITY, FileAnnotation.VIOLENCE_GORE}
        ),
        industry_classes=frozenset({"A1"}),
    )
    result = danger(shown, POLICY)
    assert result.value == 20
    assert (result.reasons[-1].code, result.reasons[-1].points) == ("triage.cap.content", -12)


def test_each_reason_says_who_asserted_it():
    by_esp = Features(file_annotations=frozenset({FileAnnotation.INFANT}))
    by_us = Features(labels=frozenset({Label.INFANT_TODDLER}))
    assert danger(by_esp, POLICY).reasons[0].source is Source.REPORTER
    assert danger(by_us, POLICY).reasons[0].source is Source.ANALYST
    assert danger(by_us, POLICY).value == danger(by_esp, POLICY).value


def test_a_full_report_is_actionable_and_a_bare_digest_is_not():
    full = Features(
        user_ids=1,
        verified_contacts=1,
        ips_with_port=1,
        files_with_bytes=1,
        files_openable=1,
        places=2,
        place_resolved=True,
        incident_time_known=True,
        incident_time_zoned=True,
    )
    assert actionability(full, POLICY).band is Band.HIGH
    bare = Features(only_hash=True, places=0, incident_time_known=False)
    assert (actionability(bare, POLICY).value, actionability(bare, POLICY).band) == (0, Band.LOW)


def test_unknown_is_not_no():
    assert danger(Features(), POLICY) == Score(0, Band.LOW, ())
    assert actionability(Features(), POLICY) == Score(0, Band.LOW, ())
    known_absent = Features(**dict.fromkeys(FLAGS, False), **dict.fromkeys(COUNTS, 0))
    codes = {reason.code for reason in actionability(known_absent, POLICY).reasons}
    assert codes == {
        "triage.no_location",
        "triage.no_incident_time",
        "triage.sender_rarely_useful",
        "triage.bound.lowest",
    }


def test_the_strategy_speaks_of_every_field():
    assert {f.name for f in fields(Features)} == {*COUNTS, *FLAGS, *SETS, *OTHERS, "cues"}
    assert set(ALWAYS_URGENT) <= set(SETS["urgent_refuted"])


@given(st.integers(-50, 400), st.integers(-50, 400), st.sampled_from(list(Band)))
def test_more_points_never_come_later_inside_a_band(fewer, more, found):
    fewer, more = sorted((fewer, more))
    assert step(more, found) <= step(fewer, found) <= 0
    assert step(more, found) in STEPS
    assert step(more, Band.LOW) == 0
