"""Which master keys there are and what still needs each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from tipline.ground.foundation import jobs, keys
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.models import DataKey, MasterKey
from tipline.ground.foundation.rules_keyring import Ring

#: The job that wraps data keys anew, see ``rewrapping``.
KIND = "custody.rewrap"


class Part(StrEnum):
    """What a key is to this deployment."""

    CURRENT = "current"
    OLDER = "older"
    NEXT = "next"
    MISSING = "missing"  # data keys need it and the file does not hold it


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A master key by its name, and how many data keys it wraps."""

    ident: str
    part: Part
    wraps: int
    first_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """``waiting``: data keys that the key in use does not wrap yet; ``unnamed`` of them do not
    say what wraps them. ``stopped``: the job that wraps anew gave up.
    """

    lines: tuple[KeyLine, ...]
    total: int
    waiting: int
    unnamed: int
    stopped: bool

    @property
    def done(self) -> int:
        return self.total - self.waiting

    @property
    def can_go(self) -> tuple[str, ...]:
        """Older keys that nothing needs."""
        idle = (one for one in self.lines if one.part is Part.OLDER and not one.wraps)
        return () if self.unnamed else tuple(one.ident for one in idle)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(one.ident for one in self.lines if one.part is Part.MISSING)


def _live() -> QuerySet[DataKey]:
    return DataKey.objects.filter(wrapped__isnull=False)


def not_under(ident: str) -> QuerySet[DataKey]:
    """Data keys that this master key does not wrap."""
    return _live().filter(Q(master__isnull=True) | ~Q(master=ident))


def live_under(ident: str) -> int:
    return _live().filter(master=ident).count()


def live_unnamed() -> int:
    return _live().filter(master__isnull=True).count()


def is_settled(ident: str | None = None) -> bool:
    """Whether this key, or the one in use, wraps everything.

    Three looks at the ends of the index, so that the overview may ask of a million data keys.
    """
    ident = ident or keys.ring().current.ident
    others = (Q(master__isnull=True), Q(master__lt=ident), Q(master__gt=ident))
    return not any(_live().filter(other).exists() for other in others)


def standing(actor: Actor) -> Standing:
    """All keys, the one in use first, with what they wrap."""
    actor.require(Permission.KEYS_MANAGE)
    ring = keys.ring()
    counted = dict(_live().values_list("master").annotate(n=Count("pk")))
    unnamed = counted.pop(None, 0)
    total = sum(counted.values()) + unnamed
    stopped = any(state == "dead" for state, _said in jobs.payloads(KIND))
    return Standing(
        lines=tuple(_lines(ring, counted)),
        total=total,
        waiting=total - counted.get(ring.current.ident, 0),
        unnamed=unnamed,
        stopped=stopped,
    )


def _lines(ring: Ring, counted: dict[str, int]) -> list[KeyLine]:
    used = dict(MasterKey.objects.values_list("pk", "first_used_at"))
    parts = {one.ident: Part.OLDER for one in ring.older}
    parts = {ring.current.ident: Part.CURRENT, **parts}
    if ring.next:
        parts[ring.next.ident] = Part.NEXT
    parts |= {ident: Part.MISSING for ident in counted if ident not in parts}
    return [
        KeyLine(ident, part, counted.get(ident, 0), used.get(ident))
        for ident, part in parts.items()
    ]
