"""Headers that every page carries: a strict content policy, no sniffing, no framing."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'{pictures}; "
    "connect-src 'self'; font-src 'self'; form-action 'self'{downloads}; base-uri 'none'; "
    "frame-ancestors 'none'"
)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def policy_for(path: str) -> str:
    """What a page at this path may load, and where its forms may lead.

    Only the analysts' desk shows pictures of the evidence origin; only a form of an agency
    leads to a download there.
    """
    evidence = f" {settings.TIPLINE_EVIDENCE_URL}"
    return _POLICY.format(
        pictures=evidence if path.startswith("/desk/") else "",
        downloads=evidence if path.startswith("/agency/") else "",
    )


class SecurityHeadersMiddleware:
    """Adds the headers to every answer; pages of signed-in people are never cached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.setdefault("Content-Security-Policy", policy_for(request.path))
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("X-Frame-Options", "DENY")
        response.setdefault("Referrer-Policy", "same-origin")
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store")
        return response
