"""Changed labels as the agency reads of them: what holds now and what does not any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.delivery.cases.label_notices import notices_for
from tipline.doors.portals.desk.shown_labels import label_words

if TYPE_CHECKING:
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


def _changed(new: Iterable[str], gone: Iterable[str]) -> str:
    said = [
        _("Labelled: %s.") % ", ".join(map(label_words, new)) if new else "",
        _("No longer labelled: %s.") % ", ".join(map(label_words, gone)) if gone else "",
    ]
    return " ".join(filter(None, said))
