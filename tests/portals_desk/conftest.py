"""The desk's people, signed in, and reports that the pipeline has read."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from django.test import Client
from PIL import Image, ImageDraw
from tests.personas import file_report, make_world

from tipline.pipeline import stages

VIEWED = {"fileViewedByEsp": True, "originalFileName": "kite.png"}
UNSEEN = {"originalFileName": "boat.png"}


def picture(seed: int, size: int = 320) -> bytes:
    """A harmless picture: a few shapes, another one for each seed."""
    image = Image.new("RGB", (size, size), (seed * 37 % 256, seed * 91 % 256, 120))
    draw = ImageDraw.Draw(image)
    for step in range(8):
        x, y = (seed * 53 + step * 97) % size, (seed * 29 + step * 61) % size
        colour = (step * 30, 255 - step * 30, seed * 11 % 256)
        draw.rectangle((x, y, x + 60, y + 40), fill=colour)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def world(db, tipline_home):
    return make_world()


@pytest.fixture
def signed_in(world):
    """``signed_in("ana")``: a client of that person."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(world.people[name])
        return client

    return sign_in


@pytest.fixture
def ana(signed_in):
    return signed_in("ana")


@pytest.fixture
def filed(world):
    """``filed(files=…, document=…)``: a report that the pipeline has read."""

    def make(**wanted):
        report = file_report(world, **wanted)
        stages.run(report.pk)
        return report

    return make


@pytest.fixture
def report(filed):
    """One report with a viewed and an unseen picture."""
    return filed(files=[(picture(1), VIEWED), (picture(2), UNSEEN)])


@pytest.fixture
def files(report):
    from tipline.record.evidence.queries import files_of

    viewed, unseen = files_of(report.pk)
    return SimpleNamespace(viewed=viewed, unseen=unseen)


@pytest.fixture
def connection(db):
    from django.db import connection as default

    return default
