"""The frame around every endpoint: who calls, and every way in which a call can end."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from tipline.doors import bodies
from tipline.doors.interfaces.ispws import answers
from tipline.doors.interfaces.ispws.authentication import credential_of
from tipline.doors.interfaces.ispws.codes import Code
from tipline.ground.accounts.queries import actor_for_credential
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.errors import NotAllowed, TiplineError, Unavailable
from tipline.record.intake import services as intake
from tipline.record.reports.doors import Door
from tipline.record.reports.reading import Problem

if TYPE_CHECKING:
    from tipline.ground.accounts.models import Organisation

log = structlog.get_logger(__name__)
_NO_ROOM = "There is no room left to keep this safe."
_BUSY = "The database cannot keep this now."


@dataclass(frozen=True, slots=True)
class Call:
    """An authenticated request and who makes it."""

    request: HttpRequest
    actor: Actor
    esp: Organisation
    name: str

    @property
    def retry_key(self) -> str:
        return str(self.request.META.get("HTTP_IDEMPOTENCY_KEY", ""))[:500]


Endpoint = Callable[[Call], HttpResponse]
View = Callable[[HttpRequest], HttpResponse]


class Refused(Exception):  # noqa: N818 - the call was refused with this code
    """Ends a call with a code; booked by the frame around every endpoint."""

    def __init__(
        self, code: Code, words: str = "", *, number: int = 0, problems: Sequence[Problem] = ()
    ) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
        self.number = number
        self.problems = problems


def endpoint(method: str) -> Callable[[Endpoint], View]:
    """Make a view of a function that takes an authenticated call by this method."""

    def decorate(function: Endpoint) -> View:
        name = function.__name__

        def answer(request: HttpRequest) -> HttpResponse:
            row = credential_of(request)
            if row is None:
                return answers.unauthenticated()
            call = Call(request, actor_for_credential(row), row.organisation, name)
            if request.method != method:
                return _wrong_method(call, method)
            try:
                return function(call)
            except Exception as error:  # noqa: BLE001 - most errors are answers of the API
                return _refusal(call, _as_refused(error))

        return framed(name, answer)

    return decorate


def framed(name: str, function: View) -> View:
    """Whatever happens is answered in the API's own shape, and the body is read to its end."""

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        try:
            response = function(request)
        except Exception as error:  # noqa: BLE001 - a fault is answered in the API's own shape
            response = _failure(name, error)
        # Clients that are still sending do not read: an answer before that is a reset to them.
        bodies.drain(request)
        return response

    view.__name__ = name
    return view


def _as_refused(error: Exception) -> Refused:
    """The refusal that an error means; what is no refusal is raised on."""
    match error:
        case Refused():
            return error
        case bodies.BodyCutOff():
            return Refused(Code.INVALID_REQUEST, str(error))
        case NotAllowed():
            return Refused(Code.NOT_AUTHORISED)
        case TiplineError() if error.code.isdecimal():
            return Refused(Code(int(error.code)))
        case TiplineError() if not isinstance(error, Unavailable):
            words = f"{error.field}: {error.message}" if error.field else error.message
            return Refused(Code.INVALID_REQUEST, words)
    raise error


def _refusal(call: Call, refused: Refused) -> HttpResponse:
    number = refused.number or getattr(call.request, "tipline_number", 0)
    _book(call, refused, number)
    if call.name == "finish":
        return answers.not_done(refused.code, number, refused.words)
    return answers.answer(refused.code, words=refused.words, report_id=number)


def _wrong_method(call: Call, allowed: str) -> HttpResponse:
    _book(call, Refused(Code.INVALID_REQUEST), 0)
    return answers.wrong_method(call.name, allowed)


def _book(call: Call, refused: Refused, number: int) -> None:
    problems = [asdict(problem) for problem in refused.problems]
    refusal = (str(int(refused.code)), str(number))
    intake.refuse_call(Door.ISPWS, call.esp, call.name, refusal, problems)


def _failure(name: str, error: Exception) -> HttpResponse:
    """The answer when we could not do what was asked: later, if that is known to help."""
    match error:
        case Unavailable():
            return answers.unavailable(name, error.message)
        case OSError() if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            words = _NO_ROOM
        case OperationalError():  # full, locked or gone: nothing has been committed
            words = _BUSY
        case _:
            log.error("fault", exc_info=error, name=name)
            return answers.fault(name)
    log.error("unavailable", exc_info=error, name=name)
    return answers.unavailable(name, words)
