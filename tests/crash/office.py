"""The senders of one deployment: their accounts, their connections and their journal."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from tests.crash.client import PROFILE, Journal, Sender
from tests.crash.processes import PATIENCE, Deployment

from simulator.planning.plan import PlannedReport, planned_report
from simulator.planning.roster import Roster
from simulator.wire.connections import Connections, Credential

SEED = 17


class Office:
    """One deployment's senders and their journal."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment, self.journal = deployment, Journal()
        self.accounts = {esp: Credential(*pair) for esp, pair in deployment.accounts.items()}
        self.connections = Connections(deployment.url, timeout=PATIENCE)
        self.sender = Sender(self.connections, self.accounts, self.journal)
        self._roster = Roster(SEED, 100, PROFILE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connections.close()

    def planned(self, number: int) -> PlannedReport:
        return planned_report(self._roster, number)

    def file_reports(self, count: int) -> None:
        """Send so many reports, each finished and with two files at least."""
        for number in range(count):
            self.sender.send(self.planned(4 * number), "finish", b"[synthetic]" * 4)

    def findings(self) -> dict[str, Any]:
        journal = self.journal.as_json()
        with self.deployment.product("findings", given=journal) as looking:
            found: dict[str, Any] = looking.answer()
        return found
