"""Linking one report to earlier ones: keys, candidates, scores. The only writer of links.

What a person judged is never touched (see :func:`_make_so`); ``services`` writes judgements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from django.db.models import Q

from tipline.ground.foundation import clock
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import derived_tx
from tipline.insight.entities import rules
from tipline.insight.entities.blocking.queries import Sharing, sharing
from tipline.insight.entities.blocking.rules import compared, keys, moved
from tipline.insight.entities.events import LinkChanged
from tipline.insight.entities.models import Identifier, Link
from tipline.insight.entities.queries import COUNTED
from tipline.insight.entities.rules_reported import READ_ROLES, Reported, Value, reported
from tipline.insight.entities.scoring.in_force import in_force
from tipline.record.reports.models import Report
from tipline.record.reports.services import hold

UNDECIDED = (Link.State.AUTOMATIC, Link.State.PROPOSED)
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
    Nobody is held for a report that is alone: of two who look at once, one sees the other.
    """
    own = subjects_of([report.pk]).get(report.pk, Reported())
    found, linked = _sharing(report, own), _linked(report.pk)
    if not (linked or found.near or any(len(numbers) > 1 for numbers in found.shared.values())):
        return set(), set()
    with derived_tx():
        hold(report)
        found = _sharing(report, own)
        earlier = _earlier(report.pk, found)
        changed = _make_so(report.pk, own, subjects_of(earlier) if earlier else {}, found.near)
        told = {*changed, report.pk} if changed else set()
        for number in sorted(told - {running}):
            announce(LinkChanged(number), dedup_key=str(number))
    later = {one for one in (*linked, *found.near) if one > report.pk}
    return changed, later | moved(report.pk, found.shared)


def _sharing(report: Report, own: Reported) -> Sharing:
    return sharing(report.pk, keys(own, test=report.is_test))


def _linked(number: int) -> set[int]:
    """Whom it is linked with by the machine: what has no keys in common any more may go."""
    rows = Link.objects.filter(Q(low_id=number) | Q(high_id=number), state__in=UNDECIDED)
    pairs = rows.order_by().values_list("low_id", "high_id")
    return {low if high == number else high for low, high in pairs}


def _earlier(number: int, found: Sharing) -> set[int]:
    near = {one for one in found.near if one < number}
    return near | set(compared(number, found.shared))


def _make_so(
    number: int, own: Reported, others: Mapping[int, Reported], near: Collection[int]
) -> set[int]:
    """Write its links to earlier reports; those of which this changed what counts.

    Here the machine's word becomes a link's state, and only here. What follows no more (an
    earlier report came late, a report reads otherwise now) goes, unless it was judged.
    """
    wanted = {row.low_id: row for row in _wanted(number, own, others, near)}
    held = Link.objects.select_for_update().filter(high_id=number).order_by("pk")
    there = {row.low_id: row for row in held}
    new = [row for other, row in wanted.items() if other not in there]
    changed = {row.low_id for row in new if row.state in COUNTED}
    Link.objects.bulk_create(new)
    for other, row in there.items():
        if row.state in UNDECIDED and _bring_row_up(row, wanted.get(other)):
            changed.add(other)
    return changed


def _wanted(
    number: int, own: Reported, others: Mapping[int, Reported], near: Collection[int]
) -> Iterator[Link]:
    """What the machine says of each pair, by the numbers of the earlier reports.

    Who shares a certain value with a report that is not among the nearest hangs together with it
    through these, and is asked about no more.
    """
    by = in_force()
    for other, subject in sorted(others.items()):
        if other not in near and own.certain & subject.certain:
            continue
        proposal = rules.propose(own, subject, by.model, by.frequencies)
        if proposal is not None:
            yield Link(
                low_id=other,
                high_id=number,
                state=Link.State.AUTOMATIC if proposal.automatic else Link.State.PROPOSED,
                reasons=[reason.as_json() for reason in proposal.reasons],
                points=proposal.points,
                version=by.version,
                at=clock.now(),
            )


def _bring_row_up(row: Link, wanted: Link | None) -> bool:
    """Whether what counts is another now."""
    if wanted is None:
        row.delete()
        return row.state in COUNTED
    if (row.state, row.reasons, row.version) == (wanted.state, wanted.reasons, wanted.version):
        return False
    moved_state = row.state != wanted.state
    row.state, row.reasons, row.version = wanted.state, wanted.reasons, wanted.version
    row.points = wanted.points
    row.save(update_fields=["state", "reasons", "points", "version"])
    return moved_state
