"""Policies in words: versions, acts, and what a version changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tipline.ground.foundation.reasons import Reason, words
from tipline.insight.triage import words as _registered
from tipline.insight.triage.publication.rules_diff import Change

if TYPE_CHECKING:
    from tipline.ground.publication.queries import Line

ROOMS_WITH_WORDS = (_registered,)
#: What a reason says of its own report is no part of a policy.
_OPEN = dict.fromkeys(("words", "age", "class", "days", "limit"), "…")
_NOTHING = "\N{EN DASH}"

_SECTIONS = {
    "limits": gettext_lazy("Limits"),
    "urgent.also": gettext_lazy("Urgent as well"),
    "danger.bounds": gettext_lazy("Danger: bounds"),
    "danger.bands": gettext_lazy("Danger: bands"),
    "danger.caps": gettext_lazy("Danger: the most that a group may add"),
    "danger.points": gettext_lazy("Danger: points"),
    "actionability.bounds": gettext_lazy("Actionability: bounds"),
    "actionability.bands": gettext_lazy("Actionability: bands"),
    "actionability.caps": gettext_lazy("Actionability: the most that a group may add"),
    "actionability.points": gettext_lazy("Actionability: points"),
    "decay.points": gettext_lazy("Decay: points for days left"),
    "decay.alarms": gettext_lazy("Decay: alarms"),
    "decay.bands": gettext_lazy("Decay: bands"),
    "disposition": gettext_lazy("Tests of the disposition"),
    "disposition.no_nexus_types": gettext_lazy("Types that show no exploitation"),
    "disposition.no_nexus_signs": gettext_lazy("Words of a sender against exploitation"),
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """``words``: what the value is about; empty where the key says it all."""

    key: str
    words: str
    before: str
    after: str


def sections(changes: Sequence[Change]) -> list[tuple[str, list[ShownChange]]]:
    """The changes under their headings, in the order of the file."""
    found: dict[str, list[ShownChange]] = {}
    for change in changes:
        heading = str(_SECTIONS.get(change.section, change.section))
        found.setdefault(heading, []).append(_shown(change))
    return list(found.items())


def _shown(change: Change) -> ShownChange:
    return ShownChange(change.name, _about(change), _value(change.before), _value(change.after))


def _about(change: Change) -> str:
    """A sign in the words of its reason."""
    if change.section.endswith(".points") and not change.section.startswith("decay"):
        return sign_words(f"triage.{change.name}")
    return sign_words(f"triage.{change.name}") if change.section == "urgent.also" else ""


def _value(value: object) -> str:
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return number(value) if isinstance(value, int) else str(value)


def number(value: int) -> str:
    """A whole number with a real minus."""
    return str(value).replace("-", "\N{MINUS SIGN}")


def sign_words(code: str, params: Mapping[str, Any] | None = None) -> str:
    """The words of a reason; what only its report could say is left open."""
    return words(Reason(code, {**_OPEN, **(params or {})}))


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One line of the list of versions."""

    stamp: str
    url: str
    by: str
    at: Any
    note: str
    state: str
    in_force: bool


def shown_versions(lines: Sequence[Line], digest: str, route: str, unit: str) -> list[ShownVersion]:
    """The versions; ``digest`` is what is in force, ``unit`` what they are tried on."""
    return [
        ShownVersion(
            stamp=f"{line.row.name}@{line.row.version}",
            url=reverse(route, args=[line.row.pk]),
            by=line.row.proposed_by.name if line.row.proposed_by else _NOTHING,
            at=line.row.proposed_at,
            note=line.row.note,
            state=_state(line, digest, unit),
            in_force=line.row.digest == digest,
        )
        for line in lines
    ]


def _state(line: Line, digest: str, unit: str) -> str:
    if line.row.digest == digest:
        return _("in force")
    if line.trial_state == "running":
        of = {"done": line.row.trial_done, "of": line.row.trial_of, "unit": unit}
        return _("being tried: %(done)d of %(of)d %(unit)s") % of
    if line.trial_state == "done" and line.trial_against == digest:
        return _("tried, may be published")
    if line.trial_state:
        return _("tried against another policy")
    return _("not tried yet")


@dataclass(frozen=True, slots=True)
class ShownAct:
    """One act: what came in force, when, by whom and why."""

    what: str
    stamp: str
    by: str
    at: Any
    reason: str


def shown_acts(acts: Sequence[Any], shipped: str) -> list[ShownAct]:
    """The acts, the newest first; ``shipped``: the stamp of the program's own file."""
    kinds = {"published": _("published"), "taken-back": _("brought back")}
    return [
        ShownAct(
            what=kinds.get(act.kind, act.kind),
            stamp=f"{act.policy.name}@{act.policy.version}" if act.policy else shipped,
            by=act.by.name,
            at=act.at,
            reason=act.reason,
        )
        for act in acts
    ]
