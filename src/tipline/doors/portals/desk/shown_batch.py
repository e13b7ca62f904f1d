"""A batch act on its pages: what it would do to which, what it did, what it left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tipline.doors.portals.desk.shown_queue import Row, rows_of
from tipline.doors.portals.desk.shown_reasons import reasons_of, sentences
from tipline.insight.triage.batches.rules import Act

if TYPE_CHECKING:
    from tipline.insight.triage.batches.queries import Previewed
    from tipline.insight.triage.models import BatchAct, QueueEntry

NAMES: dict[Act, str | Promise] = {
    Act.DONE: gettext_lazy("Done"),
    Act.CLAIM: gettext_lazy("Claim"),
    Act.RELEASE: gettext_lazy("Release"),
    Act.MEME: gettext_lazy("Close as memes"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A report of the act; ``row`` is None when the queue does not know it. ``why``: words."""

    number: int
    url: str
    row: Row | None
    why: str


def will_words(act: Act, count: int) -> str:
    """What is going to happen to so many."""
    return {
        Act.DONE: ngettext("%(n)d report will be done.", "%(n)d reports will be done.", count),
        Act.CLAIM: ngettext(
            "You will have %(n)d report for half an hour.",
            "You will have %(n)d reports for half an hour.",
            count,
        ),
        Act.RELEASE: ngettext(
            "%(n)d report will be given back.", "%(n)d reports will be given back.", count
        ),
        Act.MEME: ngettext(
            "%(n)d report will be closed as a meme.",
            "%(n)d reports will be closed as memes.",
            count,
        ),
    }[act] % {"n": count}


def did_words(act: Act, count: int) -> str:
    """What has happened to so many."""
    return {
        Act.DONE: ngettext("%(n)d report is done.", "%(n)d reports are done.", count),
        Act.CLAIM: ngettext(
            "You have %(n)d report for half an hour.",
            "You have %(n)d reports for half an hour.",
            count,
        ),
        Act.RELEASE: ngettext("%(n)d report given back.", "%(n)d reports given back.", count),
        Act.MEME: ngettext(
            "%(n)d report is closed as a meme.", "%(n)d reports are closed as memes.", count
        ),
    }[act] % {"n": count}


def left_words(count: int) -> str:
    """How many were, or will be, left alone; empty for none."""
    if not count:
        return ""
    return ngettext("%(n)d is left alone.", "%(n)d are left alone.", count) % {"n": count}


def preview_lines(
    found: Sequence[Previewed], me: int | None, now: datetime
) -> tuple[list[Line], list[Line]]:
    """Those that the act fits, and those that it leaves alone with why."""
    lines = _lines(
        {one.number: one.entry for one in found},
        {one.number: sentences(one.why_not) for one in found},
        me,
        now,
    )
    return [line for line in lines if not line.why], [line for line in lines if line.why]


def act_lines(
    why: Mapping[str, Any] | Iterable[str],
    places: Mapping[int, QueueEntry],
    me: int | None,
    now: datetime,
) -> list[Line]:
    """Reports of an act that was done; ``why`` maps numbers to stored reasons, or lists them."""
    stored = why if isinstance(why, Mapping) else dict.fromkeys(why, ())
    return _lines(
        {int(number): places.get(int(number)) for number in stored},
        {int(number): sentences(reasons_of(reasons)) for number, reasons in stored.items()},
        me,
        now,
    )


def _lines(
    places: Mapping[int, QueueEntry | None],
    why: Mapping[int, str],
    me: int | None,
    now: datetime,
) -> list[Line]:
    entries = [entry for entry in places.values() if entry is not None]
    rows = {row.number: row for row in rows_of(entries, me, now)}
    return [
        Line(number, reverse("desk:report", args=[number]), rows.get(number), why[number])
        for number in places
    ]


@dataclass(frozen=True, slots=True)
class ShownAct:
    """A batch act in one line, as the hand-over lists it."""

    url: str
    name: str
    by: str
    at: datetime
    did: str
    left: str
    reason: str
    state: str


def shown_act(row: BatchAct) -> ShownAct:
    act = Act(row.verb)
    return ShownAct(
        url=reverse("desk:batch-act", args=[row.pk]),
        name=str(NAMES[act]),
        by=row.by.name,
        at=row.at,
        did=ngettext("%(n)d report", "%(n)d reports", len(row.before)) % {"n": len(row.before)},
        left=left_words(len(row.skipped)),
        reason=row.reason,
        state=state_words(row),
    )


def state_words(row: BatchAct) -> str:
    """Where the act stands."""
    if row.state == "undone":
        who = row.undone_by.name if row.undone_by else ""
        return _("undone by %(who)s") % {"who": who}
    return {
        "doing": _("not finished yet"),
        "done": _("done"),
        "undoing": _("being undone"),
    }[row.state]
