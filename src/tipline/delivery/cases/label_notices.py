"""Telling agencies that the labels of a file which they received have changed.

The label's event comes here once it is committed; whoever has the file in a referral is told on
their desk until somebody there says that they have seen it. What they download says what holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tipline.delivery.cases.models import LabelNotice
from tipline.delivery.cases.rules_notices import Changed, changed
from tipline.delivery.routing.models import Referral
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM, Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.annotation.queries import events_by_digest, position_at
from tipline.record.evidence.models import EvidenceFile

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Notice:
    """What changed for an agency: of which file of which report, and since when."""

    pk: int
    number: int
    file_id: str
    name: str
    changed: Changed
    at: datetime


def tell_holders(sha256: str) -> int:
    """Tell every agency that has these bytes what they do not know yet; how many were told.

    A change that was taken back before anybody has seen it is told to nobody.
    """
    files = EvidenceFile.objects.filter(sha256=sha256).order_by()
    numbers = list(files.values_list("report_id", flat=True).distinct())
    rows = Referral.objects.filter(report_id__in=numbers).order_by("pk")
    return sum(_tell(row, sha256) for row in rows)


def _tell(referral: Referral, sha256: str) -> bool:
    with write_tx():
        row, _new = LabelNotice.objects.get_or_create(
            referral=referral,
            sha256=sha256,
            defaults={
                "known_to": position_at(sha256, referral.made_at),
                "at": clock.now(),
                "seen_at": clock.now(),
            },
        )
        news = bool(changed(events_by_digest([sha256]).get(sha256, ()), row.known_to))
        if news == (row.seen_at is None):
            return False
        row.seen_at, row.at = (None if news else clock.now()), clock.now()
        row.seen_by = None
        row.save(update_fields=["seen_at", "seen_by", "at"])
        if news:
            detail = {"agency": referral.agency_id, "sha256": sha256}
            record(SYSTEM, Verb.LABELS_TOLD, f"report:{referral.report_id}", detail=detail)
    return news


def notices_for(actor: Actor) -> list[Notice]:
    """What an agency was told and nobody there has acknowledged, the newest first."""
    if not actor.may(Permission.REFERRALS_READ):
        return []
    rows = LabelNotice.objects.select_related("referral").filter(
        referral__agency_id=actor.organisation_key, seen_at__isnull=True
    )
    return _shown(list(rows.order_by("-at", "-pk")[:MOST_SHOWN]))


def _shown(rows: Sequence[LabelNotice]) -> list[Notice]:
    files = _files((row.referral.report_id, row.sha256) for row in rows)
    events = events_by_digest({row.sha256 for row in rows})
    return [
        Notice(
            pk=row.pk,
            number=row.referral.report_id,
            file_id=files[row.referral.report_id, row.sha256].file_id,
            name=files[row.referral.report_id, row.sha256].name,
            changed=changed(events.get(row.sha256, ()), row.known_to),
            at=row.at,
        )
        for row in rows
    ]


def _files(wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], EvidenceFile]:
    pairs = set(wanted)
    rows = EvidenceFile.objects.filter(
        report_id__in={number for number, _sha256 in pairs},
        sha256__in={sha256 for _number, sha256 in pairs},
    )
    return {(row.report_id, row.sha256): row for row in rows.order_by("-pk")}


def acknowledge(actor: Actor, notice_id: int) -> bool:
    """Somebody at the agency knows it now; True when this call said so."""
    actor.require(Permission.CASES_WORK)
    mine = LabelNotice.objects.filter(referral__agency_id=actor.organisation_key)
    row = mine.select_related("referral").filter(pk=notice_id).first()
    if row is None:
        raise NotVisible("There is no such word of labels.")
    now = clock.now()
    with write_tx():
        known_to = position_at(row.sha256, now)
        seen = LabelNotice.objects.filter(pk=row.pk, seen_at__isnull=True)
        if not seen.update(seen_at=now, seen_by_id=actor.person_key, known_to=known_to):
            return False
        record(actor, Verb.LABELS_SEEN, f"report:{row.referral.report_id}")
    return True
