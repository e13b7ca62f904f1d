"""The link model from a shell: frequencies frozen with it, and its weights learned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipline.doors.terminal.policy import By, person, refuse
from tipline.doors.terminal.starting import load_store, say, show, stop

if TYPE_CHECKING:
    from tipline.ground.foundation.actor import Actor

_NOTE = "Learned from this store."
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON.")]


def links_freeze(as_json: AsJson = False) -> None:
    """Count how often each value is seen in this store, and score new links by it from now on.

    Links that are there stay as they are; `links again` makes them anew. Ends 1 when there are
    too few subjects, or when another freezing began meanwhile.
    """
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.errors import TiplineError  # noqa: PLC0415
    from tipline.insight.entities.frequencies.queries import terms_of  # noqa: PLC0415
    from tipline.insight.entities.frequencies.services import freeze_store  # noqa: PLC0415

    try:
        made = freeze_store(SYSTEM, lambda what, count: say(f"{what} {count:,}"))
    except TiplineError as error:
        stop(error.message, 1)
    told = {
        "snapshot": made.pk,
        "model": made.model,
        "subjects": made.subjects,
        "terms": terms_of(made.pk),
    }
    if as_json:
        show(told)
    else:
        print(
            f"Frozen as f{made.pk}: {told['terms']:,} values that two of {made.subjects:,} "
            f"subjects or more have. Links that are there are made anew by `links again`."
        )


def links_train(
    out: Annotated[Path, typer.Option(help="The model file that is written.")] = Path(
        "link-learned.toml"
    ),
    version: Annotated[
        str, typer.Option(help="What the model's version is to be; else the day's date.")
    ] = "",
    by: Annotated[
        str, typer.Option(help="User name of the supervisor who proposes it; else nobody does.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Learn what each level of a comparison is worth from this store, without labels.

    Writes a model file and proposes it where somebody is named; puts nothing in force. Ends 1 when
    there is nothing to learn from, 2 when something is missing.
    """
    load_store()
    from tipline.ground.foundation import clock  # noqa: PLC0415 - needs the settings
    from tipline.insight.entities.frequencies.reading import pages  # noqa: PLC0415
    from tipline.insight.entities.scoring.in_force import in_force  # noqa: PLC0415

    try:
        from tipline.insight.entities.training.services import learn  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as missing:
        stop(
            f"links train needs {missing.name}: .venv/bin/python -m pip install --no-deps "
            "--require-hashes -r requirements/train.txt"
        )
    actor = person(by) if by else None
    today = clock.now().date()
    now = in_force().model
    try:
        learned = learn(pages(), now, version or today.strftime("%Y.%m.%d"), today, say)
    except ValueError as error:
        stop(str(error), 1)
    _write(out, learned.text)
    told: dict[str, Any] = {
        "file": str(out),
        "stamp": learned.model.stamp,
        "digest": learned.model.digest,
        "against": now.stamp,
        "subjects": learned.subjects,
        "matches": round(learned.matches),
        "taught": {name: round(seen) for name, seen in learned.taught.items()},
        "proposed": _proposed(actor, learned.text.encode(), _NOTE) if actor else None,
    }
    if as_json:
        show(told)
    else:
        print(
            f"{out}: {learned.model.stamp}, from {learned.subjects:,} subjects, about "
            f"{told['matches']:,} pairs of one person. Each level says where its values come from."
        )
        if actor:
            print(f"Proposed by {by} as version {told['proposed']}: /desk/link-model/ tries it.")


def links_propose(
    file: Path,
    by: By,
    note: Annotated[str, typer.Option(help="What it is meant to do.")] = "",
) -> None:
    """Propose a link model's file. The same file again is the same version."""
    load_store()
    try:
        data = file.read_bytes()
    except OSError as error:
        stop(f"{file} cannot be read ({error.strerror}).")
    show({"file": str(file), "proposed": _proposed(person(by), data, note)})


def _proposed(actor: Actor, data: bytes, note: str) -> int:
    """The number of the version; ends 1 with all that is wrong with the file."""
    from tipline.ground.foundation.errors import TiplineError  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.policy import PolicyError  # noqa: PLC0415
    from tipline.insight.entities.publication import services  # noqa: PLC0415

    try:
        return int(services.propose(actor, data, note).pk)
    except PolicyError as error:
        refuse(error)
    except TiplineError as error:
        stop(error.message, 1)


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        stop(f"{out} cannot be written ({error.strerror}).")
