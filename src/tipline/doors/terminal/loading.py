"""`tipline load`: a store of any size for tests of size, in minutes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tipline.doors.terminal.starting import check_start, load, migrate, say, show, stop

if TYPE_CHECKING:
    from simulator.planning.plan import PlannedReport
    from tipline.pipeline.loading.services import Packed

_MOST_PACKED = 1000
_screen = Console(stderr=True)


def run_load(*, reports: int, seed: int, pack: int = _MOST_PACKED) -> None:
    """Fill the store with ``reports`` synthetic reports; accounts are made when there are none."""
    started = time.monotonic()
    load()
    check_start()
    migrate()
    from tipline.doors.terminal import demo_accounts  # noqa: PLC0415 - needs the settings
    from tipline.ground.accounts.services import organisation_named  # noqa: PLC0415
    from tipline.pipeline.loading.services import fill  # noqa: PLC0415
    from tipline.record.reports.queries import filed_reports  # noqa: PLC0415

    profile = demo_accounts.demo_profile()
    if organisation_named(demo_accounts.CLEARINGHOUSE) is None:
        if filed_reports():
            stop("This store has reports of its own: load fills a store that was made for it.")
        demo_accounts.make_accounts(profile)
    size = min(reports, pack)
    with _bar() as bar:
        task = bar.add_task("Filling the store", total=reports)
        done = fill(
            lambda: packs(seed, size, profile),
            reports,
            lambda so_far: bar.update(task, completed=min(so_far, reports)),
        )
    say("Copied files have no bytes here, and no entries in the ledger.")
    seconds = round(time.monotonic() - started, 1)
    show({"reports": done.reports, "rows": done.rows, "pack": size, "seconds": seconds})


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=_screen)


def packs(seed: int, reports: int, profile: Any) -> Iterator[Packed]:
    """So many reports that their senders would finish, as the ESP door would read them."""
    from simulator.planning.plan import plan  # noqa: PLC0415 - these commands only

    made = 0
    for planned in plan(seed, reports * 2, profile):
        if made == reports:
            return
        if planned.ending == "finish":
            yield packed_of(planned)
            made += 1


def packed_of(planned: PlannedReport) -> Packed:
    from simulator.planning.plan import file_bytes  # noqa: PLC0415 - these commands only
    from tipline.ground.foundation import clock  # noqa: PLC0415
    from tipline.pipeline.loading.services import Packed, PackedFile  # noqa: PLC0415
    from tipline.record.reports.reading import read_file_details, read_report  # noqa: PLC0415

    now = clock.now()
    report = read_report(planned.xml().encode(), strict=False, now=now)
    files = []
    for file in planned.files:
        details: dict[str, Any] = {}
        if file.described:
            xml = planned.details_xml(file, "1", "0" * 32).encode()
            details = read_file_details(xml, strict=False, now=now).document
        files.append(PackedFile(file_bytes(file), file.name, file.media_type, details))
    return Packed(planned.esp.name, report.document, files)
