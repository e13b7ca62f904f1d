"""Parts the evidence origin from all others, before anything reads a cookie."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from tipline.doors.portals.evidence.plain import guarded, plain
from tipline.ground.foundation.origins import answers_at

log = structlog.get_logger(__name__)


class EvidenceOriginMiddleware:
    """Requests for the evidence host go to its own addresses, and no further inwards.

    Sessions, forms, static files and pages lie behind this one, so that host has none of them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not answers_at(settings.TIPLINE_EVIDENCE_URL, request.get_host()):
            return self._get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            return guarded(_answer(request))


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        match = resolve(request.path_info, urlconf=settings.EVIDENCE_URLCONF)
    except Resolver404:
        words = _("This address hands out evidence only. The desks are at %(url)s.")
        return plain(404, words % {"url": settings.TIPLINE_PUBLIC_URL})
    request.resolver_match = match
    try:
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except Exception:  # a fault must not become a page on this host
        log.exception("fault", route=match.route)
        return plain(500, _("Something broke on our side. Ask for the file again on its page."))
    return answer
