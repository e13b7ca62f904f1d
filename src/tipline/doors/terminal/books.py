"""The sums, the ledger and the jobs, from a shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tipline.doors.terminal.starting import load_store, say, show, stop


def books(
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
    files: Annotated[bool, typer.Option("--files", help="Look for every file's bytes.")] = False,
) -> None:
    """Add up what came in and what became of it. Ends 1 when it does not balance."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.errors import Unavailable  # noqa: PLC0415
    from tipline.record.intake import queries  # noqa: PLC0415

    try:
        found = queries.books(SYSTEM, check_files=files)
    except Unavailable as error:
        stop(error.message)
    if as_json:
        show(found.as_json())
    else:
        _print_books(found.as_json())
    raise typer.Exit(0 if found.balanced else 1)


_COLUMNS = (
    "received", "accepted", "duplicate", "refused", "expired", "retracted", "open", "difference",
    "refused_calls",
)  # fmt: skip


def _print_books(found: dict[str, object]) -> None:
    from rich.console import Console  # noqa: PLC0415 - tables only
    from rich.table import Table  # noqa: PLC0415

    table = Table("day", "door", *(column.replace("_", " ") for column in _COLUMNS))
    lines = found["lines"]
    for line in lines if isinstance(lines, list) else []:
        table.add_row(line["day"], line["door"], *(str(line[column]) for column in _COLUMNS))
    Console().print(table)
    for key in ("reports_without_submission", "submissions_without_report", "files_without_bytes"):
        if found[key]:
            print(f"{key.replace('_', ' ')}: {found[key]}")
    print("The books balance." if found["balanced"] else "The books do NOT balance.")


def audit_verify(
    head: Annotated[
        Path | None, typer.Option(help="A head that was kept elsewhere (see `audit head`).")
    ] = None,
) -> None:
    """Walk the ledger's chain. Ends 1 when something was altered, removed or cut."""
    load_store()
    from tipline.ground.audit.queries import Head, verify  # noqa: PLC0415 - needs the settings

    kept = None
    if head is not None:
        try:
            data = json.loads(head.read_text(encoding="utf-8"))
            kept = Head(int(data["sequence"]), str(data["digest"]))
        except (OSError, ValueError, KeyError, TypeError):
            stop(f"{head.name} is not a head as `tipline audit head` prints it.")
    found = verify(kept)
    problems = [{"sequence": p.sequence, "code": p.code} for p in found.problems]
    show(
        {
            "ok": found.ok,
            "entries": found.entries,
            "unsealed": found.unsealed,
            "head": {"sequence": found.head.sequence, "digest": found.head.digest},
            "problems": problems[:100],
            "problem_count": len(problems),
        }
    )
    raise typer.Exit(0 if found.ok else 1)


def audit_head() -> None:
    """Print the head of the chain, to be kept on another machine."""
    load_store()
    from tipline.ground.audit.services import current_head, seal_whole  # noqa: PLC0415

    while seal_whole():
        pass
    sequence, digest = current_head()
    show({"sequence": sequence, "digest": digest})


def jobs_list() -> None:
    """Count the jobs by state, and list the dead ones."""
    load_store()
    from tipline.ground.foundation import jobs  # noqa: PLC0415 - needs the settings

    show({"counts": jobs.counts(), "dead": jobs.dead()})


def jobs_requeue(
    job: Annotated[list[int] | None, typer.Argument(help="Ids; all dead ones when absent.")] = None,
) -> None:
    """Give dead jobs a fresh set of attempts."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.pipeline.jobs import dead_jobs, requeue  # noqa: PLC0415

    count = requeue(SYSTEM, job or [int(row["id"]) for row in dead_jobs(SYSTEM)])
    say(f"{count} requeued.")
    show({"requeued": count})
