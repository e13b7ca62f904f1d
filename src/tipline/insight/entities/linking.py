"""Linking one report to earlier ones: keys, candidates, scores.

``judging`` writes links, and keeps what a person said of them; ``keeping`` writes identifiers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

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

_COLUMNS = ("kind", "scope", "normal", "role", "verified", "origin", "sightings")
_READ = sorted(role.value for role in READ_ROLES)


def link(report: Report) -> list[int]:
    """Link the report to earlier ones of perhaps the same person; whose links changed, by number.

    A report is linked by what stands on reports with smaller numbers. Those with greater ones
    that were looked at before are brought up to date, so that the order of looking makes no
    difference. Judged links stay as they were judged.
    """
    changed, later = _bring_up(report, report.pk)
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
    rows = Identifier.objects.filter(report__in=list(numbers), role__in=_READ).exclude(normal="")
    found: dict[int, list[Value]] = defaultdict(list)
    senders: dict[int, int | None] = {}
    for number, sender, *value in rows.values_list("report_id", "report__sender_id", *_COLUMNS):
        found[number].append(Value(*value))
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
    rows = Link.objects.filter(Q(low_id=number) | Q(high_id=number))
    pairs = rows.exclude(machine=Link.Machine.GONE).values_list("low_id", "high_id")
    return {low if high == number else high for low, high in pairs}


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
