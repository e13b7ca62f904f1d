"""Loading Django for a command, and the checks that refuse an unsafe start."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn


def say(text: str) -> None:
    """Progress and words for people: stderr."""
    print(text, file=sys.stderr, flush=True)


def show(result: Any) -> None:
    """The machine's answer: one line of JSON, the last of stdout."""
    print(json.dumps(result, sort_keys=True, ensure_ascii=False), flush=True)


def stop(sentence: str, code: int = 2) -> NoReturn:
    """End with a sentence and an exit code, in commands and in processes without Typer alike."""
    say(f"tipline: {sentence}")
    raise SystemExit(code)


@contextmanager
def staying() -> Iterator[None]:
    """Nothing made in the block is garbage, so it is not searched for, now or later.

    The search among the modules while they are loaded takes a tenth of a web process's start, and
    each later one among them milliseconds of whatever is under way.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def load() -> None:
    """Read the settings and load the rooms; a wrong setting ends with its sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tipline.config.settings")
    with staying():
        _load()


def _load() -> None:
    import django  # noqa: PLC0415 - a quarter of a second that --help need not pay
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    from tipline.ground.foundation import logs  # noqa: PLC0415

    try:
        django.setup()
    except (ImproperlyConfigured, ValueError) as error:
        stop(str(error))
    logs.configure()


def migrate() -> None:
    """Bring the database to this version."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import OperationalError  # noqa: PLC0415

    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        stop(f"The database cannot be used: {str(error).splitlines()[0]}")


def load_store() -> None:
    """Load the rooms for a command that reads a store; one that is not set up yet ends here."""
    load()
    from django.db import DatabaseError  # noqa: PLC0415

    from tipline.ground.foundation import jobs  # noqa: PLC0415

    try:
        jobs.counts()
    except DatabaseError:
        stop("There is no store here yet, or no way to it: `tipline serve` sets one up.")


def check_start() -> None:
    """Refuse a start that would be unsafe, with one sentence for each reason."""
    from django.core import checks  # noqa: PLC0415

    found = checks.run_checks(tags=["start"])
    for problem in found:
        say(f"tipline: {problem.msg}")
    if found:
        raise SystemExit(2)


def secret(value: str | None, what: str) -> str:
    """A secret: from the file that ``@path`` names, or a line of stdin (``-`` or nothing given).

    As given, too; but then it stands in the list of processes and in the shell's history.
    """
    if value is None or value == "-":
        if sys.stdin.isatty():
            import typer  # noqa: PLC0415 - the job process does without it

            return str(typer.prompt(what, hide_input=True, err=True))
        value = sys.stdin.readline()
    elif value.startswith("@"):
        try:
            with open(value[1:], encoding="utf-8") as file:  # noqa: PTH123 - a path as typed
                value = file.readline()
        except OSError as error:
            stop(f"{what}: the file cannot be read ({error.strerror}).")
        except ValueError:
            stop(f"{what}: the file is not text.")
    return value.rstrip("\r\n")
