"""Master keys from a shell: which there are, a new one, the end of an old one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from tipline.doors.terminal.starting import load_store, say, show, stop

if TYPE_CHECKING:
    from tipline.ground.custody.queries import Standing

AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON.")]
T = TypeVar("T")


def keys_status(as_json: AsJson = False) -> None:
    """Which master keys there are, what each still wraps, and which may go.

    Ends 1 when the key file lacks one that is needed.
    """
    load_store()
    found = _standing()
    if as_json:
        show(_as_json(found))
    else:
        _print(found)
    raise typer.Exit(1 if found.missing else 0)


def _standing() -> Standing:
    from tipline.ground.custody.queries import standing  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415

    return standing(SYSTEM)


def _as_json(found: Standing) -> dict[str, Any]:
    return {
        "keys": [
            {
                "id": line.ident,
                "part": line.part.value,
                "wraps": line.wraps,
                "since": line.first_used_at.isoformat() if line.first_used_at else None,
            }
            for line in found.lines
        ],
        "total": found.total,
        "waiting": found.waiting,
        "unnamed": found.unnamed,
        "stopped": found.stopped,
        "can_go": list(found.can_go),
    }


def _print(found: Standing) -> None:
    for line in found.lines:
        print(f"{line.ident}  {line.part.value:<8} wraps {line.wraps} data keys")
    if found.unnamed:
        print(f"{found.unnamed} data keys do not say yet which key wraps them.")
    if found.waiting:
        print(f"{found.done} of {found.total} are wrapped by the key in use.")
    if found.stopped:
        print("The job that wraps them gave up: see `jobs list`.")
    for ident in found.can_go:
        print(f"Nothing needs {ident} any more: `keys retire {ident}`.")
    for ident in found.missing:
        print(f"The key file lacks {ident}, and data keys need it.")


def keys_prepare() -> None:
    """Put a key into the file that seals nothing yet: copy the file to every machine, then rotate.

    Needed only where machines have a file each. One that waits already stays.
    """
    load_store()
    from tipline.ground.custody.services import prepare  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415

    ident = _done(lambda: prepare(SYSTEM))
    say("It seals nothing yet. Copy the key file to every machine, then `keys rotate`.")
    show({"next": ident})


def keys_rotate(
    now: Annotated[
        bool, typer.Option("--now", help="Wrap all data keys here, instead of by a worker.")
    ] = False,
) -> None:
    """Take the prepared master key, or a new one, into use. No process has to be restarted.

    A worker wraps every data key anew; `keys status` tells how far it is.
    """
    load_store()
    from tipline.ground.custody import rewrapping, services  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415

    ring = _done(lambda: services.rotate(SYSTEM))
    if now:
        rewrapping.run_here(lambda count: say(f"{count} data keys wrapped anew"))
    say("Copy the key file to where you keep keys: without the new key nothing can be read.")
    show({"current": ring.current.ident, "older": [one.ident for one in ring.older]})


def keys_retire(ident: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Take a master key out of the file. Ends 1 while it is in use or a data key needs it."""
    load_store()
    from tipline.ground.custody.services import retire  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415

    _done(lambda: retire(SYSTEM, ident))
    say("It is out of the file. Destroy its copies too, once no back-up that needs it is wanted.")
    show({"retired": ident})


def _done(act: Callable[[], T]) -> T:
    """What it gives; ends 1 with its refusal, 2 when the key file cannot be changed."""
    from tipline.ground.foundation.errors import TiplineError  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.rules_keyring import BadKeyFile  # noqa: PLC0415

    try:
        return act()
    except TiplineError as error:
        stop(error.message, 1)
    except BadKeyFile as error:
        stop(f"TIPLINE_KEY_FILE: {error}")
    except OSError as error:
        stop(
            f"TIPLINE_KEY_FILE: the file cannot be replaced ({error.strerror}). Run this as the "
            "user that owns it, where its folder can be written."
        )
