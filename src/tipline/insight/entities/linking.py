"""Linking one report to earlier ones: keys, candidates, scores.

``judging`` writes links, and keeps what a person said of them; ``keeping`` writes identifiers.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import derived_tx, without_others
from tipline.insight.entities import rules
from tipline.insight.entities.blocking.queries import Sharing, answered, asked
from tipline.insight.entities.blocking.rules import compared, keys, moved
from tipline.insight.entities.events import LinkChanged
from tipline.insight.entities.judging.machine import Said, write_links
from tipline.insight.entities.judging.settling import turn
from tipline.insight.entities.keeping import keep_keys
from tipline.insight.entities.models import Identifier, Link
from tipline.insight.entities.rules_reported import READ_ROLES, Reported, Value, reported
from tipline.insight.entities.scoring.in_force import NOW, InForce, read
from tipline.record.reports.facts import IdentifierKind
from tipline.record.reports.models import Report
from tipline.record.reports.services import hold

#: Reports of which values are read in one statement.
_TOGETHER = 500
# Django takes three times as long to write such a statement as the database to answer it, and a
# report is linked in a few milliseconds. Only of an address is it compared when it was seen.
_COLUMNS = (
    "r.number, r.sender_id, i.kind, i.scope, i.normal, i.role, i.verified, i.origin,"
    f" CASE i.kind WHEN '{IdentifierKind.IP}' THEN i.sightings END"
)
_IDENTIFIERS = (
    f"{Identifier._meta.db_table} i ON i.report_id = r.number AND i.normal <> '' AND i.role IN "  # noqa: SLF001 - Django's documented way
    f"({', '.join(repr(role.value) for role in sorted(READ_ROLES))})"
)
_REPORTS = Report._meta.db_table  # noqa: SLF001 - the same
_VALUES = f"SELECT {_COLUMNS} FROM {_REPORTS} r JOIN {_IDENTIFIERS} WHERE r.number"  # noqa: S608 - our own tables' names
_KIND, _WIDTH = 2, 9
#: With the model in force, whether or not it has identifiers.
_OWN = (
    f"SELECT {_COLUMNS}, now.*, {{turn}} FROM {_REPORTS} r LEFT JOIN {_IDENTIFIERS}"  # noqa: S608 - the same
    f" CROSS JOIN ({NOW}) now WHERE r.number = %s {{end}}"
)
#: Beside those who share keys, the reports that the machine's word stands on. No key has a blank.
_LINKED = (
    f"SELECT 'low ' || machine, low_id FROM {Link._meta.db_table} WHERE high_id = %s"  # noqa: S608, SLF001 - the same
    f" UNION ALL SELECT 'high ' || machine, high_id FROM {Link._meta.db_table} WHERE low_id = %s"  # noqa: SLF001
)


def link(report: Report) -> list[int]:
    """Link the report to earlier ones of perhaps the same person; whose links changed, by number.

    A report is linked by what stands on reports with smaller numbers. Those with greater ones
    that were looked at before are brought up to date, so that the order of looking makes no
    difference. Judged links stay as they were judged.
    """
    with derived_tx():
        changed, later = bring_up(report, report.pk)
    if not later:  # as nearly always
        return sorted(changed - {report.pk})
    for other in Report.objects.select_related("sender").filter(pk__in=later).order_by("pk"):
        with derived_tx():
            changed |= bring_up(other, report.pk)[0]
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
    wanted, found = list(numbers), dict[int, Reported]()
    with connection.cursor() as cursor:
        for at in range(0, len(wanted), _TOGETHER):
            found |= _subjects(cursor, wanted[at : at + _TOGETHER])
    return found


def _subjects(cursor: CursorWrapper, numbers: Sequence[int]) -> dict[int, Reported]:
    cursor.execute(f"{_VALUES} IN ({', '.join(['%s'] * len(numbers))})", numbers)
    return _read(cursor.fetchall())


def _read(rows: Iterable[Sequence[Any]]) -> dict[int, Reported]:
    found: dict[int, list[Value]] = defaultdict(list)
    senders: dict[int, int | None] = {}
    for number, sender, kind, scope, text, role, verified, origin, sightings in rows:
        sure = None if verified is None else bool(verified)
        seen = json.loads(sightings) if sightings else ()
        found[number].append(Value(kind, scope, text, role, sure, origin, seen))
        senders[number] = sender
    return {number: reported(values, senders[number]) for number, values in found.items()}


def _held(cursor: CursorWrapper, report: Report) -> tuple[Reported, InForce]:
    """The report's subject, and by what it is linked now.

    Nobody else links or judges the report until the transaction ends.
    """
    statement = _OWN.format(turn=turn(alone=False), end=without_others("r"))
    cursor.execute(statement, [report.pk])
    rows = cursor.fetchall()
    found = _read(row[:_WIDTH] for row in rows if row[_KIND] is not None)
    return found.get(report.pk, Reported()), read(rows[0][_WIDTH:-1])


def bring_up(report: Report, running: int) -> tuple[set[int], set[int]]:
    """Make its links to earlier reports so: those changed, and the later ones that may change.

    In the caller's transaction. The report is held while it is looked for what is there: two who
    look at once write one after the other, and the second sees no less than the first. Others are
    not held: whoever reads one of them otherwise now brings its own links up. ``running`` need not
    be told.
    """
    with connection.cursor() as cursor:
        own, by = _held(cursor, report)
        found, there = _found(cursor, report, own)
        wanted = _wanted(cursor, report.pk, own, found, by)
    changed: set[int] = set()
    if wanted or there.low:
        changed = write_links({report.pk: wanted}, are_new=not there.low)
        for number in sorted(changed - {running}):
            announce(LinkChanged(number), dedup_key=str(number))
    later = {one for one in (*there.said, *found.near) if one > report.pk}
    return changed, later | moved(report.pk, found.shared)


class _There(NamedTuple):
    """``said``: whom the machine links it with; what has no keys in common any more may go.

    ``low``: earlier ones of which it says so, or once did.
    """

    said: set[int]
    low: set[int]


def _found(cursor: CursorWrapper, report: Report, own: Reported) -> tuple[Sharing, _There]:
    """Who shares keys with it, and whom it is linked with: one statement for both."""
    parts, values = asked(report.pk, keys(own, test=report.is_test))
    statement = f"{parts} UNION ALL {_LINKED}" if values else _LINKED
    cursor.execute(statement, [*values, report.pk, report.pk])
    rows = cursor.fetchall()
    there = _There(set(), set())
    for said, number in [row for row in rows if " " in row[0]]:
        side, _blank, word = said.partition(" ")
        if side == "low":
            there.low.add(number)
        if word != Link.Machine.GONE:
            there.said.add(number)
    return answered(row for row in rows if " " not in row[0]), there


def _earlier(number: int, found: Sharing) -> set[int]:
    near = {one for one in found.near if one < number}
    return near | set(compared(number, found.shared))


def _wanted(
    cursor: CursorWrapper, number: int, own: Reported, found: Sharing, by: InForce
) -> dict[int, Said]:
    """The machine's word on the report and each earlier one that it is linked to."""
    earlier = _earlier(number, found)
    if not earlier:
        return {}
    by, others = by.of((own.told, own.whole)), _subjects(cursor, sorted(earlier))
    proposals = rules.proposals(own, others, found.near, by.model, by.frequencies)
    return {other: said_of(other, number, one, by.version) for other, one in proposals}


def said_of(low: int, high: int, proposal: rules.Proposal, version: str) -> Said:
    """The machine's word on a pair, as ``judging.machine`` takes it."""
    return Said(
        low,
        high,
        Link.Machine.AUTOMATIC if proposal.automatic else Link.Machine.PROPOSED,
        [reason.as_json() for reason in proposal.reasons],
        proposal.points,
        version,
    )
