"""What every request gets: an id that is logged and answered, and one log line."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tipline.ground.foundation.ids import random_hex

log = structlog.get_logger(__name__)


class TrustedProxyMiddleware:
    """Believes a proxy's word about the caller's address, if the proxy is one of ours.

    Only the last address of ``X-Forwarded-For`` is the proxy's own word; the ones before it
    are the caller's and may be anything.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        forwarded = meta.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if forwarded and meta.get("REMOTE_ADDR") in settings.TIPLINE_TRUSTED_PROXIES:
            meta["REMOTE_ADDR"] = forwarded
            secure = meta.get("HTTP_X_FORWARDED_PROTO", "").strip().lower() == "https"
            meta["wsgi.url_scheme"] = "https" if secure else "http"
        return self._get_response(request)


class RequestIdMiddleware:
    """Adds ``Request-ID`` to every answer, errors included, and logs route and status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = random_hex()
        request.META["tipline.request_id"] = request_id
        started = time.perf_counter()
        response = self._get_response(request)
        response["Request-ID"] = request_id
        match = request.resolver_match
        log.info(
            "request",
            request_id=request_id,
            method=request.method,
            # The route, never the path: a path may hold what somebody typed.
            route=match.route if match else "none",
            status=response.status_code,
            milliseconds=round(1000 * (time.perf_counter() - started), 1),
        )
        return response
