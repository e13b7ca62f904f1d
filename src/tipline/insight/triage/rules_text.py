"""A triage policy as the text of its file, and a file with other points. Pure.

What is written reads back as the same rules: :func:`with_danger` makes sure of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace

from tipline.ground.foundation.policy import PolicyError, parse
from tipline.insight.triage.policy import (
    Bands,
    DecayRules,
    ScoreRules,
    TriageRules,
    validate,
)


@dataclass(frozen=True, slots=True)
class Header:
    """The first three lines of a policy file."""

    name: str
    version: str
    jurisdiction: str


def as_toml(header: Header, rules: TriageRules, *, remark: str = "") -> str:
    """The whole file; ``remark`` stands on top as a comment."""
    tables: dict[str, Mapping[str, object]] = {
        "": {"name": header.name, "version": header.version, "jurisdiction": header.jurisdiction},
        "limits": {
            "young_victim_years": rules.limits.young_victim_years,
            "stale_days": rules.limits.stale_days,
            "sender_answers": rules.record.answers,
            "sender_useful_percent": rules.record.useful_percent,
            "sender_rarely_percent": rules.record.rarely_percent,
        },
        "urgent": {"also": rules.also_urgent},
        **_score("danger", rules.danger),
        **_score("actionability", rules.actionability),
        **_decay(rules.decay),
        "clocks": asdict(rules.clocks),
        "bundles": asdict(rules.bundles),
        "disposition": {
            "no_nexus_types": sorted(rules.disposition.no_nexus_types),
            "no_nexus_signs": rules.disposition.no_nexus_signs,
            "esp_viral_suffices": rules.disposition.esp_viral_suffices,
        },
    }
    head = [f"# {line}" for line in remark.splitlines()]
    return "\n".join([*head, *_lines(tables)]) + "\n"


def _score(name: str, rules: ScoreRules) -> dict[str, Mapping[str, object]]:
    return {
        f"{name}.bounds": {"lowest": rules.lowest, "highest": rules.highest},
        f"{name}.bands": _bands(rules.bands),
        f"{name}.caps": rules.caps,
        f"{name}.points": rules.points,
    }


def _decay(rules: DecayRules) -> dict[str, Mapping[str, object]]:
    steps = {
        "days": [days for days, _points in rules.steps],
        "points": [points for _days, points in rules.steps],
        "alarms": rules.alarms,
    }
    return {"decay": steps, "decay.bands": _bands(rules.bands)}


def _bands(bands: Bands) -> dict[str, object]:
    top = {} if bands.urgent is None else {"urgent": bands.urgent}
    return {**top, "high": bands.high, "medium": bands.medium}


def _lines(tables: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    for name, values in tables.items():
        if name:
            yield f"\n[{name}]"
        yield from (f"{key} = {_value(value)}" for key, value in values.items())


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return f'"{_escaped(value)}"'
    assert isinstance(value, Iterable)
    return f"[{', '.join(map(_value, value))}]"


def _escaped(text: str) -> str:
    """TOML's basic string: quotes, backslashes and control characters by their number."""
    return "".join(
        f"\\u{ord(c):04x}" if c in '"\\' or ord(c) < 0x20 or ord(c) == 0x7F else c for c in text
    )


_TABLE = re.compile(r"^\s*\[(?P<name>[^\[\]]+)\]")
_POINTS = re.compile(r"^(?P<key>\s*(?P<sign>[a-z0-9_]+)\s*=\s*)-?\d+(?P<rest>.*)$")
_VERSION = re.compile(r"^(\s*version\s*=\s*).*$")


def with_danger(
    text: str, version: str, points: Mapping[str, int], *, remark: str = ""
) -> tuple[str, TriageRules]:
    """The file with another version and these points for danger; all else as it was.

    Its comments stay where the file is written line by line; a file that is written otherwise
    is written anew. Raises PolicyError when the result is no valid policy.
    """
    before = parse(text.encode(), "policy", validate)
    merged = {**before.rules.danger.points, **points}
    head = "".join(f"# {line}\n" for line in remark.splitlines())
    edited = head + "\n".join(_edited(text.splitlines(), version, merged)) + "\n"
    if (read := _reads_as(edited, version, merged)) is not None:
        return edited, read
    header = Header(before.name, version, before.jurisdiction)
    rules = replace(before.rules, danger=replace(before.rules.danger, points=merged))
    written = as_toml(header, rules, remark=remark)
    return written, parse(written.encode(), "policy", validate).rules


def _edited(lines: Iterable[str], version: str, points: Mapping[str, int]) -> Iterator[str]:
    table = ""
    for line in lines:
        if named := _TABLE.match(line):
            table = named["name"].strip()
        if not table and _VERSION.match(line):
            yield _VERSION.sub(lambda found: f"{found[1]}{_value(version)}", line)
        elif table == "danger.points" and (found := _POINTS.match(line)):
            sign = found["sign"]
            number = points.get(sign)
            yield line if number is None else f"{found['key']}{number}{found['rest']}"
        else:
            yield line


def _reads_as(text: str, version: str, points: Mapping[str, int]) -> TriageRules | None:
    """The rules of the edited text, if it says what was meant."""
    try:
        policy = parse(text.encode(), "policy", validate)
    except PolicyError:
        return None
    meant = (policy.version, dict(policy.rules.danger.points)) == (version, dict(points))
    return policy.rules if meant else None
