"""A check as plain JSON values, with words for people in the active language.

The shape is documented in ``docs/reference/esp-door.md``; keys are added, never renamed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

# Importing the words registers them.
from tipline.ground.foundation.reasons import Reason, words
from tipline.insight.triage import words as _triage
from tipline.pipeline.check.facts_later import Later
from tipline.pipeline.check.rules_check import Checked
from tipline.record.reports.words import lack

ROOMS_WITH_WORDS = (_triage,)

LATER = {
    Later.UPLOADS: _("What the uploaded files hold."),
    Later.COPIES: _("Whether a file came before."),
    Later.LISTS: _("Whether a file is on a list of widely seen material."),
    Later.OPENINGS: _("Warrants, consents and the gate's policy."),
    Later.LABELS: _("What analysts see in the files."),
    Later.LINKS: _("Links to other reports that a person accepted."),
    Later.JUDGEMENTS: _("What analysts decide."),
    Later.RECORD: _("How useful agencies found earlier reports."),
    Later.CROWD: _("Reports of the same, and their number."),
    Later.TIME: _("The time that passes."),
}
"""What the check does not look at and the pipeline does, in words."""


def as_json(file: str, checked: Checked) -> dict[str, Any]:
    """``file`` is the name that the caller knows it by."""
    result = checked.result
    return {
        "file": file,
        "valid": checked.valid,
        "readable": checked.readable,
        "strict": checked.strict,
        "errors": [asdict(one) for one in checked.errors],
        "warnings": [asdict(one) for one in checked.warnings],
        "missing": [_missing(code) for code in checked.missing],
        "would_help": [_wish(reason) for reason in checked.would_help],
        **(_judgement(result) if result is not None else _NO_JUDGEMENT),
        "may_change": [{"code": code.value, "words": str(text)} for code, text in LATER.items()],
    }


_NO_JUDGEMENT: Mapping[str, Any] = {
    "disposition": None,
    "failing": None,
    "reasons": [],
    "urgency": None,
    "level": None,
    "danger": None,
    "actionability": None,
}


def _judgement(result: Mapping[str, Any]) -> dict[str, Any]:
    failing = result["failing"]
    return {
        "disposition": result["disposition"],
        "failing": _told(failing) if failing else None,
        "reasons": _reasons(result["tests"]),
        "urgency": result["urgency"],
        "level": result["level"],
        **{name: _score(result[name]) for name in ("danger", "actionability")},
    }


def _score(score: Mapping[str, Any]) -> dict[str, Any]:
    """The band, the points, and the reasons that make them, the strongest first."""
    ordered = sorted(score["reasons"], key=lambda reason: -abs(reason["points"]))
    return {"band": score["band"], "value": score["value"], "reasons": _reasons(ordered)}


def _reasons(stored: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_told(one) for one in stored]


def _told(stored: Mapping[str, Any]) -> dict[str, Any]:
    reason = Reason.from_json(stored)
    return {
        "code": reason.code,
        "words": words(reason),
        "points": reason.points,
        "source": reason.source.value,
    }


def _missing(code: str) -> dict[str, str]:
    lacks = lack(code)
    return {"code": code, "words": str(lacks.words), "fix": str(lacks.fix)}


def _wish(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "words": words(reason), **reason.params}
