"""Links to other reports, with what they rest on and what people decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_bits import weighed
from tipline.doors.portals.desk.shown_reasons import reasons_of
from tipline.doors.portals.look.parts import Fact, Weighed
from tipline.doors.portals.look.times import absolute
from tipline.ground.foundation.reasons import Reason, Source

if TYPE_CHECKING:
    from tipline.insight.entities.models import Judgement, Link


@dataclass(frozen=True, slots=True)
class ShownLink:
    """One link as one of its two reports sees it."""

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
    judgements: tuple[Fact, ...]
    judge_url: str


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
    number: int, links: Sequence[Link], judgements: Mapping[int, Sequence[Judgement]]
) -> list[ShownLink]:
    """The links of a report, those that wait for a person first."""
    shown = [shown_link(number, link, judgements.get(link.pk, ())) for link in links]
    return sorted(shown, key=lambda link: (link.state != "proposed", link.pk))


def shown_link(number: int, link: Link, judgements: Sequence[Judgement]) -> ShownLink:
    """One link, seen from this report."""
    reasons = reasons_of(link.reasons)
    other = link.high if link.low_id == number else link.low
    return ShownLink(
        pk=link.pk,
        number=number,
        other=other.pk,
        other_url=reverse("desk:report", args=[other.pk]),
        sender=other.sender.name if other.sender else _("the public"),
        state=link.state,
        state_words=state_words(link.state),
        judged=link.state != "proposed",
        reasons=reasons,
        weighed=weighed(reasons),
        url=reverse("desk:link", args=[link.pk]),
        judgements=judgement_facts(judgements),
        judge_url=reverse("desk:judge", args=[number, link.pk]),
    )


def judgement_facts(judgements: Iterable[Judgement]) -> tuple[Fact, ...]:
    """What people said of a link, the oldest first."""
    return tuple(_judgement(one) for one in judgements)


def _judgement(one: Judgement) -> Fact:
    verdicts = {
        "yes": _("yes"),
        "no": _("no"),
        "unsure": _("unsure"),
        "split": _("no: parted from the others of the cluster"),
        "undo": _("taken back"),
    }
    note = f"{one.note} · {absolute(one.at)}" if one.note else absolute(one.at)
    return Fact(one.author.name, verdicts.get(one.verdict, one.verdict), Source.ANALYST, note)
