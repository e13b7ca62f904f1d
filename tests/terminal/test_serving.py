"""`serve`: a light process that keeps web and job processes, and ends when it is told."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import psutil
import pytest
from tests.crash.processes import Deployment, Process, wait_until

pytestmark = pytest.mark.xdist_group("serving")

NAMES = {"granian", "lxml", "cryptography", "numpy", "PIL"}
AT_ONCE = 20.0  # seconds: far less than the 30 after which a web process is killed


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """One store for all, so that only the first start has to migrate it."""
    folder = tmp_path_factory.mktemp("serving")
    return Deployment(folder, f"sqlite://{folder / 'home' / 'tipline.sqlite3'}")


def libraries(pid: int) -> set[str]:
    """Whose compiled code this process has loaded, of the names above."""
    parts = {part for row in psutil.Process(pid).memory_maps() for part in Path(row.path).parts}
    return {name for name in NAMES if name in parts}


def by_kind(process: Process) -> dict[str, int]:
    """The process numbers of `serve` and of its children."""
    kinds = {"serve": process.pid}
    for child in process.children():
        is_worker = "tipline.doors.terminal.working" in psutil.Process(child).cmdline()
        kinds["worker" if is_worker else "web"] = child
    return kinds


def ends(process: Process, number: int) -> None:
    """It ends well when it is told by this signal, and its children end with it."""
    children = [psutil.Process(pid) for pid in process.children()]
    psutil.Process(process.pid).send_signal(number)

    assert process.code() == 0
    assert psutil.wait_procs(children, timeout=10)[1] == []


def test_each_process_loads_what_it_needs_and_no_more(deployment: Deployment) -> None:
    """Each would weigh a third more with all of it. Numbers come with the first picture."""
    with deployment.web(with_worker=True) as process:
        process.wait_until_ready(deployment)
        process.wait_for_word("worker started")
        loaded = {kind: libraries(pid) for kind, pid in by_kind(process).items()}
        ends(process, signal.SIGTERM)

    assert loaded["serve"] == {"granian"}
    assert loaded["web"] == {"granian", "lxml", "cryptography"}
    assert loaded["worker"] == {"cryptography"}


def test_several_web_processes_and_no_worker(deployment: Deployment) -> None:
    words = ["serve", "--port", str(deployment.port), "--workers", "3", "--no-worker"]
    with deployment.tipline(*words) as process:
        process.wait_until_ready(deployment)
        assert len(process.children()) == 3
        ends(process, signal.SIGINT)


def workers_of(process: Process) -> set[int]:
    words = "tipline.doors.terminal.working"
    return {pid for pid in process.children() if words in _words_of(pid)}


def _words_of(pid: int) -> list[str]:
    """How it was started; nothing of one that has died meanwhile."""
    try:
        return psutil.Process(pid).cmdline()
    except psutil.NoSuchProcess:
        return []


def test_several_job_processes_each_replaced_when_it_dies(deployment: Deployment) -> None:
    words = ["serve", "--port", str(deployment.port), "--workers", "1", "--job-workers", "2"]
    with deployment.tipline(*words) as process:
        process.wait_until_ready(deployment)
        wait_until(lambda: len(workers_of(process)) == 2, "two workers")
        killed, kept = sorted(workers_of(process))
        psutil.Process(killed).kill()
        wait_until(lambda: len(workers_of(process) - {killed}) == 2, "another worker")
        assert kept in workers_of(process)
        ends(process, signal.SIGTERM)


def test_one_that_still_starts_ends_at_once(deployment: Deployment) -> None:
    """Its web process loads the rooms at this moment and serves nobody yet."""
    with deployment.web() as process:
        wait_until(lambda: bool(process.children()), "a web process")
        process.terminate()
        assert process.code(AT_ONCE) == 0


def test_an_address_that_cannot_be_had_is_named(deployment: Deployment) -> None:
    taken = socket.create_server(("127.0.0.1", deployment.port))
    with taken, deployment.tipline("serve", "--port", str(deployment.port)) as process:
        assert process.code() == 2
        said = process.said()

    assert f"tipline: 127.0.0.1 port {deployment.port} cannot be served: Address already" in said
    assert "Traceback" not in said
