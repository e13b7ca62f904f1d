"""What would move danger over the next line: each fact that is named would really do it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from tests.triage.reports import features

from tipline.ground.foundation.reasons import known_codes, words
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.rules import danger
from tipline.insight.triage.rules_line import _FACTS, FACTS, MOST, next_line
from tipline.insight.triage.rules_types import Band

POLICY = default_policy()
ORDER = [Band.LOW, Band.MEDIUM, Band.HIGH, Band.URGENT]


@given(features())
def test_each_named_fact_alone_reaches_the_band(found):
    line = next_line(found, POLICY)
    now = danger(found, POLICY)
    if line is None:
        assert now.band is Band.URGENT
        return
    assert line.band is ORDER[ORDER.index(now.band) + 1]
    assert line.missing > 0
    assert len(line.facts) <= MOST
    for reason in line.facts:
        code = reason.code.removeprefix("triage.line.")
        after = danger(replace(found, **_FACTS[code](found, POLICY.rules.limits)), POLICY)
        assert ORDER.index(after.band) >= ORDER.index(line.band)
        assert reason.params["gain"] == after.value - now.value >= line.missing


@given(features())
def test_the_least_that_suffices_comes_first(found):
    line = next_line(found, POLICY)
    gains = [reason.params["gain"] for reason in line.facts] if line else []
    assert gains == sorted(gains)


def test_a_plain_report_is_told_what_would_make_it_medium():
    line = next_line(Features(incident_type=IncidentType.CSAM), POLICY)
    assert (line.band, line.missing) == (Band.MEDIUM, 20)
    assert line.facts
    assert all(words(reason) and "?" not in words(reason) for reason in line.facts)


def test_what_is_there_already_is_not_asked_for():
    line = next_line(Features(incident_type=IncidentType.CSAM, victim_present=True), POLICY)
    assert "triage.line.victim" not in {reason.code for reason in line.facts}


def test_only_a_signal_leads_to_urgent():
    high = Features(
        incident_type=IncidentType.ENTICEMENT, victim_present=True, access_to_children=True
    )
    assert danger(high, POLICY).band is Band.HIGH
    line = next_line(high, POLICY)
    assert line.band is Band.URGENT
    assert {reason.code for reason in line.facts} <= {
        f"triage.line.{code}"
        for code in ("planned_meeting", "suicidal_victim", "imminent_danger", "escalated")
    }


def test_every_fact_has_words():
    assert {f"triage.line.{code}" for code in FACTS} <= known_codes()
