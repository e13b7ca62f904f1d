"""The only writer of judgements: yes, no, unsure, a cluster parted, a deed taken back.

What these need of a link is read anew under a lock, so that of two people at once the second
speaks after the first: both rows are kept, the newest is in force.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.ground.foundation.ids import random_hex
from tipline.insight.entities.judging import looks, rules
from tipline.insight.entities.judging.policy import judging_policy
from tipline.insight.entities.judging.queries import cluster_members
from tipline.insight.entities.judging.rules import State, Verdict
from tipline.insight.entities.judging.settling import word_of
from tipline.insight.entities.judging.walking import ledger_of, ties_among
from tipline.insight.entities.judging.writing import (
    add,
    answer_look,
    checked_note,
    follow,
    judging,
    lock,
    locked,
    refuse_bar,
    verdict_of,
)
from tipline.insight.entities.models import Judgement, Link, SecondLook

LEAST_REASON = 3
#: What a split answers: what counts, and what waits for a person.
_ANSWERED_BY_SPLIT = (
    State.AUTOMATIC,
    State.CONFIRMED,
    State.WAITING,
    State.PROPOSED,
)


def judge(
    actor: Actor, link: Link, verdict: str, note: str = "", *, seen: int | None = None
) -> Judgement:
    """Say whether two reports belong together: yes, no or unsure; in force at once.

    ``seen``: the key of the newest row of the ledger on the page that the person judged from, 0
    for none; :class:`Conflict` when there is a newer one. Without it nothing is compared. The
    same form sent twice has one effect.

    A yes that brings together what somebody told apart is a :class:`Conflict` that names the
    pair, and so is a no where confirmed links hold the two together by another way. A yes that
    makes a cluster larger than the policy lets one person make waits for a second one, and another
    person's yes to it is that second one.
    """
    actor.require(Permission.LINKS_JUDGE)
    said = verdict_of(verdict)
    note = checked_note(note)
    with judging():
        row = locked(link.pk)
        ledger = ledger_of([row]).get(row.pk, [])
        if again := _same_again(actor, row, ledger, said, note):
            return again
        if seen is not None and seen != (ledger[-1].pk if ledger else 0):
            raise Conflict("Somebody has judged these two meanwhile: look again.")
        merges = said is Verdict.YES and _checked_yes(row)
        if said is Verdict.YES and (waiting := _merge_of_another(actor, row)) is not None:
            return answer_look(actor, waiting, row, said, note)
        judgement = add(actor, row, said, note, random_hex(), needs_second=merges)
        looks.ask(row, judgement)
        follow(actor, Verb.LINK_JUDGED, [row], [judgement])
    return judgement


def _merge_of_another(actor: Actor, link: Link) -> SecondLook | None:
    """The large merge that waits for somebody like this person to say the same."""
    if link.state != State.WAITING:
        return None
    rows = SecondLook.objects.select_related("judgement").filter(link=link, answer__isnull=True)
    rows = rows.filter(why=SecondLook.Why.MERGE).exclude(judgement__author=actor.person_key)
    return rows.order_by("-pk").first()


def split(actor: Actor, number: int, members: Collection[int], note: str) -> list[Judgement]:
    """Part these members from the rest of the cluster of a report, with one reason.

    Every link between the two sides that counts, or that waits for a person, is rejected in one
    act; what was said of others stays. :func:`undo` of any of the rows restores what was before.
    :class:`Conflict` when the cluster is another one than the person saw.
    """
    actor.require(Permission.LINKS_JUDGE)
    note = checked_note(note)
    if len(note) < LEAST_REASON:
        raise Invalid("Say why these are parted from the others.", field="note")
    chosen = set(members)
    with judging():
        cluster = cluster_members(number)
        if not cluster.whole:
            raise Conflict("This cluster is too large to be parted at once: judge its bridges.")
        if not chosen or chosen >= cluster.members:
            raise Invalid("Choose some of the reports, not none and not all.", field="members")
        if strangers := sorted(chosen - cluster.members):
            told = ", ".join(map(str, strangers))
            raise Conflict(f"No longer in this cluster: {told}. Look again.")
        across = {
            link.pk
            for link in ties_among(cluster.members)
            if (link.low_id in chosen) != (link.high_id in chosen)
            and State(link.state) in _ANSWERED_BY_SPLIT
        }
        links = list(lock(across))
        act = random_hex()
        rows = [add(actor, link, Verdict.SPLIT, note, act) for link in links]
        follow(actor, Verb.CLUSTER_SPLIT, links, rows)
    return rows


def undo(actor: Actor, judgement_id: int, note: str = "") -> list[Judgement]:
    """Take back the deed that a row of the ledger belongs to, whole; itself rows of the ledger.

    One's own deed, or for a senior anybody's; only while nothing was said of its links since.
    """
    actor.require(Permission.LINKS_JUDGE)
    note = checked_note(note)
    with judging():
        row = Judgement.objects.filter(pk=judgement_id).first()
        if row is None:
            raise NotVisible("There is no such judgement.")
        deed = list(Judgement.objects.filter(act=row.act).order_by("pk")) if row.act else [row]
        if row.author_id != actor.person_key and not actor.may(Permission.JUDGEMENTS_OVERSEE):
            raise NotAllowed("Only who judged, or a supervisor, takes a judgement back.")
        links = list(lock({one.link_id for one in deed}))
        if taken := _taken_back(actor, deed):
            return taken
        _refuse_overtaken(links, deed)
        by_key = {link.pk: link for link in links}
        act = random_hex()
        rows = [
            add(actor, by_key[one.link_id], Verdict.UNDO, note, act, undoes=one) for one in deed
        ]
        asked = SecondLook.objects.filter(answer__in=[one.pk for one in deed])
        asked.update(answer=None, taken_by=None, taken_at=None)
        follow(actor, Verb.LINK_JUDGEMENT_UNDONE, links, rows)
    return rows


def _same_again(
    actor: Actor, link: Link, ledger: Sequence[Judgement], said: Verdict, note: str
) -> Judgement | None:
    """The row that the same form has made already, while nothing new is known."""
    last = ledger[-1] if ledger else None
    if last is None or last.seconds_id is not None or link.news:
        return None
    same = (last.author_id, last.verdict, last.note) == (actor.person_key, said.value, note)
    return last if same else None


def _checked_yes(link: Link) -> bool:
    """Whether it needs a second person; :class:`Conflict` where it must not be."""
    refuse_bar(link)
    low = cluster_members(link.low_id).members
    if link.high_id in low:
        return False
    return _large(len(low) + len(cluster_members(link.high_id).members))


def _large(reports: int) -> bool:
    """Whether a cluster of so many is more than one person makes."""
    return reports > judging_policy().rules.most_reports


def _taken_back(actor: Actor, deed: Sequence[Judgement]) -> list[Judgement]:
    """The rows that this person's undo, sent before, has made."""
    rows = Judgement.objects.filter(undoes__in=[one.pk for one in deed])
    found = list(rows.order_by("pk"))
    if found and any(row.author_id != actor.person_key for row in found):
        raise Conflict("Somebody has taken this back already.")
    return found


def _refuse_overtaken(links: Sequence[Link], deed: Sequence[Judgement]) -> None:
    mine = {one.link_id: one for one in deed}
    ledger = ledger_of(links)
    for link in links:
        standing = rules.standing(word_of(row) for row in ledger[link.pk])
        if not standing or standing[-1].id != mine[link.pk].pk:
            raise Conflict(
                f"Reports {link.low_id} and {link.high_id} were judged again since: take that back "
                "first, or judge them anew.",
                code="overtaken",
            )
