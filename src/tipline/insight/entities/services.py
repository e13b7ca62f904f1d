"""Linking a report; ``judging`` writes links and judgements, ``keeping`` identifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef, Q

from tipline.ground.foundation.events import announce
from tipline.ground.foundation.reasons import total
from tipline.ground.foundation.transactions import derived_tx
from tipline.insight.entities import rules
from tipline.insight.entities.events import LinkChanged
from tipline.insight.entities.forms.rules import Origin
from tipline.insight.entities.judging.machine import write_links
from tipline.insight.entities.models import Identifier, Link
from tipline.record.reports.facts import IdentifierKind, Role
from tipline.record.reports.models import Report
from tipline.record.reports.queries import of_same_kind
from tipline.record.reports.services import hold

_LINKING_ROLES = sorted(role.value for role in rules.LINKING_ROLES)
_LINKING_KINDS = sorted(kind.value for kind in rules.LINKING_KINDS)
#: What a text mentions links nobody.
_LINKING = Q(role__in=_LINKING_ROLES, kind__in=_LINKING_KINDS, origin=Origin.ASSERTED) & ~Q(
    normal=""
)
#: A report is linked to the earliest reports with the same value; the others hang on those.
MOST_PER_VALUE = 5


def link(report: Report) -> list[int]:
    """Link the report to earlier ones that share identifiers; numbers of those whose links changed.

    A report is linked by what stands on reports with smaller numbers. Those with greater ones
    that were looked at before are brought up to date, so that the order of looking makes no
    difference. Judged links stay as they were judged.
    """
    own = _in_common(report)
    if not own:
        return []
    changed, later = _bring_up(report, own, report.pk)
    for other in Report.objects.select_related("sender").filter(pk__in=later).order_by("pk"):
        changed |= _bring_up(other, _in_common(other), report.pk)[0]
    return sorted(changed - {report.pk})


def _in_common(report: Report) -> list[Identifier]:
    """Its identifiers that stand on any other report, too; one for each value."""
    twin = Identifier.objects.filter(
        _LINKING,
        kind=OuterRef("kind"),
        normal=OuterRef("normal"),
        scope=OuterRef("scope"),
    ).exclude(report=report.pk)
    own = Identifier.objects.filter(_LINKING, Exists(twin), report=report)
    return _one_of_each(own.order_by("pk"), lambda row: (row.kind, row.scope, row.normal))


def _bring_up(report: Report, own: Sequence[Identifier], running: int) -> tuple[set[int], set[int]]:
    """Make its links to earlier reports so: those changed, and the later ones with its values.

    The report is held while it is looked for what is there: two who look at once write one
    after the other, and the second sees no less than the first. ``running`` need not be told.
    """
    with derived_tx():
        hold(report)
        earlier, later = _shared_with(report, own)
        changed = _make_so(report.pk, earlier)
        told = {*changed, report.pk} if changed else set()
        for number in sorted(told - {running}):
            announce(LinkChanged(number), dedup_key=str(number))
    return changed, later


def _shared_with(
    report: Report, own: Sequence[Identifier]
) -> tuple[dict[int, list[rules.Shared]], set[int]]:
    """What it shares with each of the earliest reports; and those that may hang on it."""
    shared: dict[int, list[rules.Shared]] = defaultdict(list)
    later: set[int] = set()
    for one in own:
        twins = _twins(one, report)
        earlier = [twin for twin in twins if twin.report_id < report.pk]
        later.update(twin.report_id for twin in twins[len(earlier) :])
        for twin in earlier[:MOST_PER_VALUE]:
            shared[twin.report_id].append(_shared(one, twin, report, len(earlier) + 1))
    return shared, later


def _twins(own: Identifier, report: Report) -> list[Identifier]:
    """The same value on other reports, the earliest first, one for each report.

    No more are read than it takes to see that too many share the value: reports behind these
    are linked by it to nobody.
    """
    rows = Identifier.objects.filter(
        of_same_kind(report),
        _LINKING,
        kind=own.kind,
        normal=own.normal,
        scope=own.scope,
    ).exclude(report=report)
    enough = (rules.MOST_SHARED + 1) * len(_LINKING_ROLES)
    found = rows.select_related("report").order_by("report_id", "pk")[:enough]
    return _one_of_each(found, lambda row: row.report_id)[: rules.MOST_SHARED + 1]


def _one_of_each(
    rows: Iterable[Identifier], key: Callable[[Identifier], Hashable]
) -> list[Identifier]:
    """One row for each key, a reported person's own before that of an account tied to them."""
    kept: dict[Hashable, Identifier] = {}
    for row in rows:
        if key(row) not in kept or row.role == Role.SUSPECT:
            kept[key(row)] = row
    return list(kept.values())


def _shared(own: Identifier, twin: Identifier, report: Report, reports: int) -> rules.Shared:
    return rules.Shared(
        IdentifierKind(own.kind),
        own.scope,
        bool(own.verified and twin.verified),
        (Role(own.role), Role(twin.role)),
        reports,
        same_sender=report.sender_id is not None and report.sender_id == twin.report.sender_id,
    )


def _make_so(number: int, shared: Mapping[int, Sequence[rules.Shared]]) -> set[int]:
    """Write its links to earlier reports; those of which this changed what counts.

    What follows no more, because an earlier report came late, goes, unless it was judged.
    """
    proposals = {other: rules.propose(values) for other, values in sorted(shared.items())}
    wanted = {other: _row(number, other, one) for other, one in proposals.items() if one}
    return write_links({number: wanted})


def _row(number: int, other: int, proposal: rules.Proposal) -> Link:
    return Link(
        low_id=other,
        high_id=number,
        machine=Link.Machine.AUTOMATIC if proposal.automatic else Link.Machine.PROPOSED,
        reasons=[reason.as_json() for reason in proposal.reasons],
        points=total(proposal.reasons),
        version=rules.VERSION,
    )
