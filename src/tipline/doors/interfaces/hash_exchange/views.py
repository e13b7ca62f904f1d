"""The endpoints of one list. A view reads: parse, call, answer."""

from __future__ import annotations

import structlog
from django.http import HttpResponse, HttpResponseBase

from tipline.doors import bodies
from tipline.doors.interfaces.hash_exchange import answers, documents
from tipline.doors.interfaces.hash_exchange.frame import ANY, Call, endpoint
from tipline.doors.interfaces.hash_exchange.reading import serve
from tipline.doors.interfaces.hash_exchange.rules_types import LARGE, type_in_address
from tipline.doors.interfaces.hash_exchange.rules_votes import MOST_BYTES, read_ballot
from tipline.doors.interfaces.hash_exchange.rules_window import read_window, written
from tipline.ground.foundation.errors import NotVisible
from tipline.insight.lists import sharing
from tipline.insight.lists.changes import entry_at, members_of
from tipline.insight.lists.changes import may_vote as check_vote
from tipline.insight.lists.votes import vote

log = structlog.get_logger(__name__)


@endpoint("GET")
def status(call: Call) -> HttpResponseBase:
    address = call.request.META.get("REMOTE_ADDR", "") or "unknown"
    steps = documents.status(address, call.actor.name, call.access.member)
    return answers.xml(call.request, "status", steps)


@endpoint("GET")
def members(call: Call) -> HttpResponseBase:
    rows = members_of(call.hash_list)
    return answers.xml(call.request, "members", map(documents.member, rows))


@endpoint("GET")
def entries(call: Call) -> HttpResponseBase:
    """The changes in a window. What leaves the house is on the ledger before it does."""
    served = serve(call.hash_list, read_window(call.request.GET.dict()))
    window, rows = served.window, served.rows
    log.info(
        "hash window",
        actor=call.actor.reference,
        name=call.hash_list.slug,
        since=written(window.since),
        until=written(window.until),
        count=len(rows),
    )
    if rows:
        told = (written(window.since), written(window.until))
        sharing.note_served(call.actor, call.hash_list, told, rows)
    names = sharing.all_reasons(call.hash_list) if any(row.votes for row in rows) else {}
    steps = documents.page(rows, served.following, names)
    return answers.xml(call.request, "queryResult", steps)


@endpoint("GET")
def reasons(call: Call, kind: str) -> HttpResponseBase:
    named = _type(kind)
    known = sharing.reasons_of(call.hash_list, named)
    rows = [documents.Reason(guid, name, named) for guid, name in known.items()]
    return answers.xml(call.request, "availableFeedbackReasons", documents.reasons(rows))


@endpoint("GET")
def categorizations(call: Call) -> HttpResponseBase:
    """Nobody labels entries over the wire: there are none to choose from."""
    return answers.xml(call.request, "availableCategorizations", ())


@endpoint("PUT")
def feedback(call: Call, member_id: int, key: str, kind: str) -> HttpResponseBase:
    """A vote. The same one again changes nothing."""
    ballot = read_ballot(bodies.whole(call.request, MOST_BYTES))
    entry = entry_at(call.hash_list, member_id, key)
    check_vote(call.access, member_id)
    sharing.reasons_of(call.hash_list, _type(kind))
    vote(
        call.actor,
        call.actor.member_key,
        entry,
        _type(kind),
        affirmative=ballot.affirmative,
        reasons=ballot.reasons,
    )
    return answers.xml(call.request, "submissionResult", ())


@endpoint("GET")
def large(call: Call, member_id: int, key: str, kind: str) -> HttpResponseBase:
    """A fingerprint that is too large for an entry, as its bytes."""
    named = _type(kind)
    if named not in LARGE:
        raise NotVisible("Fingerprints of this type stand in the entry.")
    data = sharing.large_print(entry_at(call.hash_list, member_id, key), named)
    return HttpResponse(data, content_type="application/octet-stream")


@endpoint(ANY)
def unknown(_call: Call, rest: str) -> HttpResponseBase:  # noqa: ARG001 - any path below a root
    raise NotVisible("There is no such endpoint.")


def _type(text: str) -> str:
    kind = type_in_address(text)
    if kind is None:
        raise NotVisible("There is no such type of fingerprint.")
    return kind
