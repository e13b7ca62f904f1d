"""Our votes on entries of others, sent to the server of their list.

A vote waits as a row that was not sent yet: the row and what led to it committed together. It is
sent as it stands at that moment, so that votes changed meanwhile, and sent twice, are one vote.
"""

from __future__ import annotations

from typing import Any

import structlog

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import jobs
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.models import Source, Vote
from tipline.insight.lists.pulling.ballots import ballot
from tipline.insight.lists.pulling.http import Patience, PullError, Wire
from tipline.insight.lists.pulling.sources import wire_of
from tipline.insight.lists.votes import mark_sent, to_send

log = structlog.get_logger(__name__)

KIND = "lists.votes"
LANE = "outward:votes:"
AT_ONCE = 100
#: The server has looked at the vote and does not take it: asking again changes nothing.
_FINAL = frozenset({"not_there", "not_allowed", "refused"})


def send_votes(list_id: int, *, patience: Patience | None = None) -> int:
    """Send what waits for this list's server; how many were taken. :class:`PullError` ends it."""
    row = Source.objects.select_related("hash_list", "key").filter(pk=list_id, active=True).first()
    waiting = to_send(row.hash_list, AT_ONCE) if row is not None else []
    if row is None or not waiting:
        return 0
    with wire_of(row, patience) as wire:
        return sum(_send(wire, one) for one in waiting)


def _send(wire: Wire, vote: Vote) -> bool:
    entry, code = vote.entry, ""
    owner = entry.member.remote_id or 0
    path = f"/v2/entries/{owner}/{entry.key}/{vote.type.upper()}/feedback"
    try:
        wire.put(path, ballot(affirmative=vote.affirmative, reasons=vote.reasons))
    except PullError as error:
        if error.code not in _FINAL:
            raise
        code = error.code
        log.warning("vote refused", name=entry.hash_list_id, code=code)
    with write_tx():
        if mark_sent(vote, vote.at):
            detail = {"entry": entry.pk, "type": vote.type, "refused": code}
            record(SYSTEM, Verb.LIST_VOTE_SENT, f"list:{entry.hash_list_id}", detail=detail)
    return not code


def votes_job(payload: dict[str, Any]) -> None:
    """Send; comes again by itself for what the server could not take now."""
    try:
        send_votes(payload["list"])
    except PullError as error:
        log.warning("votes wait", name=str(payload["list"]), code=error.code)


def votes_due() -> None:
    """Ask for every list that has votes waiting."""
    waiting = Vote.objects.filter(sent_at__isnull=True)
    lists = set(waiting.values_list("entry__hash_list_id", flat=True))
    for key in Source.objects.filter(active=True, pk__in=lists).values_list("pk", flat=True):
        with write_tx():
            jobs.enqueue(KIND, {"list": key}, lane=f"{LANE}{key}", dedup_key=str(key))
