"""How often links are right, on the page of figures."""

from __future__ import annotations

import html

import pytest
from tests.entities.linked import link_of, machine_says, some_reports

from tipline.insight.entities.judging import services


def shown(client) -> str:
    return " ".join(html.unescape(client.get("/desk/figures/").content.decode()).split())


@pytest.fixture
def pairs(world):
    numbers = some_reports(world, 4)
    found = list(zip(numbers[::2], numbers[1::2], strict=True))
    for low, high in found:
        machine_says(high, {low: ("proposed", ["device"])}, points=1_300)
    return found


def test_nothing_judged_is_said(ana):
    assert "No link was judged yet." in shown(ana)


def test_each_level_and_band_says_how_often_people_agreed(ana, world, pairs):
    services.judge(world.actor("ana"), link_of(*pairs[0]), "yes")
    services.judge(world.actor("ana"), link_of(*pairs[1]), "no")
    page = shown(ana)
    assert "Same device" in page
    assert "50.0 %" in page
    assert "9.5 to 90.5 %" in page
    assert "12 to 16" in page
    assert "16 to 20" not in page
