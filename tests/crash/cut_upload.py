"""An upload that is cut in two, so that something can happen in the middle of it."""

from __future__ import annotations

import http.client
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.crash.client import file_key
from tests.crash.office import Office
from tests.crash.processes import PATIENCE, wait_until

from simulator.planning.plan import PlannedReport
from simulator.wire.calls import upload_call
from simulator.wire.connections import Call

CUT = 77  # the place of the cut file in its report


class CutUpload:
    """An upload of which only the first half has been sent, for the block."""

    def __init__(
        self, office: Office, planned: PlannedReport, number: int, file: tuple[str, str, bytes]
    ) -> None:
        self._office = office
        name, media_type, data = file
        call = upload_call(str(number), data, name, media_type, planned.style)
        self._who, self._body = office.accounts[planned.esp.name], call.body or b""
        self._connection = http.client.HTTPConnection(
            "127.0.0.1", office.deployment.port, timeout=PATIENCE
        )
        self._begin(call, file_key(planned, CUT))

    def _begin(self, call: Call, key: str) -> None:
        self._connection.putrequest("POST", "/ispws/upload")
        headers = {
            **dict(call.headers),
            "Authorization": self._who.header,
            "Idempotency-Key": key,
            "Content-Length": str(len(self._body)),
        }
        for name, value in headers.items():
            self._connection.putheader(name, value)
        self._connection.endheaders()
        self._connection.send(self._body[: len(self._body) // 2])

    def __enter__(self) -> Self:
        temporary = self._office.deployment.home / "objects" / "tmp"
        wait_until(lambda: any(_size(path) for path in temporary.iterdir()), "the first half")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def send_the_rest(self) -> tuple[int, bytes]:
        """Status and body of the answer; ``(0, b"")`` when there was none."""
        try:
            self._connection.send(self._body[len(self._body) // 2 :])
            response = self._connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            return 0, b""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
