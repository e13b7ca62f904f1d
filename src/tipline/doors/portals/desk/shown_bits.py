"""A link's evidence in bits, for the picture of the look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from tipline.doors.portals.look.parts import Weighed, Weight
from tipline.ground.foundation.reasons import Reason, Source, words
from tipline.insight.entities.proposals.evidence import waterfall_of
from tipline.insight.entities.scoring.rules_model import POINTS_A_BIT
from tipline.insight.entities.scoring.rules_waterfall import Bar, BarKind, odds
from tipline.insight.entities.scoring.words import group_words

#: Greater odds are no more than a model's saying: they are not spelt out.
_MOST_ODDS: Final = 1_000_000


def weighed(reasons: Sequence[Reason], version: str) -> Weighed | None:
    """The bars of the reasons of a link of this version.

    None where they are not in bits, as links of before had it.
    """
    if not all(reason.code.startswith(("bits.", "link.")) for reason in reasons):
        return None
    if not any(reason.code.startswith("bits.") for reason in reasons):
        return None
    among = waterfall_of(reasons, version)
    made = among.waterfall
    total = odds_words(made.points) if made.has_prior else _("Evidence in all")
    line = None
    if made.least is not None:
        line = (made.least / POINTS_A_BIT, _("proposed from here on"))
    return Weighed(
        tuple(_weight(bar, among.subjects) for bar in made.bars),
        total,
        line,
        tuple(words(reason) for reason in made.explaining),
    )


def _weight(bar: Bar, subjects: int) -> Weight:
    source = bar.reason.source if bar.reason else Source.SYSTEM
    return Weight(_bar_words(bar, subjects), bar.points / POINTS_A_BIT, source)


def _bar_words(bar: Bar, subjects: int) -> str:
    if bar.kind is BarKind.PRIOR or bar.reason is None:
        told = {"n": f"{subjects:,}"}
        return _("Before any evidence: one of %(n)s subjects and another") % told
    if bar.kind is BarKind.FREQUENCY:
        return _rarity_words(bar.reason.params, rarer=bar.points > 0)
    if group := bar.reason.params.get("group"):
        return f"{words(bar.reason)} ({group_words(str(group))})"
    return words(bar.reason)


def _rarity_words(params: Any, *, rarer: bool) -> str:
    told = {"count": f"{params['count']:,}", "subjects": f"{params['subjects']:,}"}
    if rarer:
        return _("Rarer than most: on %(count)s of %(subjects)s accounts") % told
    return _("More common than most: on %(count)s of %(subjects)s accounts") % told


def odds_words(points: int) -> str:
    """What the sum comes to, as odds; never as a share of certainty."""
    more, less = odds(points)
    if max(more, less) > _MOST_ODDS:
        most = {"most": f"{_MOST_ODDS:,}"}
        if more > less:
            return (
                _("Odds of more than %(most)s to 1 that they are one person, by this model") % most
            )
        return _("Odds of more than %(most)s to 1 against one person, by this model") % most
    if more >= less:
        return _("Odds of %(more)s to 1 that they are one person, by this model") % {
            "more": f"{more:,}"
        }
    return _("Odds of %(less)s to 1 against one person, by this model") % {"less": f"{less:,}"}
