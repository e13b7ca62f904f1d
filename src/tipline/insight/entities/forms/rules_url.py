"""Addresses of pages and profiles. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tipline.insight.entities.forms.rules_form import Form, Problem, folded, form, none

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://")
_WWW = re.compile(r"^(www\.)+(?=[^.]+\.)")
_HOST = re.compile(r"[^\s.]+(\.[^\s.]+)+")


def url(raw: str) -> Form:
    """Host, path and query; the scheme, ``www.``, the port and the fragment make no other page."""
    written = folded(raw)
    try:
        parts = urlsplit(written if _SCHEME.match(written) else f"//{written}")  # many leave it out
        host = _WWW.sub("", parts.hostname or "")
    except ValueError:
        return none(Problem.MALFORMED)
    if not _HOST.fullmatch(host):
        return none(Problem.MALFORMED)
    query = f"?{parts.query}" if parts.query else ""
    return form(f"{host}{parts.path.rstrip('/')}{query}")
