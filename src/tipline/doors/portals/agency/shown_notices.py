"""What the agency is told of what it has: labels that changed, new tips on its open cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.delivery.cases.label_notices import notices_for
from tipline.delivery.cases.queries import visible_numbers
from tipline.delivery.cases.tips import tips_for, tips_on
from tipline.doors.portals.desk.shown_labels import label_words

if TYPE_CHECKING:
    from tipline.delivery.cases.models import Case, CaseTip
    from tipline.ground.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """One file of one report; ``words``: what changed."""

    pk: int
    number: int
    name: str
    url: str
    words: str
    at: datetime


def shown_notices(actor: Actor) -> list[ShownNotice]:
    """What nobody here has acknowledged, the newest first."""
    return [
        ShownNotice(
            one.pk,
            one.number,
            one.name or one.file_id[:12],
            f"{reverse('agency:report', args=[one.number])}#file-{one.file_id}",
            _changed(one.changed.set, one.changed.withdrawn),
            one.at,
        )
        for one in notices_for(actor)
    ]


@dataclass(frozen=True, slots=True)
class ShownTip:
    """A report linked to one of an open case's; ``url`` once the agency has the report."""

    pk: int
    number: int
    url: str
    member: int
    member_url: str
    case: str
    case_url: str
    at: datetime
    seen: bool


def shown_tips(actor: Actor) -> list[ShownTip]:
    """New tips on the agency's open cases that nobody here has seen, the newest first."""
    return _tips(actor, list(tips_for(actor)))


def shown_tips_on(actor: Actor, case: Case) -> list[ShownTip]:
    """All tips on one case that are not worked in it yet, seen or not."""
    return _tips(actor, tips_on(case))


def _tips(actor: Actor, rows: Sequence[CaseTip]) -> list[ShownTip]:
    mine = visible_numbers(actor, [row.report_id for row in rows])
    return [
        ShownTip(
            pk=row.pk,
            number=row.report_id,
            url=reverse("agency:report", args=[row.report_id]) if row.report_id in mine else "",
            member=row.member_id,
            member_url=reverse("agency:report", args=[row.member_id]),
            case=row.case.title,
            case_url=reverse("agency:case", args=[row.case_id]),
            at=row.at,
            seen=row.seen_at is not None,
        )
        for row in rows
    ]


def _changed(new: Iterable[str], gone: Iterable[str]) -> str:
    said = [
        _("Labelled: %s.") % ", ".join(map(label_words, new)) if new else "",
        _("No longer labelled: %s.") % ", ".join(map(label_words, gone)) if gone else "",
    ]
    return " ".join(filter(None, said))
