"""The only writer of judgements on links; ``linking`` writes links, ``keeping`` identifiers."""

from __future__ import annotations

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.entities.events import LinkChanged
from tipline.insight.entities.models import Judgement, Link

VERDICTS = {
    "yes": Link.State.CONFIRMED,
    "no": Link.State.REJECTED,
    "unsure": Link.State.UNSURE,
}


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
