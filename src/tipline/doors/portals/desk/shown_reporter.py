"""Who reported from the public: sealed, shown for a reason, released to an agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms import ReleaseForm, RevealForm
from tipline.doors.portals.desk.shown_document import Walk, reporter_facts
from tipline.doors.portals.desk.words_elements import element_words
from tipline.doors.portals.look.parts import Fact
from tipline.doors.portals.look.times import absolute
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.reasons import Source
from tipline.record.reports.queries import has_identity
from tipline.record.reports.rules_reporter import put_back, sealed_parts

if TYPE_CHECKING:
    from tipline.delivery.routing.models import Referral, ReporterRelease
    from tipline.record.reports.models import Report


@dataclass(frozen=True, slots=True)
class ShownReporter:
    """What the report's page says of a reporter from the public.

    ``given``: what is sealed of them, in words; empty when they said nothing of themselves.
    ``facts``: who they are, in the one answer that reveals it.
    """

    given: str
    gone: bool
    facts: tuple[Fact, ...]
    form: RevealForm | None
    url: str


def shown_reporter(
    actor: Actor,
    report: Report,
    document: Mapping[str, Any],
    *,
    identity: Mapping[str, Any] | None = None,
    form: RevealForm | None = None,
) -> ShownReporter | None:
    """The reporter's part of the page; None for reports of others than the public."""
    if not report.by_public:
        return None
    parts = sealed_parts(document)
    there = bool(parts) and has_identity(report.pk)
    asks = there and identity is None and actor.may(Permission.REPORTER_REVEAL)
    return ShownReporter(
        given=", ".join(element_words(name) for names in parts.values() for name in names),
        gone=bool(parts) and not there,
        facts=reporter_facts(put_back(document, identity), Walk()) if identity else (),
        form=(form or RevealForm()) if asks else None,
        url=reverse("desk:reveal-reporter", args=[report.pk]),
    )


@dataclass(frozen=True, slots=True)
class ShownRelease:
    """What one agency may know of who reported, and what an analyst can change in that.

    ``history``: every release, the newest first. ``form``: to release it now; None where
    there is nothing to release or this person may not. ``withdraw_url``: empty likewise.
    """

    history: tuple[Fact, ...]
    form: ReleaseForm | None
    release_url: str
    withdraw_url: str


def shown_release(
    actor: Actor,
    row: Referral,
    releases: Sequence[ReporterRelease],
    *,
    sealed: bool,
    form: ReleaseForm | None = None,
) -> ShownRelease:
    """The releases of one hand-over. ``sealed``: there is somebody to release."""
    in_force = any(one.withdrawn_at is None for one in releases)
    may = actor.may(Permission.REPORTER_RELEASE)
    offers = may and sealed and not in_force and row.state != "refused"
    words = [row.report_id, row.pk]
    return ShownRelease(
        history=tuple(_release(one, row.state) for one in releases),
        form=(form or ReleaseForm(row.pk)) if offers else None,
        release_url=reverse("desk:release-reporter", args=words),
        withdraw_url=reverse("desk:withdraw-release", args=words) if may and in_force else "",
    )


def _release(one: ReporterRelease, state: str) -> Fact:
    if one.withdrawn_at is not None and one.withdrawn_by is not None:
        label, until = (
            _("Knew who reported"),
            _("withdrawn by %(who)s, %(when)s")
            % {
                "who": one.withdrawn_by.name,
                "when": absolute(one.withdrawn_at),
            },
        )
    elif state == "refused":
        label, until = _("May know who reported"), _("not while the report is handed back")
    else:
        label, until = _("May know who reported"), ""
    made = _("released by %(who)s, %(when)s") % {
        "who": one.released_by.name,
        "when": absolute(one.at),
    }
    return Fact(label, one.why, Source.ANALYST, " · ".join(filter(None, (made, until))))
