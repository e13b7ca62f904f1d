"""Proposing, publishing and taking back: the only writer of versions and acts."""

from __future__ import annotations

from typing import Any

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.policy import PolicyError, Problem
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.models import PolicyAct, PolicyVersion
from tipline.insight.triage.policy import TriagePolicy, default_policy
from tipline.insight.triage.publication import trials
from tipline.insight.triage.publication.events import PolicyPublished
from tipline.insight.triage.publication.queries import (
    acts_so_far,
    in_force,
    newest_act_id,
    policy_of,
    version_for,
)
from tipline.insight.triage.publication.rules import LONGEST_REASON, ActKind, before, read

#: Re-assessing under another policy has a lane of its own: no new report waits behind it.
LANE = "policy"
LONGEST_NOTE = 2000


def propose(actor: Actor, content: bytes, note: str = "") -> PolicyVersion:
    """Keep a policy file as a version. The same bytes again are the same version.

    Raises PolicyError with everything that is wrong with it.
    """
    actor.require(Permission.POLICY_PROPOSE)
    person = actor.person_key
    policy = read(content, "policy.toml")
    said = _text(note, "note", LONGEST_NOTE, needed=False)
    with write_tx():
        if known := PolicyVersion.objects.filter(digest=policy.digest).first():
            return known
        _refuse_taken(policy)
        row, made = PolicyVersion.objects.get_or_create(
            name=policy.name,
            version=policy.version,
            defaults={
                "digest": policy.digest,
                "content": content.decode(),
                "note": said,
                "proposed_by_id": person,
                "proposed_at": clock.now(),
            },
        )
        if not made:
            return _same(row, policy)
        detail = {"digest": policy.digest}
        record(actor, Verb.POLICY_PROPOSED, f"policy:{row.pk}", detail=detail)
    return row


def _same(row: PolicyVersion, policy: TriagePolicy) -> PolicyVersion:
    """Another proposal of this name and version came at the same moment."""
    if row.digest != policy.digest:
        raise _taken(policy)
    return row


def _refuse_taken(policy: TriagePolicy) -> None:
    shipped = default_policy()
    if policy.digest == in_force().digest:
        fix = "is in force with these very bytes; change something and raise the version"
        raise PolicyError("policy.toml", [Problem("version", fix)])
    if policy.stamp == shipped.stamp and policy.digest != shipped.digest:
        raise _taken(policy)
    same = PolicyVersion.objects.filter(name=policy.name, version=policy.version)
    if same.exclude(digest=policy.digest).exists():
        raise _taken(policy)


def _taken(policy: TriagePolicy) -> PolicyError:
    fix = f"{policy.stamp} exists and says something else; give another version"
    return PolicyError("policy.toml", [Problem("version", fix)])


def publish(actor: Actor, version_id: int, reason: str) -> PolicyAct:
    """Put a version in force. Asked again, or by two people at once, it is one act.

    Refused: to who proposed it, without a reason, and without a trial of these very bytes
    against what is in force at this moment.
    """
    actor.require(Permission.POLICY_PUBLISH)
    person = actor.person_key
    said = _text(reason, "reason", LONGEST_REASON)
    with write_tx():
        _one_at_a_time()
        row = version_for(actor, version_id)
        newest = PolicyAct.objects.order_by("-pk").first()
        if newest is not None and newest.policy_id == row.pk:
            return newest
        _refuse_to_publish(row, person)
        return _act(actor, ActKind.PUBLISHED, row, said)


def _refuse_to_publish(row: PolicyVersion, person: int) -> None:
    if row.proposed_by_id is None or row.proposed_by_id == person:
        raise NotAllowed("Somebody other than the person who proposed it has to publish it.")
    try:
        policy_of(row)
    except PolicyError as error:
        raise Conflict(f"This program cannot use it any more: {error.field}.") from error
    if not trials.holds(row):
        raise Conflict(
            "Try it on history first: there is no finished trial of these very bytes against "
            "the policy that is in force now."
        )


def take_back(actor: Actor, reason: str, *, seen: int) -> PolicyAct:
    """Bring the policy before back. ``seen``: the act that the person takes back.

    Asked again, or by two people at once, it is one act; Conflict when another act came
    between, or when the shipped file is in force, which nothing stands before.
    """
    actor.require(Permission.POLICY_PUBLISH)
    said = _text(reason, "reason", LONGEST_REASON)
    with write_tx():
        _one_at_a_time()
        if (newest := newest_act_id()) != seen:
            return _done_already(newest, seen)
        acts = acts_so_far()
        target = before(acts)
        if target is None:
            raise Conflict("The policy that ships with the program is in force: nothing to undo.")
        row = PolicyVersion.objects.get(pk=target.policy) if target.policy else None
        return _act(actor, ActKind.TAKEN_BACK, row, said)


def _done_already(newest: int, seen: int) -> PolicyAct:
    """The act that took ``seen`` back, if that is the newest."""
    last = list(PolicyAct.objects.order_by("-pk")[:2])
    if last and last[0].kind == ActKind.TAKEN_BACK and [a.pk for a in last] == [newest, seen]:
        return last[0]
    raise Conflict("Another policy came in force meanwhile. Look again and decide anew.")


def _one_at_a_time() -> None:
    """Whoever publishes or takes back waits here for whoever does so now.

    Every act needs a version, versions are never deleted: the first one is the lock.
    """
    PolicyVersion.objects.select_for_update().order_by("pk").first()


def _act(actor: Actor, kind: ActKind, row: PolicyVersion | None, reason: str) -> PolicyAct:
    was = in_force()
    act = PolicyAct.objects.create(
        policy=row, kind=kind, reason=reason, by_id=actor.person_key, at=clock.now()
    )
    verbs = {ActKind.PUBLISHED: Verb.POLICY_PUBLISHED, ActKind.TAKEN_BACK: Verb.POLICY_ROLLED_BACK}
    detail = {"act": act.pk, "before": was.digest, "digest": in_force().digest}
    subject = f"policy:{row.pk}" if row else "policy:shipped"
    record(actor, verbs[kind], subject, detail=detail)
    announce(PolicyPublished(act.pk), lane=LANE, dedup_key=str(act.pk))
    return act


def _text(value: Any, field: str, longest: int, *, needed: bool = True) -> str:
    text = str(value).replace("\x00", "").strip()
    if needed and not text:
        raise Invalid("Give a reason.", field=field)
    if len(text) > longest:
        raise Invalid(f"Give at most {longest} characters.", field=field)
    return text
