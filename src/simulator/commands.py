"""The command line: ``python -m simulator --reports N --seed S --to URL --esp U --truth FILE``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from simulator.planning.plan import plan
from simulator.wire.caller import Caller, RefusedError, UnreachableError
from simulator.wire.connections import Connections, Credential, TargetError
from simulator.wire.delivery import Delivered
from simulator.wire.driver import AccountError, Accounts, check_account, drive
from simulator.wire.responses import AnswerDefectError
from simulator.world.esps import fictional_esps
from simulator.world.profile_files import ProfileError, Stream, parse_instant, profile_named

PASSWORD_VARIABLE = "SIMULATOR_ESP_PASSWORD"  # noqa: S105 - the name of a variable, no secret


class UsageError(ValueError):
    """The options do not fit together; the message says what to change."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the last line of stdout is JSON. 0: all as planned, 1: not, 2: usage."""
    options = _parser().parse_args(arguments)
    try:
        profile = _profile(options)
        if options.list_esps:
            print(json.dumps([_account_sheet(esp) for esp in fictional_esps(profile)]))
            return 0
        return _run(options, profile)
    except (ProfileError, TargetError, AccountError, UsageError) as error:
        print(error, file=sys.stderr)
        return 2
    except (RefusedError, UnreachableError, AnswerDefectError) as error:
        print(f"The instance cannot be driven: {error}.", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("simulator", description=__doc__)
    add = parser.add_argument
    add("--reports", type=int, default=200, metavar="N", help="how many reports (default 200)")
    add("--seed", type=int, default=1, metavar="S", help="another seed, another stream")
    add(
        "--profile",
        default="demo",
        help="demo, world2023, a population, random:SEED, or a file (.toml, .json)",
    )
    add("--until", metavar="TIME", help="no event is later than this ISO 8601 time")
    add("--to", metavar="URL", help="address of the instance, such as http://127.0.0.1:8000")
    add("--esp", metavar="U", help=f"one account for all; password from {PASSWORD_VARIABLE}")
    add("--password-file", metavar="FILE", help="read the password there; - is stdin")
    add("--accounts", metavar="FILE", help="JSON {sender: {username, password}}")
    add("--truth", metavar="FILE", help="write the truth there, one JSON line a report")
    add("--workers", type=int, default=4, metavar="W", help="reports under way at a time")
    add("--list-esps", action="store_true", help="print the senders as JSON and stop")
    return parser


def _profile(options: argparse.Namespace) -> Stream:
    profile = profile_named(options.profile)
    return (
        replace(profile, until=parse_instant(options.until, "--until"))
        if options.until
        else profile
    )


def _account_sheet(esp: Any) -> dict[str, Any]:
    return {"name": esp.name, "username": esp.slug, "share": esp.share, "profile": esp.stated()}


def _run(options: argparse.Namespace, profile: Stream) -> int:
    if not options.to or options.reports < 0 or options.workers < 1:
        raise UsageError("Give --to URL, and no negative numbers.")
    accounts = _accounts(options)
    for esp in fictional_esps(profile):
        accounts.of(esp.name)
    _check(options.to, accounts)
    with ExitStack() as open_files:
        truth = _truth_file(options.truth, open_files)
        summary = drive(
            plan(options.seed, options.reports, profile),
            Connections(options.to),
            accounts,
            _teller(truth, options.reports),
            options.workers,
        )
    print(json.dumps(summary.as_json()))
    as_planned = {"finished", "retracted", "abandoned"}
    return 0 if set(summary.outcomes) <= as_planned else 1


def _truth_file(name: str | None, open_files: ExitStack) -> TextIO | None:
    if not name:
        return None
    try:
        return open_files.enter_context(Path(name).open("w", encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"The truth cannot be written: {error}.") from error


def _check(url: str, accounts: Accounts) -> None:
    """One ``/status`` for each account before anything is sent."""
    connections = Connections(url)
    try:
        credentials = {*accounts.by_esp.values(), *filter(None, [accounts.for_all])}
        for credential in sorted(credentials, key=lambda one: one.username):
            check_account(Caller(connections), credential)
    finally:
        connections.close()


def _accounts(options: argparse.Namespace) -> Accounts:
    by_esp = _accounts_file(options.accounts) if options.accounts else {}
    if not options.esp and not by_esp:
        raise UsageError("Give --esp USERNAME or --accounts FILE.")
    for_all = Credential(options.esp, _password(options)) if options.esp else None
    return Accounts(by_esp, for_all)


def _password(options: argparse.Namespace) -> str:
    if options.password_file == "-":  # noqa: S105 - the sign for stdin, no secret
        return sys.stdin.readline().strip()
    if options.password_file:
        return _read(options.password_file).strip()
    if not os.environ.get(PASSWORD_VARIABLE):
        raise UsageError(f"Set {PASSWORD_VARIABLE} or give --password-file.")
    return os.environ[PASSWORD_VARIABLE]


def _accounts_file(name: str) -> dict[str, Credential]:
    try:
        listed = json.loads(_read(name))
        return {
            esp: Credential(entry["username"], entry["password"]) for esp, entry in listed.items()
        }
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(
            f'{name}: write {{"sender": {{"username": …, "password": …}}}}.'
        ) from error


def _read(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error}.") from error


def _teller(truth: TextIO | None, reports: int) -> Callable[[Delivered], None]:
    """Writes each report's truth and now and then the progress."""
    step = max(1, reports // 20)

    def tell(delivered: Delivered) -> None:
        number = delivered.planned.number + 1
        if truth:
            truth.write(json.dumps(delivered.as_json(), ensure_ascii=False) + "\n")
        if number % step == 0 or number == reports:
            print(f"sent {number} of {reports}", file=sys.stderr)

    return tell
