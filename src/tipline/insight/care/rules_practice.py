"""Practice: generated shapes that stand for labels, with known answers. Pure.

Nothing of it is stored: no look is counted, no label is set, no figure moves. A legend says which
shape means which label, so that people learn the keys, the screen and the way of looking without
seeing anything that they need not. Codes are those of :mod:`tipline.insight.annotation.vocabulary`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

#: So many exercises there are; each is the same every time.
MOST_EXERCISES: Final = 10_000


class Form(StrEnum):
    """The big shape in the middle: what the content is."""

    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"
    HEXAGON = "hexagon"
    STAR = "star"


class Frame(StrEnum):
    """The line around the picture: a sign, or none."""

    NONE = "none"
    ZIGZAG = "zigzag"
    DASHED = "dashed"
    DOUBLE = "double"


CONTENT_OF: Final[Mapping[Form, str]] = {
    Form.CIRCLE: "harmless",
    Form.SQUARE: "apparent_csam",
    Form.TRIANGLE: "exploitative",
    Form.HEXAGON: "unconfirmed_age",
    Form.STAR: "generated",
}
SIGN_OF: Final[Mapping[Frame, str]] = {
    Frame.ZIGZAG: "violence",
    Frame.DASHED: "production",
    Frame.DOUBLE: "live_streaming",
}
#: How many dots mean which estimated age.
AGE_OF: Final[Mapping[int, str]] = {
    1: "age_0_2",
    2: "age_3_6",
    3: "age_7_11",
    4: "age_12_14",
    5: "age_15_17",
}
#: Only these show somebody whose age is asked for.
_WITH_AGE: Final = frozenset({Form.SQUARE, Form.TRIANGLE})
CODES: Final = frozenset({*CONTENT_OF.values(), *SIGN_OF.values(), *AGE_OF.values()})


@dataclass(frozen=True, slots=True)
class Exercise:
    """One picture. ``dots``: 0 where no age is asked for; ``turn`` in degrees; ``hue`` 0 to 359."""

    number: int
    form: Form
    frame: Frame
    dots: int
    turn: int
    hue: int

    @property
    def answer(self) -> frozenset[str]:
        """The labels that are right: no more and no fewer."""
        found = {CONTENT_OF[self.form]}
        if self.frame in SIGN_OF:
            found.add(SIGN_OF[self.frame])
        if self.dots:
            found.add(AGE_OF[self.dots])
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What was right, what was missed and what is not there, as codes."""

    right: frozenset[str]
    missed: frozenset[str]
    extra: frozenset[str]

    @property
    def perfect(self) -> bool:
        return not self.missed and not self.extra


def exercise(number: int) -> Exercise:
    """The exercise of this number, from 1 on; the same number is the same picture for ever."""
    draws = _draws(number)
    form = list(Form)[next(draws) % len(Form)]
    frame = list(Frame)[next(draws) % len(Frame)]
    dots = 1 + next(draws) % len(AGE_OF) if form in _WITH_AGE else 0
    return Exercise(number, form, frame, dots, next(draws) % 40 - 20, next(draws) * 360 // 256)


def _draws(number: int) -> Iterator[int]:
    return iter(sha256(f"practice-1:{number}".encode()).digest())


def feedback(shown: Exercise, given: Iterable[str]) -> Feedback:
    """Compare what somebody said with what is there."""
    said = frozenset(given)
    return Feedback(said & shown.answer, shown.answer - said, said - shown.answer)
