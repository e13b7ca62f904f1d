"""A batch act from two windows at once, and one whose process is killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection
from tests.personas import file_report, make_world

from tipline.ground.audit.models import LedgerEntry
from tipline.insight.triage.batches import services
from tipline.insight.triage.batches.rules import Act
from tipline.insight.triage.batches.services import Plan
from tipline.insight.triage.models import BatchAct
from tipline.insight.triage.services import assess

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db(transaction=True)
def test_the_same_form_from_two_windows_at_once_is_one_act(tipline_home):
    world = make_world()
    reports = [file_report(world) for _ in range(4)]
    for report in reports:
        assess(report)
    made = tuple(report.pk for report in reports)
    ready = threading.Barrier(2)

    def press() -> None:
        try:
            ready.wait(10)
            services.do(world.actor("ana"), Plan("t", Act.DONE, made, "All alike."))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert BatchAct.objects.count() == 1
    assert LedgerEntry.objects.filter(verb="queue.done").count() == 4
    assert LedgerEntry.objects.filter(verb="batch.done").count() == 1


_KILLED = """
import os, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tipline.config.settings"
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.personas import file_report, make_world
from tipline.insight.triage.batches import services
from tipline.insight.triage.batches.rules import Act
from tipline.insight.triage.services import assess

world = make_world()
made = [file_report(world) for _ in range(5)]
for report in made:
    assess(report)
services.STEP = 2
write, written = services._write, []

def dies(number, held):
    write(number, held)
    written.append(number)
    if len(written) == 4:  # the second step is done but not committed
        os.kill(os.getpid(), signal.SIGKILL)

services._write = dies
numbers = tuple(report.pk for report in made)
services.do(world.actor("ana"), services.Plan("t", Act.DONE, numbers, "All alike."))
"""
_AFTERWARDS = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "tipline.config.settings"
import django
django.setup()
from datetime import timedelta
from tipline.ground.audit.models import LedgerEntry
from tipline.insight.triage.batches import services
from tipline.insight.triage.models import BatchAct, QueueEntry

def told():
    row = BatchAct.objects.get()
    return [row.state, len(row.before), QueueEntry.objects.filter(done_at__isnull=False).count(),
            LedgerEntry.objects.filter(verb="queue.done").count()]

found = [told()]
services.LEFT_BEHIND = timedelta(0)
services.resume_due()
print(json.dumps([*found, told()]))
"""


@pytest.mark.crash
@pytest.mark.both_databases
def test_a_kill_in_the_middle_leaves_nothing_half_done(own_database, tmp_path):
    environment = {
        **os.environ,
        "TIPLINE_DATABASE_URL": own_database,
        "TIPLINE_HOME": str(tmp_path / "home"),
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
    }

    def run(script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    assert run(_KILLED).returncode == -signal.SIGKILL
    found = run(_AFTERWARDS)
    assert found.returncode == 0, found.stderr
    cut_off, gone_on = json.loads(found.stdout.splitlines()[-1])
    assert cut_off == ["doing", 2, 2, 2]
    assert gone_on == ["done", 5, 5, 5]
