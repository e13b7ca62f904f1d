"""A judgement is a sum of reasons.

A :class:`Reason` says which rule spoke (``code``), with which facts (``params``),
how much it moved the sum (``points``), who asserted the facts (``source``) and which
version of the rule's policy it came from. Words are rendered on display, so that they
translate: a room registers a template per code with :func:`register_words`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Source(StrEnum):
    """Who asserted a fact. What they said never mixes."""

    REPORTER = "reporter"
    SYSTEM = "system"
    ANALYST = "analyst"
    ROUTER = "router"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Reason:
    """One term of a sum.

    ``points`` is a whole number; zero for a reason that only explains. Caps and bounds
    are reasons too, with negative points, so that the sum always equals the score.
    ``params`` holds plain JSON values only.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    points: int = 0
    source: Source = Source.SYSTEM
    version: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "params": dict(self.params),
            "points": self.points,
            "source": self.source.value,
            "version": self.version,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reason:
        return cls(
            code=data["code"],
            params=dict(data["params"]),
            points=int(data["points"]),
            source=Source(data["source"]),
            version=data["version"],
        )


def total(reasons: Iterable[Reason]) -> int:
    """The score that the reasons make: their plain sum."""
    return sum(reason.points for reason in reasons)


_WORDS: dict[str, Any] = {}
_CODES: dict[str, Any] = {}


def register_words(templates: Mapping[str, Any]) -> None:
    """Register the words of reason codes: ``{code: "text with {param}"}``.

    Values may be lazy translations. A code registered twice with other words is a
    programming error: two rooms would explain one thing in two ways.
    """
    for code, template in templates.items():
        if _WORDS.setdefault(code, template) is not template and _WORDS[code] != template:
            raise ValueError(f"reason code {code!r} has two wordings")


def register_codes(names: Mapping[str, Any]) -> None:
    """Register words for codes that stand as values in ``params``, such as ``screen_name``.

    A value of a reason that is such a code is shown in these words.
    """
    for code, name in names.items():
        if _CODES.setdefault(code, name) is not name and _CODES[code] != name:
            raise ValueError(f"the code {code!r} has two names")


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def words(reason: Reason) -> str:
    """The reason in words, in the active language. An unknown code shows itself."""
    template = _WORDS.get(reason.code)
    if template is None:
        return reason.code.replace("_", " ").replace(".", ": ")
    params = {
        name: _CODES.get(value, value) if isinstance(value, str) else value
        for name, value in reason.params.items()
    }
    return str(template).format_map(_Lenient(params))


def known_codes() -> frozenset[str]:
    """All codes that have words; a test holds the rules against it."""
    return frozenset(_WORDS)
