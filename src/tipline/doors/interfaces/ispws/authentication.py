"""HTTP Basic for machine accounts: on every endpoint, before anything is read."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from django.http import HttpRequest

from tipline.ground.accounts.queries import credential
from tipline.ground.accounts.services import credential_matches

if TYPE_CHECKING:
    from tipline.ground.accounts.models import EspCredential


def credential_of(request: HttpRequest) -> EspCredential | None:
    """The account behind the Authorization header, or None."""
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
    row = credential(username[:150])
    return row if credential_matches(row, secret) else None
