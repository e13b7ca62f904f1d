"""How often people found links right, as the page of figures shows it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tipline.doors.portals.look.parts import Fact, Table
from tipline.doors.portals.look.pictures.bars import figure
from tipline.ground.foundation.reasons import Reason, words
from tipline.insight.entities.judging.rules_precision import BANDS, Precision, Tally


def judged_facts(found: Precision) -> tuple[Fact, ...]:
    """How many were judged, and the share of all of them."""
    return (
        Fact(_("Links judged"), figure(found.whole.judged)),
        Fact(_("Confirmed"), _share(found.whole)),
        Fact(_("95 % interval"), _interval(found.whole)),
    )


def level_table(found: Precision) -> Table:
    """By comparison and level, the nearest first."""
    rows = (
        (words(Reason(f"bits.{comparison}.{level}")), *_cells(tally))
        for (comparison, level), tally in found.levels.items()
    )
    return Table((_("What spoke for the link"), *_headings()), tuple(rows))


def band_table(found: Precision) -> Table:
    """By bits, from few to many; bands in which nothing was judged are left out."""
    rows = ((_band(band), *_cells(tally)) for band, tally in found.bands.items() if tally.judged)
    return Table((_("Bits"), *_headings()), tuple(rows))


def _headings() -> tuple[str, ...]:
    return (_("Confirmed"), _("Told apart"), _("Right"), _("95 % interval"))


def _cells(tally: Tally) -> tuple[str, ...]:
    return (figure(tally.right), figure(tally.wrong), _share(tally), _interval(tally))


def _share(tally: Tally) -> str:
    return "\N{EN DASH}" if tally.share is None else f"{100 * tally.share:.1f} %"


def _interval(tally: Tally) -> str:
    if not tally.judged:
        return "\N{EN DASH}"
    low, high = (100 * end for end in tally.interval)
    return _("%(low).1f to %(high).1f %%") % {"low": low, "high": high}


def _band(band: int | None) -> str:
    if band is None:
        return _("below %(high)d") % {"high": BANDS[1]}
    above = [one for one in BANDS if one is not None and one > band]
    if not above:
        return _("%(low)d and more") % {"low": band}
    return _("%(low)d to %(high)d") % {"low": band, "high": above[0]}
