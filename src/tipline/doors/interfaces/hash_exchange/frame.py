"""The frame around every endpoint: who calls, for which list, and every way a call can end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from tipline.doors import bodies
from tipline.doors.interfaces.basic import login_of
from tipline.doors.interfaces.hash_exchange import answers
from tipline.doors.interfaces.hash_exchange.rules_pace import Pace
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.errors import (
    Invalid,
    NotAllowed,
    NotVisible,
    TiplineError,
    Unavailable,
)
from tipline.insight.lists.changes import access_for
from tipline.insight.lists.members import member_actor

if TYPE_CHECKING:
    from tipline.insight.lists.models import HashList, ListAccess

log = structlog.get_logger(__name__)
ANY = "*"
_pace, _pace_lock = Pace(), threading.Lock()


@dataclass(frozen=True, slots=True)
class Call:
    """An authenticated request of a member for one list that it may use."""

    request: HttpRequest
    actor: Actor
    access: ListAccess

    @property
    def hash_list(self) -> HashList:
        return self.access.hash_list


Endpoint = Callable[..., HttpResponseBase]


def endpoint(method: str) -> Callable[[Endpoint], Endpoint]:
    """Make a view of a function that takes a member's call by this method, or by :data:`ANY`."""

    def decorate(function: Endpoint) -> Endpoint:
        @csrf_exempt
        @wraps(function)
        def view(request: HttpRequest, slug: str, **words: Any) -> HttpResponseBase:
            try:
                if method not in {request.method, ANY}:
                    return answers.wrong_method(method)
                return _answer(function, request, slug, words)
            except Exception as error:  # noqa: BLE001 - every end is an answer of the API
                return _failure(error)
            finally:
                bodies.drain(request)  # who is still sending does not read

        return view

    return decorate


def _answer(
    function: Endpoint, request: HttpRequest, slug: str, words: dict[str, Any]
) -> HttpResponseBase:
    login = login_of(request)
    actor = member_actor(*login) if login else None
    if actor is None:
        return answers.unauthenticated()
    if wait := _too_fast(actor):
        return answers.too_fast(wait)
    return function(Call(request, actor, access_for(actor, slug)), **words)


def _too_fast(actor: Actor) -> float:
    with _pace_lock:
        return _pace.wait(actor.credential_id or 0, time.monotonic())


def _failure(error: Exception) -> HttpResponseBase:
    match error:
        case NotVisible():
            return answers.refusal(404, error.message)
        case NotAllowed():
            return answers.refusal(403, error.message)
        case Unavailable() | OperationalError():
            log.error("unavailable", exc_info=error)
            return answers.unavailable("The list cannot be read now: try again.")
        case bodies.BodyTooLarge() | bodies.BodyCutOff():
            return answers.refusal(400, str(error))
        case Invalid() | TiplineError():
            named = f"{error.field}: {error.message}" if error.field else error.message
            return answers.refusal(400, named)
    log.error("fault", exc_info=error)
    return answers.refusal(500, "A fault of ours: try again later.")
