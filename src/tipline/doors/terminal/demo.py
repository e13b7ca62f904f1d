"""The demo: a fresh store, synthetic reports over HTTP, the ranked queue with its reasons."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tipline.doors.terminal.starting import check_start, load, migrate, say, show, stop

if TYPE_CHECKING:
    from simulator.wire.delivery import Delivered
    from tipline.doors.terminal.demo_accounts import DemoAccounts

SEED = 2026
_MARK = ".tipline-demo"
_PATIENCE = 120.0
_FORBIDDEN = (
    "TIPLINE_DATABASE_URL",
    "TIPLINE_STORE",
    "TIPLINE_KEY_FILE",
    "TIPLINE_SECRET_KEY_FILE",
)
_screen = Console(stderr=True)


def run_demo(*, reports: int, port: int, no_serve: bool, as_json: bool) -> None:
    """Everything the demo does; ends only when told to, unless ``no_serve``."""
    started = time.monotonic()
    port = port or _free_port()
    with _fresh_home(port):
        load()
        check_start()
        migrate()
        from tipline.doors.terminal import demo_accounts  # noqa: PLC0415 - needs the settings

        profile = demo_accounts.demo_profile()
        accounts = demo_accounts.make_accounts(profile)
        with _server(port) as server:
            truths = _send(reports, port, accounts, profile)
            _wait_until_ranked()
            _answer(truths, accounts)
            sums = {**_sums(reports), "seconds": round(time.monotonic() - started, 1)}
            if not as_json:
                _print(accounts, port)
            if as_json or no_serve:
                show(sums)
            if no_serve:
                _leave(sums)
                return
            say(f"Serving http://127.0.0.1:{port}/ until you press Ctrl-C.")
            server.wait()


def _leave(sums: dict[str, Any]) -> None:
    if not sums["balanced"] or sums["ranked"] != sums["accepted"]:
        stop("The demo did not come out even: see the sums.", 1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _fresh_home(port: int) -> Iterator[None]:
    """An empty ``TIPLINE_HOME/demo`` of our own; nothing else is ever touched."""
    for name in _FORBIDDEN:
        if os.environ.get(name):
            stop(f"The demo makes a store of its own: unset {name} first.")
    home = Path(os.environ.get("TIPLINE_HOME") or "var").resolve() / "demo"
    if home.exists() and any(home.iterdir()) and not (home / _MARK).exists():
        stop(f"{home.name} in TIPLINE_HOME was not made by the demo: it is left alone.")
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / _MARK).open("w") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            stop("Another demo runs on this store. End it, or set another TIPLINE_HOME.")
        for path in home.iterdir():
            if path.name != _MARK:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        os.environ["TIPLINE_HOME"] = str(home)
        os.environ["TIPLINE_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
        os.environ.pop("TIPLINE_EVIDENCE_URL", None)  # localhost, at the same port
        yield


@contextmanager
def _server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The real server and its worker, as `tipline serve` starts them."""
    log = Path(os.environ["TIPLINE_HOME"]) / "server.log"
    command = [sys.executable, "-m", "tipline", "serve", "--port", str(port), "--workers", "1"]
    with log.open("wb") as out:
        child = subprocess.Popen(command, stdout=out, stderr=out)  # noqa: S603 - our own command
    previous = signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        _wait_until_ready(port, child, log)
        yield child
    except KeyboardInterrupt:
        say("Ending.")
    finally:
        signal.signal(signal.SIGTERM, previous)
        child.terminate()
        child.wait()


def _as_interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _wait_until_ready(port: int, child: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if child.poll() is not None:
            last = log.read_text(errors="replace").strip().splitlines()[-1:]
            stop(f"The server did not start. {' '.join(last)}", 1)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    stop("The server was not ready in time; see server.log in the demo's store.", 1)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=_screen)


def _send(reports: int, port: int, accounts: DemoAccounts, profile: Any) -> list[dict[str, Any]]:
    """Send the reports over HTTP through the ESP API; their truths with their numbers."""
    from simulator.planning.plan import plan  # noqa: PLC0415 - the demo only
    from simulator.wire.connections import Connections  # noqa: PLC0415
    from simulator.wire.driver import Accounts, drive  # noqa: PLC0415

    truths: list[dict[str, Any]] = []
    with _progress() as progress:
        bar = progress.add_task("Sending reports  ", total=reports)

        def tell(delivered: Delivered) -> None:
            truths.append(delivered.as_json())
            progress.advance(bar)

        summary = drive(
            plan(SEED, reports, profile),
            Connections(f"http://127.0.0.1:{port}"),
            Accounts(accounts.senders),
            tell,
        )
    for trouble in summary.troubles:
        say(trouble)
    return truths


def _wait_until_ranked() -> None:
    """Until everything filed has been through the pipeline and nothing waits any more."""
    from tipline.ground.foundation import jobs  # noqa: PLC0415 - needs the settings
    from tipline.insight.triage.queue import ranked_reports  # noqa: PLC0415
    from tipline.record.reports.queries import filed_reports  # noqa: PLC0415

    filed = filed_reports()
    until = time.monotonic() + _PATIENCE
    last = -1
    with _progress() as progress:
        bar = progress.add_task("Ranking reports  ", total=filed)
        while time.monotonic() < until:
            ranked = ranked_reports()
            if ranked != last:
                last, until = ranked, time.monotonic() + _PATIENCE
            progress.update(bar, completed=ranked)
            if ranked >= filed and jobs.waiting() == 0:
                return
            time.sleep(0.2)
    stop("The pipeline stands still; see `tipline jobs list`.", 1)


def _answer(truths: list[dict[str, Any]], accounts: DemoAccounts) -> None:
    """The demo's agencies answer some of what was referred to them."""
    from simulator.answers import agency_answer  # noqa: PLC0415 - the demo only
    from tipline.delivery.cases import services as cases  # noqa: PLC0415
    from tipline.delivery.routing.queries import referrals_for  # noqa: PLC0415

    by_number = {int(truth["report_number"]): truth for truth in truths if truth["report_number"]}
    for actor in accounts.investigators.values():
        for row in referrals_for(actor):
            truth = by_number.get(row.report_id)
            answer = agency_answer(truth, SEED) if truth else None
            if answer is not None:
                release = row.report_id % 2 == 0
                cases.answer(actor, row, answer.as_json(), release=release)


def _sums(reports: int) -> dict[str, Any]:
    from tipline.delivery.routing.queries import referred_reports  # noqa: PLC0415
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415
    from tipline.insight.entities.queries import proposals  # noqa: PLC0415
    from tipline.insight.matching.queries import known_files  # noqa: PLC0415
    from tipline.insight.triage.queue import ranked_reports  # noqa: PLC0415
    from tipline.record.evidence.queries import received_files  # noqa: PLC0415
    from tipline.record.intake.queries import books  # noqa: PLC0415
    from tipline.record.outcomes.queries import answered_reports  # noqa: PLC0415

    found = books(SYSTEM, check_files=True)
    outcomes = found.sums()
    return {
        "reports": reports,
        "received": outcomes.pop("received"),
        "outcomes": outcomes,
        "accepted": outcomes["accepted"],
        "balanced": found.balanced,
        "ranked": ranked_reports(),
        "referred": referred_reports(),
        "files": received_files(),
        "known_files": known_files(),
        "links_proposed": proposals(),
        "answered": answered_reports(),
    }


def _print(accounts: DemoAccounts, port: int) -> None:
    out = Console()
    people = Table("sign in as", "role", "organisation", "what for", title="Personas")
    for persona in accounts.personas:
        people.add_row(persona.username, persona.role, persona.organisation, persona.desk)
    out.print(people)
    out.print(f"Password for all of them: [bold]{accounts.password}[/bold]", highlight=False)
    out.print(f"Address: http://127.0.0.1:{port}/login/", highlight=False)
    out.print(_queue_table())


def _queue_table() -> Table:
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.reasons import Reason, words  # noqa: PLC0415
    from tipline.insight.triage.queue import queue_for  # noqa: PLC0415
    from tipline.insight.triage.queue_filter import QueueFilter  # noqa: PLC0415
    from tipline.insight.triage.summary import Summary  # noqa: PLC0415
    from tipline.insight.triage.words import sentence  # noqa: PLC0415

    table = Table("danger", "report", "what", "strongest reasons", title="The queue begins")
    for entry in queue_for(SYSTEM, QueueFilter())[:10]:
        result = entry.assessment.result
        reasons = [Reason.from_json(data) for data in result["danger"]["reasons"]]
        strongest = sorted(reasons, key=lambda reason: -reason.points)[:2]
        table.add_row(
            f"{result['danger']['band']} {entry.danger}",
            str(entry.report_id),
            sentence(Summary(**result["summary"])),
            "; ".join(f"{words(reason)} ({reason.points:+d})" for reason in strongest),
        )
    return table
