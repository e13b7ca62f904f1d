"""Entries of lists and series as the desk shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tipline.doors.portals.desk.forms_lists import STATUSES
from tipline.doors.portals.desk.shown_listed import headline, list_name
from tipline.doors.portals.look.parts import Fact, Words
from tipline.doors.portals.look.pictures.bars import figure
from tipline.ground.foundation.actor import Actor
from tipline.insight.annotation.looks.queries import held_by
from tipline.insight.annotation.queries import statements_on
from tipline.insight.lists.changes import prints_of
from tipline.insight.lists.explained import matches_of_entry
from tipline.insight.lists.series.queries import sizes_of
from tipline.insight.lists.standing import verdicts_on
from tipline.insight.lists.votes import reason_names, votes_on
from tipline.insight.matching.hashes import FRAME, WHOLE
from tipline.insight.matching.queries import unread_videos
from tipline.record.reports.queries import reports_for

if TYPE_CHECKING:
    from tipline.insight.lists.models import Entry, Series

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class EntryRow:
    url: str
    key: str
    list_name: str
    media: str
    member: str
    classification: str
    series: str
    state: str
    changed_at: datetime


def entry_rows(entries: Iterable[Entry]) -> list[EntryRow]:
    return [
        EntryRow(
            reverse("desk:list-entry", args=[row.hash_list.slug, row.pk]),
            row.key,
            list_name(row.hash_list),
            media_words(row.media),
            row.member.name,
            row.classification,
            row.series.name if row.series else "",
            entry_state(row),
            row.changed_at,
        )
        for row in entries
    ]


def media_words(media: str) -> str:
    return _("Picture") if media == "image" else _("Video")


def entry_state(row: Entry) -> str:
    if row.removed_at is not None:
        return pgettext("entry", "taken off")
    return pgettext("entry", "set aside") if row.set_aside else pgettext("entry", "on the list")


def entry_facts(row: Entry) -> tuple[Fact, ...]:
    prints = prints_of([row]).get(row.pk, [])
    series = f"{row.series.name}: {STATUSES[row.series.status]}" if row.series else _("none")
    return (
        Fact(_("State"), entry_state(row)),
        Fact(_("Kind"), media_words(row.media)),
        Fact(_("Owner"), row.member.name),
        Fact(_("Classification"), row.classification or _("none")),
        Fact(_("Series"), series),
        *(Fact(one.type.upper(), one.value, note=one.variant) for one in prints if not one.variant),
        *_derived(row, [one.variant for one in prints]),
    )


def _derived(row: Entry, variants: Sequence[str]) -> tuple[Fact, ...]:
    """How many of its edits or frames are compared; and where its video was not read."""
    frames = variants.count(FRAME)
    if row.key in unread_videos([row.key]):
        note = _("videos are not read on this machine; it is found by its bytes only")
        return (Fact(_("Frames of the video"), _("none"), note=note),)
    if frames:
        return (Fact(_("Frames of the video"), figure(frames)),)
    edits = sum(variant not in {WHOLE, FRAME} for variant in variants)
    return (Fact(_("Fingerprints of edits"), figure(edits)),)


@dataclass(frozen=True, slots=True)
class Said:
    """Who said what, and when; ``number``: the report it is about, 0 for none."""

    at: datetime
    who: str
    words: str
    number: int = 0


def statement_rows(actor: Actor, row: Entry) -> list[Said]:
    """Who put content on one of our own lists and who took it off, the newest first.

    Nothing of content that the actor looks at blindly.
    """
    if not row.hash_list.label or row.key in held_by(actor):
        return []
    events = statements_on(row.key, row.hash_list.label)
    said = {True: _("stands behind it"), False: _("withdrew it")}
    return [Said(one.at, one.author.name, said[one.present]) for one in reversed(events)]


def vote_rows(row: Entry) -> list[Said]:
    """What members say of the entry, with the reasons of a no in their words."""
    return [
        Said(
            one.at,
            one.member.name,
            f"{one.type.upper()}: {_vote(row, one.type, one.affirmative, one.reasons)}",
        )
        for one in votes_on([row]).get(row.pk, [])
    ]


def _vote(row: Entry, kind: str, affirmative: bool, reasons: Sequence[str]) -> str:
    if affirmative:
        return _("yes")
    names = reason_names(row.hash_list_id, kind)
    return _("no: %s") % ", ".join(names.get(guid, guid) for guid in reasons)


def match_rows(actor: Actor, row: Entry) -> list[Said]:
    """The newest matches in reports that the actor may see, with the newest verdict."""
    found = matches_of_entry(row.pk, MOST_SHOWN)
    numbers = {match.file.report_id for match in found}
    visible = set(reports_for(actor).filter(pk__in=numbers).values_list("pk", flat=True))
    verdicts = verdicts_on(found)
    rows = []
    for match in found:
        if match.file.report_id not in visible:
            continue
        words = headline(match.layer)
        if match.withdrawn_at is not None:
            words = _("%s, withdrawn") % words
        verdict = verdicts.get(match.pk)
        who = "" if verdict is None else _verdict(verdict.by.name, right=verdict.right)
        rows.append(Said(match.at, who, words, match.file.report_id))
    return rows


def _verdict(name: str, *, right: bool) -> str:
    return (_("confirmed by %s") if right else _("denied by %s")) % name


@dataclass(frozen=True, slots=True)
class SeriesRow:
    pk: int
    name: str
    status: Words
    agency: str
    entries: str


def series_rows(rows: list[Series]) -> list[SeriesRow]:
    sizes = sizes_of(rows)
    return [
        SeriesRow(
            row.pk,
            row.name,
            STATUSES[row.status],
            row.agency.name if row.agency else _("nobody"),
            figure(sizes.get(row.pk, 0)),
        )
        for row in rows
    ]
