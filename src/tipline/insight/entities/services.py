"""The only writer of identifiers, links and judgements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.entities import rules
from tipline.insight.entities.events import LinkChanged
from tipline.insight.entities.models import Identifier, Judgement, Link
from tipline.record.reports.facts import IdentifierKind, Role
from tipline.record.reports.models import Report
from tipline.record.reports.queries import of_same_kind

VERDICTS = {
    "yes": Link.State.CONFIRMED,
    "no": Link.State.REJECTED,
    "unsure": Link.State.UNSURE,
}
_LINKING_ROLES = sorted(role.value for role in rules.LINKING_ROLES)
#: A report is linked to the earliest reports with the same value; the others hang on those.
MOST_PER_VALUE = 5


def keep_identifiers(report: Report, forms: Sequence[rules.Normal]) -> None:
    """Make these the identifiers of the report. The same again changes nothing."""
    rows = [
        Identifier(
            report=report,
            kind=form.kind.value,
            scope=form.scope,
            normal=form.value,
            role=form.role.value,
            path=form.path,
            verified=form.verified,
        )
        for form in forms
    ]
    with write_tx():
        Identifier.objects.filter(report=report).delete()
        Identifier.objects.bulk_create(rows)


def link(report: Report) -> list[int]:
    """Link the report to others that share identifiers; numbers of those whose links changed.

    Judged links stay as they were judged.
    """
    shared = _shared_with(report)
    changed = []
    for other, values in sorted(shared.items()):
        proposal = rules.propose(values)
        if proposal is not None and _keep_link(report.pk, other, proposal):
            changed.append(other)
    return changed


def _shared_with(report: Report) -> dict[int, list[rules.Shared]]:
    mine = _one_of_each(
        Identifier.objects.filter(report=report, role__in=_LINKING_ROLES),
        lambda row: (row.kind, row.scope, row.normal),
    )
    shared: dict[int, list[rules.Shared]] = defaultdict(list)
    for own in mine:
        twins = _twins(own, report)
        for twin in twins[:MOST_PER_VALUE]:
            shared[twin.report_id].append(_shared(own, twin, report, len(twins) + 1))
    return shared


def _twins(own: Identifier, report: Report) -> list[Identifier]:
    """The same value on other reports, the earliest first, one for each report.

    No more are read than it takes to see that too many share the value.
    """
    rows = Identifier.objects.filter(
        of_same_kind(report),
        kind=own.kind,
        normal=own.normal,
        scope=own.scope,
        role__in=_LINKING_ROLES,
    ).exclude(report=report)
    enough = (rules.MOST_SHARED + 1) * len(_LINKING_ROLES)
    found = rows.select_related("report").order_by("report_id")[:enough]
    return _one_of_each(found, lambda row: row.report_id)


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


def _keep_link(one: int, other: int, proposal: rules.Proposal) -> bool:
    """Write the link; True when this changed what counts."""
    low, high = sorted((one, other))
    state = Link.State.AUTOMATIC if proposal.automatic else Link.State.PROPOSED
    reasons = [reason.as_json() for reason in proposal.reasons]
    undecided = (Link.State.AUTOMATIC, Link.State.PROPOSED)
    with write_tx():
        row, made = Link.objects.get_or_create(
            low_id=low,
            high_id=high,
            defaults={
                "state": state,
                "reasons": reasons,
                "version": rules.VERSION,
                "at": clock.now(),
            },
        )
        if not made:
            Link.objects.filter(pk=row.pk, state__in=undecided).update(
                state=state, reasons=reasons, version=rules.VERSION
            )
        if made:
            changed = state == Link.State.AUTOMATIC
        else:
            changed = row.state in undecided and row.state != state
        if changed:
            announce(LinkChanged(other), dedup_key=str(other))
    return changed


def judge(actor: Actor, row: Link, verdict: str, note: str = "") -> Judgement:
    """A person's decision about a link: added to the ledger of judgements, in force at once."""
    actor.require(Permission.LINKS_JUDGE)
    if verdict not in VERDICTS:
        raise Invalid("Answer yes, no or unsure.", field="verdict")
    with write_tx():
        # Two at once: the second waits here, so that the newest judgement is the one in force.
        Link.objects.select_for_update().get(pk=row.pk)
        judgement = Judgement.objects.create(
            link=row,
            verdict=verdict,
            note=note.strip()[:1000],
            reasons=row.reasons,
            author_id=actor.person_key,
            at=clock.now(),
        )
        Link.objects.filter(pk=row.pk).update(state=VERDICTS[verdict])
        for number in (row.low_id, row.high_id):
            detail = {"link": row.pk, "verdict": verdict}
            record(actor, Verb.LINK_JUDGED, f"report:{number}", detail=detail)
            announce(LinkChanged(number), dedup_key=str(number))
    return judgement
