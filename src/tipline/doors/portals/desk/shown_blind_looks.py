"""Second looks as the desk shows them: never a label before the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_labels import label_words
from tipline.doors.portals.look.parts import Fact, Table
from tipline.doors.portals.look.pictures.bars import figure
from tipline.ground.foundation.reasons import Source
from tipline.insight.annotation.looks.queries import authors_of
from tipline.insight.annotation.looks.rules import Answer

if TYPE_CHECKING:
    from tipline.ground.foundation.rules_agreement import Agreement
    from tipline.insight.annotation.models import Look


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """Two answers that differ; nothing of them stands in the list."""

    url: str
    sha256: str
    second: str
    answered_at: datetime | None


def dispute_rows(rows: Iterable[Look]) -> list[DisputeRow]:
    return [
        DisputeRow(
            reverse("desk:look-settle", args=[row.pk]),
            row.sha256,
            row.taken_by.name if row.taken_by else "",
            row.answered_at,
        )
        for row in rows
    ]


def both_answers(row: Look) -> tuple[Fact, ...]:
    """What stood, and what the second person said, side by side for whoever settles."""
    second = row.taken_by.name if row.taken_by else ""
    return (
        *_answer(_("First: %s") % ", ".join(authors_of(row.sha256)), row.before),
        *_answer(_("Second: %s") % second, row.answer),
    )


def _answer(who: str, told: object) -> tuple[Fact, ...]:
    said = Answer.from_json(told if isinstance(told, dict) else {})
    children = tuple(
        Fact(_("Child %(n)d") % {"n": n}, _words(labels), Source.ANALYST)
        for n, labels in enumerate(said.children, 1)
    )
    return (Fact(who, _words(said.content), Source.ANALYST, children=children),)


def _words(codes: Iterable[str]) -> str:
    return ", ".join(label_words(code) for code in sorted(codes)) or _("no label")


def agreement_table(found: Sequence[tuple[str, Agreement]]) -> Table:
    """Per label: pairs, how many alike, and AC1 with its interval."""
    headings = (_("Label"), _("Labelled twice"), _("Alike"), _("AC1"), _("95 % interval"))
    rows = tuple(
        (
            label_words(code),
            figure(one.pairs),
            figure(one.same),
            "" if one.ac1 is None else f"{one.ac1:.2f}",
            _("too few pairs")
            if one.interval is None
            else _("%(low).2f to %(high).2f") % {"low": one.interval[0], "high": one.interval[1]},
        )
        for code, one in found
    )
    return Table(headings, rows)


def look_count_facts(counts: dict[str, int]) -> tuple[Fact, ...]:
    """How many looks wait, agreed, differ and were settled."""
    names = {
        "waiting": _("Second looks that wait"),
        "agreed": _("Answered alike"),
        "disputed": _("Differ, and wait for a senior"),
        "settled": _("Differed, and are settled"),
    }
    return tuple(Fact(words, figure(counts[name])) for name, words in names.items())
