"""The driver: sends a plan to an instance, a few reports at a time."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from simulator.planning.plan import PlannedReport
from simulator.wire.caller import Caller, CallLog
from simulator.wire.connections import Call, Connections, Credential
from simulator.wire.delivery import Delivered, deliver

_TOLD = 20  # troubles kept word for word in the summary


class AccountError(ValueError):
    """A sender has no account; the message names it."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Who sends as whom: by the name of the fictional ESP, or one account for all."""

    by_esp: Mapping[str, Credential] = field(default_factory=dict)
    for_all: Credential | None = None

    def of(self, esp_name: str) -> Credential:
        found = self.by_esp.get(esp_name, self.for_all)
        if found is None:
            raise AccountError(f"No account is given for the sender {esp_name!r}.")
        return found


@dataclass(slots=True)
class Summary:
    """What a drive did. ``outcomes``: by :attr:`Delivered.outcome`; ``troubles``: the first few."""

    reports: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    files: int = 0
    bytes: int = 0
    retries: int = 0
    resent: int = 0
    troubles: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, delivered: Delivered) -> None:
        self.reports += 1
        self.outcomes[delivered.outcome] += 1
        self.files += len(delivered.files)
        self.bytes += sum(file.size for file in delivered.files)
        self.retries += delivered.retries
        self.resent += len(delivered.resent)
        if delivered.description and len(self.troubles) < _TOLD:
            self.troubles.append(f"report {delivered.planned.number}: {delivered.description}")

    def as_json(self) -> dict[str, Any]:
        return {
            "reports": self.reports,
            "outcomes": dict(sorted(self.outcomes.items())),
            "files": self.files,
            "bytes": self.bytes,
            "retries": self.retries,
            "resent": self.resent,
            "troubles": self.troubles,
            "seconds": round(self.seconds, 3),
        }


def check_account(caller: Caller, credential: Credential) -> None:
    """Ask ``/status``; the errors of :meth:`Caller.perform` when the account does not work."""
    caller.perform(Call("status"), credential, CallLog())


def drive(
    reports: Iterable[PlannedReport],
    connections: Connections,
    accounts: Accounts,
    on_delivered: Callable[[Delivered], None] = lambda _: None,
    workers: int = 4,
) -> Summary:
    """Send all reports and close the connections.

    ``on_delivered`` is called in the order of the plan, from the calling thread, once for
    each report. ``workers`` reports are under way at a time, each with parallel uploads.
    """
    summary, caller, started = Summary(), Caller(connections), time.monotonic()
    try:
        with (
            ThreadPoolExecutor(2 * workers, "upload") as uploads,
            ThreadPoolExecutor(workers, "report") as senders,
        ):
            waiting: deque[Future[Delivered]] = deque()
            for planned in reports:
                credential = accounts.of(planned.esp.name)
                waiting.append(senders.submit(deliver, planned, caller, credential, uploads))
                if len(waiting) >= 4 * workers:
                    _take(waiting.popleft(), summary, on_delivered)
            while waiting:
                _take(waiting.popleft(), summary, on_delivered)
    finally:
        connections.close()
    summary.seconds = time.monotonic() - started
    return summary


def _take(
    job: Future[Delivered], summary: Summary, on_delivered: Callable[[Delivered], None]
) -> None:
    delivered = job.result()
    summary.add(delivered)
    on_delivered(delivered)
