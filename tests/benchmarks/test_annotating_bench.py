"""``bench annotating``: its arithmetic, and a small stream through the house and the studio."""

from __future__ import annotations

import pytest

from benchmarks.annotating import inside
from benchmarks.annotating.bench import result
from benchmarks.annotating.counting import Came, Shown, counted
from tipline.insight.lists import nearness
from tipline.insight.matching import services as matching

OTHERS = {"waiting": 0, "closed_shown": 0}


def test_each_file_that_nobody_was_shown_has_its_reason():
    came = [Came("a", open=True), Came("a", open=True), Came("b", open=False), Came("c", open=True)]
    found = counted(came, [Shown("a", 1, again=False)])
    assert found["never_shown_why"] == {
        "closed by the gate": 1, "known, or still waiting": 1, "the same bytes as before": 1,
    }  # fmt: skip
    assert (found["first_looks_a_file"], found["never_shown"]) == (0.25, 0.75)


def test_looks_on_purpose_are_told_from_those_by_chance():
    came = [Came("a", open=True), Came("b", open=True)]
    looks = [
        Shown("a", 1, again=False),
        Shown("b", 1, again=False),
        Shown("a", 2, again=True, drawn=True),
        Shown("a", 3, again=True),
    ]
    found = counted(came, looks)
    assert (found["twice_on_purpose"], found["twice_by_sample"]) == (0.5, 0.5)
    assert (found["looks_a_file"], found["looks_a_file_but_lists"]) == (2.0, 1.5)
    assert found["twice_by_chance"] == 0
    assert all(result({**found, **OTHERS}).met.values())
    for wrong in (Shown("b", 2, again=False), Shown("a", 1, again=True)):
        more = counted(came, [*looks, wrong])
        assert more["twice_by_chance"] > 0
        assert not all(result({**more, **OTHERS}).met.values())


@pytest.mark.sqlite_only
def test_a_small_stream_shows_each_content_once_and_closed_ones_never(
    db, tipline_home, monkeypatch
):
    monkeypatch.setattr(matching, "_loaded", matching._Loaded())
    monkeypatch.setattr(nearness, "_entries", nearness.fresh_index())
    found = inside.run(12, 7, 0.7)
    assert all(result(found).met.values())
    assert found["files"] == 12
    assert 0 < found["first_looks"] < found["contents"] <= 6
    assert found["closed_waiting"] > 0
