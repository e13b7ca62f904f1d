"""A process that is asked to end does so honestly, and the next one goes on (T17)."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from tests.crash.cut_upload import CUT, CutUpload
from tests.crash.office import Office
from tests.crash.processes import Deployment, wait_until

from simulator.wire.responses import report_response

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]
FILE = ("cut.bin", "application/octet-stream", os.urandom(3_000_000))


def amiss(office: Office) -> dict[str, list[str]]:
    found = office.findings()
    return {
        name: found[name] for name in ("lost", "doubled", "half_done", "damaged") if found[name]
    }


def gone(pid: int) -> bool:
    """Ended, or only waiting for somebody to read its exit code."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.both_databases
def test_sigterm_in_the_middle_of_an_upload(office: Office) -> None:
    deployment, planned = office.deployment, office.planned(0)
    with deployment.web() as web:
        web.wait_until_ready(deployment)
        sent = office.sender.open(planned, "finish")
        with CutUpload(office, planned, sent.number, FILE) as upload:
            web.terminate()
            status, body = upload.send_the_rest()
        assert web.code() == 0
    assert status in (0, 200, 503)
    acknowledged = status == 200 and report_response(body).code == 0
    with deployment.web() as web, deployment.worker():
        web.wait_until_ready(deployment)
        again = office.sender.upload(planned, sent, FILE, CUT)
        if acknowledged:
            assert again.file_id == report_response(body).file_id
        office.sender.end(planned, sent)
        deployment.wait_until_done()
    assert amiss(office) == {}


@pytest.mark.proof
def test_sigterm_while_a_sender_hangs(office: Office) -> None:
    """The server does not wait for ever for the other half, and nothing of the first counts."""
    deployment, planned = office.deployment, office.planned(0)
    with deployment.web() as web:
        web.wait_until_ready(deployment)
        sent = office.sender.open(planned, "finish")
        with CutUpload(office, planned, sent.number, FILE):
            web.terminate()
            assert web.code() == 0
    with deployment.web() as web, deployment.worker():
        web.wait_until_ready(deployment)
        office.sender.upload(planned, sent, FILE, CUT)
        office.sender.end(planned, sent)
        deployment.wait_until_done()
    assert amiss(office) == {}


@pytest.mark.both_databases
def test_a_worker_that_is_asked_to_end_leaves_no_job_running(office: Office) -> None:
    deployment = office.deployment
    with deployment.web() as web:
        web.wait_until_ready(deployment)
        office.file_reports(8)
        filed = deployment.waiting()["queued"]
        with deployment.worker() as worker:
            wait_until(lambda: deployment.waiting()["queued"] < filed, "the first job")
            worker.terminate()
            assert worker.code() == 0
        left = deployment.waiting()
        assert left["running"] == 0
        assert left["queued"] > 0
        with deployment.worker():
            deployment.wait_until_done()
    assert amiss(office) == {}


@pytest.mark.both_databases
def test_nothing_is_left_of_what_was_retracted_when_nothing_waits(office: Office) -> None:
    """Its bytes go by a job of their own: a worker that is killed after that has done it all."""
    deployment = office.deployment
    with deployment.web() as web, deployment.worker() as worker:
        web.wait_until_ready(deployment)
        worker.wait_for_word("worker started")
        deployment.wait_until_done()  # what recurs has been done once, and is not due soon
        office.sender.send(office.planned(0), "retract", b"[synthetic]" * 4)
        deployment.wait_until_done()
    assert amiss(office) == {}


@pytest.mark.both_databases
def test_a_settled_deployment_has_done_what_recurs_as_well(office: Office) -> None:
    """Nothing waits for a job when the worker starts: it finds what is due by itself."""
    deployment = office.deployment
    with deployment.web() as web:
        web.wait_until_ready(deployment)
        for number in range(0, 12, 4):
            office.sender.send(office.planned(number), "abandon", b"[synthetic]" * 4)
        due = office.journal.abandoned()
        with deployment.product("overdue", given=due) as process:
            assert process.answer() == len(due) == 3
        deployment.settle()
        with deployment.tipline("books", "--json") as books:
            assert sum(line["expired"] for line in books.answer()["lines"]) == 3
    assert amiss(office) == {}


def test_a_server_keeps_a_worker_and_takes_it_along(deployment: Deployment) -> None:
    """A worker that dies is started again; children end with a server that was killed."""
    with deployment.web(with_worker=True) as web:
        web.wait_for_word("worker started")
        os.kill(next(pid for pid in web.children() if b"working" in command(pid)), signal.SIGKILL)
        wait_until(lambda: web.said().count("worker started") == 2, "another worker")
        web.wait_until_ready(deployment)
        children = web.children()
        assert len(children) >= 2
        web.kill_alone()
        wait_until(lambda: all(gone(pid) for pid in children), "its children to end")


def command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
