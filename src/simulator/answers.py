"""How a synthetic agency answers a referred report, given what is really so.

The form and its closed lists are those on which agencies answer today (domain reference,
section 9, source OJ23); a third of the deliveries of 2023 were answered. What follows from
which truth is our guess, meant for demos and for weights that learn: urgent and linked
reports lead to more, reports without place or content to less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from random import Random
from typing import Any

from simulator.dice import dice

RESPONSE_SHARE = 0.34  # of deliveries to the US task forces, 2023


class Status(StrEnum):
    """What became of the report at the agency."""

    CONVICTION = "conviction"
    ARREST = "arrest"
    ONGOING = "ongoing"
    REFERRED = "referred"
    CLOSED = "closed"


class ClosingReason(StrEnum):
    """Why it was closed without more."""

    SUBJECT_NOT_LOCATED = "subject_not_located"
    ESP_RESPONSE_EMPTY = "esp_response_empty"
    NO_CRIME = "no_crime"
    NO_PROSECUTORIAL_MERIT = "no_prosecutorial_merit"
    ADULT = "adult"
    AGE_UNDETERMINED = "age_undetermined"
    FALSE_REPORT = "false_report"
    UNFOUNDED = "unfounded"
    DECEASED = "deceased"
    OTHER = "other"


class NotUsefulReason(StrEnum):
    """Why the information was of no use."""

    STALE = "stale"
    LIMITED = "limited"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class AgencyAnswer:
    """One filled form; a field that the form does not ask for is None.

    ``additional_victims``: how many more children were found. ``useful``: whether the
    information helped; ``not_useful_reason`` says why not.
    """

    status: Status
    closing_reason: ClosingReason | None = None
    child_identified: bool | None = None
    additional_victims: int | None = None
    self_production: bool | None = None
    useful: bool = True
    not_useful_reason: NotUsefulReason | None = None

    def as_json(self) -> dict[str, Any]:
        """The form's fields by name, None where it was not asked."""
        return asdict(self)


def agency_answer(
    truth: Mapping[str, Any], seed: int, response_share: float = RESPONSE_SHARE
) -> AgencyAnswer | None:
    """The answer to one report, or None when the agency never answers.

    ``truth``: :meth:`ReportTruth.as_json` or a line of the truth file. ``response_share``:
    how many reports are answered at all, 0 to 1. The same truth and seed, the same answer.
    """
    pick = dice("answer", seed, truth["report"], truth["subject"])
    if pick.random() >= response_share:
        return None
    if truth["urgent"] or (truth["linked_reports"] and pick.random() < 0.5):
        return _found(truth, pick)
    if truth["scene"] in ("viral", "poor") or not truth["expected_region"]:
        return _closed(_dead_end(truth, pick), pick)
    status = pick.choices(
        (Status.ONGOING, Status.REFERRED, Status.ARREST, Status.CLOSED), (45, 15, 10, 30)
    )[0]
    if status is Status.CLOSED:
        return _closed(pick.choice(list(ClosingReason)), pick)
    return _arrest(truth, pick) if status is Status.ARREST else AgencyAnswer(status)


def _found(truth: Mapping[str, Any], pick: Random) -> AgencyAnswer:
    status = pick.choices((Status.ARREST, Status.ONGOING, Status.CONVICTION), (55, 35, 10))[0]
    return _arrest(truth, pick) if status is Status.ARREST else AgencyAnswer(status)


def _arrest(truth: Mapping[str, Any], pick: Random) -> AgencyAnswer:
    child = bool(truth["victims"]) or pick.random() < 0.3
    more = pick.choice((0, 0, 1, 2)) if child else 0
    return AgencyAnswer(Status.ARREST, child_identified=child, additional_victims=more)


def _dead_end(truth: Mapping[str, Any], pick: Random) -> ClosingReason:
    if not truth["expected_region"]:
        return ClosingReason.SUBJECT_NOT_LOCATED
    if truth["scene"] == "viral":
        return pick.choice(
            (ClosingReason.NO_CRIME, ClosingReason.NO_PROSECUTORIAL_MERIT, ClosingReason.UNFOUNDED)
        )
    return pick.choice((ClosingReason.ESP_RESPONSE_EMPTY, ClosingReason.SUBJECT_NOT_LOCATED))


def _closed(reason: ClosingReason, pick: Random) -> AgencyAnswer:
    useful = pick.random() < 0.3
    return AgencyAnswer(
        Status.CLOSED,
        closing_reason=reason,
        child_identified=False,
        self_production=pick.random() < 0.1,
        useful=useful,
        not_useful_reason=None if useful else pick.choice(list(NotUsefulReason)),
    )
