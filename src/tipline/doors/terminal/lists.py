"""Lists of known content: added, fed from files, written to files, their policies and series."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipline.doors.terminal.starting import load_store, say, show, stop

if TYPE_CHECKING:
    from tipline.insight.lists.models import HashList

Slug = Annotated[str, typer.Argument(metavar="LIST", help="The list's short name.")]
Form = Annotated[str, typer.Option("--form", help="vics or csv; by the file's name when absent.")]


def _stopping(act: Callable[[], Any]) -> Any:
    """What an act returns; its error ends the command with a sentence."""
    from tipline.ground.foundation.errors import TiplineError  # noqa: PLC0415 - needs the settings

    try:
        return act()
    except TiplineError as error:
        stop(f"{error.field}: {error.message}" if error.field else error.message, 1)


def _list(slug: str) -> HashList:
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists.queries import list_for  # noqa: PLC0415

    found: HashList = _stopping(lambda: list_for(SYSTEM, slug))
    return found


def lists_list() -> None:
    """Print every list with what it holds and how far its word goes, as JSON."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists.policies import policies_of  # noqa: PLC0415
    from tipline.insight.lists.queries import lists_for  # noqa: PLC0415

    rows = list(lists_for(SYSTEM))
    policies = policies_of(rows)
    show([_shown(row, policies[row.pk].rules.as_json()) for row in rows])


def _shown(row: HashList, policy: dict[str, Any] | None = None) -> dict[str, Any]:
    told = {
        "list": row.slug,
        "name": row.name,
        "kind": row.kind,
        "content": row.content,
        "live": row.live,
        "removed": row.removed,
    }
    return told if policy is None else {**told, "policy": policy}


def lists_add(
    slug: Slug,
    name: Annotated[str, typer.Option(help="Its name for people.")],
    content: Annotated[
        str,
        typer.Option(help="apparent_csam, exploitative, youth_produced, viral, harmless or other."),
    ],
) -> None:
    """Add a foreign list, empty. It shows what it matches and is trusted to know nothing yet."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists import services  # noqa: PLC0415

    row: HashList = _stopping(lambda: services.add_list(SYSTEM, slug, name, content))
    show(_shown(row))


def lists_policy(
    slug: Slug,
    values: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE…", help="For example radius=20 trust=known.")
    ],
) -> None:
    """Change how far a list's word goes; what it matches is looked at again."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists import services  # noqa: PLC0415
    from tipline.insight.lists.policies import policy_of  # noqa: PLC0415

    row = _list(slug)
    content = {**policy_of(row)[1].as_json(), **dict(_pair(value) for value in values)}
    version = _stopping(lambda: services.set_policy(SYSTEM, row, content))
    show({"list": slug, "version": version, "policy": content})


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        stop(f"{text}: give NAME=VALUE.", 1)
    if value in {"true", "false"}:
        return name, value == "true"
    whole = value.removeprefix("-").isdecimal() and len(value) < 10
    return name, int(value) if whole else value


def lists_import(  # noqa: PLR0917 - what a command may be told
    slug: Slug,
    file: Annotated[Path, typer.Argument(help="VICS 2.0 JSON, or CSV with a header.")],
    form: Form = "",
    category: Annotated[
        list[int] | None, typer.Option(help="Only these categories of VICS; all when absent.")
    ] = None,
    skip_wrong: Annotated[
        bool, typer.Option("--skip-wrong", help="Leave out what is wrong instead of refusing.")
    ] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take the file's entries off the list.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Read it and write nothing.")] = False,
) -> None:
    """Take a file of entries into a foreign list, whole or not at all.

    Ends 0 when it was taken, 1 when something in it is wrong, 2 when it cannot be read.
    """
    load_store()
    from tipline.insight.lists.files.reading import form_of  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists.files.services import Wanted  # noqa: PLC0415

    if not file.is_file():
        stop(f"{file}: there is no such file.")
    wanted = Wanted(
        form or form_of(file.name), tuple(category or ()), remove=remove, skip_wrong=skip_wrong
    )
    _take(_list(slug), file, wanted, check=check)


def _take(row: HashList, file: Path, wanted: Any, *, check: bool) -> None:
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists.files import services  # noqa: PLC0415

    def opener() -> Any:
        return file.open("rb")

    try:
        if check:
            found = _stopping(lambda: services.check_file(opener, wanted))
            _tell(found)
            show({"rows": found.rows, "left_out": found.left_out, "wrong": found.wrong})
            raise SystemExit(1 if found.wrong else 0)
        found, written = _stopping_but_wrong(
            lambda: services.import_file(SYSTEM, row, opener, wanted, told=_progress)
        )
    except OSError as error:
        stop(f"{file}: cannot be read ({error.strerror}).")
    _tell(found)
    counts = {"made": written.made, "changed": written.changed, "same": written.same}
    show({"rows": found.rows, "wrong": found.wrong, "removed": written.removed, **counts})


def _stopping_but_wrong(act: Callable[[], Any]) -> Any:
    from tipline.insight.lists.files.services import WrongFile  # noqa: PLC0415 - needs the settings

    def telling() -> Any:
        try:
            return act()
        except WrongFile as error:
            _tell(error.checked)
            show({"rows": error.checked.rows, "wrong": error.checked.wrong, "taken": 0})
            stop(error.message.splitlines()[0], 1)

    return _stopping(telling)


def _tell(found: Any) -> None:
    for problem in found.told:
        say(problem)
    if found.wrong > len(found.told) > 0:
        say(f"… and more: {found.wrong} entries are wrong in all.")


def _progress(rows: int) -> None:
    if rows % 100_000 == 0:
        say(f"{rows} entries read")


def lists_export(
    slug: Slug,
    file: Annotated[Path | None, typer.Argument(help="Standard output when absent.")] = None,
    form: Form = "",
    cases: Annotated[
        bool, typer.Option("--cases", help="VICS with one case that holds the media.")
    ] = False,
) -> None:
    """Write a list's live entries as VICS 2.0 JSON or CSV."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists.files.reading import form_of  # noqa: PLC0415
    from tipline.insight.lists.files.services import export  # noqa: PLC0415

    row = _list(slug)
    wanted = form or (form_of(file.name) if file else "vics")
    pieces = _stopping(lambda: export(SYSTEM, row, wanted, cases=cases))
    if file is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    try:
        with file.open("xb") as out:
            out.writelines(pieces)
    except FileExistsError:
        stop(f"{file}: there is such a file already; it stays as it is.")
    show({"list": slug, "form": wanted, "file": str(file), "entries": row.live})


def lists_series(
    name: Annotated[str, typer.Argument(help="The series' name.")],
    status: Annotated[str, typer.Option(help="unidentified, identified or safeguarded.")],
    agency: Annotated[str, typer.Option(help="Name of the agency that holds it.")] = "",
) -> None:
    """Say what became of the child of a series and which agency holds it."""
    load_store()
    from tipline.ground.accounts.services import organisation_named  # noqa: PLC0415
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415
    from tipline.insight.lists.series.services import set_series  # noqa: PLC0415

    holder = organisation_named(agency) if agency else None
    if agency and holder is None:
        stop(f"agency: there is no agency called {agency}.", 1)
    row = _stopping(lambda: set_series(SYSTEM, name, status=status, agency=holder))
    show({"series": row.name, "status": row.status, "agency": agency})


_MOST_TOLD = 100


def lists_audit(
    slug: Slug,
    looks: Annotated[
        str,
        typer.Option(help="Ask for blind looks at so many entries, drawn by chance, or at all."),
    ] = "0",
) -> None:
    """Check one of our own lists again: who no longer stands behind its entries, and what differs.

    Ends 0 when every entry stands, 1 when one does not.
    """
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.annotation.audits import ALL, audit  # noqa: PLC0415

    plain = looks.isascii() and looks.isdecimal() and len(looks) < 10
    if looks != "all" and not plain:
        stop("--looks: give a number of entries, or all.", 1)
    row, wanted = _list(slug), ALL if looks == "all" else int(looks)
    made = _stopping(lambda: audit(SYSTEM, row, wanted))
    told = {
        **{one.value: found for one, found in made.found.items()},
        "missing": made.missing,
    }
    show(
        {
            "list": slug,
            "entries": made.entries,
            "clean": made.clean,
            **{name: len(keys) for name, keys in told.items()},
            "which": {name: keys[:_MOST_TOLD] for name, keys in told.items() if keys},
            "looks_asked": made.asked,
            "looks_waiting": made.waiting,
        }
    )
    raise SystemExit(0 if made.clean else 1)
