"""Linking one report to earlier ones: keys, candidates, scores.

``judging`` writes links, and keeps what a person said of them; ``keeping`` writes identifiers.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import derived_tx
from tipline.insight.entities import rules
from tipline.insight.entities.blocking.queries import Sharing, sharing
from tipline.insight.entities.blocking.rules import compared, keys, moved
from tipline.insight.entities.events import LinkChanged
from tipline.insight.entities.judging.machine import write_links
from tipline.insight.entities.keeping import keep_keys
from tipline.insight.entities.models import Identifier, Link
from tipline.insight.entities.rules_reported import READ_ROLES, Reported, Value, reported
from tipline.insight.entities.scoring.in_force import in_force
from tipline.record.reports.models import Report
from tipline.record.reports.services import hold

#: Reports of which values are read in one statement.
_TOGETHER = 500
# Django takes three times as long to write such a statement as the database to answer it, and a
# report is linked in a few milliseconds.
_VALUES = (
    "SELECT i.report_id, r.sender_id, i.kind, i.scope, i.normal, i.role, i.verified, i.origin,"  # noqa: S608 - our own tables' names
    f" i.sightings FROM {Identifier._meta.db_table} i"  # noqa: SLF001 - Django's documented way
    f" JOIN {Report._meta.db_table} r ON r.number = i.report_id"  # noqa: SLF001
    " WHERE i.report_id IN ({marks}) AND i.normal <> '' AND i.role IN "
    f"({', '.join(repr(role.value) for role in sorted(READ_ROLES))})"
)
_PAIRS = (
    f"SELECT low_id, high_id FROM {Link._meta.db_table}"  # noqa: S608, SLF001 - the same
    " WHERE (low_id = %s OR high_id = %s) AND machine <> %s"
)


def link(report: Report) -> list[int]:
    """Link the report to earlier ones of perhaps the same person; whose links changed, by number.

    A report is linked by what stands on reports with smaller numbers. Those with greater ones
    that were looked at before are brought up to date, so that the order of looking makes no
    difference. Judged links stay as they were judged.
    """
    changed, later = _bring_up(report, report.pk)
    if not later:  # as nearly always
        return sorted(changed - {report.pk})
    for other in Report.objects.select_related("sender").filter(pk__in=later).order_by("pk"):
        changed |= _bring_up(other, report.pk)[0]
    return sorted(changed - {report.pk})


def link_again(number: int) -> None:
    """Bring keys and links of a report up to the identifiers that it still has."""
    report = Report.objects.select_related("sender").get(pk=number)
    with derived_tx():
        hold(report)
        keep_keys(report, subjects_of([number]).get(number, Reported()))
    link(report)


def subjects_of(numbers: Iterable[int]) -> dict[int, Reported]:
    """The subjects of these reports, as their identifiers stand; one without any is absent."""
    wanted = list(numbers)
    found: dict[int, list[Value]] = defaultdict(list)
    senders: dict[int, int | None] = {}
    with connection.cursor() as cursor:
        for at in range(0, len(wanted), _TOGETHER):
            some = wanted[at : at + _TOGETHER]
            cursor.execute(_VALUES.format(marks=", ".join(["%s"] * len(some))), some)
            for row in cursor.fetchall():
                number, sender, kind, scope, text, role, verified, origin, sightings = row
                sure = None if verified is None else bool(verified)
                seen = json.loads(sightings)
                found[number].append(Value(kind, scope, text, role, sure, origin, seen))
                senders[number] = sender
    return {number: reported(values, senders[number]) for number, values in found.items()}


def _bring_up(report: Report, running: int) -> tuple[set[int], set[int]]:
    """Make its links to earlier reports so: those changed, and the later ones that may change.

    The report is held while it is looked for what is there: two who look at once write one
    after the other, and the second sees no less than the first. ``running`` need not be told.
    A report that is like nobody is not held: of two who look at once, one sees the other. Nor are
    others read again under the hold: whoever reads otherwise now brings its own links up.
    """
    own = subjects_of([report.pk]).get(report.pk, Reported())
    found, linked = _sharing(report, own), _linked(report.pk)
    wanted = _wanted(report.pk, own, found)
    later = {one for one in (*linked, *found.near) if one > report.pk} | moved(
        report.pk, found.shared
    )
    if not wanted and not linked:
        return set(), later
    with derived_tx():
        hold(report)
        now = _sharing(report, own)
        if now != found:
            wanted = _wanted(report.pk, own, now)
        changed = write_links({report.pk: wanted})
        for number in sorted(changed - {running}):
            announce(LinkChanged(number), dedup_key=str(number))
    return changed, later


def _sharing(report: Report, own: Reported) -> Sharing:
    return sharing(report.pk, keys(own, test=report.is_test))


def _linked(number: int) -> set[int]:
    """Whom the machine links it with: what has no keys in common any more may go."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, (number, number, Link.Machine.GONE))
        return {low if high == number else high for low, high in cursor.fetchall()}


def _earlier(number: int, found: Sharing) -> set[int]:
    near = {one for one in found.near if one < number}
    return near | set(compared(number, found.shared))


def _wanted(number: int, own: Reported, found: Sharing) -> dict[int, Link]:
    """The machine's word on the report and each earlier one that it is linked to."""
    earlier = _earlier(number, found)
    if not earlier:
        return {}
    by = in_force().of((own.told, own.whole))
    others = subjects_of(earlier)
    proposals = rules.proposals(own, others, found.near, by.model, by.frequencies)
    return {other: row_of(other, number, one, by.version) for other, one in proposals}


def row_of(low: int, high: int, proposal: rules.Proposal, version: str) -> Link:
    """The machine's word on a pair, as ``judging.machine`` takes it."""
    return Link(
        low_id=low,
        high_id=high,
        machine=Link.Machine.AUTOMATIC if proposal.automatic else Link.Machine.PROPOSED,
        reasons=[reason.as_json() for reason in proposal.reasons],
        points=proposal.points,
        version=version,
    )
