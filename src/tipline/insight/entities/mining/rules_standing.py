"""Lines of text by digest: what a sender says in report after report stands. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tipline.insight.entities.forms.rules_form import folded
from tipline.record.reports.facts import Narrative

#: A line of fewer characters may be said of many people ("User name: kite").
SHORTEST: Final = 40
#: Accounts of one sender whose reports have a line before it counts as standing text.
MANY: Final = 20
#: Different lines of one report that are looked up; what follows is read as text about it.
MOST_LINES: Final = 40
_LONGEST_LINE: Final = 4000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text. ``digest``: SHA-256 of its folded form; empty where it is too short."""

    text: str
    digest: str


def lines(text: str) -> list[Line]:
    """The lines that say anything."""
    return [Line(line, digest_of(line)) for line in text.splitlines() if line.strip()]


def digest_of(line: str) -> str:
    """The digest of a line that is long enough to be standing text."""
    plain = folded(line[:_LONGEST_LINE])
    if len(plain) < SHORTEST:
        return ""
    return hashlib.sha256((plain + line[_LONGEST_LINE:]).encode(errors="replace")).hexdigest()


def passages(narratives: Iterable[Narrative], most: int = MOST_LINES) -> list[str]:
    """The digests of the long lines of a report's texts, each once, the first ``most``."""
    digests = (line.digest for each in narratives for line in lines(each.text[:100_000]))
    return list(dict.fromkeys(filter(None, digests)))[:most]


def standing_parts(text: str, standing: Sequence[str] | frozenset[str]) -> tuple[str, str]:
    """A text as (what is said of this report, what stands in many): lines in their order."""
    found = text.splitlines()
    fixed = [line for line in found if (digest := digest_of(line)) and digest in standing]
    return "\n".join(line for line in found if line not in fixed).strip(), "\n".join(fixed)


def accounts(seen: Iterable[tuple[int, str]], own: tuple[int, str] | None = None) -> int:
    """How many accounts a line was seen with. Each pair: a report's number and its account.

    A report that names no account counts as one. ``own``: a report that may be counted already.
    """
    pairs = [*seen, own] if own else seen
    return len({account or f"report:{number}" for number, account in pairs})
