"""Pages for what goes wrong outside a view: no such address, a fault, a stale form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "look/error.html", {"status": 404, "next_url": "/"}, status=404)


def fault(request: HttpRequest) -> HttpResponse:
    return render(request, "look/error.html", {"status": 500, "next_url": "/"}, status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    context = {
        "status": 403,
        "heading": _("This form is too old"),
        "words": _("Go back, load the page again and send it once more. Nothing was changed."),
        "next_url": "/",
    }
    return render(request, "look/error.html", context, status=403)
