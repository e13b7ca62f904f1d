"""When an entry or a list matches so much that something is wrong with it. Pure.

A fingerprint of something plain, or of what everybody shares for a day, would fill every desk.
It is set aside until a person has looked: nothing it matched is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from tipline.insight.lists.rules_policy import ListRules

#: So many days before today tell what is to be expected.
DAYS_BEFORE = 28


@dataclass(frozen=True, slots=True)
class Rate:
    """Files matched in the last day, and in so many ``days`` before it."""

    today: int
    before: int = 0
    days: int = 0

    @property
    def expected(self) -> float:
        """Files a day that the days before lead to expect; never less than one in all of them.

        Without days before it is one a day: a list that has just come proves nothing yet.
        """
        return max(self.before, 1) / self.days if self.days else 1.0


def entry_floods(rate: Rate, rules: ListRules) -> bool:
    """Whether one entry is to be set aside."""
    return _floods(rate, rules.flood_least, rules.flood_times)


def list_floods(rate: Rate, rules: ListRules) -> bool:
    """Whether a whole list is: the files that all its entries matched that are not set aside.

    A list has many entries, so it takes ten times the files of one.
    """
    return _floods(rate, rules.flood_least * 10, rules.flood_list_times)


def _floods(rate: Rate, least: int, times: int) -> bool:
    if least == 0 or rate.today < least:
        return False
    return rate.today >= times * rate.expected
