"""Which policy is in force, and what is known of the versions and of re-assessing under one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

import structlog
from django.db import DatabaseError, connection

from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.policy import PolicyError, Problem
from tipline.insight.triage.models import PolicyAct, PolicyVersion, QueueEntry
from tipline.insight.triage.policy import TriagePolicy, default_policy
from tipline.insight.triage.publication.rules import Act, ActKind, before, read

log = structlog.get_logger(__name__)
MOST_SHOWN = 200
_SHIPPED_FILE = files("tipline.insight.triage").joinpath("policies/triage-us.toml")


def in_force() -> TriagePolicy:
    """The policy that the newest act put in force, else the file that ships with the program.

    Asked for each assessment: one small query; the parsed policy is kept by its digest. A
    version that this program can no longer read (a sign was added since) gives way to the
    shipped file: reports must be ranked. The log and the policy's page say so.
    """
    digest = _digest_in_force()
    return (_parsed(digest) if digest else None) or default_policy()


def _digest_in_force() -> str | None:
    """None for the shipped file, and where there are no tables yet."""
    try:
        newest = PolicyAct.objects.order_by("-pk").values_list("policy__digest", flat=True)
        return newest.first()
    except DatabaseError:
        if _has_tables():
            raise
        return None


def _has_tables() -> bool:
    """Whether the tables are there; raises as before where there is no database at all."""
    return PolicyAct._meta.db_table in connection.introspection.table_names()  # noqa: SLF001 - Django's documented way


@lru_cache(maxsize=16)
def _parsed(digest: str) -> TriagePolicy | None:
    """The stored policy of this digest; None when this program cannot read it."""
    row = PolicyVersion.objects.get(digest=digest)
    try:
        return policy_of(row)
    except PolicyError as error:
        log.error("the policy in force cannot be used", policy=row.pk, problem=error.field)  # noqa: TRY400 - no trace: the page names each problem
        return None


def policy_of(row: PolicyVersion) -> TriagePolicy:
    """The parsed version. Raises PolicyError when this program can no longer read it."""
    return read(row.content.encode(), f"{row.name}@{row.version}")


def policy_with(digest: str) -> TriagePolicy | None:
    """The policy with these bytes, the shipped one included; None when it cannot be used."""
    if digest == default_policy().digest:
        return default_policy()
    known = PolicyVersion.objects.filter(digest=digest).exists()
    return _parsed(digest) if known else None


def shipped_text() -> str:
    """The file of the program itself."""
    return _SHIPPED_FILE.read_text(encoding="utf-8")


def text_in_force() -> str:
    """The file in force, as it was proposed."""
    row = PolicyVersion.objects.filter(digest=in_force().digest).first()
    return row.content if row is not None else shipped_text()


@dataclass(frozen=True, slots=True)
class Standing:
    """What is in force. ``act`` None: nothing was ever published here.

    ``row`` None: the shipped file. ``problems``: why the version cannot be used, so that the
    shipped file is used in its place. ``back``: whether it can be taken back.
    """

    policy: TriagePolicy
    row: PolicyVersion | None
    act: PolicyAct | None
    problems: tuple[Problem, ...]
    back: Act | None

    @property
    def act_id(self) -> int:
        """What a form carries, so that it acts on what its reader saw."""
        return self.act.pk if self.act else 0

    @property
    def since(self) -> datetime | None:
        return self.act.at if self.act else None


def standing(actor: Actor) -> Standing:
    """What is in force now, since when and by whom."""
    _see(actor)
    act = PolicyAct.objects.select_related("policy", "by").order_by("-pk").first()
    row = act.policy if act else None
    problems = policy_or_problems(row)[1] if row else ()
    return Standing(in_force(), row, act, problems, before(acts_so_far()))


def policy_or_problems(row: PolicyVersion) -> tuple[TriagePolicy | None, tuple[Problem, ...]]:
    """The parsed version, or why this program can no longer read it."""
    try:
        return policy_of(row), ()
    except PolicyError as error:
        return None, error.problems


def acts_so_far() -> list[Act]:
    """All acts as the rules see them, the oldest first."""
    rows = PolicyAct.objects.order_by("pk").values_list("kind", "policy_id")
    return [Act(ActKind(kind), policy) for kind, policy in rows]


def acts_for(actor: Actor) -> Sequence[PolicyAct]:
    """The newest acts first."""
    _see(actor)
    rows = PolicyAct.objects.select_related("policy", "by").order_by("-pk")
    return list(rows[:MOST_SHOWN])


@dataclass(frozen=True, slots=True)
class Line:
    """A version in a list, without its bytes; the state of its trial and what it is against."""

    row: PolicyVersion
    trial_state: str
    trial_against: str


def versions_for(actor: Actor) -> list[Line]:
    """The newest versions first."""
    _see(actor)
    rows = PolicyVersion.objects.select_related("proposed_by").order_by("-pk")
    rows = rows.defer("content", "trial")[:MOST_SHOWN]
    keys = [row.pk for row in rows]
    wanted = ("pk", "trial__state", "trial__against")
    trials = PolicyVersion.objects.filter(pk__in=keys).values_list(*wanted)
    said = {key: (state or "", against or "") for key, state, against in trials}
    return [Line(row, *said[row.pk]) for row in rows]


def version_for(actor: Actor, version_id: int) -> PolicyVersion:
    """One version; NotVisible when there is none or the actor may see none."""
    _see(actor)
    row = PolicyVersion.objects.select_related("proposed_by").filter(pk=version_id).first()
    if row is None:
        raise NotVisible("There is no such policy version.")
    return row


def _see(actor: Actor) -> None:
    if not (actor.may(Permission.POLICY_PROPOSE) or actor.may(Permission.POLICY_PUBLISH)):
        raise NotVisible("There is no such page.")


def still_under_another(stamp: str, after: int, most: int) -> list[int]:
    """Open reports above ``after`` that were assessed under another policy, in their order."""
    rows = QueueEntry.objects.filter(done_at__isnull=True, report_id__gt=after)
    rows = rows.exclude(assessment__policy=stamp).order_by("report_id")
    return list(rows.values_list("report_id", flat=True)[:most])


def open_reports() -> int:
    """Ranked reports that nobody is done with, members of bundles included."""
    return QueueEntry.objects.filter(done_at__isnull=True).count()


def newest_act_id() -> int:
    """The act in force; 0 when there was none."""
    return PolicyAct.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
