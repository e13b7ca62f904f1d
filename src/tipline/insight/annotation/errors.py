"""What may be wrong with a statement, so that a page can say it with names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tipline.ground.foundation.errors import Conflict, Invalid

if TYPE_CHECKING:
    from tipline.insight.annotation.models import LabelEvent


class RetiredLabel(Invalid):
    """The label may not be set any more; ``successors`` are the codes that replace it."""

    code = "retired_label"

    def __init__(self, message: str, successors: Sequence[str]) -> None:
        self.successors = tuple(successors)
        super().__init__(message, field="labels")


class ChangedMeanwhile(Conflict):
    """Somebody else has changed the very thing; ``changes`` tell what and who, oldest first."""

    code = "changed_meanwhile"

    def __init__(self, changes: Sequence[LabelEvent]) -> None:
        self.changes = tuple(changes)
        super().__init__("Somebody else has changed this meanwhile. Look at it again.")
