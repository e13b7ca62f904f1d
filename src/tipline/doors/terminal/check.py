"""`tipline check`: what reports would meet, before they are sent. Needs no store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipline.doors.terminal.starting import load, show, stop

if TYPE_CHECKING:
    from tipline.pipeline.check.rules_check import Checked, Sender

CLEAN, FINDINGS, UNREADABLE = 0, 1, 2
#: More than any report may have; what is larger is refused as XML, not read to its end.
_MOST_BYTES = 64 * 1024 * 1024


def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE.xml…", help="Reports as they would be submitted.")
    ],
    file_details: Annotated[
        list[Path] | None,
        typer.Option(metavar="F.xml", help="Details of a file of the report; repeat for more."),
    ] = None,
    count: Annotated[
        int | None, typer.Option("--files", min=0, help="How many files will be uploaded in all.")
    ] = None,
    esp_profile: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="The sender's profile, as JSON.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One line of JSON for each file.")
    ] = False,
) -> None:
    """Check reports before they are sent: errors, what is missing, what triage would make of it.

    Ends 0 when all is clean, 1 with findings, 2 when a file cannot be read as a report.
    """
    if len(files) > 1 and (file_details or count):
        stop("--file-details and --files belong to one report: check it alone.")
    load()
    from tipline.pipeline.check.shown import as_json as shown  # noqa: PLC0415 - needs the settings

    sender = _sender(esp_profile)
    worst = CLEAN
    for path in files:
        found = _checked(path, file_details or (), count, sender)
        told = shown(str(path), found)
        show(told) if as_json else _print(told)
        worst = max(worst, CLEAN if found.clean else FINDINGS if found.readable else UNREADABLE)
    raise typer.Exit(worst)


def _sender(path: Path | None) -> Sender:
    """Who would send it: unknown in everything unless a profile is given."""
    from tipline.ground.accounts.profiles import EspFacts  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.errors import Invalid  # noqa: PLC0415
    from tipline.pipeline.check.rules_check import Sender  # noqa: PLC0415

    if path is None:
        return Sender()
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        stop(f"The profile cannot be read: {error.strerror}.")
    except (ValueError, RecursionError):
        stop(f"{path.name} is no JSON.")
    if not isinstance(said, dict):
        stop(f"{path.name} holds no profile: give an object with the fields of a profile.")
    try:
        return Sender(EspFacts.from_json(said))
    except (Invalid, TypeError) as error:
        stop(f"{path.name}: {getattr(error, 'field', '')}: {error}")


def _checked(path: Path, details: Iterable[Path], count: int | None, sender: Sender) -> Checked:
    from django.conf import settings  # noqa: PLC0415 - loaded by now

    from tipline.ground.foundation import clock  # noqa: PLC0415
    from tipline.insight.triage.policy import default_policy  # noqa: PLC0415
    from tipline.pipeline.check import rules_check  # noqa: PLC0415

    strict, now = settings.TIPLINE_ESP_STRICT, clock.now()
    try:
        report, *others = (_bytes(one) for one in (path, *details))
    except OSError as error:
        return rules_check.unreadable(
            f"{error.filename} cannot be read: {error.strerror}.", strict=strict
        )
    draft = rules_check.Draft(report, others, count)
    found = rules_check.check(draft, sender, default_policy(), now, strict=strict)
    if not found.readable and not others:
        alone = rules_check.check_file_details(report, now, strict=strict)
        return alone if alone.readable else found
    return found


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES)


# --- for people ----------------------------------------------------------------------------


def _print(told: Mapping[str, Any]) -> None:
    from rich.console import Console  # noqa: PLC0415 - words for people only

    out = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
    out.print(_neutral(f"{told['file']}: {_verdict(told)}"), style="bold")
    for line in _lines(told):
        out.print(_neutral(line))
    out.print()


def _verdict(told: Mapping[str, Any]) -> str:
    if not told["readable"]:
        return "cannot be read as a report"
    verdict = "valid" if told["valid"] else "would be refused"
    if told["disposition"] is None:
        return verdict
    scores = ", ".join(f"{name} {told[name]['band']}" for name in ("danger", "actionability"))
    urgent = ", urgent" if told["urgency"] == "unconfirmed" else ""
    return f"{verdict}; {told['disposition']}{urgent}; {scores}"


def _lines(told: Mapping[str, Any]) -> Iterable[str]:
    for name, heading in (("errors", "Errors"), ("warnings", "Odd")):
        yield from _headed(heading, (_finding(one) for one in told[name]))
    yield from _headed("Missing", (f"{one['words']} {one['fix']}" for one in told["missing"]))
    yield from _headed("Why this disposition", (one["words"] for one in told["reasons"]))
    for name in ("danger", "actionability"):
        if told[name]:
            reasons = told[name]["reasons"]
            yield from _headed(
                f"{name.title()} {told[name]['value']}",
                (f"{one['points']:+d} {one['words']}" for one in reasons),
            )
    yield from _headed("What would help most", (_wish(one) for one in told["would_help"]))


def _headed(heading: str, lines: Iterable[str]) -> Iterable[str]:
    found = list(lines)
    if found:
        yield f"  {heading}:"
        yield from (f"    {line}" for line in found)


def _finding(one: Mapping[str, Any]) -> str:
    place = ", ".join(f"{word} {one[word]}" for word in ("line", "column") if one[word])
    where = " ".join(part for part in (one["part"], place, one["path"]) if part)
    return f"{where}: {one['message']} {one['fix']}".strip()


def _wish(one: Mapping[str, Any]) -> str:
    turns = " It would make this a referral." if one["turns_referral"] else ""
    return f"{one['words']}{turns}"


def _neutral(line: str) -> str:
    """Nothing that a sender wrote may steer the terminal."""
    from tipline.insight.triage.cues.facts_text import neutral  # noqa: PLC0415

    return neutral(line)
