"""Which policy is in force, and what is known of the versions and acts of a room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar

import structlog
from django.db import DatabaseError, connection
from django.db.models import Manager

from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.policy import Policy, PolicyError, Problem
from tipline.ground.publication.rules import Act, ActKind, before

log = structlog.get_logger(__name__)
T = TypeVar("T")
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Room(Generic[T]):
    """What a room's publication is made of.

    ``versions`` and ``acts``: its tables, shaped as in :mod:`.models`. ``read``: a policy from
    bytes and a name for messages; raises PolicyError. ``shipped``: the program's own policy, and
    ``shipped_text`` its file. ``subject``: the noun on the ledger. ``announce``: tells of an act,
    in its transaction.
    """

    versions: Manager[Any]
    acts: Manager[Any]
    read: Callable[[bytes, str], Policy[T]]
    shipped: Callable[[], Policy[T]]
    shipped_text: Callable[[], str]
    subject: str
    announce: Callable[[int], None]
    propose: Permission
    publish: Permission


@dataclass(frozen=True, slots=True)
class Standing(Generic[T]):
    """What is in force. ``act`` None: nothing was ever published here.

    ``row`` None: the shipped file. ``problems``: why the version cannot be used, so that the
    shipped file is used in its place. ``back``: whether it can be taken back.
    """

    policy: Policy[T]
    row: Any
    act: Any
    problems: tuple[Problem, ...]
    back: Act | None

    @property
    def act_id(self) -> int:
        """What a form carries, so that it acts on what its reader saw."""
        return self.act.pk if self.act else 0

    @property
    def since(self) -> datetime | None:
        return self.act.at if self.act else None


@dataclass(frozen=True, slots=True)
class Line:
    """A version in a list, without its bytes; the state of its trial and what it is against."""

    row: Any
    trial_state: str
    trial_against: str


def has_table(manager: Manager[Any]) -> bool:
    """Whether the table is there; raises as before where there is no database at all."""
    return manager.model._meta.db_table in connection.introspection.table_names()  # noqa: SLF001 - Django's documented way


class Reading(Generic[T]):
    """The reads of one room's publication."""

    def __init__(self, room: Room[T]) -> None:
        self.room = room
        #: The stored policy of a digest; None when this program cannot read it.
        self.parsed = lru_cache(maxsize=16)(self._parse)

    def in_force(self) -> Policy[T]:
        """The policy that the newest act put in force, else the file that ships.

        One small query each time; the parsed policy is kept by its digest. A version that this
        program can no longer read (a newer program knows another key) gives way to the shipped
        file. The log and the policy's page say so.
        """
        return self.usable(self._digest_in_force())

    def usable(self, digest: str | None) -> Policy[T]:
        """The policy of this digest, which the newest act names; None is the shipped file's."""
        return (self.parsed(digest) if digest else None) or self.room.shipped()

    def _digest_in_force(self) -> str | None:
        """None for the shipped file, and where there are no tables yet."""
        try:
            newest = self.room.acts.order_by("-pk").values_list("policy__digest", flat=True)
            return newest.first()
        except DatabaseError:
            if has_table(self.room.acts):
                raise
            return None

    def _parse(self, digest: str) -> Policy[T] | None:
        row = self.room.versions.get(digest=digest)
        try:
            return self.policy_of(row)
        except PolicyError as error:
            log.error("the policy in force cannot be used", policy=row.pk, problem=error.field)  # noqa: TRY400 - no trace: the page names each problem
            return None

    def policy_of(self, row: Any) -> Policy[T]:
        """The parsed version. Raises PolicyError when this program can no longer read it."""
        return self.room.read(row.content.encode(), f"{row.name}@{row.version}")

    def policy_with(self, digest: str) -> Policy[T] | None:
        """The policy with these bytes, the shipped one included; None when it cannot be used."""
        if digest == self.room.shipped().digest:
            return self.room.shipped()
        known = self.room.versions.filter(digest=digest).exists()
        return self.parsed(digest) if known else None

    def text_in_force(self) -> str:
        """The file in force, as it was proposed."""
        row = self.room.versions.filter(digest=self.in_force().digest).first()
        return row.content if row is not None else self.room.shipped_text()

    def standing(self, actor: Actor) -> Standing[T]:
        """What is in force now, since when and by whom."""
        self.see(actor)
        act = self.room.acts.select_related("policy", "by").order_by("-pk").first()
        row = act.policy if act else None
        problems = self.policy_or_problems(row)[1] if row else ()
        return Standing(self.in_force(), row, act, problems, before(self.acts_so_far()))

    def policy_or_problems(self, row: Any) -> tuple[Policy[T] | None, tuple[Problem, ...]]:
        """The parsed version, or why this program can no longer read it."""
        try:
            return self.policy_of(row), ()
        except PolicyError as error:
            return None, error.problems

    def acts_so_far(self) -> list[Act]:
        """All acts as the rules see them, the oldest first."""
        rows = self.room.acts.order_by("pk").values_list("kind", "policy_id")
        return [Act(ActKind(kind), policy) for kind, policy in rows]

    def acts_for(self, actor: Actor) -> Sequence[Any]:
        """The newest acts first."""
        self.see(actor)
        rows = self.room.acts.select_related("policy", "by").order_by("-pk")
        return list(rows[:MOST_SHOWN])

    def versions_for(self, actor: Actor) -> list[Line]:
        """The newest versions first."""
        self.see(actor)
        rows = self.room.versions.select_related("proposed_by").order_by("-pk")
        rows = rows.defer("content", "trial")[:MOST_SHOWN]
        keys = [row.pk for row in rows]
        wanted = ("pk", "trial__state", "trial__against")
        trials = self.room.versions.filter(pk__in=keys).values_list(*wanted)
        said = {key: (state or "", against or "") for key, state, against in trials}
        return [Line(row, *said[row.pk]) for row in rows]

    def version_for(self, actor: Actor, version_id: int) -> Any:
        """One version; NotVisible when there is none or the actor may see none."""
        self.see(actor)
        row = self.room.versions.select_related("proposed_by").filter(pk=version_id).first()
        if row is None:
            raise NotVisible("There is no such policy version.")
        return row

    def see(self, actor: Actor) -> None:
        """NotVisible for whoever neither proposes nor publishes."""
        if not (actor.may(self.room.propose) or actor.may(self.room.publish)):
            raise NotVisible("There is no such page.")

    def newest_act_id(self) -> int:
        """The act in force; 0 when there was none."""
        return self.room.acts.order_by("-pk").values_list("pk", flat=True).first() or 0
