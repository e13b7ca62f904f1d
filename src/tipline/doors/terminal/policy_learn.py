"""Learning points from answers: a file, its picture and a trial, or a version proposed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipline.doors.terminal.policy import AsJson, person, refuse, summary_of
from tipline.doors.terminal.starting import load_store, say, show, stop

if TYPE_CHECKING:
    from tipline.ground.foundation.actor import Actor
    from tipline.insight.triage.learning.services import Lesson


def policy_learn(
    as_json: AsJson = False,
    out: Annotated[
        Path | None, typer.Option(help="Write the policy file here, its picture beside it.")
    ] = None,
    by: Annotated[
        str, typer.Option(help="Propose it too, as the supervisor with this user name.")
    ] = "",
) -> None:
    """Propose points for danger from what people found. Two people publish, or nobody does.

    Ends 0 when there is something to propose, 1 when there is not, with the reason.
    """
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.errors import TiplineError  # noqa: PLC0415
    from tipline.insight.triage.learning.services import learn  # noqa: PLC0415

    actor = person(by) if by else SYSTEM
    try:
        lesson = learn(actor)
    except TiplineError as error:
        stop(error.message, 1)
    said = _said(lesson)
    if lesson.text:
        if out is not None:
            said["files"] = _write(out, lesson)
        said |= _proposed(actor, lesson) if by else _tried(lesson)
    else:
        say(f"tipline: {lesson.sentence}")
    if as_json:
        show(said)
    else:
        _print(said)
    raise typer.Exit(0 if lesson.text else 1)


def _said(lesson: Lesson) -> dict[str, Any]:
    return {
        "proposed": bool(lesson.text),
        "sentence": lesson.sentence,
        "against": lesson.policy.stamp,
        "answers": lesson.enough.answers,
        "positives": lesson.enough.positives,
        "negatives": lesson.enough.negatives,
        "changes": list(lesson.changes),
        **{k: v for k, v in lesson.learned.items() if k in {"sampling", "loss", "calibration"}},
    }


def _write(out: Path, lesson: Lesson) -> list[str]:
    """The file, and the picture of how well its points foretell."""
    from tipline.doors.portals.desk.shown_trial import calibration_of  # noqa: PLC0415
    from tipline.doors.portals.look.pictures.calibration import standing_alone  # noqa: PLC0415

    picture = out.with_suffix(".svg")
    try:
        out.write_text(lesson.text, encoding="utf-8")
        shown = calibration_of(lesson.learned)
        picture.write_text(standing_alone("Foretold and found", shown), encoding="utf-8")
    except OSError as error:
        stop(f"{error.filename} cannot be written ({error.strerror}).")
    return [str(out), str(picture)]


def _tried(lesson: Lesson) -> dict[str, Any]:
    """What the learned points would move, without a version of them."""
    from tipline.insight.triage.publication.rules import read  # noqa: PLC0415
    from tipline.insight.triage.publication.trials import try_unkept  # noqa: PLC0415

    policy = read(lesson.text.encode(), "learned")
    return {"stamp": policy.stamp, "id": None, "trial": summary_of(try_unkept(policy))}


def _proposed(actor: Actor, lesson: Lesson) -> dict[str, Any]:
    """A version of them, tried on history."""
    from tipline.ground.foundation.errors import TiplineError  # noqa: PLC0415
    from tipline.ground.foundation.policy import PolicyError  # noqa: PLC0415
    from tipline.insight.triage.learning.services import propose  # noqa: PLC0415
    from tipline.insight.triage.publication.trials import try_now  # noqa: PLC0415

    note = f"Learned from {lesson.enough.answers} answers."
    try:
        row = propose(actor, lesson, note)
        row = try_now(actor, row.pk)
    except PolicyError as error:
        refuse(error)
    except TiplineError as error:
        stop(error.message, 1)
    stamp = f"{row.name}@{row.version}"
    return {"stamp": stamp, "id": row.pk, "trial": summary_of(row.trial)}


def _print(said: dict[str, Any]) -> None:
    for change in said["changes"]:
        print(
            f"{change['sign']}: {change['before']} -> {change['after']} "
            f"({change['found']} of {change['answers']} answers: a child in danger was found)"
        )
    if said["proposed"]:
        print(f"{said['stamp']}: it only proposes; two people publish, or nobody does.")
