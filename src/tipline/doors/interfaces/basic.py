"""HTTP Basic: the user name and secret that a machine sends with every request."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest

LONGEST_USERNAME = 150


def login_of(request: HttpRequest) -> tuple[str, str] | None:
    """(user name, secret) of the Authorization header, or None when there is none to read."""
    scheme, _, encoded = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    username, colon, secret = text.partition(":")
    if not colon or "\x00" in username:
        return None
    return username[:LONGEST_USERNAME], secret
