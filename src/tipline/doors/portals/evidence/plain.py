"""Answers of the evidence origin: sentences as plain text, and the headers of all of them."""

from __future__ import annotations

from django.http import HttpResponse

#: Bytes and nothing else, whatever they turn out to be.
_POLICY = "default-src 'none'; sandbox"


def guarded(response: HttpResponse) -> HttpResponse:
    """Never kept, never sniffed, in a sandbox; no page of another origin may embed it.

    Pages of the desks ask in a way (CORS) for which the answer names them: see ``views``.
    """
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = _POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    return response


def plain(status: int, words: str) -> HttpResponse:
    """A sentence for whoever asked."""
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
