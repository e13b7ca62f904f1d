"""Links from a shell: all history linked again."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipline.doors.terminal.starting import load_store, say, show, stop

if TYPE_CHECKING:
    from tipline.insight.entities.history.engine import Engine
    from tipline.insight.entities.models import LinkRun

_PHASES = {
    "keys": "Working out keys",
    "links": "Linking",
    "late": "Linking what came meanwhile",
}
_EVERY = 1.0
_FOLDER = "link-again"


class Engines(StrEnum):
    LOCAL = "local"
    SPARK = "spark"


def links_again(
    engine: Annotated[
        Engines, typer.Option(help="This machine's cores, or Apache Spark.")
    ] = Engines.LOCAL,
    processes: Annotated[
        int, typer.Option(min=0, max=256, help="Processes of this machine; 0: one for each core.")
    ] = 0,
    master: Annotated[
        str, typer.Option(help="Spark's address, such as spark://head:7077; else this machine.")
    ] = "local[*]",
    folder: Annotated[
        Path | None,
        typer.Option(help="A folder that all machines of the cluster see; removed at the end."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """Link all reports again, by the model and the keys of now. Judgements stay.

    Goes on where it was cut off. Ends 0 when it is done, 1 when another process is at it, 2 when
    something is missing.
    """
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.errors import Conflict  # noqa: PLC0415
    from tipline.insight.entities.history import services  # noqa: PLC0415
    from tipline.pipeline.linked_again import note_linked  # noqa: PLC0415

    started = time.monotonic()
    with ExitStack() as stack:
        if engine is Engines.SPARK:
            chosen = stack.enter_context(_spark(master, folder, processes))
        else:
            chosen = _local(processes)
        run = services.begin(SYSTEM, engine.value)
        resumed = bool(run.cursor) or run.phase != run.Phase.KEYS
        if resumed:
            say(f"Run {run.pk} was cut off: it goes on.")
        try:
            services.run_here(run, chosen, _Teller())
        except Conflict as conflict:
            stop(conflict.message, 1)
    note_linked(run.upto)
    told = _told(run, resumed=resumed, seconds=round(time.monotonic() - started, 1))
    if as_json:
        show(told)
    else:
        _print(told)


def _local(processes: int) -> Engine:
    from tipline.insight.entities.history.local import Local  # noqa: PLC0415 - needs the settings

    return Local(processes) if processes else Local()


def _spark(master: str, folder: Path | None, processes: int) -> Any:
    from django.conf import settings  # noqa: PLC0415 - loaded by now

    try:
        from tipline.insight.entities.history.spark import running  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as missing:
        stop(
            f"--engine spark needs {missing.name}: .venv/bin/python -m pip install --no-deps "
            "--require-hashes -r requirements/spark.txt, and Java 17."
        )
    if not _java():
        stop("--engine spark needs Java 17: on Debian, apt-get install openjdk-17-jre-headless.")
    # A folder of ours in the one that was named: it is removed.
    return running((folder or Path(settings.TIPLINE_HOME)) / _FOLDER, master, processes)


def _java() -> bool:
    import shutil  # noqa: PLC0415 - this engine only

    return "JAVA_HOME" in os.environ or shutil.which("java") is not None


class _Teller:
    """Says how far a run is, once a second at most."""

    def __init__(self) -> None:
        self._phase, self._said = "", 0.0

    def __call__(self, run: LinkRun) -> None:
        now = time.monotonic()
        if run.phase not in _PHASES or (run.phase == self._phase and now < self._said + _EVERY):
            return
        self._phase, self._said = run.phase, now
        at = f"report {run.cursor} of {run.upto}" if run.cursor else "…"
        say(f"{_PHASES[run.phase]}: {at}")


def _told(run: LinkRun, *, resumed: bool, seconds: float) -> dict[str, Any]:
    counted = ("keys", "keys_new", "keys_gone", "compared", "links", "reports_changed", "told")
    return {
        "run": run.pk,
        "engine": run.engine,
        "version": run.version,
        "resumed": resumed,
        "upto": run.upto,
        **{name: run.figures.get(name, 0) for name in (*counted, "late")},
        "seconds": seconds,
    }


def _print(told: dict[str, Any]) -> None:
    print(
        f"{told['compared']} pairs compared, {told['links']} links; those of "
        f"{told['reports_changed']} reports are others now, and {told['told']} reports are "
        f"assessed again for it."
    )
