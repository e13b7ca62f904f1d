"""Analysts say whether a match is right; the list's owner is told by a vote."""

from __future__ import annotations

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.events import ReportListed
from tipline.insight.lists.members import house
from tipline.insight.lists.models import Entry, ListMatch, MatchVerdict, Source
from tipline.insight.lists.series.alerts import alert_holders
from tipline.insight.lists.standing import verdicts_on
from tipline.insight.lists.votes import reason_names, vote
from tipline.record.reports.models import Report

#: Why a match is not right, where the list's own server has no reasons of its own.
REASONS = ("other_content", "not_of_this_list", "too_plain")


def match_for(actor: Actor, number: int, match_id: int) -> ListMatch:
    """A match of a report that the caller has made sure its actor may see."""
    actor.require(Permission.LISTS_READ)
    rows = ListMatch.objects.select_related("entry__hash_list", "entry__member", "file__report")
    row = rows.filter(pk=match_id, file__report_id=number, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotVisible("There is no such match.")
    return row


def reasons_for(match: ListMatch) -> dict[str, str]:
    """What a no may say: the reasons of the list's own server by guid, else codes of ours."""
    told = reason_names(match.entry.hash_list_id, match.type)
    return told or {code: code for code in REASONS}


def judge_match(actor: Actor, match: ListMatch, *, right: bool, reason: str = "") -> bool:
    """Confirm or deny a match; True when that is news. The same word twice is said once.

    A word on a foreign list's entry is this house's vote there, whose newest counts.
    """
    actor.require(Permission.MATCHES_JUDGE)
    if right is bool(reason):
        raise Invalid("Say why the match is wrong, and nothing with a yes.", field="reason")
    if reason and reason not in reasons_for(match):
        raise Invalid("Choose one of the reasons.", field="reason")
    with write_tx():
        row = ListMatch.objects.select_for_update().get(pk=match.pk)
        if row.withdrawn_at is not None:
            raise Conflict("The list has withdrawn this match meanwhile.")
        before = verdicts_on([row]).get(row.pk)
        if before is not None and (before.right, before.reason) == (right, reason):
            return False
        MatchVerdict.objects.create(
            match=row, right=right, reason=reason, by_id=actor.person_key, at=clock.now()
        )
        _vote(actor, match, right=right, reason=reason)
        _record(actor, match, right=right)
        report = match.file.report_id
        announce(ReportListed(report), lane="lists", dedup_key=str(report))
    alert_holders(Report.objects.select_related("sender").get(pk=match.file.report_id))
    return True


def _vote(actor: Actor, match: ListMatch, *, right: bool, reason: str) -> None:
    """Only where the list is somebody else's, and the reason is one that it knows."""
    entry: Entry = match.entry
    known = reason in reason_names(entry.hash_list_id, match.type)
    if entry.hash_list.kind == "own" or not (right or known):
        return
    pulled = Source.objects.filter(hash_list_id=entry.hash_list_id).exists()
    reasons = () if right else (reason,)
    vote(
        actor,
        house().pk,
        entry,
        match.type,
        affirmative=right,
        reasons=reasons,
        to_send=pulled,
    )


def _record(actor: Actor, match: ListMatch, *, right: bool) -> None:
    verb = Verb.LIST_MATCH_CONFIRMED if right else Verb.LIST_MATCH_DENIED
    detail = {"match": match.pk, "list": match.entry.hash_list_id, "entry": match.entry_id}
    record(actor, verb, f"report:{match.file.report_id}", detail=detail)
