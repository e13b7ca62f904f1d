"""Proposing, publishing and taking back: the only writer of a room's versions and acts."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed
from tipline.ground.foundation.policy import Policy, PolicyError, Problem
from tipline.ground.foundation.transactions import write_tx
from tipline.ground.publication.queries import Reading
from tipline.ground.publication.rules import LONGEST_NOTE, LONGEST_REASON, ActKind, before
from tipline.ground.publication.trials import Trials

T = TypeVar("T")


class Publication(Generic[T]):
    """The verbs of one room's publication."""

    def __init__(self, reading: Reading[T], trials: Trials[T]) -> None:
        self.reading, self.room, self.trials = reading, reading.room, trials

    def propose(self, actor: Actor, content: bytes, note: str = "") -> Any:
        """Keep a policy file as a version. The same bytes again are the same version.

        Raises PolicyError with everything that is wrong with it.
        """
        actor.require(self.room.propose)
        person = actor.person_key
        policy = self.room.read(content, "policy.toml")
        said = text(note, "note", LONGEST_NOTE, needed=False)
        with write_tx():
            if known := self.room.versions.filter(digest=policy.digest).first():
                return known
            self._refuse_taken(policy)
            row, made = self.room.versions.get_or_create(
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
            record(actor, Verb.POLICY_PROPOSED, self._subject(row), detail=detail)
        return row

    def _refuse_taken(self, policy: Policy[T]) -> None:
        shipped = self.room.shipped()
        if policy.digest == self.reading.in_force().digest:
            fix = "is in force with these very bytes; change something and raise the version"
            raise PolicyError("policy.toml", [Problem("version", fix)])
        if policy.stamp == shipped.stamp and policy.digest != shipped.digest:
            raise _taken(policy)
        same = self.room.versions.filter(name=policy.name, version=policy.version)
        if same.exclude(digest=policy.digest).exists():
            raise _taken(policy)

    def publish(self, actor: Actor, version_id: int, reason: str) -> Any:
        """Put a version in force. Asked again, or by two people at once, it is one act.

        Refused: to who proposed it, without a reason, and without a trial of these very bytes
        against what is in force at this moment.
        """
        actor.require(self.room.publish)
        person = actor.person_key
        said = text(reason, "reason", LONGEST_REASON)
        with write_tx():
            self._one_at_a_time()
            row = self.reading.version_for(actor, version_id)
            newest = self.room.acts.order_by("-pk").first()
            if newest is not None and newest.policy_id == row.pk:
                return newest
            self._refuse_to_publish(row, person)
            return self._act(actor, ActKind.PUBLISHED, row, said)

    def _refuse_to_publish(self, row: Any, person: int) -> None:
        if row.proposed_by_id is None or row.proposed_by_id == person:
            raise NotAllowed("Somebody other than the person who proposed it has to publish it.")
        try:
            self.reading.policy_of(row)
        except PolicyError as error:
            raise Conflict(f"This program cannot use it any more: {error.field}.") from error
        if not self.trials.holds(row):
            raise Conflict(
                "Try it on history first: there is no finished trial of these very bytes against "
                "the policy that is in force now."
            )

    def take_back(self, actor: Actor, reason: str, *, seen: int) -> Any:
        """Bring the policy before back. ``seen``: the act that the person takes back.

        Asked again, or by two people at once, it is one act; Conflict when another act came
        between, or when the shipped file is in force, which nothing stands before.
        """
        actor.require(self.room.publish)
        said = text(reason, "reason", LONGEST_REASON)
        with write_tx():
            self._one_at_a_time()
            if (newest := self.reading.newest_act_id()) != seen:
                return self._done_already(newest, seen)
            target = before(self.reading.acts_so_far())
            if target is None:
                raise Conflict(
                    "The policy that ships with the program is in force: nothing to undo."
                )
            row = self.room.versions.get(pk=target.policy) if target.policy else None
            return self._act(actor, ActKind.TAKEN_BACK, row, said)

    def _done_already(self, newest: int, seen: int) -> Any:
        """The act that took ``seen`` back, if that is the newest."""
        last = list(self.room.acts.order_by("-pk")[:2])
        if last and last[0].kind == ActKind.TAKEN_BACK and [a.pk for a in last] == [newest, seen]:
            return last[0]
        raise Conflict("Another policy came in force meanwhile. Look again and decide anew.")

    def _one_at_a_time(self) -> None:
        """Whoever publishes or takes back waits here for whoever does so now.

        Every act needs a version, versions are never deleted: the first one is the lock.
        """
        self.room.versions.select_for_update().order_by("pk").first()

    def _act(self, actor: Actor, kind: ActKind, row: Any, reason: str) -> Any:
        was = self.reading.in_force()
        act = self.room.acts.create(
            policy=row, kind=kind, reason=reason, by_id=actor.person_key, at=clock.now()
        )
        detail = {
            "act": act.pk,
            "before": was.digest,
            "digest": self.reading.in_force().digest,
        }
        record(actor, _VERBS[kind], self._subject(row), detail=detail)
        self.room.announce(act.pk)
        return act

    def _subject(self, row: Any) -> str:
        return f"{self.room.subject}:{row.pk if row else 'shipped'}"


_VERBS = {ActKind.PUBLISHED: Verb.POLICY_PUBLISHED, ActKind.TAKEN_BACK: Verb.POLICY_ROLLED_BACK}


def _same(row: Any, policy: Policy[T]) -> Any:
    """Another proposal of this name and version came at the same moment."""
    if row.digest != policy.digest:
        raise _taken(policy)
    return row


def _taken(policy: Policy[T]) -> PolicyError:
    fix = f"{policy.stamp} exists and says something else; give another version"
    return PolicyError("policy.toml", [Problem("version", fix)])


def text(value: Any, field: str, longest: int, *, needed: bool = True) -> str:
    """The text without NUL and blanks around it; Invalid when it is missing or too long."""
    said = str(value).replace("\x00", "").strip()
    if needed and not said:
        raise Invalid("Give a reason.", field=field)
    if len(said) > longest:
        raise Invalid(f"Give at most {longest} characters.", field=field)
    return said
