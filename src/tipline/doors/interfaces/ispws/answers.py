"""Answers in the one shape that every known client parses (see the wire notes in docs)."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse

from tipline.doors.interfaces.ispws.codes import WORDS, Code
from tipline.record.reports.writing import report_done_response, report_response

CONTENT_TYPE = "application/xml;charset=UTF-8"
REALM = 'Basic realm="ESP Web Services", charset="UTF-8"'
_MOST_WORDS = 2_000


def _xml(body: bytes, status: int = 200) -> HttpResponse:
    return HttpResponse(body, content_type=CONTENT_TYPE, status=status)


def describe(code: Code, words: str = "") -> str:
    return f"{WORDS[code]} {words}".strip()[:_MOST_WORDS]


def answer(
    code: Code, *, words: str = "", report_id: int = 0, file_id: str = "", digest: str = ""
) -> HttpResponse:
    """A ``reportResponse``; ``reportId`` is 0 when unknown, for clients that demand one."""
    description = describe(code, words)
    return _xml(
        report_response(int(code), description, report_id=report_id, file_id=file_id, digest=digest)
    )


def status(words: str) -> HttpResponse:
    """The answer to /status: the only one without a ``reportId``."""
    return _xml(report_response(int(Code.SUCCESS), words, report_id=None))


def done(number: int, file_ids: Sequence[str]) -> HttpResponse:
    return _xml(report_done_response(int(Code.SUCCESS), report_id=number, file_ids=file_ids))


def not_done(code: Code, number: int, words: str = "") -> HttpResponse:
    """A failed /finish: still a ``reportDoneResponse``, its description last."""
    return _xml(
        report_done_response(int(code), report_id=number, description=describe(code, words))
    )


def unauthenticated() -> HttpResponse:
    code = Code.AUTHENTICATION_REQUIRED
    response = _xml(report_response(int(code), WORDS[code], report_id=0), status=401)
    response["WWW-Authenticate"] = REALM
    return response


def no_such_endpoint() -> HttpResponse:
    code = Code.NOT_FOUND
    return _xml(report_response(int(code), WORDS[code], report_id=0), status=404)


def wrong_method(call: str, allowed: str) -> HttpResponse:
    response = _failed(call, Code.INVALID_REQUEST, f"Use {allowed}.", status=405)
    response["Allow"] = allowed
    return response


def fault(call: str) -> HttpResponse:
    return _failed(call, Code.SERVER_ERROR, status=500)


def unavailable(call: str, words: str) -> HttpResponse:
    """The request is fine but cannot be kept safe now: 503 with advice to try again."""
    response = _failed(call, Code.SAVE_FAILED, words, status=503)
    response["Retry-After"] = "60"
    return response


def _failed(call: str, code: Code, words: str = "", *, status: int) -> HttpResponse:
    """In the shape that this call always answers in, with a status other than 200."""
    body = not_done if call == "finish" else _not_answered
    response = body(code, 0, words)
    response.status_code = status
    return response


def _not_answered(code: Code, number: int, words: str) -> HttpResponse:
    return answer(code, words=words, report_id=number)
