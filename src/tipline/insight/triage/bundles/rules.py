"""Which reports belong together, and which of them may be folded. Pure.

Keys follow the reference page "domain", section 8: sender, best digest, week and address; and
for a flood the sender, the form of its reports and the hour. A key only gathers. A report is
folded under another one only where nothing keeps it out (:func:`keeps_out`) and it is like
that one in every part (:func:`likeness`): unread text, another person, place or time, another
sign of danger stand out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tipline.ground.foundation.reasons import Reason
from tipline.insight.triage.bundles.rules_form import PARTS, Form, digest
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import BundleRules, TriagePolicy
from tipline.insight.triage.rules_signs import GUARDS, find
from tipline.insight.triage.rules_terms import DANGER
from tipline.insight.triage.rules_types import Band, Urgency

COMPARED = (*PARTS, "time", "signs")
#: Signs about links: which reports are linked is asked of the links themselves.
_LINKS = frozenset({"triage.linked_reports", "triage.several_esps"})
_SIGNS = frozenset(f"triage.{sign}" for sign in DANGER) - _LINKS


class BundleKind(StrEnum):
    """Why reports are gathered: the same files, or the same form at a high rate."""

    VIRAL = "viral"
    FLOOD = "flood"


@dataclass(frozen=True, slots=True)
class Key:
    kind: BundleKind
    digest: str


def bundle_key(sender: int | None, form: Form, filed: datetime, rules: BundleRules) -> Key | None:
    """What a report is gathered by; None for one that no organisation sent.

    With files: the same sender, files, addresses and ISO week (UTC). Without: the same sender
    and form, within one window of hours.
    """
    if sender is None:
        return None
    if form.held:
        year, week, _day = filed.isocalendar()
        said = (sender, form.content, form.addresses, year, week)
        return Key(BundleKind.VIRAL, digest(BundleKind.VIRAL, *said))
    window = int(filed.timestamp() // 3600) // rules.flood_window_hours
    said = (sender, form.template, form.content, rules.flood_window_hours, window)
    return Key(BundleKind.FLOOD, digest(BundleKind.FLOOD, *said))


def least(kind: BundleKind, rules: BundleRules) -> int:
    """How many reports a bundle needs before any is folded."""
    return rules.viral_least if kind is BundleKind.VIRAL else rules.flood_least


def likeness(form: Form, result: Mapping[str, Any], rules: BundleRules) -> dict[str, str]:
    """A digest for each thing that is compared. ``result``: what :func:`judge` said.

    Incident times within the same window of hours count as the same; not given is like not
    given. ``signs``: which facts raise or lower danger, whatever their points.
    """
    found = {reason["code"] for reason in result["danger"]["reasons"]} & _SIGNS
    return {
        **form.parts,
        "time": _window(form.incident, rules.incident_hours),
        "signs": digest(sorted(found)),
    }


def _window(incident: tuple[str, int] | None, hours: int) -> str:
    return f"{incident[0]}:{incident[1] // hours}" if incident else ""


def alike(parts: Mapping[str, str]) -> str:
    """One digest over everything that is compared: equal for reports that are like each other."""
    return digest([parts.get(name, "") for name in COMPARED])


def differences(parts: Mapping[str, str], of_head: Mapping[str, str]) -> tuple[Reason, ...]:
    """In what a report differs from the head, one reason for each part."""
    return tuple(
        Reason(f"triage.bundle.{name}") for name in COMPARED if parts.get(name) != of_head.get(name)
    )


def keeps_out(
    features: Features, result: Mapping[str, Any], policy: TriagePolicy
) -> tuple[Reason, ...]:
    """Why this report is never folded, whatever it is like; empty when nothing keeps it out."""
    return (*_guards(features, policy), *_words(_others(features, result), policy))


def _guards(features: Features, policy: TriagePolicy) -> tuple[Reason, ...]:
    signs = [sign for sign in GUARDS if sign != "nexus_judged"]  # said by _judged
    found = ((sign, find(sign, features, policy.rules.limits)) for sign in signs)
    return tuple(one.reason(sign, 0, policy.stamp) for sign, one in found if one)


def _words(names: Iterable[str], policy: TriagePolicy) -> tuple[Reason, ...]:
    return tuple(Reason(f"triage.bundle.{name}", version=policy.stamp) for name in names)


def _others(features: Features, result: Mapping[str, Any]) -> Iterable[str]:
    if result["urgency"] != Urgency.NONE:
        yield "urgent"
    if result["danger"]["band"] in (Band.URGENT, Band.HIGH):
        yield "high"
    if features.cues:
        yield "cue"
    if features.recipients:
        yield "recipient"
    if features.chat_content is not False:
        yield "unread"
    if features.minor_suspect:
        yield "minor_suspect"
    if _judged(features):
        yield "judged"


def _judged(features: Features) -> bool:
    """Whether a person said something of this very report: then it is no longer one of many."""
    said = (features.disposition_judged, features.analyst_level, features.nexus_judged)
    return any(one is not None for one in said) or bool(features.urgent_refuted)
