"""Referral or informational, how urgent, which level, whose lane."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.triage.reports import features

from tipline.ground.foundation.reasons import Source
from tipline.ground.taxonomy.incidents import IncidentType, ReportAnnotation
from tipline.ground.taxonomy.levels import Disposition, Level
from tipline.insight.triage.features import Features, Label
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.rules import disposition, urgency
from tipline.insight.triage.rules_types import Lane, Urgency

POLICY = default_policy()
REFERRAL, INFORMATIONAL = Disposition.REFERRAL, Disposition.INFORMATIONAL
CSAM = Features(incident_type=IncidentType.CSAM, from_esp=True)


def failing(features_):
    reason = disposition(features_, POLICY).failing
    return reason and reason.code.removeprefix("triage.test.")


def test_a_report_of_which_nothing_is_known_is_a_referral():
    result = disposition(Features(), POLICY)
    assert (result.code, result.failing) == (REFERRAL, None)
    assert [reason.code for reason in result.reasons] == [
        "triage.passed.nexus",
        "triage.passed.location",
        "triage.passed.not_viral",
    ]


@pytest.mark.parametrize(
    ("change", "test"),
    [
        ({"nexus_judged": False}, "no_nexus_judged"),
        ({"annotations": frozenset({ReportAnnotation.SPAM})}, "spam"),
        ({"annotations": frozenset({ReportAnnotation.INFORMATIONAL})}, "esp_informational"),
        ({"incident_type": IncidentType.MISLEADING_WORDS, "files": 0}, "type_without_nexus"),
        ({"incident_type": IncidentType.MISLEADING_DOMAIN, "files": 0}, "type_without_nexus"),
        ({"places": 0}, "no_location"),
        ({"all_files_on_viral_list": True}, "own_viral"),
        ({"all_files_flagged_viral": True}, "esp_viral"),
        ({"batched": True}, "batched"),
    ],
)
def test_each_test_that_fails_makes_the_report_informational(change, test):
    result = disposition(replace(CSAM, **change), POLICY)
    assert result.code is INFORMATIONAL
    assert result.failing.code == f"triage.test.{test}"
    assert result.failing in result.reasons
    assert not any(reason.points for reason in result.reasons)
    assert not result.overridden


@pytest.mark.parametrize(
    "change",
    [
        {"places": None},
        {"places": 1},
        {"nexus_judged": True, "annotations": frozenset({ReportAnnotation.SPAM})},
        {"incident_type": IncidentType.MISLEADING_WORDS},
        {"incident_type": IncidentType.MISLEADING_WORDS, "files": 2},
        {"incident_type": IncidentType.MISLEADING_WORDS, "files": 0, "only_hash": True},
        {"all_files_on_viral_list": None, "all_files_flagged_viral": False, "batched": False},
    ],
)
def test_what_is_unknown_or_there_fails_no_test(change):
    result = disposition(replace(CSAM, **change), POLICY)
    assert result.code is REFERRAL
    assert not any(reason.points for reason in result.reasons)


def test_the_first_test_that_fails_is_named():
    all_three = replace(CSAM, nexus_judged=False, places=0, batched=True)
    assert failing(all_three) == "no_nexus_judged"
    assert failing(replace(all_three, nexus_judged=None)) == "no_location"
    assert failing(replace(all_three, nexus_judged=None, places=1)) == "batched"


@pytest.mark.parametrize(
    "guard",
    [
        {"victim_present": True},
        {"victim_age": 9},
        {"chat_content": True},
        {"incident_type": IncidentType.ENTICEMENT},
        {"incident_type": IncidentType.TRAFFICKING},
        {"access_to_children": True},
        {"novel_viewed": True},
        {"labels": frozenset({Label.GROOMING})},
        {"annotations": frozenset({ReportAnnotation.SEXTORTION, ReportAnnotation.SPAM})},
    ],
)
def test_no_viral_batch_or_spam_flag_counts_against_a_guard(guard):
    viral = replace(CSAM, all_files_on_viral_list=True, all_files_flagged_viral=True, batched=True)
    assert disposition(viral, POLICY).code is INFORMATIONAL
    assert disposition(replace(viral, **guard), POLICY).code is REFERRAL


SIGNALS = [
    ("escalated", {"escalated": True}),
    ("child_in_danger_now", {"child_in_danger_now": True}),
    ("level_1", {"analyst_level": Level.ONE}),
    ("urgent_confirmed", {"urgent_confirmed": True}),
    ("imminent_danger", {"labels": frozenset({Label.IMMINENT_DANGER})}),
    ("suicidal_victim", {"labels": frozenset({Label.SUICIDAL_VICTIM})}),
    ("planned_meeting", {"labels": frozenset({Label.PLANNED_MEETING})}),
    ("sadistic", {"annotations": frozenset({ReportAnnotation.SADISTIC_ONLINE_EXPLOITATION})}),
]


@given(base=features(urgent_refuted=frozenset()), data=st.data())
def test_any_urgent_signal_makes_an_urgent_referral_of_level_1(base, data):
    code, change = data.draw(st.sampled_from(SIGNALS))
    result = disposition(replace(base, **change), POLICY)
    assert result.code is REFERRAL
    assert result.urgency.urgent
    assert result.level is Level.ONE
    assert f"triage.{code}" in {reason.code for reason in result.reasons}


@given(base=features())
def test_informational_if_and_only_if_a_test_fails_and_nothing_is_urgent(base):
    result = disposition(base, POLICY)
    assert (result.code is INFORMATIONAL) == (
        result.failing is not None and not result.urgency.urgent
    )
    assert result.overridden == (result.failing is not None and result.urgency.urgent)


GUARDING = [
    {"victim_present": True},
    {"chat_content": True},
    {"escalated": True},
    {"access_to_children": True},
    {"convicted": True},
    {"several_children": True},
]


@given(base=features(), data=st.data())
def test_a_guard_never_turns_a_referral_into_informational(base, data):
    guarded = replace(base, **data.draw(st.sampled_from(GUARDING)))
    if disposition(base, POLICY).code is REFERRAL:
        assert disposition(guarded, POLICY).code is REFERRAL


def test_an_overridden_test_is_still_named():
    result = disposition(replace(CSAM, places=0, escalated=True), POLICY)
    assert (result.code, result.overridden) == (REFERRAL, True)
    assert result.failing.code == "triage.test.no_location"


def test_a_sender_makes_it_unconfirmed_and_a_person_of_ours_confirms():
    escalated = replace(CSAM, escalated=True)
    assert urgency(escalated, POLICY).urgency is Urgency.UNCONFIRMED
    confirmed = replace(escalated, urgent_confirmed=True)
    assert urgency(confirmed, POLICY).urgency is Urgency.CONFIRMED
    labelled = replace(CSAM, labels=frozenset({Label.SUICIDAL_VICTIM}))
    assert urgency(labelled, POLICY).urgency is Urgency.CONFIRMED
    assert urgency(CSAM, POLICY).urgency is Urgency.NONE


def test_signals_carry_no_points_and_say_whether_a_person_set_them_aside():
    judged = replace(
        CSAM,
        escalated=True,
        child_in_danger_now=True,
        urgent_refuted=frozenset({"escalated"}),
    )
    signals = urgency(judged, POLICY).signals
    assert [(s.code, s.points, s.params["refuted"]) for s in signals] == [
        ("triage.escalated", 0, True),
        ("triage.child_in_danger_now", 0, False),
    ]


def test_a_judgement_covers_the_signals_it_was_made_on_and_no_later_one():
    judged = replace(CSAM, escalated=True, urgent_refuted=frozenset({"escalated"}))
    result = disposition(judged, POLICY)
    assert result.urgency.urgency is Urgency.REFUTED
    assert result.level is Level.ESP
    later = disposition(replace(judged, child_in_danger_now=True), POLICY)
    assert later.urgency.urgency is Urgency.UNCONFIRMED
    assert later.level is Level.ONE


def test_a_refuted_signal_still_guards_against_viral_flags():
    judged = replace(CSAM, escalated=True, urgent_refuted=frozenset({"escalated"}), batched=True)
    assert disposition(judged, POLICY).code is REFERRAL


def test_a_confirmation_cannot_be_refuted_by_its_own_name():
    both = replace(CSAM, urgent_confirmed=True, urgent_refuted=frozenset({"urgent_confirmed"}))
    assert urgency(both, POLICY).urgency is Urgency.CONFIRMED


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({"from_esp": True}, Level.ESP),
        ({"from_esp": True, "analyst_level": Level.TWO}, Level.TWO),
        ({"from_esp": False}, Level.THREE),
        ({"from_esp": False, "analyst_level": Level.ESP}, Level.ESP),
        ({"from_esp": False, "access_to_children": True, "convicted": True}, Level.TWO),
        ({"from_esp": False, "child_in_danger_now": True}, Level.ONE),
        ({"escalated": True, "analyst_level": Level.THREE}, Level.ONE),
    ],
)
def test_levels(change, level):
    assert disposition(replace(CSAM, **change), POLICY).level is level


def test_a_child_who_is_reported_goes_to_a_lane_of_its_own():
    assert disposition(CSAM, POLICY).lane is Lane.GENERAL
    result = disposition(replace(CSAM, minor_suspect=True), POLICY)
    assert result.lane is Lane.MINOR_SUSPECT
    assert result.reasons[-1].code == "triage.minor_suspect"
    assert result.reasons[-1].source is Source.REPORTER


def test_police_who_know_already_are_told_and_decide_nothing():
    with_police = disposition(replace(CSAM, with_police=True), POLICY)
    plain = disposition(CSAM, POLICY)
    assert with_police.reasons[-1].code == "triage.with_police"
    assert replace(with_police, reasons=plain.reasons) == plain


def test_a_deployment_may_let_esp_flags_count_for_nothing():
    from dataclasses import replace as with_

    rules = POLICY.rules
    strict = with_(
        POLICY,
        rules=with_(rules, disposition=with_(rules.disposition, esp_viral_suffices=False)),
    )
    assert disposition(replace(CSAM, batched=True), strict).code is REFERRAL
    listed = disposition(replace(CSAM, all_files_on_viral_list=True), strict)
    assert listed.code is INFORMATIONAL
