"""What people said of a link: every row of the ledger, what holds of it, what may be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tipline.doors.portals.look.parts import Fact
from tipline.doors.portals.look.times import absolute
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.reasons import Source
from tipline.insight.entities.judging.rules import Machine, Verdict, standing
from tipline.insight.entities.judging.settling import word_of
from tipline.insight.entities.scoring.words import comparison_words

if TYPE_CHECKING:
    from tipline.insight.entities.models import Judgement, Link


@dataclass(frozen=True, slots=True)
class Said:
    """``undo``: the key of the row that this reader may take back, 0 for none. ``seen``: of the
    newest row, 0 for none.
    """

    facts: tuple[Fact, ...] = ()
    undo: int = 0
    seen: int = 0


def said_of(actor: Actor, ledger: Sequence[Judgement]) -> Said:
    """The rows of a link, the oldest first, for one reader."""
    if not ledger:
        return Said()
    left = standing(word_of(row) for row in ledger)
    mine = left and (left[-1].by == actor.person_id or actor.may(Permission.JUDGEMENTS_OVERSEE))
    return Said(judgement_facts(ledger), left[-1].id if mine else 0, ledger[-1].pk)


def judgement_facts(ledger: Iterable[Judgement]) -> tuple[Fact, ...]:
    """What people said of a link, the oldest first."""
    rows = list(ledger)
    undone = {row.undoes_id for row in rows}
    by_key = {row.pk: row for row in rows}
    return tuple(_fact(row, by_key, undone=row.pk in undone) for row in rows)


def _fact(row: Judgement, by_key: dict[int, Judgement], *, undone: bool) -> Fact:
    words = verdict_words(row.verdict)
    taken = by_key.get(row.undoes_id) if row.undoes_id is not None else None
    if taken is not None:
        words = _("took back: %(said)s") % {"said": verdict_words(taken.verdict)}
    elif row.seconds_id is not None:
        words = _("second look: %(said)s") % {"said": words}
    elif row.needs_second:
        words = _("%(said)s (a second person must agree)") % {"said": words}
    if undone:
        words = _("%(said)s, taken back since") % {"said": words}
    note = f"{row.note} · {absolute(row.at)}" if row.note else absolute(row.at)
    return Fact(row.author.name, words, Source.ANALYST, note)


def verdict_words(verdict: str) -> str:
    """What a person said, in a word or two."""
    known = {
        Verdict.YES: _("yes"),
        Verdict.NO: _("no"),
        Verdict.UNSURE: _("unsure"),
        Verdict.SPLIT: _("no, the cluster was parted"),
        Verdict.UNDO: _("took it back"),
    }
    return known[Verdict(verdict)]


def notices_of(link: Link) -> tuple[str, ...]:
    """What else is to be known of a link before it is judged."""
    found = []
    if link.news:
        kinds = ", ".join(comparison_words(kind) for kind in link.news)
        found.append(_("New evidence since your decision: %(kinds)s.") % {"kinds": kinds})
    if link.barred_by is not None:
        found.append(
            _(
                "It would bring reports %(low)s and %(high)s into one cluster, which were judged "
                "to be about different people."
            )
            % {"low": link.barred_by.low_id, "high": link.barred_by.high_id}
        )
    if link.judged and link.machine == Machine.AUTOMATIC:
        found.append(_("The policy links the two without asking."))
    if link.judged and link.machine == Machine.GONE:
        found.append(_("Nothing that the two share speaks for it any more."))
    return tuple(found)
