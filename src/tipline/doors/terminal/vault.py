"""The vault from a shell: are all bytes there, and nothing else?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipline.doors.terminal.starting import load_store, say, show, stop

if TYPE_CHECKING:
    from tipline.record.evidence.models import VaultRun

_SHOWN = 100


def vault_check(
    full: Annotated[
        bool, typer.Option("--full", help="Open every object, instead of the day's share.")
    ] = False,
    sweep: Annotated[
        bool,
        typer.Option(
            "--sweep", help="Delete objects without a row although they are suspiciously many."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """Compare the store with the rows that name its objects, both ways, and open objects.

    Ends 0 when all is well, 1 when bytes are missing or damaged or objects are held back, 2 when
    the store is away.
    """
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.errors import Unavailable  # noqa: PLC0415
    from tipline.record.evidence.checking import services  # noqa: PLC0415

    run = services.begin(SYSTEM, full=full, sweep_many=sweep)
    try:
        services.run_here(run, _tell)
    except (OSError, Unavailable) as error:
        stop(f"The check was cut off: {error}")
    found = _as_json(run)
    if as_json:
        show(found)
    else:
        _print(found)
    raise typer.Exit(0 if found["well"] else 1)


def _tell(run: VaultRun) -> None:
    figures = run.figures
    say(f"{run.phase}: {figures.get('objects', 0)} objects, {figures.get('opened', 0)} opened")


def _as_json(run: VaultRun) -> dict[str, Any]:
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.record.evidence.checking.queries import finding_count, open_findings  # noqa: PLC0415

    count = finding_count()
    shown = [
        {
            "report": row.file.report_id,
            "file": row.file.file_id,
            "kind": row.kind,
            "since": row.found_at.isoformat(),
        }
        for row in open_findings(SYSTEM)[:_SHOWN]
    ]
    return {
        "run": run.pk,
        "kind": run.kind,
        **run.figures,
        "findings": count,
        "shown": shown,
        "well": not count and not run.figures["held_back"],
    }


def _print(found: dict[str, Any]) -> None:
    print(
        f"{found['objects']} objects of {found['object_bytes']} bytes; {found['rows']} rows name "
        f"theirs; {found['opened']} opened ({found['opened_bytes']} bytes)."
    )
    print(
        f"{found['unnamed']} old objects without a row ({found['unnamed_bytes']} bytes), "
        f"{found['swept']} swept; {found['uploads_ended']} cut-off uploads ended."
    )
    if found["held_back"]:
        print(
            f"{found['held_back']} are held back: so many speak for the wrong database. When it is "
            "the right one: `vault check --sweep`."
        )
    if found["locked"]:
        print(f"{found['locked']} could not be opened: see `keys status`.")
    for one in found["shown"]:
        print(f"report {one['report']}, file {one['file']}: {one['kind']} since {one['since']}")
    print("All is well." if found["well"] else f"{found['findings']} files are not well.")
