"""Two reports that may be about one person, side by side, and what is known of the link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_bits import weighed
from tipline.doors.portals.desk.shown_identifiers import kind_words, times_of, written_of
from tipline.doors.portals.desk.shown_links import state_words
from tipline.doors.portals.desk.shown_places import role_words
from tipline.doors.portals.desk.shown_reasons import reasons_of
from tipline.doors.portals.desk.shown_said import judgement_facts
from tipline.doors.portals.look.parts import Fact, Weighed
from tipline.doors.portals.look.signs import BANDS
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.reasons import Reason
from tipline.insight.entities.comparing.queries import MOST_SHOWN, subject_of
from tipline.insight.entities.comparing.rules import Row, Told, side_by_side
from tipline.insight.entities.forms.rules import Origin
from tipline.insight.entities.judging.queries_seconds import hidden_from
from tipline.insight.entities.proposals.queries import together
from tipline.insight.entities.queries import judgements_of
from tipline.insight.entities.scoring.words import comparison_words, level_words
from tipline.insight.triage.queue import entries_of
from tipline.insight.triage.rules_effect import Move, moves
from tipline.record.reports.facts import IdentifierKind, Role

if TYPE_CHECKING:
    from tipline.insight.entities.models import Identifier, Link
    from tipline.insight.triage.models import QueueEntry
    from tipline.record.reports.models import Report
#: States in which nobody has answered yes or no.
_OPEN = frozenset({"proposed", "unsure", "barred"})


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two reports. ``band`` and ``place`` are empty before it is ranked."""

    number: int
    url: str
    sender: str
    filed: datetime | None
    band: str
    place: str


@dataclass(frozen=True, slots=True)
class Value:
    """One value of one side, as written. ``marks``: what else is to be known of it."""

    written: tuple[str, ...]
    scope: str
    seen: tuple[str, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Two values beside each other. ``sign`` and ``level`` say without colour how near they are."""

    kind: str
    sign: str
    level: str
    alike: bool
    left: Value | None
    right: Value | None


@dataclass(frozen=True, slots=True)
class ShownPair:
    """``weighed`` is None for links whose reasons are not in bits: ``reasons`` tell these.

    ``hidden``: the reader holds a blind look at it, and is shown nothing that was said.
    ``together``: nobody answered yet, and others hold the two in one cluster already.
    """

    pk: int
    low: Side
    high: Side
    lines: tuple[Line, ...]
    most: int
    more: bool
    effect: tuple[str, ...]
    hidden: bool
    together: bool
    state: str
    state_words: str
    reasons: tuple[Reason, ...]
    weighed: Weighed | None
    judgements: tuple[Fact, ...]
    seen: int
    news: str
    waits: bool
    barred_by: str
    held_by: str
    held_until: datetime | None


def shown_pair(actor: Actor, link: Link) -> ShownPair:
    """The link with both sides; as many reads for long reports as for short ones."""
    left, right = subject_of(link.low_id), subject_of(link.high_id)
    entries = entries_of([link.low_id, link.high_id])
    reasons = reasons_of(link.reasons)
    hidden = link.pk in hidden_from(actor)
    said = judgements_of([link]).get(link.pk, [])
    taken = link.held_until is not None and link.held_until > clock.now()
    elsewhere = taken and link.held_by is not None and link.held_by_id != actor.person_id
    return ShownPair(
        pk=link.pk,
        low=_side(link.low, entries.get(link.low_id)),
        high=_side(link.high, entries.get(link.high_id)),
        lines=tuple(_lines(left, right)),
        most=MOST_SHOWN,
        more=MOST_SHOWN in (len(left), len(right)),
        effect=effect_words(link.effect),
        hidden=hidden,
        together=link.state in _OPEN and not hidden and together(link),
        state="" if hidden else link.state,
        state_words=_("waits for your second look") if hidden else state_words(link.state),
        reasons=tuple(reasons),
        weighed=weighed(reasons, link.version),
        judgements=() if hidden else judgement_facts(said),
        seen=said[-1].pk if said else 0,
        news="" if hidden else _kinds_words(link.news),
        waits=link.state == "waiting" and not hidden,
        barred_by="" if hidden else _pair_words(link.barred_by),
        held_by=link.held_by.name if elsewhere and link.held_by else "",
        held_until=link.held_until if elsewhere else None,
    )


def _kinds_words(kinds: Iterable[str]) -> str:
    """Kinds of evidence that are new since somebody decided."""
    return ", ".join(comparison_words(kind) for kind in kinds)


def _pair_words(link: Link | None) -> str:
    if link is None:
        return ""
    return _("reports %(low)s and %(high)s") % {"low": link.low_id, "high": link.high_id}


def effect_words(effect: int) -> tuple[str, ...]:
    """What a yes would move, the gravest first."""
    known = {
        Move.BAND: _("raise a report to a higher danger band"),
        Move.REFERRAL: _("make a report a referral"),
        Move.ROUTE: _("show an agency's way to a report that none has"),
        Move.TWO_AGENCIES: _("join reports that different agencies have"),
        Move.POINTS: _("add to the danger of a report"),
    }
    return tuple(known[move] for move in moves(effect))


def _side(report: Report, entry: QueueEntry | None) -> Side:
    return Side(
        report.pk,
        reverse("desk:report", args=[report.pk]),
        report.sender.name if report.sender else "",
        report.ended_at,
        tuple(BANDS)[entry.band_rank] if entry else "",
        entry.place if entry else "",
    )


def _lines(left: Sequence[Identifier], right: Sequence[Identifier]) -> Iterable[Line]:
    known = {row.pk: row for row in (*left, *right)}
    for row in side_by_side(_told(left), _told(right)):
        sign, said = _level(row)
        yield Line(
            _kind(row, known),
            sign,
            said,
            row.alike,
            _value(row.left, known),
            _value(row.right, known),
        )


def _told(rows: Iterable[Identifier]) -> list[Told]:
    return [
        Told(row.pk, IdentifierKind(row.kind), row.scope, row.normal, row.sightings) for row in rows
    ]


def _kind(row: Row, known: Mapping[int, Identifier]) -> str:
    kinds = [known[one.key].kind for one in (row.left, row.right) if one]
    return " / ".join(dict.fromkeys(kind_words(kind) for kind in kinds))


def _level(row: Row) -> tuple[str, str]:
    """A sign and words: the same, alike, different, or on one side only."""
    if not row.level:
        return "\N{EN DASH}", _("only here") if row.right is None else _("only there")
    said = level_words(row.comparison, row.level)
    same = row.left is not None and row.right is not None and row.left.value == row.right.value
    return ("=" if same else "\N{ALMOST EQUAL TO}") if row.alike else "\N{NOT EQUAL TO}", said


def _short(digest: str) -> str:
    """Enough of a digest to tell the files of two reports apart."""
    return f"{digest[:16]}\N{HORIZONTAL ELLIPSIS}"


def _value(one: Told | None, known: Mapping[int, Any]) -> Value | None:
    if one is None:
        return None
    row: Identifier = known[one.key]
    marks = (
        (role_words(row.role), row.role == Role.ASSOCIATED),
        (_("mined from text"), row.origin == Origin.MINED),
        (_("verified"), row.verified is True),
    )
    written = (_short(row.normal),) if row.kind == IdentifierKind.FILE_DIGEST else written_of(row)
    return Value(written, row.scope, times_of(row), tuple(mark for mark, there in marks if there))


@dataclass(frozen=True, slots=True)
class NextPair:
    """A proposal that comes later. What speaks for it is not told before it is looked at."""

    pk: int
    url: str
    low: int
    high: int


def next_pairs(links: Iterable[Link]) -> list[NextPair]:
    """Proposals as a short list."""
    return [
        NextPair(
            link.pk,
            reverse("desk:link", args=[link.pk]),
            link.low_id,
            link.high_id,
        )
        for link in links
    ]
