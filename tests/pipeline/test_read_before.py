"""A new hasher reads again what an older one has read, without losing or doubling anything."""

from __future__ import annotations

import pytest
from tests.filing import SEEN, picture

from tipline.ground.foundation import clock, jobs, worker
from tipline.insight.matching import hashes
from tipline.insight.matching import services as matching
from tipline.insight.matching.models import FileMatch, Fingerprint
from tipline.pipeline import read_before, stages
from tipline.pipeline.models import StageRun
from tipline.pipeline.read_before import ReadBefore
from tipline.record.reports.models import Report


@pytest.fixture
def read_by_the_old(filed, monkeypatch):
    """Three reports, two of them alike, whose files another version has read."""
    monkeypatch.setattr(hashes, "VERSION", "0")
    monkeypatch.setattr(matching, "VERSION", "pdq-matrix-0")
    matching._loaded = matching._Loaded()
    contents = (picture(1), picture(7), picture(1, quality=80))
    reports = [filed(files=[(content, SEEN)]) for content in contents]
    worker.run_ready("one")
    monkeypatch.undo()
    matching._loaded = matching._Loaded()
    yield reports
    matching._loaded = matching._Loaded()


def of_version(version: str) -> int:
    return Fingerprint.objects.filter(version=version, variant="").count()


def test_everything_is_read_again_once(read_by_the_old):
    assert (of_version("0"), of_version(hashes.VERSION)) == (3, 0)
    matches = list(FileMatch.objects.values_list("file", "other"))
    assert len(matches) == 1

    again = ReadBefore()
    assert again.ask_again() == 3
    worker.run_ready("one")
    assert (of_version("0"), of_version(hashes.VERSION)) == (3, 3)
    assert list(FileMatch.objects.values_list("file", "other")) == matches
    versions = StageRun.objects.filter(stage__in=read_before.OF_FILES).values_list("version")
    assert set(versions) == {(matching.VERSION,)}

    assert (again.ask_again(), again.done, jobs.counts()) == (0, True, {})
    assert ReadBefore().ask_again() == 0


def test_a_page_at_a_time_and_never_the_same_twice(read_by_the_old, monkeypatch):
    monkeypatch.setattr(read_before, "PAGE", 2)
    again = ReadBefore()
    assert [again.ask_again() for _ in range(4)] == [2, 1, 0, 0]
    assert sum(jobs.counts().values()) == 3


def test_not_what_was_destroyed(read_by_the_old):
    report = Report.objects.get(pk=read_by_the_old[0].pk)
    report.key.destroyed_at, report.key.wrapped = clock.now(), None
    report.key.save()
    assert ReadBefore().ask_again() == 2


def test_up_to_date_asks_for_nothing(filed):
    filed(files=[(picture(1), SEEN)])
    worker.run_ready("one")
    assert stages.STAGES[0].version() == matching.VERSION
    assert ReadBefore().ask_again() == 0
