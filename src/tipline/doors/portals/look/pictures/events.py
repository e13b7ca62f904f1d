"""Events over time: a row for each of those they happened to, a mark for each event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tipline.doors.portals.look.parts import Event, Words
from tipline.doors.portals.look.pictures.svg import element, group, percent, picture, text
from tipline.doors.portals.look.times import absolute

ROW = 36
_TOP = 4
_AXIS = 22
_SMALL = 11
_RADIUS = 4.5
#: Shares of the width left free on both sides, so that no mark is cut.
_EDGE = 0.02


def events(title: str, rows: Sequence[Words], happened: Sequence[Event]) -> SafeString:
    """The picture: from the first event at the left to the last at the right."""
    times = sorted(event.at for event in happened)
    bottom = _TOP + ROW * len(rows)
    return picture(
        title,
        describe(rows, happened),
        bottom + _AXIS,
        *(_row(words, place) for place, words in enumerate(rows)),
        *(_mark(event, times[0], times[-1]) for event in happened),
        *(_axis(times[0], times[-1], bottom) if times else ()),
        kind="events",
    )


def describe(rows: Sequence[Words], happened: Sequence[Event]) -> str:
    """Every event in the order of time."""
    told = [
        f"{absolute(event.at)} {rows[event.row]}: {event.words}"
        for event in sorted(happened, key=lambda event: event.at)
    ]
    return "; ".join(told) + "." if told else _("No event has a time with a zone.")


def share(at: datetime, first: datetime, last: datetime) -> float:
    """Where an instant lies between the first and the last, as a share of the width."""
    whole = (last - first).total_seconds()
    part = (at - first).total_seconds() / whole if whole else 0.5
    return _EDGE + (1 - 2 * _EDGE) * part


def _row(words: Words, place: int) -> SafeString:
    y = _TOP + ROW * place
    line = element(
        "line",
        x1="0%",
        x2="100%",
        y1=y + 26,
        y2=y + 26,
        class_="stays",
        stroke="currentColor",
        stroke_opacity="0.35",
    )
    return group(line, text(str(words), x=0, y=y + 13, class_="source", font_size=_SMALL))


def _mark(event: Event, first: datetime, last: datetime) -> SafeString:
    look = {"fill": "currentColor"} if event.strong else {"fill": "none", "stroke": "currentColor"}
    dot = element(
        "circle",
        cx=percent(share(event.at, first, last)),
        cy=_TOP + ROW * event.row + 26,
        r=_RADIUS,
        class_="mark" if event.strong else "hollow-mark",
        **look,
    )
    return group(dot, hover=f"{absolute(event.at)}: {event.words}", class_="event")


def _axis(first: datetime, last: datetime, y: float) -> list[SafeString]:
    ends = [text(_day(first), x="0%", y=y + 14, class_="source", font_size=_SMALL)]
    if _day(last) != _day(first):
        end = text(_day(last), x="100%", y=y + 14, anchor="end", class_="source", font_size=_SMALL)
        ends.append(end)
    return ends


def _day(instant: datetime) -> str:
    return timezone.localtime(instant).strftime("%Y-%m-%d")
