"""Second looks at links: taking a blind one, giving it back, answering; large merges openly."""

from __future__ import annotations

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, NotAllowed, NotVisible
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.entities.judging import queries_seconds as queries
from tipline.insight.entities.judging.rules import Verdict
from tipline.insight.entities.judging.writing import (
    answer_look,
    checked_note,
    judging,
    locked,
    refuse_bar,
    verdict_of,
)
from tipline.insight.entities.models import Judgement, SecondLook


def take_second(actor: Actor) -> SecondLook | None:
    """The blind look that the person holds already, or the next that they may have; None: none.

    From then on, until they answer or give it back, they are not shown what was said of the link.
    """
    actor.require(Permission.LINKS_JUDGE)
    if (row := queries.held(actor)) is not None:
        return row
    for row in queries.offered(actor):
        if _claim(actor, row):
            return SecondLook.objects.get(pk=row.pk)
    return None


def _claim(actor: Actor, row: SecondLook) -> bool:
    """False when somebody was faster, or holds it anew."""
    with write_tx():
        free = SecondLook.objects.filter(pk=row.pk, answer__isnull=True, taken_at=row.taken_at)
        if not free.update(taken_by_id=actor.person_key, taken_at=clock.now()):
            return False
        _note_of(actor, row, Verb.LINK_LOOK_TAKEN)
    return True


def give_back(actor: Actor, look_id: int) -> None:
    """Somebody else may have it; what was said is shown again."""
    actor.require(Permission.LINKS_JUDGE)
    with write_tx():
        mine = SecondLook.objects.filter(
            pk=look_id, answer__isnull=True, taken_by_id=actor.person_key
        )
        row = mine.first()
        if row is None:
            raise NotVisible("There is no such look.")
        mine.update(taken_by=None, taken_at=None)
        _note_of(actor, row, Verb.LINK_LOOK_GIVEN_BACK)


def second(actor: Actor, look_id: int, verdict: str, note: str = "") -> Judgement:
    """What the second person says: yes, no or unsure.

    A large merge counts after a second yes. Where the two differ a confirmed link counts nothing
    until it is judged anew; one told apart stays so. Of a link that nobody judged it is the first
    judgement. A blind look is answered by who holds it; nobody seconds themselves.
    :class:`Conflict` when the link was judged anew meanwhile.
    """
    actor.require(Permission.LINKS_JUDGE)
    said, note = verdict_of(verdict), checked_note(note)
    with judging():
        look = SecondLook.objects.select_related("judgement", "answer").filter(pk=look_id).first()
        if look is None:
            raise NotVisible("There is no such look.")
        link = locked(look.link_id)
        look.refresh_from_db()
        if look.answer is not None and look.answer.author_id == actor.person_key:
            return look.answer
        _refuse(actor, look, waits=queries.waits(look, link))
        if said is Verdict.YES:
            refuse_bar(link)
        return answer_look(actor, look, link, said, note)


def _refuse(actor: Actor, look: SecondLook, *, waits: bool) -> None:
    if look.judgement is not None and look.judgement.author_id == actor.person_key:
        raise NotAllowed("Whoever judged cannot be the second person, too.")
    if look.why == SecondLook.Why.SAMPLE and look.taken_by_id != actor.person_key:
        raise NotVisible("There is no such look.")
    if not waits:
        raise Conflict("This link does not wait for a second person any more.")


def _note_of(actor: Actor, row: SecondLook, verb: Verb) -> None:
    """Of either report, without what was said."""
    for number in (row.link.low_id, row.link.high_id):
        record(actor, verb, f"report:{number}", detail={"look": row.pk, "link": row.link_id})
