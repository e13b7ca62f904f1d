"""Ines of California, Tomas of Texas and Fay of the federal queue at their desks."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.personas import DOCUMENT, World, file_report, make_world

from tipline.pipeline import stages

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(world: World, name: str, **more) -> Client:
    client = Client(**more)
    client.force_login(world.people[name], backend=BACKEND)
    return client


def referred(world: World, **more):
    """A report that went through the pipeline; the model document leads to California."""
    report = file_report(world, **more)
    stages.run(report.pk)
    return report


def elsewhere(state: str) -> dict:
    """The model report about somebody in another state; an empty one is nowhere."""
    reported = DOCUMENT["personOrUserReported"][0]
    address = [{"city": "Town", "state": state, "country": "US"}] if state else []
    person = {**reported["personOrUserReportedPerson"], "address": address}
    one = {**reported, "personOrUserReportedPerson": person}
    return {
        **DOCUMENT,
        "personOrUserReported": [{k: v for k, v in one.items() if k != "ipCaptureEvent"}],
    }


@pytest.fixture
def world(db, tipline_home):
    return make_world()


@pytest.fixture
def ines(world):
    return signed_in(world, "ines")


@pytest.fixture
def tomas(world):
    return signed_in(world, "tomas")


@pytest.fixture
def fay(world):
    return signed_in(world, "fay")
