"""Addresses on the evidence origin, for the desks that send people there."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def evidence_url(text: str) -> str:
    """Where the bytes of this pass are handed out, once."""
    path = reverse("evidence:file", urlconf=settings.EVIDENCE_URLCONF, args=[text])
    return f"{settings.TIPLINE_EVIDENCE_URL}{path}"
