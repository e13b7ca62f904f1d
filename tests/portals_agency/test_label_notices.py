"""Whoever received a file is told when its labels change, and reads what holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.annotation.test_children import histories
from tests.portals_agency.conftest import referred
from tests.portals_agency.pages import text

from tipline.delivery.cases.label_notices import acknowledge, notices_for, tell_holders
from tipline.delivery.cases.models import LabelNotice
from tipline.delivery.cases.rules_notices import changed
from tipline.ground.foundation import worker
from tipline.insight.annotation.rules_standing import standing
from tipline.insight.annotation.services import set_label, undo
from tipline.insight.annotation.values import set_value
from tipline.record.evidence.queries import files_of


@given(histories())
def test_nothing_is_news_to_who_knows_all_and_all_labels_are_to_who_knows_none(events):
    assert not changed(events, len(events))
    now = standing(events).labels
    assert set(changed(events, 0).set) == now
    assert changed(events, 0).withdrawn == ()


@given(histories())
def test_what_was_taken_back_is_no_news(events):
    for known in range(len(events)):
        told = changed(events, known)
        before, now = standing(events[:known]).labels, standing(events).labels
        assert now - before <= set(told.set)
        assert before - now <= set(told.withdrawn)


pytestmark = pytest.mark.django_db


@pytest.fixture
def report(world):
    """At California's desk, where they know that its file was called exploitative."""
    made = referred(world, files=[(b"abc", {"fileViewedByEsp": True})])
    set_label(world.actor("ana"), files_of(made.pk)[0], "exploitative", present=True)
    worker.run_ready("one")
    [notice] = notices_for(world.actor("ines"))
    assert acknowledge(world.actor("ines"), notice.pk)
    assert not acknowledge(world.actor("ines"), notice.pk)
    return made


@pytest.fixture
def file(report):
    return files_of(report.pk)[0]


def test_a_change_stands_on_the_desk_until_it_is_seen(world, ines, tomas, file):
    set_label(world.actor("ana"), file, "exploitative", present=False)
    set_label(world.actor("ana"), file, "violence", present=True)
    worker.run_ready("one")

    said = text(ines, "/agency/")
    assert "Labels of your files have changed" in said
    assert "Labelled: Violence." in said
    assert "No longer labelled: Exploitative, not CSAM." in said
    assert "Ana" not in said
    assert "Labels of your files" not in text(tomas, "/agency/")
    url = f"/agency/labels/{LabelNotice.objects.get().pk}/seen/"
    assert tomas.post(url).status_code == 404
    assert ines.post(url).status_code == 303
    assert "Labels of your files" not in text(ines, "/agency/")
    assert tell_holders(file.sha256) == 0


def test_what_is_taken_back_before_it_is_seen_is_told_to_nobody(world, file):
    ana, ines = world.actor("ana"), world.actor("ines")
    act = set_label(ana, file, "violence", present=True)[0].act
    assert tell_holders(file.sha256) == 1
    assert [one.changed.set for one in notices_for(ines)] == [("violence",)]
    undo(ana, file, act)
    assert tell_holders(file.sha256) == 0
    assert notices_for(ines) == []
    assert notices_for(ana) == []


def test_the_download_says_what_holds_and_what_does_not(world, ines, report, file):
    ana = world.actor("ana")
    set_label(ana, file, "exploitative", present=False)
    set_label(ana, file, "age_3_6", present=True, child=1)
    set_value(ana, file, "investigative", "Setting", "boathouse")
    own = ines.get(f"/agency/reports/{report.pk}/report.json").json()["tipline"]["files"][0]
    told = {(one["code"], one["child"], one["inForce"]) for one in own["labels"]}
    assert told == {("exploitative", None, False), ("age_3_6", 1, True)}
    assert {one["vocabulary"] for one in own["labels"]} == {"tipline-labels-2"}
    assert own["children"] == 1
    assert own["classification"] == [
        {
            "scheme": "ucs",
            "version": "3",
            "block": "investigative",
            "key": "Setting",
            "value": "boathouse",
        }
    ]
