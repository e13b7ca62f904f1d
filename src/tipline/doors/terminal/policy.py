"""The triage policy from a shell: what is in force, is a file right, propose it, try it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from tipline.doors.terminal.starting import load_store, say, show, stop

if TYPE_CHECKING:
    from tipline.ground.foundation.actor import Actor
    from tipline.ground.foundation.policy import PolicyError, Problem
    from tipline.insight.triage.models import PolicyVersion

AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON.")]
By = Annotated[str, typer.Option(help="User name of the supervisor who proposes it.")]


def policy_show(
    as_json: AsJson = False,
    file: Annotated[
        bool, typer.Option("--file", help="Print the file in force, to be changed.")
    ] = False,
) -> None:
    """What is in force, since when and by whom, and the versions that were proposed here."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.triage.publication import queries  # noqa: PLC0415

    if file:
        print(queries.text_in_force(), end="")
        return
    now = queries.standing(SYSTEM)
    versions = [_version(line.row, line.trial_state) for line in queries.versions_for(SYSTEM)]
    said = {
        "stamp": now.policy.stamp,
        "digest": now.policy.digest,
        "id": now.row.pk if now.row else None,
        "since": now.since.isoformat() if now.since else None,
        "by": now.act.by.username if now.act else None,
        "problems": _problems(now.problems),
        "versions": versions,
    }
    if as_json:
        show(said)
        return
    since = f", {now.act.kind} by {said['by']} on {said['since']}" if now.act else " (shipped)"
    print(f"In force: {now.policy.stamp}{since}")
    for problem in now.problems:
        print(f"  cannot be used: {problem.key}: {problem.fix}")
    for one in versions:
        print(f"{one['id']:>5}  {one['stamp']}  {one['trial'] or 'not tried'}  {one['note']}")


def _version(row: PolicyVersion, trial: str) -> dict[str, Any]:
    return {
        "id": row.pk,
        "stamp": f"{row.name}@{row.version}",
        "digest": row.digest,
        "trial": trial,
        "note": row.note,
    }


def _problems(problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    return [{"key": problem.key, "fix": problem.fix} for problem in problems]


def policy_check(file: Path, as_json: AsJson = False) -> None:
    """Is a policy file right? Ends 0 when it is, 1 with its problems, 2 when it is unreadable."""
    from tipline.ground.foundation.policy import PolicyError  # noqa: PLC0415 - this command only
    from tipline.insight.triage.publication.rules import read  # noqa: PLC0415

    data = _bytes_of(file)
    problems: tuple[Problem, ...] = ()
    said: dict[str, Any] = {"file": str(file), "stamp": "", "digest": ""}
    try:
        policy = read(data, file.name)
        said |= {"stamp": policy.stamp, "digest": policy.digest}
    except PolicyError as error:
        problems = error.problems
    if as_json:
        show({**said, "valid": not problems, "problems": _problems(problems)})
    else:
        _tell(problems)
        print("The file is right." if not problems else f"{len(problems)} to mend.")
    raise typer.Exit(1 if problems else 0)


def _tell(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        print(f"{problem.key}: {problem.fix}" if problem.key else problem.fix)


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        stop(f"{file} cannot be read ({error.strerror}).")


def policy_propose(
    file: Path,
    by: By,
    note: Annotated[str, typer.Option(help="What it is meant to do.")] = "",
) -> None:
    """Propose a policy file. The same file again is the same version."""
    load_store()
    from tipline.ground.foundation.errors import TiplineError  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.policy import PolicyError  # noqa: PLC0415
    from tipline.insight.triage.publication import services  # noqa: PLC0415

    data = _bytes_of(file)
    try:
        row = services.propose(person(by), data, note)
    except PolicyError as error:
        refuse(error)
    except TiplineError as error:
        stop(error.message, 1)
    show(_version(row, row.trial.get("state", "")))


def person(username: str) -> Actor:
    """The person of this user name; ends 1 when there is none."""
    from tipline.ground.accounts.queries import (  # noqa: PLC0415 - needs the settings
        actor_for,
        person_called,
    )

    row = person_called(username)
    if row is None:
        stop(f"There is nobody with the user name {username}.", 1)
    return actor_for(row)


def refuse(error: PolicyError) -> NoReturn:
    """Say everything that is wrong, and end 1."""
    for problem in error.problems:
        say(f"{problem.key}: {problem.fix}" if problem.key else problem.fix)
    stop("The policy was refused.", 1)


def policy_try(version: Annotated[int, typer.Argument(metavar="ID")]) -> None:
    """Try a version on history, here and now; what it would move is printed as JSON."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.errors import TiplineError  # noqa: PLC0415
    from tipline.insight.triage.publication import trials  # noqa: PLC0415

    try:
        row = trials.try_now(SYSTEM, version, _tell_progress)
    except TiplineError as error:
        stop(error.message, 1)
    if row.trial["state"] != trials.DONE:
        stop("Another policy came in force meanwhile: try it again.", 1)
    said = summary_of(row.trial)
    say(
        f"Of {said['tried']} reports, {said['moved']} move to another band; "
        f"{said['urgent_up']} become urgent, {said['urgent_down']} are urgent no more."
    )
    show({**_version(row, trials.DONE), **said})


def _tell_progress(done: int, of: int) -> None:
    say(f"tried {done} of {of}")


def summary_of(trial: dict[str, Any]) -> dict[str, Any]:
    """A trial's findings without its state."""
    state = ("state", "run", "against", "after", "learned")
    return {name: value for name, value in trial.items() if name not in state}
