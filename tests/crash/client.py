"""A sender that never gives up, and its journal of what was acknowledged.

A request without an answer is sent again with the same retry key; only a whole answer with
code 0 is written into the journal. Finish and retract have no key: after a lost answer their
5102 and 5101 mean that the lost one had worked.
"""

from __future__ import annotations

import hashlib
import io
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tests.crash.processes import PATIENCE

from simulator.dice import dice
from simulator.planning.plan import PlannedReport, file_bytes, planned_report
from simulator.planning.roster import Roster
from simulator.wire.calls import id_call, upload_call, xml_call
from simulator.wire.connections import Call, ConnectionLostError, Connections, Credential
from simulator.wire.responses import Answer, done_response, report_response
from simulator.world.profiles import DEMO

_PAUSE = 0.05
_AGAIN = frozenset({1000, 1100, 1110})  # codes of which the API says: try again
_DONE_BEFORE = {"finish": 5102, "retract": 5101}
CANARY_EVERY = 4
TRICKLE = 0.5  # reports a second
PROFILE = replace(DEMO, files=replace(DEMO.files, large=0.0))


@dataclass(slots=True)
class SentFile:
    """An acknowledged file. ``described``: its details were acknowledged too."""

    file_id: str
    sha256: str
    key: str
    described: bool = False


@dataclass(slots=True)
class SentReport:
    """What the instance has acknowledged of one report. ``ending``: finish, retract, abandon."""

    number: int
    key: str
    sha256: str
    ending: str
    files: list[SentFile] = field(default_factory=list)
    ended: bool = False


class Journal:
    """All acknowledged effects, by report. Safe to share between threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reports: list[SentReport] = []
        self.outcomes: list[dict[str, Any]] = []
        self.counts: Counter[str] = Counter()

    def note(self, call: str) -> None:
        with self.lock:
            self.counts[call] += 1

    def open(self, report: SentReport) -> SentReport:
        with self.lock:
            self.reports.append(report)
        return report

    def abandoned(self) -> list[int]:
        """Reports with files to which nothing more will come."""
        with self.lock:
            ended = [r for r in self.reports if r.ending == "abandon" and r.ended]
            return [r.number for r in ended if r.files]

    def as_json(self) -> dict[str, Any]:
        with self.lock:
            return {"reports": [asdict(r) for r in self.reports], "outcomes": self.outcomes}


class RefusedError(Exception):
    """The instance said no to something that it had to accept."""


class Sender:
    """Sends the reports of a plan over one instance's ESP API, each exactly as planned."""

    def __init__(
        self, connections: Connections, accounts: Mapping[str, Credential], journal: Journal
    ) -> None:
        self._connections, self._accounts, self._journal = connections, accounts, journal
        self.give_up = threading.Event()

    def send(self, planned: PlannedReport, ending: str, canary: bytes) -> None:
        """One report from submit to its ending; some carry files with the canary as well."""
        sent = self.open(planned, ending)
        for file in planned.files:
            data = file_bytes(file)
            kept = self.upload(planned, sent, (file.name, file.media_type, data), file.number)
            if file.described:
                document = planned.details_xml(file, str(sent.number), kept.file_id)
                self._ask(xml_call("fileinfo", document, planned.style), planned)
                kept.described = True
        if planned.number % CANARY_EVERY == 0:
            for place, file in enumerate(canary_files(canary, planned.number), start=1000):
                self.upload(planned, sent, file, place)
        self.end(planned, sent)

    def open(self, planned: PlannedReport, ending: str) -> SentReport:
        call, key = xml_call("submit", planned.xml(), planned.style), f"submit-{planned.number}"
        answer = self._ask(call, planned, key)
        sent = SentReport(int(answer.report_id), key, _sha256(call.body or b""), ending)
        return self._journal.open(sent)

    def upload(
        self, planned: PlannedReport, sent: SentReport, file: tuple[str, str, bytes], place: int
    ) -> SentFile:
        """``file``: name, media type, bytes. ``place``: its number, which makes its retry key."""
        name, media_type, data = file
        call = upload_call(str(sent.number), data, name, media_type, planned.style)
        key = file_key(planned, place)
        answer = self._ask(call, planned, key)
        if answer.digest != hashlib.md5(data, usedforsecurity=False).hexdigest():
            raise RefusedError(f"upload: the digest of {key} is another one")
        kept = SentFile(answer.file_id, _sha256(data), key)
        sent.files.append(kept)
        return kept

    def end(self, planned: PlannedReport, sent: SentReport) -> None:
        if sent.ending != "abandon":
            self._ask(id_call(sent.ending, str(sent.number), planned.style), planned)
        sent.ended = True

    def _ask(self, call: Call, planned: PlannedReport, key: str = "") -> Answer:
        who = self._accounts[planned.esp.name]
        if key:
            call = replace(call, headers=(*call.headers, ("Idempotency-Key", key)))
        lost, until = False, time.monotonic() + 2 * PATIENCE
        while time.monotonic() < until and not self.give_up.is_set():
            try:
                reply = self._connections.send(call, who)
            except ConnectionLostError:
                lost = True
                self._journal.note("lost")
                time.sleep(_PAUSE)
                continue
            answer = _read(call, reply.body) if reply.status in (200, 503, 500) else None
            if answer is None:
                raise RefusedError(f"{call.name}: HTTP {reply.status}")
            if answer.code in _AGAIN:
                self._journal.note("again")
                time.sleep(_PAUSE)
                continue
            if answer.code and not (lost and answer.code == _DONE_BEFORE.get(call.name)):
                raise RefusedError(f"{call.name}: {answer.code} {answer.description}")
            self._journal.note(call.name)
            return answer
        raise TimeoutError(f"{call.name} was never answered")


def _read(call: Call, body: bytes) -> Answer:
    return (
        done_response(body)
        if call.name == "finish" and b"DoneResponse" in body
        else (report_response(body))
    )


def file_key(planned: PlannedReport, place: int) -> str:
    """The retry key of one file of a report."""
    return f"file-{planned.number}-{place}"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canary_files(canary: bytes, number: int) -> Iterator[tuple[str, str, bytes]]:
    """Two files with the canary in their bytes: a plain text, and a picture's text chunk."""
    pick = dice("crash", number)
    yield "note.txt", "text/plain", b"[synthetic note] " + canary + pick.randbytes(8).hex().encode()
    picture = Image.frombytes("L", (16, 16), pick.randbytes(256)).resize((96, 96))
    told, held = PngInfo(), io.BytesIO()
    told.add_text("Comment", canary.decode())
    picture.save(held, "PNG", pnginfo=told)
    yield "picture.png", "image/png", held.getvalue()


class Stream:
    """Several senders at once, each taking the next report of the plan until :meth:`stop`."""

    def __init__(self, sender: Sender, canary: bytes, *, seed: int, most: int) -> None:
        self._sender, self._canary = sender, canary
        self._roster = Roster(seed, most, PROFILE)
        self._next, self._most = 0, most
        self._lock, self._stopped = threading.Lock(), threading.Event()
        self._allowed, self._started = 0, time.monotonic()
        self.errors: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    def start(self, senders: int) -> None:
        self._threads = [threading.Thread(target=self._run) for _ in range(senders)]
        for thread in self._threads:
            thread.start()

    def stop(self, *, give_up: bool = False) -> None:
        """Begin nothing new; each report under way is sent to its end, unless it failed."""
        if give_up:
            self._sender.give_up.set()
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        try:
            while (number := self._take()) is not None:
                planned = planned_report(self._roster, number)
                self._sender.send(planned, _ending(number), self._canary)
        except BaseException as error:  # noqa: BLE001 - told by whoever started the stream
            self.errors.append(error)

    def allow(self, reports: int) -> None:
        """Let so many more through at once; beyond them the stream trickles."""
        with self._lock:
            self._allowed += reports

    def _take(self) -> int | None:
        """The next number, once its turn has come; None when there is no next one."""
        while not self._stopped.is_set() and not self.ran_dry:
            with self._lock:
                trickled = TRICKLE * (time.monotonic() - self._started)
                if self._next < min(self._most, self._allowed + trickled):
                    self._next += 1
                    return self._next - 1
            self._stopped.wait(_PAUSE)
        return None

    @property
    def ran_dry(self) -> bool:
        return self._next >= self._most


def _ending(number: int) -> str:
    """Every fifth report is retracted and every fifth abandoned; the simulator's are rarer."""
    return {2: "retract", 4: "abandon"}.get(number % 5, "finish")
