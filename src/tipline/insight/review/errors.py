"""What may be wrong with a review, so that a page can say it with names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tipline.ground.foundation.errors import Conflict

if TYPE_CHECKING:
    from tipline.insight.annotation.models import LabelEvent


class SaidMeanwhile(Conflict):
    """Others have said something of the content since it came on the screen: ``changes``."""

    code = "labelled_meanwhile"

    def __init__(self, changes: Sequence[LabelEvent]) -> None:
        self.changes = tuple(changes)
        super().__init__(f"{changes[-1].author.name} has labelled this meanwhile.")


class ClosedMeanwhile(Conflict):
    """The gate does not open the file any more, by ``rule``."""

    code = "closed_meanwhile"

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(f"The gate has closed this file meanwhile, by rule {rule}.")
