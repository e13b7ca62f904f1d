"""Values that are a suspect's here and a victim's there, as the desk shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_identifiers import kind_words, written_of
from tipline.doors.portals.look.parts import Fact
from tipline.doors.portals.look.times import absolute
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.reasons import Source
from tipline.insight.entities.roles.queries import Told, answers_of, conflicts_of, told
from tipline.insight.entities.roles.rules import Answer

if TYPE_CHECKING:
    from tipline.insight.entities.models import Identifier, RoleAnswer, RoleConflict
    from tipline.record.reports.models import Report


#: Conflicts of one report that its page tells of.
_MOST = 20


@dataclass(frozen=True, slots=True)
class ShownConflict:
    """``url`` is empty where the reader may not answer."""

    id: int
    kind: str
    written: str
    suspects: tuple[int, ...]
    victims: tuple[int, ...]
    answers: tuple[Fact, ...]
    seen: int
    url: str


def shown_conflict(actor: Actor, found: Told) -> ShownConflict:
    row = found.conflict
    may = actor.may(Permission.JUDGEMENTS_OVERSEE)
    return ShownConflict(
        row.pk,
        kind_words(row.kind),
        ", ".join(written_of(found.value)) or found.value.normal,
        found.suspects,
        found.victims,
        answer_facts(found.answers),
        found.answers[-1].pk if found.answers else 0,
        reverse("desk:role", args=[row.pk]) if may else "",
    )


def shown_conflicts(actor: Actor, rows: Iterable[RoleConflict]) -> list[ShownConflict]:
    """Those that still are: a value may have gone since."""
    return [shown_conflict(actor, found) for row in rows if (found := told(row)) is not None]


@dataclass(frozen=True, slots=True)
class Notice:
    """On a report: a value of it that stands on the other side elsewhere, and what was said."""

    kind: str
    words: str
    others: tuple[int, ...]
    url: str


def role_notices(
    actor: Actor, report: Report, identifiers: Iterable[Identifier]
) -> tuple[Notice, ...]:
    """One statement for a report without conflicts; of others those that still are."""
    rows = [row for row in conflicts_of(report, identifiers)[:_MOST] if told(row) is not None]
    said = answers_of(rows) if rows else {}
    may = actor.may(Permission.JUDGEMENTS_OVERSEE)
    return tuple(
        Notice(
            kind_words(row.kind),
            answer_words(said[row.pk][-1].answer) if row.pk in said else _("waits for a senior"),
            tuple(sorted({row.suspect_id, row.victim_id} - {report.pk})),
            reverse("desk:role", args=[row.pk]) if may else "",
        )
        for row in rows
    )


def answer_words(answer: str) -> str:
    """What a senior said."""
    known = {
        Answer.SAME_PERSON: _("the same person: a victim who is reported, too"),
        Answer.DIFFERENT_PEOPLE: _("different people"),
        Answer.UNSURE: _("unsure"),
    }
    return known[Answer(answer)]


def answer_facts(rows: Iterable[RoleAnswer]) -> tuple[Fact, ...]:
    """What seniors said, the oldest first."""
    return tuple(
        Fact(
            row.author.name,
            answer_words(row.answer),
            Source.ANALYST,
            f"{row.note} · {absolute(row.at)}",
        )
        for row in rows
    )
