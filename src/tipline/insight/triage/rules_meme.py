"""May a report be closed with one key, as a meme that everybody has seen? Pure.

Only where every reported file is, byte for byte, on our own three-person viral list, and
nothing in the report speaks of a child (DESIGN, idea 8). An ESP's own viral, meme or batch
flags count nothing here. What is not known of the list or of the incident is no "yes".
"""

from __future__ import annotations

from tipline.ground.foundation.reasons import Reason, Source
from tipline.insight.triage.features import Features
from tipline.insight.triage.rules_signs import GUARDS, Limits, find
from tipline.insight.triage.rules_terms import ALWAYS_URGENT, DANGER

#: Signs that speak for keeping it: whatever guards a report against viral flags, whatever may
#: make it urgent, and what moves danger because of people, conduct or words.
_GROUPS = frozenset({"urgency", "cues", "incident", "conduct", "people"})
STOPPING = tuple(
    dict.fromkeys(
        (
            *GUARDS,
            *ALWAYS_URGENT,
            *(sign for sign, term in DANGER.items() if term.group in _GROUPS),
        )
    )
)
#: No sign above depends on these numbers but the age of a young victim, who is a victim anyway.
_LIMITS = Limits(young_victim_years=18, stale_days=1)


def may_close_as_meme(features: Features) -> list[Reason]:
    """Why not, as reasons of no points; an empty list says that it may be closed."""
    return [*_of_list(features), *_of_type(features), *_of_signs(features)]


def _of_list(features: Features) -> list[Reason]:
    if features.all_files_on_viral_list is True:
        return []
    known = features.all_files_on_viral_list is False
    return [_why("not_on_list" if known else "list_unknown")]


def _of_type(features: Features) -> list[Reason]:
    """A type about a child that somebody talks to is a sign of its own; here only: is it known?"""
    return [_why("type_unknown")] if features.incident_type is None else []


def _of_signs(features: Features) -> list[Reason]:
    found = [(sign, find(sign, features, _LIMITS)) for sign in STOPPING]
    reasons = [finding.reason(sign, 0, "") for sign, finding in found if finding]
    if features.recipients is True:
        reasons.append(_why("recipients", Source.REPORTER))
    if features.minor_suspect is True:
        reasons.append(_why("minor_suspect", Source.REPORTER))
    return reasons


def _why(code: str, source: Source = Source.SYSTEM) -> Reason:
    return Reason(f"triage.meme.{code}", source=source)
