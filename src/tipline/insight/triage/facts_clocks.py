"""The clocks that a report starts: until when who keeps what. Pure.

Each is its own: the content that was reported (by law), what else the ESP says that it keeps,
and the logs of the access provider, who alone knows whose an address was.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tipline.ground.foundation.times import ReportedTime, TimeKind
from tipline.ground.places.place import ELSEWHERE
from tipline.insight.triage.facts_told import EARLIEST, ROUTABLE, Told
from tipline.insight.triage.policy import ClockRules
from tipline.insight.triage.rules_types import Clock
from tipline.record.reports.rules import preservation_until

_FARTHEST_EAST = timedelta(hours=14)
ACCESS_PROVIDER = "access_provider"


def clocks(m: Told, rules: ClockRules) -> list[Clock]:
    """When evidence may be gone: by law, by what the ESP says of itself, by policy."""
    usual = m.esp.turnaround_days
    running = [Clock("report_content", m.filed, preservation_until(m.filed), usual)]
    event = _earliest(m.incident)
    started = min(event, m.filed) if event is not None else m.filed
    for data_class, days in sorted(m.esp.retention_days.items()):
        if data_class != "content" and days > 0:
            running.append(Clock(data_class, started, started + timedelta(days=days), usual))
    return [*running, *_access_provider(m, rules)]


def _earliest(time: ReportedTime | None) -> datetime | None:
    """The first instant that a time can mean; without a zone it may be that of the far east."""
    if time is None or time.instant is not None or time.day is None:
        return time.instant if time is not None else None
    wall = time.naive or datetime.combine(time.day, datetime.min.time())
    return wall.replace(tzinfo=UTC) - _FARTHEST_EAST


def _access_provider(m: Told, rules: ClockRules) -> list[Clock]:
    """One clock, for the earliest address whose logs may still be there; else for the last one.

    An address seen years ago at registration says nothing of one seen yesterday.
    """
    seen = sorted({min(at, m.filed) for at in _seen(m)})
    if not seen or not rules.access_provider_days:
        return []
    kept = timedelta(days=rules.access_provider_days)
    started = next((at for at in seen if at + kept > m.now), seen[-1])
    usual = rules.access_provider_turnaround_days
    return [Clock(ACCESS_PROVIDER, started, started + kept, usual)]


def _seen(m: Told) -> Iterator[datetime]:
    """When an address of the reported person, a file or the incident was seen, where that is
    an instant of the event itself. Addresses that belong to no person's line start nothing:
    private ones, proxies (among them Tor, where the ESP says so), relays, anycast.
    """
    places = {piece.path: piece for piece in m.places or () if piece.kind == "ip"}
    for capture in m.captures:
        time, piece = capture.time, places.get(capture.path)
        if time is None or time.instant is None or time.kind is TimeKind.DETECTION:
            continue
        if piece is None or piece.no_place not in ROUTABLE or capture.possible_proxy:
            continue
        if piece.place is not None and piece.place.note in ELSEWHERE:
            continue
        if time.instant.year >= EARLIEST:
            yield time.instant
