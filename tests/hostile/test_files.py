"""The hostile corpus of files (T7): stored, answered at once with a reason, never in the way."""

from __future__ import annotations

import socket

import psutil
import pytest
from tests.hostile.broken import SAVED
from tests.hostile.files import corpus
from tests.matching.made import chunks
from tests.personas import file_report, make_world

from tipline.ground.foundation.reasons import known_codes
from tipline.insight.matching import services as matching
from tipline.insight.matching import words as _words
from tipline.insight.matching.models import Fingerprint
from tipline.insight.matching.pictures import PictureChild, Unreadable
from tipline.insight.triage.models import QueueEntry
from tipline.pipeline import stages
from tipline.record.evidence import vault
from tipline.record.evidence.queries import files_of

CORPUS = corpus()
SECONDS = 1.0
GROWTH = 64 << 20
#: Files in one report.
TOGETHER = 6
NAMES = (
    "../../../etc/passwd",
    "..\\..\\windows\\system32\\x.dll",
    "/dev/zero",
    "-rf",
    "$(reboot).png",
    "`id`.jpg",
    "a\u202egnp.exe",
    "\u200b",
    "CON",
    "x" * 2_000 + ".png",
    "%2e%2e%2f%00.png",
    "<img src=x onerror=alert(1)>.gif",
    "'; DROP TABLE files; --",
    "a\tb\rc.png",
    "\U0001f600.webp",
)


def reason_of(answer) -> str:
    return answer.reason.value if isinstance(answer, Unreadable) else "fine"


def test_the_corpus_is_large_enough():
    assert _words
    assert len(CORPUS) >= 60
    assert len({data for data, _right in CORPUS.values()}) >= 150
    assert sum(right == {"not_a_picture"} for _data, right in CORPUS.values()) >= 30


@pytest.fixture
def connections(monkeypatch):
    """Whoever tries to connect anywhere."""
    tried = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, where: tried.append(where))
    return tried


def worked(process):
    """Processor seconds of this process and its children: a busy machine does not count."""
    family = [process, *process.children()]
    return sum(sum(one.cpu_times()[:4]) for one in family)


@pytest.mark.parametrize("job", ["fingerprint", "variants", "preview", "revealed", "exif"])
def test_each_is_answered_at_once_alike_and_within_bounds(job, connections):
    slow, wrong, grown, unlike = {}, {}, {}, {}
    with PictureChild() as child:
        asked = getattr(child, job)
        known = next(data for data, right in CORPUS.values() if right == {"fine"})
        asked(chunks(known), len(known))
        process = psutil.Process()
        for name, (data, right) in CORPUS.items():
            before, start = process.memory_info().rss, worked(process)
            said = reason_of(asked(chunks(data), len(data)))
            if (taken := worked(process) - start) > SECONDS:
                slow[name] = taken
            if process.memory_info().rss - before > GROWTH:
                grown[name] = process.memory_info().rss - before
            if job in {"fingerprint", "variants"} and said not in right:
                wrong[name] = (said, right)
            if said != "fine" and f"picture.{said}" not in known_codes():
                wrong[name] = (said, "words")
            if reason_of(asked(chunks(data), len(data))) != said:
                unlike[name] = said
    assert (wrong, slow, grown, unlike, connections) == ({}, {}, {}, {}, [])


@pytest.fixture
def world(db, tipline_home, monkeypatch):
    monkeypatch.setattr(matching, "_loaded", matching._Loaded())
    return make_world()


def reports() -> list[list[str]]:
    """The corpus as reports: a few files each; what is cut off comes with its like."""
    cut = {kind: [n for n in CORPUS if n.startswith(f"{kind} cut off ")] for kind in SAVED}
    others = [name for name in CORPUS if not any(name in names for names in cut.values())]
    return [*(others[at : at + TOGETHER] for at in range(0, len(others), TOGETHER)), *cut.values()]


@pytest.mark.sqlite_only
def test_the_pipeline_ends_for_each_report_with_some(world, connections):
    for names in reports():
        said = {"fileViewedByEsp": True}
        report = file_report(world, files=[(CORPUS[name][0], said) for name in names])
        stages.run(report.pk)
        assert set(stages.stage_times(report.pk)) == {stage.name for stage in stages.STAGES}
        assert QueueEntry.objects.filter(report=report).exists()
        for name, file in zip(names, files_of(report.pk), strict=True):
            check_kept(file, *CORPUS[name], name)
    assert connections == []


def check_kept(file, data, right, name):
    """The bytes as they came, and a fingerprint or the right reason for none."""
    assert b"".join(vault.read(file)) == data, name
    if data:
        own = Fingerprint.objects.get(sha256=file.sha256, variant="")
        assert (own.reason or "fine") in right, name
        assert (own.value is None) == bool(own.reason), name


@pytest.mark.sqlite_only
def test_no_name_of_a_file_harms_anybody(world):
    files = [
        (CORPUS["gif and zip"][0] + bytes([n]), {"originalFileName": name})
        for n, name in enumerate(NAMES)
    ]
    report = file_report(world, files=files)
    stages.run(report.pk)
    from django.test import Client

    client = Client()
    client.force_login(world.people["ana"])
    shown = client.get(f"/desk/reports/{report.pk}/")
    assert shown.status_code == 200
    assert b"<img src=x" not in shown.content
    assert len(files_of(report.pk)) == len(NAMES)
