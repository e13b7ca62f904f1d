"""Priority levels and dispositions, as the published tables name them."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """The level that staff assign. ``E`` is what a provider's report starts with.

    1 means a child believed in imminent danger; 2 and 3 follow in that order. The urgent
    flag is separate from the level.
    """

    ESP = "E"
    ONE = "1"
    TWO = "2"
    THREE = "3"


class Disposition(StrEnum):
    """Referral (before 2024 "actionable") or informational: a lower queue, never deletion."""

    REFERRAL = "referral"
    INFORMATIONAL = "informational"
