"""Writing the ledger of judgements: the only place that does. Callers have asked who may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.entities.events import LinkChanged
from tipline.insight.entities.judging import rules
from tipline.insight.entities.judging.queries import cannot_link
from tipline.insight.entities.judging.rules import Verdict
from tipline.insight.entities.judging.settling import (
    CACHED,
    TornError,
    refresh,
    settle,
    take_turn,
)
from tipline.insight.entities.models import Judgement, Link, SecondLook

MOST_NOTE = 1_000


@contextmanager
def judging() -> Iterator[None]:
    """One person at a time; a cluster that cannot hold together is refused in words."""
    try:
        with write_tx():
            take_turn(alone=True)
            yield
    except TornError as error:
        way = " - ".join(map(str, error.way))
        raise Conflict(
            f"Confirmed links hold reports {error.tie.low} and {error.tie.high} together all the "
            f"same ({way}). Part the cluster, or judge those links first.",
            code="held_together",
        ) from error


def verdict_of(verdict: str) -> Verdict:
    if verdict not in rules.ANSWERS:
        raise Invalid("Answer yes, no or unsure.", field="verdict")
    return Verdict(verdict)


def checked_note(note: str) -> str:
    note = note.strip()
    if len(note) > MOST_NOTE:
        raise Invalid(f"Write at most {MOST_NOTE} characters.", field="note")
    return note


def locked(link_id: int) -> Link:
    links = list(lock({link_id}))
    if not links:
        raise NotVisible("There is no such link.")
    return links[0]


def lock(link_ids: Iterable[int]) -> Iterable[Link]:
    return Link.objects.select_for_update(of=("self",)).filter(pk__in=link_ids).order_by("pk")


def refuse_bar(link: Link) -> None:
    """:class:`Conflict` where a yes would bring together what somebody told apart."""
    bar = cannot_link(link.low_id, link.high_id, apart_from=link.pk)
    if bar is not None:
        raise Conflict(
            f"Reports {bar.low_id} and {bar.high_id} were judged to be about different people, and "
            f"this would bring them into one cluster. If that was wrong, change or take back that "
            f"judgement on report {bar.low_id} first.",
            code="cannot_link",
        )


def add(
    actor: Actor,
    link: Link,
    verdict: Verdict,
    note: str,
    act: str,
    *,
    undoes: Judgement | None = None,
    seconds: Judgement | None = None,
    needs_second: bool = False,
) -> Judgement:
    """A row, with the machine's reasons as they stand."""
    return Judgement.objects.create(
        link=link,
        verdict=verdict.value,
        note=note,
        reasons=link.reasons,
        points=link.points,
        version=link.version,
        act=act,
        undoes=undoes,
        seconds=seconds,
        needs_second=needs_second,
        author_id=actor.person_key,
        at=clock.now(),
    )


def follow(
    actor: Actor, verb: Verb, links: Sequence[Link], rows: Sequence[Judgement], **more: str
) -> None:
    """What follows from new rows: the links' state, that of others near them, the ledger, events.

    Notes stay out of the ledger: they may hold personal values.
    """
    refresh(links)
    Link.objects.bulk_update(links, CACHED, batch_size=200)
    ends = {end for link in links for end in (link.low_id, link.high_id)}
    told = ends | settle(ends, by_person=True)
    by_key = {link.pk: link for link in links}
    for row in rows:
        link = by_key[row.link_id]
        detail = {"link": link.pk, "judgement": row.pk, "verdict": row.verdict, **more}
        for number in (link.low_id, link.high_id):
            record(actor, verb, f"report:{number}", detail=detail)
    for number in sorted(told):
        announce(LinkChanged(number), dedup_key=str(number))
    for link in links:
        link.refresh_from_db()


def answer_look(actor: Actor, look: SecondLook, link: Link, said: Verdict, note: str) -> Judgement:
    """The second person's row. Of a link that nobody judged it is the first judgement."""
    row = add(actor, link, said, note, random_hex(), seconds=look.judgement)
    SecondLook.objects.filter(pk=look.pk).update(answer=row)
    follow(actor, Verb.LINK_SECONDED, [link], [row])
    return row
