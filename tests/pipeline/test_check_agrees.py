"""The check and the pipeline find the same in the same report; what differs later has a name."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from tests.pipeline.mending import ALL, mended
from tests.pipeline.simulated import Filed, drafts, filed_reports

from tipline.ground.foundation import clock
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.rules import disposition
from tipline.insight.triage.rules_help import WISHES
from tipline.pipeline.check.facts_later import CONTEXT_FIELDS, Later, differences
from tipline.pipeline.check.rules_check import check

POLICY = default_policy()
SEED = 31


def test_every_field_is_told_or_has_the_reason_why_it_may_change():
    known = {field.name for field in fields(Features)}
    assert set(CONTEXT_FIELDS) <= known
    assert {"incident_type", "cues", "places", "ips_zoned", "files"} <= known - set(CONTEXT_FIELDS)
    assert set(CONTEXT_FIELDS.values()) == set(Later)


def _tell(figures: dict[str, Any]) -> None:
    """Into the report of the proofs, and to whoever runs this with ``-s``."""
    print(json.dumps(figures))  # noqa: T201 - a measurement is to be seen
    if path := os.environ.get("TIPLINE_TEST_FIGURES"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(figures) + "\n")


def _compared(one: Filed, reasons: Counter[str]) -> None:
    checked = check(one.draft, one.sender, POLICY, one.now, strict=False)
    assert checked.valid
    assert checked.features is not None
    assert checked.result is not None
    found = dict(differences(checked.features, one.features))
    assert None not in found.values(), {
        name: (getattr(checked.features, name), getattr(one.features, name))
        for name, reason in found.items()
        if reason is None
    }
    assert not (one.plain and Later.UPLOADS in found.values())
    reasons.update({reason.value for reason in found.values() if reason})
    # With what is known later filled in, the same rules say the same.
    filled = replace(checked.features, **{name: getattr(one.features, name) for name in found})
    assert disposition(filled, POLICY).code.value == one.result["disposition"]
    reasons["same disposition"] += checked.result["disposition"] == one.result["disposition"]
    reasons["same urgency"] += checked.result["urgency"] == one.result["urgency"]


def _agreement(reports: int) -> dict[str, Any]:
    """Counts of reports, of differing fields by their reason, and of equal judgements."""
    found: Counter[str] = Counter()
    for one in filed_reports(SEED, reports):
        _compared(one, found)
        found["compared"] += 1
    return dict(found)


@pytest.mark.django_db
@pytest.mark.sqlite_only
def test_the_check_agrees_with_the_pipeline(db, tipline_home):
    figures = _agreement(60)
    assert figures["compared"] >= 50
    assert figures["same urgency"] == figures["compared"]
    _tell(figures)


@pytest.mark.proof
@pytest.mark.django_db
@pytest.mark.sqlite_only
def test_the_check_agrees_with_the_pipeline_on_a_thousand(db, tipline_home):
    figures = _agreement(1050)
    assert figures["compared"] >= 1000
    _tell(figures)


def _lifted(reports: int, profile: str) -> dict[str, Any]:
    """Of the informational reports that facts can mend: how many the advice alone would lift."""
    now = clock.now()
    found: Counter[str] = Counter()
    for one in drafts(SEED, reports, profile):

        def informational(draft, sender=one.sender):
            result = check(draft, sender, POLICY, now, strict=False).result
            assert result is not None
            return result["disposition"] == "informational"

        found["reports"] += 1
        if not informational(one.draft):
            continue
        found["informational"] += 1
        if informational(mended(one.draft, ALL, now)):
            continue
        found["mendable"] += 1
        advice = check(one.draft, one.sender, POLICY, now, strict=False).would_help
        found["lifted"] += not informational(mended(one.draft, [r.code for r in advice], now))
        first = advice[0].code.removeprefix("triage.help.") if advice else "none"
        found[f"first advice: {first}"] += 1
    share = round(found["lifted"] / found["mendable"], 3) if found["mendable"] else None
    return {"profile": profile, **found, "share_of_mendable_lifted": share}


def test_the_advice_lifts_what_facts_can_mend():
    figures = _lifted(80, "demo")
    assert figures["mendable"] > 0
    assert figures["share_of_mendable_lifted"] >= 0.9
    _tell(figures)


@pytest.mark.proof
def test_the_advice_lifts_what_facts_can_mend_among_a_thousand():
    figures = _lifted(1000, "demo")
    assert figures["share_of_mendable_lifted"] >= 0.9
    _tell(figures)


def test_every_wish_but_the_viewed_flag_can_be_put_into_a_draft():
    assert set(ALL) == set(WISHES) - {"viewed_flag"}
