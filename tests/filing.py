"""For tests of what is derived from reports: a fresh world, harmless pictures, the stages run."""

from __future__ import annotations

import io
from copy import deepcopy
from typing import Any

import pytest
from PIL import Image, ImageDraw
from tests.personas import DOCUMENT, World, file_report, make_world

from tipline.ground.foundation.actor import PUBLIC
from tipline.insight.lists import nearness
from tipline.insight.matching import services as matching
from tipline.insight.triage.models import Assessment, QueueEntry
from tipline.pipeline import stages
from tipline.record.intake import services as intake
from tipline.record.intake.services import Arrival
from tipline.record.reports.doors import Door
from tipline.record.reports.models import Report

SEEN = {"fileViewedByEsp": True}
UNSEEN: dict[str, Any] = {}


def picture(seed: int, *, size: int = 256, quality: int = 0) -> bytes:
    """A few shapes, others for each seed; ``quality`` gives the same once more, as JPEG."""
    image = Image.new("RGB", (size, size), (seed * 37 % 256, seed * 91 % 256, 120))
    draw = ImageDraw.Draw(image)
    for step in range(9):
        x, y = (seed * 53 + step * 97) % size, (seed * 29 + step * 61) % size
        colour = (step * 28, 255 - step * 28, seed * 11 % 256)
        draw.rectangle((x, y, x + 50 + seed % 40, y + 30 + step * 5), fill=colour)
    out = io.BytesIO()
    if quality:
        image.save(out, "JPEG", quality=quality)
    else:
        image.save(out, "PNG")
    return out.getvalue()


def document(**changes: Any) -> dict[str, Any]:
    """The personas' document with whole parts of it replaced; None takes a part away."""
    made = deepcopy(DOCUMENT)
    made.update(changes)
    return {name: part for name, part in made.items() if part is not None}


def suspect(**changes: Any) -> list[dict[str, Any]]:
    """The reported person of the personas' document, changed; for ``personOrUserReported``."""
    made = deepcopy(DOCUMENT["personOrUserReported"][0])
    made.update(changes)
    return [{name: part for name, part in made.items() if part is not None}]


#: What a member of the public told: nobody is named, and they live in Texas themselves.
PUBLIC_DOCUMENT: dict[str, Any] = {
    "incidentSummary": {"incidentType": "Online Enticement of Children for Sexual Acts"},
    "reporter": {
        "reportingPerson": {"address": [{"city": "Austin", "state": "TX", "country": "US"}]}
    },
}


def public_report(told: dict[str, Any]) -> Report:
    """A report by the public form, filed and read by the pipeline."""
    arrival = Arrival(Door.PUBLIC, b"told")
    number = intake.submit_whole(PUBLIC, arrival, told).number
    stages.run(number)
    return Report.objects.get(pk=number)


@pytest.fixture
def world(db, tipline_home, monkeypatch) -> World:
    """Everybody, in an empty store; keys of rolled-back rows are given out again, so none stay."""
    monkeypatch.setattr(matching, "_loaded", matching._Loaded())
    monkeypatch.setattr(nearness, "_entries", nearness.fresh_index())
    return make_world()


@pytest.fixture
def filed(world):
    """``filed(files=…, document=…, esp=…)``: a report that the pipeline has read."""

    def make(**wanted) -> Report:
        report = file_report(world, **wanted)
        stages.run(report.pk)
        return report

    return make


def newest(report: Report) -> Assessment:
    return Assessment.objects.filter(report=report).latest("pk")


def entry(report: Report) -> QueueEntry:
    return QueueEntry.objects.get(report=report)
