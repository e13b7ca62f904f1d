"""A link model beside the one in force: what its levels are worth, and what a trial found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tipline.doors.portals.desk.shown_policy import ShownChange
from tipline.doors.portals.look.parts import Shift, Words
from tipline.doors.portals.look.pictures.bits import in_bits
from tipline.ground.publication.rules import Change
from tipline.insight.entities.history.queries import standing
from tipline.insight.entities.publication.rules_diff import LevelChange, levels, others
from tipline.insight.entities.scoring.rules_model import POINTS_A_BIT, LinkModel
from tipline.insight.entities.scoring.words import comparison_words, group_words, level_words

#: Rows of the picture; the table below it has all.
MOST_DRAWN = 12
_NOTHING = "\N{EN DASH}"
_PRIOR = {
    "matches_per_subject": gettext_lazy("other reports about the same person, of an average one"),
    "least_odds_bits": gettext_lazy("log2 odds from which a pair is proposed"),
    "subjects": gettext_lazy("how many subjects there are"),
    "needed": gettext_lazy("bits that a pair needs by that"),
}
_CAPS = {
    "shared": gettext_lazy("an address that many people use at once"),
    "mentioned": gettext_lazy("what only texts mention"),
}
_SAID = {
    "waiting": gettext_lazy("Waiting for a person"),
    "confirmed": gettext_lazy("Confirmed by a person"),
    "rejected": gettext_lazy("Rejected by a person"),
    "unsure": gettext_lazy("Left unsure"),
    "new": gettext_lazy("No link now"),
}


def shown_levels(old: LinkModel, new: LinkModel) -> list[Shift]:
    """The levels that move most, for the picture; none when nobody could see that one moves."""
    moving = sorted((one for one in levels(old, new) if one.moves), key=lambda one: -abs(one.by))
    return [
        Shift(f"{_level(one)} ({_comparison(one)})", one.before, one.after)
        for one in moving[:MOST_DRAWN]
    ]


def shown_sections(old: LinkModel, new: LinkModel) -> list[tuple[str, list[ShownChange]]]:
    """What differs, under headings: the prior and caps, then comparison by comparison."""
    found: dict[str, list[ShownChange]] = {}
    for change in others(old, new):
        heading, shown = _other(change)
        found.setdefault(heading, []).append(shown)
    for one in levels(old, new):
        if one.moves:
            found.setdefault(_heading(one), []).append(
                ShownChange(one.level, _level(one), in_bits(one.before), in_bits(one.after))
            )
    return list(found.items())


def _heading(one: LevelChange) -> str:
    return _("In bits: %s") % _comparison(one)


def _comparison(one: LevelChange) -> str:
    return comparison_words(one.comparison)


def _level(one: LevelChange) -> str:
    return level_words(one.comparison, one.level)


def _other(change: Change) -> tuple[str, ShownChange]:
    part, _dot, rest = change.section.partition(".")
    before, after = _value(change.before), _value(change.after)
    if part == "prior":
        return _("What a proposal needs"), _shown(change, str(_PRIOR[change.name]))
    if part == "caps":
        words = str(_CAPS.get(change.name, "")) or group_words(change.name)
        return _("The most that a group may add, in bits"), _shown(change, words)
    if part == "group":
        about = ShownChange(change.name, comparison_words(change.name), before, after)
        return _("Groups of evidence that counts once"), about
    headings = {
        "by_frequency": _("Levels where the value's own frequency stands in"),
        "neutral": _("Levels that count nothing"),
    }
    return headings[part], _shown(change, level_words(rest, change.name))


def _shown(change: Change, words: str) -> ShownChange:
    return ShownChange(change.name, words, _value(change.before), _value(change.after))


def _value(value: object) -> str:
    if value is None:
        return _NOTHING
    return _("yes") if value is True else str(value).replace("-", "\N{MINUS SIGN}")


@dataclass(frozen=True, slots=True)
class ShownKind:
    """Pairs of one kind: how many were tried, are proposed under either, cross the line."""

    words: str
    tried: int
    before: int
    after: int
    gone: int
    come: int


@dataclass(frozen=True, slots=True)
class ShownMover:
    """One pair that crosses the line; bits as text."""

    low: int
    low_url: str
    high: int
    high_url: str
    words: str
    before: str
    after: str
    comes: bool


@dataclass(frozen=True, slots=True)
class ShownTrial:
    sentence: str
    judged: str
    kinds: tuple[ShownKind, ...]
    reports: int
    movers: tuple[ShownMover, ...]


def shown_trial(trial: Mapping[str, Any]) -> ShownTrial | None:
    """None for a model that was never tried."""
    if "pairs" not in trial:
        return None
    kinds = {said: ShownKind(str(_SAID[said]), *counts) for said, counts in trial["pairs"].items()}
    return ShownTrial(
        _sentence(kinds, trial["reports"]),
        _judged(kinds),
        tuple(kinds[said] for said in _SAID if kinds[said].tried),
        trial["reports"],
        tuple(map(_mover, trial["movers"])),
    )


def _sentence(kinds: Mapping[str, ShownKind], reports: int) -> str:
    gone, come = kinds["waiting"].gone, kinds["new"].come + kinds["waiting"].come
    goes = ngettext("%(n)s proposal goes", "%(n)s proposals go", gone) % {"n": gone}
    comes = ngettext("%(n)s pair becomes one", "%(n)s pairs become one", come) % {"n": come}
    return _(
        "Of %(waiting)s that wait %(goes)s; among what %(reports)s reports meet %(comes)s."
    ) % {
        "waiting": kinds["waiting"].tried,
        "goes": goes,
        "reports": reports,
        "comes": comes,
    }


def _judged(kinds: Mapping[str, ShownKind]) -> str:
    """What people said yes or no to, under the new line; empty where nobody said anything."""
    yes, no = kinds["confirmed"], kinds["rejected"]
    if not yes.tried and not no.tried:
        return ""
    return _(
        "Of %(yes)s confirmed pairs it would propose %(yes_after)s (now %(yes_before)s), of %(no)s "
        "rejected ones %(no_after)s (now %(no_before)s). What was judged keeps its judgement."
    ) % {
        "yes": yes.tried,
        "yes_after": yes.after,
        "yes_before": yes.before,
        "no": no.tried,
        "no_after": no.after,
        "no_before": no.before,
    }


def _mover(one: Mapping[str, Any]) -> ShownMover:
    before, after = (in_bits(points / POINTS_A_BIT) for points in one["points"])
    low, high = (reverse("desk:report", args=[one[side]]) for side in ("low", "high"))
    return ShownMover(
        one["low"],
        low,
        one["high"],
        high,
        str(_SAID[one["said"]]),
        before,
        after,
        one["comes"],
    )


def mover_cells(trial: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    """The same as rows of a table."""
    yield ("report", "report", "what it is now", "bits before", "bits after", "becomes a proposal")
    for shown in map(_mover, trial.get("movers", ())):
        yield (
            shown.low,
            shown.high,
            shown.words,
            shown.before,
            shown.after,
            "yes" if shown.comes else "no",
        )


def shown_history() -> Words:
    """Whether the links that are there were made by what is in force."""
    now = standing()
    if now.under_way:
        return _("History is being linked again.")
    if now.behind:
        return _(
            "Links that are there were not all made by it: ./tipline links again makes them anew. "
            "What people judged stays as they judged it."
        )
    return ""
