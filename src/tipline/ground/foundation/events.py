"""Typed events: how a lower room tells the ones above that something happened.

:func:`announce` stores one job per subscriber in the current transaction: the job table is
the outbox, so a change and the events that follow it commit together or not at all.
Subscribers are registered at start-up, by the pipeline, in every process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from tipline.ground.foundation import jobs


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events. Fields are ids and codes only, never personal values."""


E = TypeVar("E", bound=Event)
_SUBSCRIBERS: dict[type[Event], list[str]] = {}


def subscribe(event_type: type[E], name: str, handler: Callable[[E], None]) -> None:
    """Have ``handler`` called, at least once, for each event of this type.

    ``name`` stays the same for ever: jobs that wait carry it.
    """
    kind = f"{event_type.__name__}>{name}"

    def run(payload: dict[str, Any]) -> None:
        handler(event_type(**payload))

    jobs.task(kind)(run)
    _SUBSCRIBERS.setdefault(event_type, []).append(kind)


def announce(
    event: Event,
    *,
    lane: str = "",
    dedup_key: str | None = None,
    priority: int = jobs.USUAL,
) -> None:
    """Tell all subscribers, in this transaction. ``lane`` is the sender's."""
    for kind in _SUBSCRIBERS.get(type(event), ()):
        jobs.enqueue(kind, asdict(event), lane=lane, dedup_key=dedup_key, priority=priority)
