"""Links to other reports, with what they rest on and what people decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_bits import weighed
from tipline.doors.portals.desk.shown_reasons import reasons_of
from tipline.doors.portals.desk.shown_said import Said, notices_of, said_of
from tipline.doors.portals.look.parts import Weighed
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.reasons import Reason
from tipline.insight.entities.judging.queries_seconds import hidden_from

if TYPE_CHECKING:
    from tipline.insight.entities.models import Judgement, Link


@dataclass(frozen=True, slots=True)
class ShownLink:
    """One link as one of its two reports sees it.

    ``hidden``: the reader holds a blind look at it, and is shown nothing that was said.
    """

    pk: int
    number: int
    other: int
    other_url: str
    sender: str
    state: str
    state_words: str
    judged: bool
    reasons: list[Reason]
    weighed: Weighed | None
    url: str
    notices: tuple[str, ...]
    said: Said
    judge_url: str
    undo_url: str
    hidden: bool
    error: str = ""
    note: str = ""


def state_words(state: str) -> str:
    """What a link counts for now."""
    known = {
        "automatic": _("counts: the policy links it without asking"),
        "proposed": _("waits for a person, counts nothing yet"),
        "confirmed": _("confirmed, counts"),
        "rejected": _("rejected, counts nothing"),
        "unsure": _("unsure, counts nothing"),
        "waiting": _("confirmed, counts nothing until a second person agrees"),
        "barred": _("not asked about: it would join reports that were told apart"),
    }
    return known.get(state, state)


def shown_links(
    actor: Actor, number: int, links: Sequence[Link], judgements: Mapping[int, Sequence[Judgement]]
) -> list[ShownLink]:
    """The links of a report, those that wait for a person first."""
    hidden = hidden_from(actor)
    shown = [
        shown_link(actor, number, link, judgements.get(link.pk, ()), hidden=link.pk in hidden)
        for link in links
    ]
    return sorted(shown, key=lambda link: (link.state != "proposed", link.pk))


def shown_link(
    actor: Actor, number: int, link: Link, judgements: Sequence[Judgement], *, hidden: bool = False
) -> ShownLink:
    """One link, seen from this report."""
    reasons = reasons_of(link.reasons)
    other = link.high if link.low_id == number else link.low
    said = Said() if hidden else said_of(actor, judgements)
    return ShownLink(
        pk=link.pk,
        number=number,
        other=other.pk,
        other_url=reverse("desk:report", args=[other.pk]),
        sender=other.sender.name if other.sender else _("the public"),
        state="" if hidden else link.state,
        state_words=_("waits for your second look") if hidden else state_words(link.state),
        judged=link.state != "proposed",
        reasons=reasons,
        weighed=weighed(reasons, link.version),
        url=reverse("desk:link", args=[link.pk]),
        notices=() if hidden else notices_of(link),
        said=said,
        judge_url=reverse("desk:judge", args=[number, link.pk]),
        undo_url=reverse("desk:judge-undo", args=[number, link.pk, said.undo]) if said.undo else "",
        hidden=hidden,
    )
