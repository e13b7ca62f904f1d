"""A policy's trial on history, and how its points were learned, in words and pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.shown_policy import number, sign_words
from tipline.doors.portals.look.parts import Calibration, Mark, Moves
from tipline.doors.portals.look.signs import BANDS, band_sign
from tipline.ground.taxonomy.levels import Disposition
from tipline.ground.taxonomy.words import label
from tipline.insight.triage.publication.rules_trial import BANDS as STEPS


@dataclass(frozen=True, slots=True)
class ShownMover:
    number: int
    url: str
    band: tuple[str, str]
    danger: tuple[int, int]
    disposition: tuple[str, str]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownTrial:
    """What a trial found so far, or at its end."""

    sentence: str
    urgent: str
    facts: tuple[tuple[str, int], ...]
    grid: Moves
    movers: tuple[ShownMover, ...]


def shown_trial(trial: Mapping[str, Any]) -> ShownTrial | None:
    """None for a version that was never tried."""
    if "tried" not in trial:
        return None
    return ShownTrial(
        sentence=_moved(trial),
        urgent=_urgent(trial),
        facts=tuple(_facts(trial)),
        grid=_grid(trial["matrix"]),
        movers=tuple(map(_mover, trial["movers"])),
    )


def _moved(trial: Mapping[str, Any]) -> str:
    said = ngettext(
        "%(n)s of %(tried)s reports moves to another band of danger.",
        "%(n)s of %(tried)s reports move to another band of danger.",
        trial["moved"],
    )
    return said % {"tried": trial["tried"], "n": trial["moved"]}


def _urgent(trial: Mapping[str, Any]) -> str:
    up, down = trial["urgent_up"], trial["urgent_down"]
    if not up + down:
        return _("None crosses the urgent line.")
    said = ngettext(
        "%(n)s crosses the urgent line (to urgent: %(up)s, from urgent: %(down)s).",
        "%(n)s cross the urgent line (to urgent: %(up)s, from urgent: %(down)s).",
        up + down,
    )
    return said % {"n": up + down, "up": up, "down": down}


def _facts(trial: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    yield _("Reports whose danger score changes"), trial["changed"]
    yield _("Informational reports that become referrals"), trial["to_referral"]
    yield _("Referrals that become informational"), trial["to_informational"]
    yield _("Reports that change their band of actionability"), trial["actionability_moved"]
    yield _("Reports that change their band of decay"), trial["decay_moved"]
    if trial["without_facts"]:
        yield _("Reports left out: their facts were not kept"), trial["without_facts"]


def _grid(matrix: Mapping[str, int]) -> Moves:
    """Bands from the most urgent to the least, old ones as rows."""
    counts = tuple(tuple(matrix.get(f"{old}>{new}", 0) for new in STEPS) for old in STEPS)
    return Moves(tuple(BANDS[step].word for step in STEPS), counts)


def _mover(mover: Mapping[str, Any]) -> ShownMover:
    before, after = mover["disposition"]
    return ShownMover(
        number=mover["number"],
        url=reverse("desk:report", args=[mover["number"]]),
        band=tuple(mover["band"]),
        danger=tuple(mover["danger"]),
        disposition=(_disposition(before), _disposition(after)),
        reasons=tuple(map(_why, mover["reasons"])),
    )


def _disposition(code: str) -> str:
    return str(label(Disposition(code)))


def _why(reason: Mapping[str, Any]) -> str:
    before, after = map(number, reason["points"])
    return f"{sign_words(reason['code'], reason['params'])} {before} → {after}"


def mover_cells(trial: Mapping[str, Any]) -> Iterator[list[object]]:
    """The largest movers as lines of a table to download."""
    yield [
        _("Report"), _("Band before"), _("Band after"), _("Danger before"), _("Danger after"),
        _("Disposition before"), _("Disposition after"), _("Reasons"),
    ]  # fmt: skip
    for mover in map(_mover, trial.get("movers", ())):
        bands = [str(band_sign(code).word) for code in mover.band]
        reasons = "; ".join(mover.reasons)
        yield [mover.number, *bands, *mover.danger, *mover.disposition, reasons]


@dataclass(frozen=True, slots=True)
class ShownLearning:
    """How points were learned: from which answers, and how well they foretell."""

    facts: tuple[tuple[str, str], ...]
    calibration: Calibration


def shown_learning(learned: Mapping[str, Any]) -> ShownLearning:
    """The record that ``./tipline policy learn`` leaves with a version."""
    loss = learned["loss"]
    facts = (
        (_("Reports with an answer that tells"), f"{learned['answers']}"),
        (_("of these: a child in danger was found"), f"{learned['positives']}"),
        (_("of these: nothing was found"), f"{learned['negatives']}"),
        (_("drawn by chance"), f"{learned['sampling']['drawn']}"),
        (_("Log loss of the points in force then (less is better)"), f"{loss['present']:.4f}"),
        (_("Log loss of these points"), f"{loss['proposed']:.4f}"),
    )
    return ShownLearning(facts, calibration_of(learned))


def calibration_of(learned: Mapping[str, Any]) -> Calibration:
    """Foretold against found, for the learned points and for those that were in force."""
    marks = learned["calibration"]
    return Calibration(
        label=_("these points"),
        marks=tuple(Mark(**mark) for mark in marks["proposed"]),
        beside_label=_("points in force then"),
        beside=tuple(Mark(**mark) for mark in marks["present"]),
        axis=_("foretold (across) and found (up)"),
    )
