"""A history with answers, made at once: reports with given facts, and what was found of them."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from tests.personas import World

from tipline.ground.foundation import clock
from tipline.ground.foundation.models import DataKey
from tipline.insight.triage.features import Features, as_json
from tipline.insight.triage.models import BAND_RANK, Assessment, QueueEntry
from tipline.insight.triage.policy import TriagePolicy, default_policy
from tipline.insight.triage.rules_judge import Gathered, judge
from tipline.record.outcomes.models import Outcome
from tipline.record.reports.doors import Door
from tipline.record.reports.models import Report


def ranked(world: World, facts: list[Features], policy: TriagePolicy | None = None) -> list[Report]:
    """Reports whose assessments stand on these facts, in the queue, without documents."""
    policy, now = policy or default_policy(), clock.now()
    key = DataKey.objects.create(wrapped=b"x" * 60, created_at=now)
    sender = world.organisations["Harborline"]
    reports = [
        Report.objects.create(
            door=Door.ISPWS, sender=sender, key=key, state=Report.State.FINISHED,
            opened_at=now, modified_at=now, expires_at=now, ended_at=now,
        )
        for _ in facts
    ]  # fmt: skip
    for report, one in zip(reports, facts, strict=True):
        result = judge(Gathered(one, (), 0, 0, 0, 0, ""), now, policy)
        row = Assessment.objects.create(
            report=report, policy=policy.stamp, input_digest="x", facts=as_json(one),
            result=result, at=now,
        )  # fmt: skip
        QueueEntry.objects.create(
            report=report, assessment=row, band_rank=BAND_RANK[result["danger"]["band"]],
            deadline=now + timedelta(days=9), danger=result["danger"]["value"],
            actionability=0, decay=0, disposition=result["disposition"],
            urgency=result["urgency"], level=result["level"], received_at=now, ranked_at=now,
            looked_at=now,
        )  # fmt: skip
    return reports


def answered(world: World, report: Report, **said: Any) -> Outcome:
    """What California answers of a report, with nothing that follows from it."""
    usual = {"status": "closed", "agency": world.organisations["California ICAC"]}
    by = world.people["ines"]
    return Outcome.objects.create(report=report, recorded_by=by, at=clock.now(), **usual | said)


def history(world: World, count: int = 240, seed: int = 1) -> list[Report]:
    """Reports in which a victim says much of danger and a new file says little."""
    draw = random.Random(seed)
    facts, found = [], []
    for _ in range(count):
        victim, fresh = draw.random() < 0.5, draw.random() < 0.5
        said = {"victim_present": victim or None, "novel_viewed": fresh or None}
        facts.append(Features(files=1, **said))
        found.append(draw.random() < (0.85 if victim else 0.12))
    reports = ranked(world, facts)
    for report, one in zip(reports, found, strict=True):
        if one:
            answered(world, report, status="arrest", child_identified=True)
        else:
            answered(world, report, closing_reason="no_crime")
    return reports
