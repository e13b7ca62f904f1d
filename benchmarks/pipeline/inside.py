"""What is measured inside a store: run as a process of its own, with the store's environment.

``python -m benchmarks.pipeline.inside VERB …`` prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

_LATER = 40_000
"""Generations from here on are measured ones: no load has copied so far."""
_WARM = 20
"""Reports before the measured ones."""
_USELESS = ("incidentSummary", "reporter")
"""What is left of a report that names nobody and shows nothing."""


def _cpu() -> float:
    """Seconds of CPU of this process and the children that ended."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, kinds))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie, the nearest rank; 0 of nothing."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else 0.0


def cost(reports: int, seed: int) -> dict[str, float]:
    """CPU and wall milliseconds of one more report, taken in and ranked, files included."""
    from tipline.doors.terminal.demo_accounts import demo_profile  # noqa: PLC0415 - needs the settings
    from tipline.doors.terminal.loading import packs  # noqa: PLC0415
    from tipline.pipeline.loading.services import file_pack  # noqa: PLC0415

    pack = list(packs(seed, reports + _WARM, demo_profile()))
    file_pack(pack[:_WARM], _LATER + seed)  # what is loaded once: pictures' child, fingerprints
    before, started = _cpu(), time.perf_counter()
    file_pack(pack[_WARM:], _LATER + seed)
    return {
        "reports": reports,
        "cpu_ms": round((_cpu() - before) / reports * 1000, 2),
        "wall_ms": round((time.perf_counter() - started) / reports * 1000, 2),
    }


def queue(rounds: int) -> dict[str, float]:
    """Milliseconds of server time and queries of the first page of the queue and two filters."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from tipline.ground.accounts.models import Person  # noqa: PLC0415
    from tipline.insight.triage.models import QueueEntry  # noqa: PLC0415

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Person.objects.get(username="ana"))
    found: dict[str, float] = {"open": QueueEntry.objects.filter(done_at__isnull=True).count()}
    for name, address in (
        ("first", "/desk/"),
        ("urgent", "/desk/?band=urgent"),
        ("informational", "/desk/?disposition=informational"),
    ):
        times = []
        for _round in range(rounds + 1):
            started = time.perf_counter()
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
            times.append((time.perf_counter() - started) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")
        found[f"{name}_ms"] = round(percentile(times[1:], 0.5), 1)
        found[f"{name}_queries"] = len(queries)
    return found


def send(base: str, rate: float, seconds: float, seed: int, without: str) -> dict[str, Any]:
    """Send reports over HTTP at a steady rate, whatever the answers take; then wait and measure.

    ``without``: a sender who sends none of them, empty for nobody.

    From ``finish`` to the place in the queue: by the two times that the store itself keeps.
    """
    from simulator.planning.plan import plan  # noqa: PLC0415 - needs the settings
    from simulator.wire.caller import Caller  # noqa: PLC0415
    from simulator.wire.connections import Connections  # noqa: PLC0415
    from simulator.wire.delivery import Delivered, deliver  # noqa: PLC0415
    from tipline.doors.terminal.demo_accounts import demo_profile  # noqa: PLC0415

    profile, wanted = demo_profile(), int(rate * seconds)
    credentials = _credentials()
    sent_by = (one for one in plan(seed, wanted * 9, profile) if one.esp.name != without)
    planned = list(islice((one for one in sent_by if one.ending == "finish"), wanted))
    for one in planned:
        one.xml()
    connections = Connections(base)
    caller = Caller(connections)
    started = time.perf_counter()
    with ThreadPoolExecutor(16) as senders, ThreadPoolExecutor(16) as uploads:
        jobs = []
        for place, one in enumerate(planned):
            time.sleep(max(0.0, started + place / rate - time.perf_counter()))
            jobs.append(senders.submit(deliver, one, caller, credentials[one.esp.name], uploads))
        done: list[Delivered] = [job.result() for job in jobs]
    sent = time.perf_counter() - started
    connections.close()
    numbers = [int(one.report_number) for one in done if one.outcome == "finished"]
    by_number = _waits(numbers)
    waits = [by_number[number] for number in numbers]
    return {
        "sent": len(done),
        "finished": len(numbers),
        "rate": round(len(done) / sent, 2),
        "p50_s": round(percentile(waits, 0.5), 3),
        "p95_s": round(percentile(waits, 0.95), 3),
        "p99_s": round(percentile(waits, 0.99), 3),
        "p95_by_ten_seconds": _by_ten_seconds(waits, rate),
        "files": sum(len(one.files) for one in done),
    }


def _credentials() -> dict[str, Any]:
    """A fresh account for each ESP; what was issued before cannot be read back."""
    from simulator.wire.connections import Credential  # noqa: PLC0415 - needs the settings
    from tipline.ground.accounts import services  # noqa: PLC0415
    from tipline.ground.accounts.models import Organisation  # noqa: PLC0415
    from tipline.ground.foundation.actor import SYSTEM, OrganisationKind  # noqa: PLC0415

    made = {}
    for row in Organisation.objects.filter(kind=OrganisationKind.ESP):
        issued = services.issue_credential(SYSTEM, row, f"bench-{os.getpid()}-{row.pk}")
        made[row.name] = Credential(issued.username, issued.secret)
    return made


def _by_ten_seconds(waits: Sequence[float], rate: float) -> list[float]:
    """The p95 of each ten seconds of the stream: does it fall behind, or stop once?"""
    each = max(1, int(10 * rate))
    parts = [waits[at : at + each] for at in range(0, len(waits), each)]
    return [round(percentile(part, 0.95), 2) for part in parts]


def _waits(numbers: Sequence[int]) -> dict[int, float]:
    """By number the seconds from finished to first ranked, once all are ranked."""
    from tipline.insight.triage.models import QueueEntry  # noqa: PLC0415 - needs the settings

    until = time.monotonic() + 600
    while time.monotonic() < until:
        rows = QueueEntry.objects.filter(report_id__in=numbers)
        found = list(rows.select_related("report"))
        if len(found) == len(numbers):
            return {row.report_id: _seconds(row.ranked_at, row.report.ended_at) for row in found}
        time.sleep(0.5)
    raise RuntimeError(f"{len(numbers) - len(found)} reports were not ranked in ten minutes")


def _seconds(ranked: datetime, ended: datetime | None) -> float:
    return (ranked - ended) / timedelta(seconds=1) if ended else 0.0


def largest_sender() -> dict[str, str]:
    """The name of the sender of the most reports."""
    from simulator.world.esps import fictional_esps  # noqa: PLC0415 - needs the settings
    from tipline.doors.terminal.demo_accounts import demo_profile  # noqa: PLC0415

    return {"name": max(fictional_esps(demo_profile()), key=lambda esp: esp.share).name}


def flood(reports: int, seed: int, sender: str) -> dict[str, Any]:
    """So many useless reports of one sender, finished and not looked at yet."""
    from tipline.doors.terminal.demo_accounts import demo_profile  # noqa: PLC0415 - needs the settings
    from tipline.doors.terminal.loading import packs  # noqa: PLC0415
    from tipline.ground.foundation import jobs  # noqa: PLC0415
    from tipline.pipeline.loading.services import Packed, pour  # noqa: PLC0415

    sent = list(packs(seed, 100, demo_profile()))
    pack = [Packed(sender, {name: one.document[name] for name in _USELESS}, ()) for one in sent]
    started = time.perf_counter()
    done = pour(lambda: pack, reports, lambda _so_far: None)
    return {
        "reports": done.reports,
        "waiting": jobs.waiting(),
        "seconds": round(time.perf_counter() - started, 1),
    }


VERBS: dict[str, tuple[Callable[..., dict[str, Any]], tuple[Callable[[str], Any], ...]]] = {
    "cost": (cost, (int, int)),
    "queue": (queue, (int,)),
    "send": (send, (str, float, float, int, str)),
    "flood": (flood, (int, int, str)),
    "largest-sender": (largest_sender, ()),
}


def main(words: Sequence[str]) -> None:
    from tipline.doors.terminal.starting import load  # noqa: PLC0415 - the first thing to load

    load()
    verb, kinds = VERBS[words[0]]
    print(json.dumps(verb(*(kind(word) for kind, word in zip(kinds, words[1:], strict=True)))))


if __name__ == "__main__":
    main(sys.argv[1:])
