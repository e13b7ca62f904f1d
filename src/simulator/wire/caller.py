"""Calls with retries that are counted and told, never hidden."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from simulator.wire.connections import Call, ConnectionLostError, Connections, Credential, Reply
from simulator.wire.responses import Answer, AnswerDefectError, done_response, report_response

_ATTEMPTS = 6
_FIRST_PAUSE = 0.1  # doubled and half again each time: 0.1, 0.25, 0.6, 1.6, 3.9 s
_RETRIED_CODES = frozenset({1000, 1100, 1110, 1111, 1300})  # codes of which the API says: retry


class RefusedError(Exception):
    """The instance said no: an answer code other than 0, or a status other than 200."""

    def __init__(self, call: str, code: int, description: str) -> None:
        super().__init__(f"{call}: {code} {description}")
        self.call, self.code, self.description = call, code, description


class UnreachableError(Exception):
    """All attempts ended without an answer."""


class Caller:
    """Sends calls to one instance. Safe to share between threads.

    ``pause`` is called with seconds between two attempts.
    """

    def __init__(
        self, connections: Connections, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._connections, self._pause = connections, pause

    def perform(self, call: Call, credential: Credential, log: CallLog) -> Answer:
        """The answer with code 0.

        A lost answer and a fault of the instance are tried again up to six times in all;
        after a loss, "already finished" and "already retracted" mean that it had worked.
        :class:`RefusedError`, :class:`UnreachableError` and
        :class:`~simulator.wire.responses.AnswerDefectError` otherwise.
        """
        lost, wait, trouble = False, _FIRST_PAUSE, ""
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._pause(wait)
                wait *= 2.5
                log.again(call.name, lost=lost)
            try:
                reply = self._connections.send(call, credential)
            except ConnectionLostError as error:
                lost, trouble = True, str(error)
                continue
            if reply.status >= 500 or reply.status == 429:
                trouble, wait = f"{call.name}: HTTP {reply.status}", max(wait, reply.retry_after)
                continue
            answer = _read(call, reply)
            if answer.code in _RETRIED_CODES:
                trouble = f"{call.name}: {answer.code} {answer.description}"
                continue
            if answer.code and not (lost and _done_before(call, answer)):
                raise RefusedError(call.name, answer.code, answer.description)
            return answer
        raise UnreachableError(trouble)


class CallLog:
    """What had to be sent again for one report. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.retries = 0
        self.resent: list[str] = []

    def again(self, name: str, *, lost: bool) -> None:
        with self._lock:
            self.retries += 1
            if lost:  # the first one may have been carried out: two effects are possible
                self.resent.append(name)


def _read(call: Call, reply: Reply) -> Answer:
    if reply.status == 401:
        raise RefusedError(call.name, 2000, "the user name or password is not accepted")
    if reply.status != 200:
        raise RefusedError(call.name, reply.status, "unexpected HTTP status")
    if "application/xml" not in reply.media_type:
        raise AnswerDefectError(f"{call.name}: the content type is {reply.media_type!r}")
    if call.name == "finish":
        return done_response(reply.body)
    return report_response(reply.body, with_report=call.name != "status")


def _done_before(call: Call, answer: Answer) -> bool:
    return (call.name, answer.code) in (("finish", 5102), ("retract", 5101))
