"""The values that pages hand to the look: plain, frozen, free of any room's types.

Words (``label``, ``words``, ...) are for people and may be lazy translations. Addresses
are paths of this site. Every text is escaped when it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from tipline.ground.foundation.reasons import Source

Words = str | Promise
"""Text for people: a string or a lazy translation."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link of a navigation or a saved view; ``key`` as in ``data-key`` ("g q")."""

    label: Words
    url: str
    key: str = ""
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, as the header shows it."""

    name: str
    persona: Words
    organisation: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """A credit that a data licence asks for, shown in the footer."""

    label: Words
    words: Words


@dataclass(frozen=True, slots=True)
class Undo:
    """What was just done, and where a POST takes it back."""

    words: Words
    url: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything around a page: one per door and request.

    ``nav_more``: pages that are not of every day, folded behind one word; the one that is open
    stands outside. ``help_line`` and ``exit_url`` belong to the public door: a number to call,
    and the neutral address to which the quick exit leads.
    """

    desk: Words
    home_url: str = "/"
    nav: tuple[NavItem, ...] = ()
    nav_more: tuple[NavItem, ...] = ()
    person: Person | None = None
    sign_out_url: str = ""
    attributions: tuple[Attribution, ...] = ()
    undo: Undo | None = None
    help_line: Words = ""
    exit_url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a section: what is said, and who says it.

    ``note`` stands small beside the value (a trust, the original of a time).
    ``children`` nest: a person, and below it their addresses.
    """

    label: Words
    value: object = ""
    source: Source | None = None
    note: Words = ""
    children: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class EspFlag:
    """A flag that the ESP set on a file; ``None`` means that it said nothing."""

    words: Words
    value: bool | None


@dataclass(frozen=True, slots=True)
class LabelTag:
    """A label on a file and who put it there."""

    words: Words
    source: Source = Source.ANALYST


@dataclass(frozen=True, slots=True)
class GateState:
    """The legal gate's answer for one file: the rule that decided, and why in words."""

    open: bool
    rule: str
    words: Words
    version: str = ""


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file as a card. No ``preview_url``: the card says ``gate.words`` in its place.

    ``size`` in bytes; ``seen_before`` counts earlier arrivals of the same bytes; ``revealed``:
    the picture is not the small grey one; ``stills``: it is a strip of so many frames of a film.
    """

    name: str
    digest: str
    media_type: str
    size: int
    gate: GateState
    seen_before: int = 0
    seen_before_url: str = ""
    esp_flags: tuple[EspFlag, ...] = ()
    labels: tuple[LabelTag, ...] = ()
    url: str = ""
    preview_url: str = ""
    revealed: bool = False
    stills: int = 0
    badge: Words = ""

    @property
    def digest_short(self) -> str:
        """The first twelve characters: enough to tell files of one report apart."""
        return self.digest[:12]


@dataclass(frozen=True, slots=True)
class Moment:
    """A station in a report's life; ``at`` is ``None`` while it has not come."""

    label: Words
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar picture. ``value`` ``None``: withheld, ``note`` says why."""

    label: Words
    value: float | None
    note: Words = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One small multiple: (label of the column, value) in order.

    ``ranges``: none, or one per point: (low, high) between which the true value lies.
    """

    label: Words
    points: tuple[tuple[str, float], ...]
    ranges: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """A value before and after, of either sign."""

    label: Words
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Moves:
    """Counts from step to step: ``counts[from][to]``, as many rows and columns as ``steps``."""

    steps: tuple[Words, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A group of cases: the share foretold, the share found, its interval; all 0 to 1."""

    foretold: float
    found: float
    low: float
    high: float
    cases: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Marks of what is judged, and of what it is compared with."""

    label: Words
    marks: tuple[Mark, ...]
    beside_label: Words
    beside: tuple[Mark, ...]
    axis: Words


@dataclass(frozen=True, slots=True)
class Weight:
    """One bar of a sum of evidence, in bits."""

    label: Words
    bits: float
    source: Source = Source.SYSTEM


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sum of evidence in bits, bar by bar. ``explaining``: what moved nothing.

    ``line``: bits from which something follows, and what; None where none is known.
    """

    weights: tuple[Weight, ...]
    total_label: Words
    line: tuple[float, Words] | None = None
    explaining: tuple[Words, ...] = ()

    @property
    def total(self) -> float:
        return sum(weight.bits for weight in self.weights)


TIES = ("automatic", "confirmed", "proposed", "other")
"""How a tie of a picture is drawn: a thick line, two lines, dashes, dots."""


@dataclass(frozen=True, slots=True)
class Node:
    """One of those that are tied. ``note`` stands small beside its label."""

    label: Words
    note: Words = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie between two nodes, by their places in the list. ``style``: one of :data:`TIES`.

    ``number`` stands at the tie and in the table; ``bridge``: without it all falls into two.
    """

    low: int
    high: int
    style: str
    number: int
    words: Words
    bridge: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something at an instant, in one row of a picture. ``strong``: drawn filled."""

    row: int
    at: datetime
    words: Words
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The table behind a picture: a heading row and rows of cells."""

    headings: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
