"""The only writer of identifiers, links and judgements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

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

VERDICTS = {
    "yes": Link.State.CONFIRMED,
    "no": Link.State.REJECTED,
    "unsure": Link.State.UNSURE,
}
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
    mine = list(Identifier.objects.filter(report=report, role__in=_linking_roles()))
    shared: dict[int, list[rules.Shared]] = defaultdict(list)
    for own in mine:
        twins = Identifier.objects.filter(
            kind=own.kind, normal=own.normal, scope=own.scope, role__in=_linking_roles()
        ).exclude(report=report)
        reports = twins.values("report_id").distinct().count() + 1
        for twin in twins.order_by("report_id")[:MOST_PER_VALUE]:
            shared[twin.report_id].append(
                rules.Shared(
                    IdentifierKind(own.kind),
                    own.scope,
                    bool(own.verified and twin.verified),
                    (Role(own.role), Role(twin.role)),
                    reports,
                )
            )
    return shared


def _linking_roles() -> list[str]:
    return sorted(role.value for role in rules.LINKING_ROLES)


def _keep_link(one: int, other: int, proposal: rules.Proposal) -> bool:
    """Write the link; True when this changed what counts."""
    low, high = sorted((one, other))
    state = Link.State.AUTOMATIC if proposal.automatic else Link.State.PROPOSED
    reasons = [reason.as_json() for reason in proposal.reasons]
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
            undecided = (Link.State.AUTOMATIC, Link.State.PROPOSED)
            Link.objects.filter(pk=row.pk, state__in=undecided).update(
                state=state, reasons=reasons, version=rules.VERSION
            )
        counts = state == Link.State.AUTOMATIC and (made or row.state == Link.State.PROPOSED)
        if counts:
            announce(LinkChanged(other), dedup_key=str(other))
    return counts


def judge(actor: Actor, row: Link, verdict: str, note: str = "") -> Judgement:
    """A person's decision about a link: added to the ledger of judgements, in force at once."""
    actor.require(Permission.LINKS_JUDGE)
    if verdict not in VERDICTS:
        raise Invalid("Answer yes, no or unsure.", field="verdict")
    with write_tx():
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
