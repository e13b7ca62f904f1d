"""What the readers of the three kinds share: a place in the bytes, and how they refuse."""

from __future__ import annotations

from dataclasses import dataclass


class Unfit(Exception):  # noqa: N818 - caught at the edge of the rules, where it becomes a Refused
    """The bytes are not what their beginning says; ``code`` is that of the refusal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


CUT_SHORT = "metadata.cut_short"
NOT_AS_IT_SAYS = "metadata.not_as_it_says"
TOO_MANY_PARTS = "metadata.too_many_parts"
#: A file of the largest size in parts of their usual size has half as many steps.
MOST_STEPS = 1_000_000


@dataclass(slots=True)
class Cursor:
    """A place in the bytes; reading past their end is a file cut short."""

    data: memoryview
    at: int = 0
    steps: int = 0

    def take(self, size: int) -> memoryview:
        """The next ``size`` bytes, and beyond them. Raises Unfit, also after too many steps."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Unfit(TOO_MANY_PARTS)
        end = self.at + size
        if end > len(self.data):
            raise Unfit(CUT_SHORT)
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self, size: int) -> int:
        """An unsigned number, the highest byte first."""
        return int.from_bytes(self.take(size), "big")
