"""Two workers at once make of reports that belong together what one worker makes of them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from tests.filing import SEEN, document, picture, suspect
from tests.personas import World, file_report, make_world
from tests.pipeline.derived import forget, snapshot

from tipline.ground.foundation.events import announce
from tipline.ground.foundation.models import Job
from tipline.insight.entities.models import Link
from tipline.insight.lists import nearness
from tipline.insight.matching import services as matching
from tipline.insight.matching.models import FileMatch
from tipline.insight.triage.models import Bundle, BundleMember
from tipline.record.reports.events import ReportFinished
from tipline.record.reports.models import Report

ROOT = Path(__file__).resolve().parents[2]
USELESS = {"incidentSummary": {"incidentType": "Child Pornography"}}
PATIENCE = 240.0


@pytest.fixture
def world(transactional_db, tipline_home, monkeypatch) -> World:
    """As for the other tests, but committed: workers are processes of their own."""
    monkeypatch.setattr(matching, "_loaded", matching._Loaded())
    monkeypatch.setattr(nearness, "_entries", nearness.fresh_index())
    return make_world()


def file_related(world: World) -> None:
    """Sixty: a sender's flood, an account on many reports, copies and likenesses of pictures."""
    for number in range(30):
        file_report(world, document=USELESS)
        about = suspect(
            espIdentifier=f"u-{number % 3}",
            screenName=f"name-{number % 7}",
            ipCaptureEvent=None,
            personOrUserReportedPerson={"email": [{"value": f"p{number % 5}@example.org"}]},
        )
        seed, esp = number % 4, "quillnet" if number % 2 else "harborline"
        shown = picture(seed, size=64, quality=0 if number % 3 else 80)
        file_report(
            world, files=[(shown, SEEN)], document=document(personOrUserReported=about), esp=esp
        )


def database_url() -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite://{name}"
    parts = urlsplit(os.environ["TIPLINE_DATABASE_URL"])
    return urlunsplit(parts._replace(path="/" + quote(name)))


@contextmanager
def worker(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **{name: word for name, word in os.environ.items() if not name.startswith("TIPLINE_")},
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "TIPLINE_HOME": str(settings.TIPLINE_HOME),
        "TIPLINE_DATABASE_URL": database_url(),
    }
    words = [sys.executable, "-P", "-m", "tipline", "worker", "--lease", "30"]
    with log.open("wb") as out:
        child = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            yield child
        finally:
            child.terminate()
            assert child.wait(60) == 0, log.read_text()[-2000:]


def work_off(workers: int, folder: Path) -> Counter[str]:
    """Until nothing waits; how often each worker was seen with a job. No job may have failed."""
    seen: Counter[str] = Counter()
    with ExitStack() as stack:
        logs = [folder / f"{workers}-{number}.log" for number in range(workers)]
        for log in logs:
            stack.enter_context(worker(log))
        until = time.monotonic() + PATIENCE
        while Job.objects.exists():
            assert time.monotonic() < until, "".join(log.read_text() for log in logs)[-2000:]
            rows = Job.objects.exclude(worker="").filter(state=Job.State.RUNNING)
            running = list(rows.values_list("worker", "attempts"))
            assert all(attempts == 1 for _worker, attempts in running)
            seen.update(name for name, _attempts in running)
            time.sleep(0.02)
    assert not any(b"job failed" in log.read_bytes() for log in logs)
    return seen


def bundles() -> list[Mapping[str, object]]:
    """Who is with whom, and that of those alike one is listed; which of them leads is left open:
    it is the one that somebody saw first.
    """
    told = []
    for bundle in Bundle.objects.order_by("key"):
        rows = list(BundleMember.objects.filter(bundle=bundle).order_by("report_id"))
        listed = Counter(row.alike for row in rows if not row.folded)
        told.append(
            {
                "key": bundle.key,
                "members": [(row.report_id, row.alike, row.differs) for row in rows],
                "listed": sorted(listed.items()),
                "followers": sum(row.followers for row in rows),
                "folded": sum(row.folded for row in rows),
            }
        )
    return told


def once_more() -> None:
    """Forget what was derived, and ask for all of it again."""
    BundleMember.objects.all().delete()
    Bundle.objects.all().delete()
    forget()
    for report in Report.objects.select_related("sender").order_by("pk"):
        announce(ReportFinished(report.pk), lane=report.lane, dedup_key=str(report.pk))


def test_two_workers_make_what_one_makes(world, tmp_path):
    file_related(world)
    seen = work_off(2, tmp_path)
    assert len(seen) == 2
    by_two, bundled_by_two = snapshot(), bundles()
    assert Link.objects.count() > 50
    assert set(FileMatch.objects.values_list("layer", flat=True)) == {"exact", "near"}
    assert max((one["folded"], one["followers"]) for one in bundled_by_two) == (29, 29)

    once_more()
    work_off(1, tmp_path)
    by_one = snapshot()
    for table, rows in by_one.items():
        assert by_two[table] == rows, table
    assert bundles() == bundled_by_two
